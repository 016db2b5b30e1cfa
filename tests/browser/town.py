"""People who work over the API while others look at pages."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

import httpx

from domain.vocabulary import Source
from tests.api.conftest import token_of
from tests.api.served import Served, report

T = TypeVar("T")
PATIENCE_S = 15.0


class Town:
    """The running product, and what its people do."""

    def __init__(self, running: Served) -> None:
        self.running = running
        self.late = self.report("rehearsal-short")
        """A case that nobody answers: its red card falls within seconds."""

    def ask(self, who: str, method: str, path: str, **body: Any) -> Any:
        """One request of the API that has to succeed; what it answers."""
        headers = {"Authorization": f"Bearer {token_of(who)}"}
        url = f"{self.running.base_url}/api/v1/{path}"
        answer = httpx.request(method, url, headers=headers, json=body or None, timeout=30, trust_env=False)
        assert answer.is_success, f"{path}: {answer.text}"
        return answer.json() if answer.content else None

    def report(self, category: str = "occupied-road", **changes: Any) -> str:
        """A new case; its number."""
        return str(self.ask("intake_clerk", "POST", "incidents", **report(category=category, **changes))["number"])

    def acknowledged(self, category: str = "illegal-structure", **changes: Any) -> str:
        """A new case that its unit has taken."""
        number = self.report(category, **changes)
        self.ask("handler", "POST", f"cases/{number}/acknowledgement", handler="handler", plan="马上去")
        return number

    def attach(self, number: str, name: str, content: bytes) -> str:
        """A file that the desk adds to a case; its id."""
        headers = {"Authorization": f"Bearer {token_of('intake_clerk')}"}
        url = f"{self.running.base_url}/api/v1/cases/{number}/attachments"
        answer = httpx.post(url, headers=headers, files={"file": (name, content)}, timeout=30, trust_env=False)
        assert answer.is_success, answer.text
        return str(answer.json()["id"])

    def completed(self) -> str:
        """A case that its unit has done."""
        number = self.acknowledged("dirty-facade")
        self.ask("handler", "POST", f"cases/{number}/completion", result="已用高空车清洗完毕，立面恢复干净。")
        return number

    def reported_by_officer(self) -> str:
        """A case that its unit has done, and that the officer who reported it has to look at."""
        place = {"grid": "qingyou-1", "point": {"lat": 30.405, "lon": 105.106}}
        report = {"category": "dirty-facade", "description": "外墙有大片污渍", "source": Source.OFFICER, "place": place}
        number = str(self.ask("grid_officer", "POST", "incidents", **report)["number"])
        self.ask("handler", "POST", f"cases/{number}/acknowledgement", handler="handler", plan="马上去")
        self.ask("handler", "POST", f"cases/{number}/completion", result="已用高空车清洗完毕，立面恢复干净。")
        return number

    def verified(self) -> str:
        """A case whose reporter is asked."""
        number = self.completed()
        self.ask("supervisor", "POST", f"cases/{number}/verification", solved=True, note="现场看过")
        return number

    def joined(self, number: str) -> str:
        """A further report of the same matter; by which number the case knows it."""
        body = report(reporter={"name": "李某某", "phone": "13900139000"})
        return str(self.ask("intake_clerk", "POST", f"cases/{number}/reports", **body)["report"])

    def untriaged(self) -> str:
        """A case that waits in triage: its return was accepted without another unit."""
        number = self.acknowledged("occupied-road")
        self.ask("handler", "POST", f"cases/{number}/return", reason="这条路归别的单位管")
        self.ask("supervisor", "POST", f"cases/{number}/return/ruling", accept=True, note="")
        return number

    def events(self, number: str) -> list[str]:
        """The types of what happened."""
        return [event["type"] for event in self.ask("supervisor", "GET", f"cases/{number}/events")["items"]]

    def code(self, number: str) -> str:
        """The code on the receipt."""
        code: str = self.running.app.state.house.tracking_code(number)
        return code


def until(found: Callable[[], T | None], what: str) -> T:
    """The first answer that is something. Fails, saying ``what`` never came."""
    ends = time.monotonic() + PATIENCE_S
    while time.monotonic() < ends:
        answer = found()
        if answer:
            return answer
        time.sleep(0.1)
    raise AssertionError(f"waited in vain for: {what}")
