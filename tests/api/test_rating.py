"""The resident's own answer: once, inside its window, whoever presses the button how often (A12, D5)."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from domain.vocabulary import CaseStatus, EventType
from tests.api.conftest import As
from tests.api.served import Served, report
from tests.api.test_commands import DONE, PLAN, refused, types


@pytest.fixture
def made(in_town: As) -> dict[str, Any]:
    """A case that the desk has just taken."""
    taken: dict[str, Any] = in_town("intake_clerk").post("/incidents", json=report()).json()
    return taken


def answerable(made: dict[str, Any], in_town: As) -> dict[str, Any]:
    """The rating of a case that waits for its reporter's answer now."""
    case, handler = f"/cases/{made['number']}", in_town("rehearsal.handler")
    handler.post(f"{case}/acknowledgement", json=PLAN)
    handler.post(f"{case}/completion", json=DONE)
    verified = in_town("supervisor").post(f"{case}/verification", json={"solved": True, "note": ""})
    assert verified.json()["status"] == CaseStatus.AWAITING_ANSWER
    return {"code": made["tracking_code"], "score": 4, "solved": True, "comment": ""}


def test_answer_counts_once_when_it_is_sent_several_times_at_once(
    made: dict[str, Any], in_town: As, town: Served
) -> None:
    rating = answerable(made, in_town)
    with town.client() as resident, ThreadPoolExecutor(4) as pool:
        answers = list(
            pool.map(lambda _: resident.post(f"/track/{made['number']}/rating", json=rating), range(4), timeout=50)
        )
        again = resident.post(f"/track/{made['number']}/rating", json={**rating, "solved": False})
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"already_rated"}
    assert refused(again) == (409, "already_rated")
    assert types(in_town("supervisor"), f"/cases/{made['number']}").count(EventType.RATED) == 1


def test_not_solved_takes_the_case_up_again(made: dict[str, Any], in_town: As, town: Served) -> None:
    rating = answerable(made, in_town) | {"solved": False, "score": 1, "comment": "还是不亮"}
    with town.client() as resident:
        told = resident.post(f"/track/{made['number']}/rating", json=rating).json()
        again = resident.post(f"/track/{made['number']}/rating", json=rating)
    assert (told["status"], told["result"]) == (CaseStatus.IN_PROGRESS, None)
    assert refused(again) == (409, "transition_not_allowed")
    assert in_town("supervisor").get(f"/cases/{made['number']}").json()["round"] == 2
