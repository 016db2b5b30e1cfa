"""Following a case without an account: what is told, what is not, and that nothing tells a wrong code from another."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, Engine, event, update

from api.pace import BURST
from api.tracking_words import said_last
from db.engine import Database
from db.queries.events import RecordedEvent
from db.tables import CaseRow, core
from domain.messages import Event
from domain.tracking import Passage, Stage, Wait
from domain.vocabulary import CaseStatus, EventType
from tests.api.conftest import As
from tests.api.served import Served, report

WRONG = "AAAAAAAAAA"
PRIVATE = ("王某某", "13800138000", "rehearsal.handler", "intake_clerk", "路灯", "qingyou-1")
OF_CASES = re.compile(r"\b(cases|report|joined_report|application|event|dossier|command)\b")
TOLD = {
    "number", "kind", "status", "outcome", "decision", "category", "category_name", "category_name_en", "unit",
    "holders", "desk", "received_at", "due_at", "legal_due_at", "promise", "days_spent", "hours_spent", "days_left",
    "hours_left", "counted_in", "overdue", "steps", "next", "waits_for", "answer_by", "answered", "joined_at",
    "result", "materials", "events",
}  # fmt: skip


@pytest.fixture
def made(in_calm: As) -> dict[str, Any]:
    """A case that the desk has just taken."""
    taken: dict[str, Any] = in_calm("intake_clerk").post("/incidents", json=report()).json()
    return taken


@pytest.fixture
def resident(calm: Served) -> Iterator[httpx.Client]:
    """Somebody without an account, from an address of their own."""
    with calm.client() as client:
        yield client


def address(number: int) -> dict[str, str]:
    """Headers of somebody who comes through the proxy from elsewhere."""
    return {"X-Forwarded-For": f"203.0.113.{number}"}


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every SQL statement about cases that the calm API sends meanwhile.

    A town in this process has its own relay, and the API itself looks after its rules now and then.
    """
    sent: list[str] = []

    def note(connection: Connection, _: Any, statement: str, *more: Any) -> None:
        if "/calm" in str(connection.engine.url) and OF_CASES.search(statement):
            sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def test_resident_is_told_where_the_case_is_and_until_when(made: dict[str, Any], resident: httpx.Client) -> None:
    answer = resident.get(f"/track/{made['number']}?code={made['tracking_code']}")
    told = answer.json()
    assert set(told) == TOLD
    assert (told["status"], told["kind"], told["category"]) == (CaseStatus.DISPATCHED, made["kind"], "rehearsal")
    assert [(holder["unit"], holder["since"]) for holder in told["holders"]] == [(told["unit"], made["dispatched_at"])]
    assert (told["due_at"], told["promise"]["rule"]) == (made["due_at"], "40 seconds")
    assert (told["days_spent"], told["days_left"]) == (0, 0)
    assert [(step["key"], step["state"]) for step in told["steps"]][:4] == [
        (Stage.RECEIVED, Passage.PASSED),
        (Stage.DISPATCHED, Passage.PASSED),
        (Stage.ACKNOWLEDGED, Passage.NOW),
        (Stage.HANDLED, Passage.AHEAD),
    ]
    assert [step["key"] for step in told["next"]] == [Stage.HANDLED]
    assert [item["type"] for item in told["events"]] == [EventType.RECEIVED, EventType.DISPATCHED]


def test_nobody_is_named_and_nothing_is_kept(made: dict[str, Any], resident: httpx.Client) -> None:
    answer = resident.get(f"/track/{made['number'].lower()}%20?code={made['tracking_code'].lower()}%20")
    assert answer.status_code == 200
    assert all(private not in answer.text for private in PRIVATE)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"


def test_case_that_no_rule_matches_waits_for_its_dispatch(as_: As, api: Served) -> None:
    taken = as_("intake_clerk").post("/incidents", json=report()).json()
    store = Database(api.settings.database_url)

    def undispatched(connection: Any) -> None:
        row = connection.scalar(core(CaseRow).select().with_only_columns(core(CaseRow).c.state))
        state = row | {"status": CaseStatus.AWAITING_DISPATCH.value, "unit": None, "promise": None}
        connection.execute(update(core(CaseRow)).values(state=state))

    store.write_sync(undispatched)
    store.close()
    with api.client() as client:
        told = client.get(f"/track/{taken['number']}?code={taken['tracking_code']}").json()
    assert told["waits_for"] == {"reason": Wait.DISPATCH, "until": None}
    assert (told["holders"], told["due_at"], told["days_left"]) == ([], None, None)


@pytest.mark.parametrize(
    "number",
    ["SJ990101-9999999", "BJ261123-0000001", "SJ261123-00000010", "x", "%2e%2e", "1 OR 1=1", "号", "9" * 5000],
)
def test_wrong_code_unknown_and_malformed_number_take_the_same_path(
    made: dict[str, Any], resident: httpx.Client, number: str
) -> None:
    headers = address(1 + hash(number) % 200)
    with statements() as sent:
        wrong = resident.get(f"/track/{made['number']}", params={"code": WRONG}, headers=headers)
        unknown = resident.get(f"/track/{number}", params={"code": WRONG}, headers=headers)
        blank = resident.get(f"/track/{made['number']}", params={"code": ""}, headers=headers)
    assert sent == []  # the code decides before anything is looked up
    problems = [{**answer.json(), "instance": ""} for answer in (wrong, unknown, blank)]
    assert [answer.status_code for answer in (wrong, unknown, blank)] == [404, 404, 404]
    assert problems[0] == problems[1] == problems[2]
    assert set(wrong.headers) == set(unknown.headers)
    with statements() as sent:
        resident.get(f"/track/{made['number']}", params={"code": made["tracking_code"]}, headers=headers)
    assert sent != []


@pytest.mark.parametrize(
    "code", ["2225AAAAAAAAAA", "ZZZZAAAAAAAAAA", "2223AAAAAAAAAA", "....AAAAAAAAAA", "2225AAAAAAAAA"]
)
def test_wrong_code_of_a_joined_report_takes_that_path_too(
    made: dict[str, Any], resident: httpx.Client, code: str
) -> None:
    with statements() as sent:
        answer = resident.get(f"/track/{made['number']}", params={"code": code})
    assert (answer.status_code, sent) == (404, [])


def test_wrong_code_rates_nothing_and_looks_nothing_up(made: dict[str, Any], resident: httpx.Client) -> None:
    body = {"code": WRONG, "score": 1, "solved": False}
    with statements() as sent:
        known = resident.post(f"/track/{made['number']}/rating", json=body, headers=address(201))
        unknown = resident.post("/track/SJ990101-9999999/rating", json=body, headers=address(201))
    assert sent == []
    assert {**known.json(), "instance": ""} == {**unknown.json(), "instance": ""}


def test_guessing_has_to_wait_and_is_told_how_long(made: dict[str, Any], resident: httpx.Client) -> None:
    headers = address(202)
    answers = [resident.get(f"/track/{made['number']}?code={WRONG}", headers=headers) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [404] * 10 + [429]
    assert int(answers[-1].headers["retry-after"]) >= 1


def test_asking_too_often_has_to_wait_with_the_right_code_too(made: dict[str, Any], resident: httpx.Client) -> None:
    path, headers = f"/track/{made['number']}?code={made['tracking_code']}", address(203)
    answers = [resident.get(path, headers=headers) for _ in range(BURST + 10)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert {answer.status_code for answer in answers[:BURST]} == {200}
    assert refused
    assert all(int(answer.headers["retry-after"]) >= 1 for answer in refused)
    assert resident.get(path, headers=address(204)).status_code == 200


def test_rating_is_refused_before_its_time(made: dict[str, Any], resident: httpx.Client) -> None:
    body = {"code": made["tracking_code"], "score": 5, "solved": True}
    answer = resident.post(f"/track/{made['number']}/rating", json=body, headers=address(205))
    assert (answer.status_code, answer.json()["code"]) == (409, "transition_not_allowed")


@pytest.mark.parametrize(
    ("change", "field"),
    [({"score": 0}, "score"), ({"score": 6}, "score"), ({"score": "5"}, "score"), ({"solved": "yes"}, "solved"),
     ({"comment": "长" * 5000}, "comment"), ({"name": "王某某"}, "name"), ({"code": "A" * 41}, "code")],
)  # fmt: skip
def test_rating_names_the_field_at_fault(
    made: dict[str, Any], resident: httpx.Client, change: dict[str, Any], field: str
) -> None:
    body = {"code": made["tracking_code"], "score": 5, "solved": True} | change
    answer = resident.post(f"/track/{made['number']}/rating", json=body, headers=address(206))
    assert answer.status_code == 422
    assert [fault["field"] for fault in answer.json()["errors"]] == [field]
    assert "王某某" not in answer.text


def test_protected_category_shows_nothing_that_reveals_it(in_calm: As, resident: httpx.Client) -> None:
    made = in_calm("intake_clerk").post("/incidents", json=report(category="infectious-disease")).json()
    answer = resident.get(f"/track/{made['number']}?code={made['tracking_code']}", headers=address(207))
    told = answer.json()
    assert (told["category"], told["category_name"], told["unit"], told["holders"]) == (None, None, None, [])
    assert (told["status"], told["due_at"]) == (CaseStatus.DISPATCHED, made["due_at"])
    assert "infectious" not in answer.text
    assert made["unit"] not in answer.text


def test_note_of_an_earlier_step_is_not_told_when_the_deciding_one_has_none() -> None:
    at = datetime(2026, 3, 2, tzinfo=UTC)

    def done(seq: int, text: dict[str, Any] | None) -> RecordedEvent:
        return RecordedEvent(event=Event(seq=seq, type=EventType.STEP_COMPLETED, at=at), recorded_at=at, text=text)

    steps = [done(1, {"note": "内部意见"}), done(2, None)]
    assert said_last(steps, EventType.STEP_COMPLETED, "note") is None
    assert said_last([*steps, done(3, {"note": "不符合条件"})], EventType.STEP_COMPLETED, "note") == "不符合条件"
    assert said_last([], EventType.STEP_COMPLETED, "note") is None
