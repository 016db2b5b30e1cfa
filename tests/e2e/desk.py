"""People at work over HTTP: reports, commands, and what is to be read afterwards."""

import asyncio
import itertools
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

import httpx

from domain.vocabulary import EventType, Source
from tests.e2e.product import PASSWORD, PATIENCE, Product, until

GRID = "qingyou-1"
UNIT = "rehearsal-unit"
CLERK = "intake_clerk"
HANDLER = "rehearsal.handler"
LEADER = "rehearsal.leader"
SUPERVISOR = "supervisor"
ORGANIZATION = "organization_officer"

DUE_EVENTS = {
    EventType.ACK_MISSED: "ack_by",
    EventType.TURNED_YELLOW: "yellow_at",
    EventType.TURNED_RED: "due_at",
    EventType.RED_CARD_ISSUED: "due_at",
    EventType.POINTS_DEDUCTED: "due_at",
    EventType.INTERVIEW_OPENED: "due_at",
}
"""Events of a milestone, and the promised instant that each is dated with."""

RED = (EventType.TURNED_RED, EventType.RED_CARD_ISSUED, EventType.POINTS_DEDUCTED, EventType.INTERVIEW_OPENED)
"""The fixed order at a red card."""

Json = dict[str, Any]


def instant(text: str) -> datetime:
    """The aware instant that the API wrote."""
    return datetime.fromisoformat(text)


def types(events: Iterable[Json]) -> list[str]:
    """Their types, in order."""
    return [event["type"] for event in events]


@dataclass
class Desk:
    """Signed-in people of one installation. Tokens survive restarts, so they are fetched once."""

    product: Product
    http: httpx.AsyncClient = field(init=False)
    tokens: dict[str, str] = field(default_factory=dict)
    words: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    async def __aenter__(self) -> "Desk":
        self.http = httpx.AsyncClient(base_url=self.product.base, trust_env=False, timeout=30)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.aclose()

    async def token(self, who: str) -> str:
        """The bearer token of a person."""
        if who not in self.tokens:
            answer = await self.http.post("/api/v1/sessions", json={"username": who, "password": PASSWORD})
            assert answer.status_code == HTTPStatus.CREATED, answer.text
            self.tokens[who] = answer.json()["token"]
        return self.tokens[who]

    async def get(self, path: str, who: str = SUPERVISOR) -> Json:
        """What the API answers; waits while it is away."""
        headers = {"Authorization": f"Bearer {await self.token(who)}"}

        async def found() -> Json | None:
            try:
                answer = await self.http.get(f"/api/v1/{path}", headers=headers)
            except httpx.TransportError:
                return None
            assert answer.status_code == HTTPStatus.OK, f"{path}: {answer.text}"
            read: Json = answer.json()
            return read

        return await until(found, f"an answer on {path}")

    async def post(self, path: str, who: str, body: Json, key: str | None = None) -> httpx.Response:
        """One request, whatever comes of it. Raises httpx.TransportError."""
        headers = {"Authorization": f"Bearer {await self.token(who)}"}
        if key is not None:
            headers["Idempotency-Key"] = key
        return await self.http.post(f"/api/v1/{path}", json=body, headers=headers)

    async def report(self, category: str, *, danger: bool = False) -> Json:
        """A new case, as its acceptance shows it. Handed in again under the same key while the API is away."""
        body = {
            "category": category,
            "description": f"A lamp post leans over the path. Made up, report {next(self.words)}.",
            "place": {"grid": GRID},
            "reporter": {"name": "Resident", "phone": "13800000000"},
            "source": Source.HOTLINE.value,
            "danger": danger,
        }
        key = uuid.uuid4().hex

        async def accepted() -> Json | None:
            try:
                answer = await self.post("incidents", CLERK, body, key=key)
            except httpx.TransportError:
                return None
            assert answer.status_code == HTTPStatus.CREATED, answer.text
            case: Json = answer.json()
            return case

        return await until(accepted, "a report accepted")

    async def give(self, number: str, what: str, who: str, body: Json) -> Json:
        """A command that is to succeed at once; the case after it."""
        answer = await self.post(f"cases/{number}/{what}", who, body)
        assert answer.is_success, f"{what}: {answer.text}"
        case: Json = answer.json()
        return case

    async def insist(self, number: str, what: str, who: str, body: Json, key: str | None = None) -> httpx.Response:
        """The final answer to a command, asked again under the same key while nothing final is heard."""
        chosen = key or uuid.uuid4().hex

        async def final() -> httpx.Response | None:
            try:
                answer = await self.post(f"cases/{number}/{what}", who, body, key=chosen)
            except httpx.TransportError:
                return None
            if answer.status_code != HTTPStatus.SERVICE_UNAVAILABLE:
                return answer
            await asyncio.sleep(float(answer.headers["Retry-After"]) / 4)
            return None

        return await until(final, f"a final answer to {what}", 2 * PATIENCE)

    async def acknowledge(self, number: str, who: str = HANDLER) -> Json:
        """The unit takes the case."""
        return await self.give(number, "acknowledgement", who, {"handler": HANDLER, "plan": "On our way."})

    async def case(self, number: str) -> Json:
        """The case now."""
        return await self.get(f"cases/{number}")

    async def events(self, number: str) -> list[Json]:
        """Its record."""
        items: list[Json] = (await self.get(f"cases/{number}/events"))["items"]
        return items

    async def interview(self, card: str) -> Json:
        """The interview file of a card."""
        return await self.get(f"interviews/{card}-I")

    async def happened(self, number: str, *wanted: EventType) -> list[Json]:
        """The record, once it has these events."""

        async def found() -> list[Json] | None:
            events = await self.events(number)
            return events if set(wanted) <= set(types(events)) else None

        return await until(found, f"{', '.join(wanted)} in {number}")

    async def convene_missed(self, card: str) -> list[Json]:
        """The record of the card's interview file, once nobody has convened it in time."""

        async def found() -> list[Json] | None:
            events: list[Json] = (await self.interview(card))["events"]
            return events if EventType.CONVENE_MISSED in types(events) else None

        return await until(found, f"the interview of {card} not convened in time")


async def pause_until(instant_due: datetime, after: float = 0.3) -> None:
    """Sleep until a little after an instant."""
    left = instant_due - datetime.now(UTC) + timedelta(seconds=after)
    await asyncio.sleep(max(0.0, left.total_seconds()))


def assert_gapless(events: Sequence[Json]) -> None:
    """Sequence numbers 1, 2, 3 …, and instants that never go back."""
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    instants = [instant(event["at"]) for event in events]
    assert instants == sorted(instants)


def assert_due_instants(events: Sequence[Json], promised: Json) -> None:
    """Every milestone happened at most once, dated with the promised instant, recorded no earlier."""
    for kind, promise in DUE_EVENTS.items():
        found = [event for event in events if event["type"] == kind]
        assert len(found) <= 1, f"{kind} came {len(found)} times"
        for event in found:
            assert instant(event["at"]) == instant(promised[promise]), kind
            assert instant(event["recorded_at"]) >= instant(event["at"]), kind
