"""Commands against a real engine and worker: what the rules refuse, what a repeated key gives, whole lives."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from domain.vocabulary import AccountabilityStatus, CaseStatus, EventType, ExtensionStatus, InterviewStatus, Outcome
from tests.api.conftest import As
from tests.api.served import Served, key, report

PLAN = {"handler": "rehearsal.handler", "plan": "派人到现场查看。"}
DONE = {"result": "已更换灯泡，现场试亮正常。"}


def soon(seconds: float = 3600) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()


@pytest.fixture
def make(in_town: As) -> Callable[..., dict[str, Any]]:
    def make(**changes: Any) -> dict[str, Any]:
        made: dict[str, Any] = in_town("intake_clerk").post("/incidents", json=report(**changes)).json()
        return made

    return make


@pytest.fixture
def case(make: Callable[..., dict[str, Any]]) -> str:
    """A dispatched case."""
    number: str = make()["number"]
    return f"/cases/{number}"


@pytest.fixture
def taken(case: str, in_town: As) -> str:
    """A case in progress."""
    assert in_town("rehearsal.handler").post(f"{case}/acknowledgement", json=PLAN).status_code == 200
    return case


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def types(client: httpx.Client, case: str) -> list[str]:
    return [event["type"] for event in client.get(f"{case}/events").json()["items"]]


def test_case_goes_from_dispatch_to_solved(make: Callable[..., dict[str, Any]], in_town: As, town: Served) -> None:
    made = make()
    case = f"/cases/{made['number']}"
    handler, centre = in_town("rehearsal.handler"), in_town("supervisor")
    acknowledged = handler.post(f"{case}/acknowledgement", json=PLAN).json()
    assert (acknowledged["status"], acknowledged["handler"]) == (CaseStatus.IN_PROGRESS, "rehearsal.handler")
    assert centre.post(f"{case}/urging", json={"note": ""}).json()["urgings"][0]["answered"] is False
    assert handler.post(f"{case}/progress", json={"note": "在路上", "answers": "1"}).json()["urgings"][0]["answered"]
    assert handler.post(f"{case}/completion", json=DONE).json()["status"] == CaseStatus.AWAITING_VERIFICATION
    verified = centre.post(f"{case}/verification", json={"solved": True, "note": "看过了"}).json()
    assert verified["status"] == CaseStatus.AWAITING_ANSWER
    rating = {"code": made["tracking_code"], "score": 5, "solved": True, "comment": "谢谢"}
    with town.client() as resident:
        assert resident.post(f"/track/{made['number']}/rating", json={**rating, "code": "X"}).status_code == 404
        told = resident.post(f"/track/{made['number']}/rating", json=rating).json()
    assert (told["status"], told["outcome"], told["result"]) == (CaseStatus.CLOSED, Outcome.SOLVED, DONE["result"])
    events = handler.get(f"{case}/events").json()["items"]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert [event["data"]["plan"] for event in events if event["type"] == EventType.ACKNOWLEDGED] == [PLAN["plan"]]


def test_extension_is_decided_and_becomes_the_deadline(taken: str, in_town: As) -> None:
    handler, until = in_town("rehearsal.handler"), soon()
    asked = handler.post(f"{taken}/extensions", json={"until": until, "reason": "等配件"})
    (extension,) = asked.json()["extensions"]
    assert (extension["status"], extension["reason"]) == (ExtensionStatus.PENDING, "等配件")
    again = handler.post(f"{taken}/extensions", json={"until": soon(7200), "reason": "等配件"})
    assert refused(again) == (409, "extension_pending")
    decision = f"{taken}/extensions/{extension['id']}/decision"
    granted = in_town("supervisor").post(decision, json={"grant": True, "note": "同意"}).json()
    assert granted["extensions"][0]["status"] == ExtensionStatus.GRANTED
    assert granted["extensions"][0]["note"] == "同意"
    assert datetime.fromisoformat(granted["due_at"]) == datetime.fromisoformat(until)
    assert refused(in_town("supervisor").post(decision, json={"grant": True, "note": ""})) == (409, "extension_decided")
    missing = in_town("supervisor").post(f"{taken}/extensions/9/decision", json={"grant": True, "note": ""})
    assert refused(missing) == (404, "not_found")


def test_one_extension_is_asked_for_when_two_requests_come_at_once(taken: str, in_town: As) -> None:
    handler = in_town("rehearsal.handler")
    with ThreadPoolExecutor(2) as pool:
        body = {"until": soon(), "reason": "等配件"}
        answers = list(pool.map(lambda _: handler.post(f"{taken}/extensions", json=body), range(2)))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert len(handler.get(taken).json()["extensions"]) == 1


def test_extension_is_unavailable_for_a_short_limit(make: Callable[..., dict[str, Any]], in_town: As) -> None:
    case = f"/cases/{make(category='rehearsal-short')['number']}"
    handler = in_town("rehearsal.handler")
    handler.post(f"{case}/acknowledgement", json=PLAN)
    body = {"until": soon(), "reason": "等配件"}
    assert refused(handler.post(f"{case}/extensions", json=body)) == (409, "extension_unavailable")


def test_suspended_clock_goes_on_with_what_was_left(taken: str, in_town: As) -> None:
    centre = in_town("supervisor")
    due = datetime.fromisoformat(centre.get(taken).json()["due_at"])
    past = {"reason": "连日大雨", "resume_at": soon(-60)}
    assert refused(centre.post(f"{taken}/suspension", json=past)) == (422, "resume_not_later")
    suspended = centre.post(f"{taken}/suspension", json={"reason": "连日大雨", "resume_at": soon()}).json()
    assert suspended["status"] == CaseStatus.SUSPENDED
    resumed = centre.post(f"{taken}/resumption").json()
    stood = [event for event in centre.get(f"{taken}/events").json()["items"] if "sumed" in event["type"]]
    stopped = [event for event in centre.get(f"{taken}/events").json()["items"] if event["type"] == "suspended"]
    pause = datetime.fromisoformat(stood[0]["at"]) - datetime.fromisoformat(stopped[0]["at"])
    assert datetime.fromisoformat(resumed["due_at"]) == due + pause
    (line,) = resumed["pauses"]
    assert (line["since"], line["until"]) == (stopped[0]["at"], stood[0]["at"])
    assert datetime.fromisoformat(line["due_before"]) == due
    assert line["due_after"] == resumed["due_at"]
    assert (line["left"]["working"], line["left"]["hours"]) == (False, 0)


def test_returned_case_is_ruled_and_held_by_the_next_unit(case: str, in_town: As) -> None:
    handler, centre = in_town("rehearsal.handler"), in_town("supervisor")
    due = handler.post(f"{case}/return", json={"reason": "不归我单位管"}).json()["due_at"]
    unknown = centre.post(f"{case}/return/ruling", json={"accept": True, "unit": "no-such", "note": ""})
    assert refused(unknown) == (422, "unit_unknown")
    ruling = {"accept": True, "unit": "sanitation", "note": "改派"}
    moved = centre.post(f"{case}/return/ruling", json=ruling).json()
    assert (moved["unit"], moved["due_at"]) == ("sanitation", due)
    assert refused(handler.post(f"{case}/acknowledgement", json=PLAN)) == (409, "not_holder")
    assert handler.get(case).status_code == 200


def test_redo_begins_a_new_round_when_it_was_not_solved(taken: str, in_town: As) -> None:
    handler, centre = in_town("rehearsal.handler"), in_town("supervisor")
    handler.post(f"{taken}/completion", json=DONE)
    assert refused(handler.post(f"{taken}/completion", json=DONE)) == (409, "transition_not_allowed")
    redone = centre.post(f"{taken}/verification", json={"solved": False, "note": "还是不亮"}).json()
    assert (redone["status"], redone["round"], redone["completed_at"]) == (CaseStatus.IN_PROGRESS, 2, None)


def test_answer_by_telephone_closes_the_case(taken: str, in_town: As) -> None:
    in_town("rehearsal.handler").post(f"{taken}/completion", json=DONE)
    in_town("supervisor").post(f"{taken}/verification", json={"solved": True, "note": ""})
    closed = in_town("intake_clerk").post(f"{taken}/answer", json={"solved": True, "note": "电话回访"}).json()
    assert (closed["status"], closed["outcome"]) == (CaseStatus.CLOSED, Outcome.SOLVED)


def test_withdrawn_case_takes_no_more_commands(case: str, in_town: As) -> None:
    assert in_town("intake_clerk").post(f"{case}/withdrawal", json={"reason": "来电人撤回"}).status_code == 200
    for path, body in (("acknowledgement", PLAN), ("progress", {"note": ""}), ("completion", DONE)):
        answer = in_town("rehearsal.handler").post(f"{case}/{path}", json=body)
        assert refused(answer) == (409, "transition_not_allowed")


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("progress", {"note": ""}, "transition_not_allowed"),
        ("completion", DONE, "transition_not_allowed"),
        ("extensions", {"until": soon(), "reason": "等"}, "transition_not_allowed"),
        ("appeal", {"reason": "不服"}, "no_card_to_appeal"),
    ],
)
def test_command_in_the_wrong_state_is_refused(
    case: str, in_town: As, path: str, body: dict[str, Any], code: str
) -> None:
    handler = in_town("rehearsal.handler")
    assert refused(handler.post(f"{case}/{path}", json=body)) == (409, code)
    assert EventType.ACKNOWLEDGED not in types(handler, case)


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("verification", {"solved": True, "note": ""}, "transition_not_allowed"),
        ("resumption", {}, "transition_not_allowed"),
        ("return/ruling", {"accept": False, "note": ""}, "no_return_pending"),
        ("appeal/ruling", {"uphold": True, "note": ""}, "no_appeal_pending"),
        ("alarm/takeover", {"note": ""}, "no_alarm"),
        ("dispatch", {"unit": "rehearsal-unit"}, "already_holder"),
        ("dispatch", {"unit": "no-such"}, "unit_unknown"),
    ],
)
def test_command_of_the_centre_in_the_wrong_state_is_refused(
    taken: str, in_town: As, path: str, body: dict[str, Any], code: str
) -> None:
    answer = in_town("supervisor").post(f"{taken}/{path}", json=body)
    assert refused(answer) == (422 if code == "unit_unknown" else 409, code)


def test_repeated_key_gives_what_happened(case: str, in_town: As) -> None:
    handler, headers = in_town("rehearsal.handler"), {"Idempotency-Key": key()}
    first, second = (handler.post(f"{case}/acknowledgement", json=PLAN, headers=headers) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 200)
    assert types(handler, case).count(EventType.ACKNOWLEDGED) == 1
    other = handler.post(f"{case}/acknowledgement", json={**PLAN, "plan": "另一个"}, headers=headers)
    assert refused(other) == (409, "idempotency_key_reused")
    elsewhere = handler.post(f"{case}/progress", json={"note": ""}, headers=headers)
    assert refused(elsewhere) == (409, "idempotency_key_reused")


def test_repeated_key_gives_the_same_refusal_even_when_it_would_now_be_granted(case: str, in_town: As) -> None:
    handler, headers = in_town("rehearsal.handler"), {"Idempotency-Key": key()}
    body = {"note": "现场"}
    assert refused(handler.post(f"{case}/progress", json=body, headers=headers)) == (409, "transition_not_allowed")
    handler.post(f"{case}/acknowledgement", json=PLAN)
    assert refused(handler.post(f"{case}/progress", json=body, headers=headers)) == (409, "transition_not_allowed")
    assert handler.post(f"{case}/progress", json=body).status_code == 200


def test_one_acknowledgement_happens_when_the_same_key_comes_many_times_at_once(case: str, in_town: As) -> None:
    handler, headers = in_town("rehearsal.handler"), {"Idempotency-Key": key()}
    barrier = threading.Barrier(6)

    def acknowledge(_: int) -> int:
        barrier.wait()
        return handler.post(f"{case}/acknowledgement", json=PLAN, headers=headers).status_code

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(acknowledge, range(6))) == {200}
    assert types(handler, case).count(EventType.ACKNOWLEDGED) == 1


def test_one_acknowledgement_stands_when_two_people_come_at_once(case: str, in_town: As) -> None:
    both = (in_town("rehearsal.handler"), in_town("rehearsal.leader"))
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda client: client.post(f"{case}/acknowledgement", json=PLAN), both))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"already_acknowledged"}


def test_stale_version_is_refused_when_the_case_has_moved(case: str, in_town: As) -> None:
    handler = in_town("rehearsal.handler")
    stale = handler.post(f"{case}/acknowledgement", json=PLAN, headers={"If-Match": '"1"'})
    assert refused(stale) == (409, "stale_version")
    malformed = handler.post(f"{case}/acknowledgement", json=PLAN, headers={"If-Match": "x"})
    assert refused(malformed) == (422, "version_malformed")
    seen = str(handler.get(case).json()["version"])
    assert handler.post(f"{case}/acknowledgement", json=PLAN, headers={"If-Match": seen}).status_code == 200


def test_accountability_file_runs_from_opening_to_closure(taken: str, in_town: As) -> None:
    body, headers = {"consequence": "safety_accident", "note": "有人受伤"}, {"Idempotency-Key": key()}
    centre, officer = in_town("supervisor"), in_town("discipline_officer")
    first, second = (centre.post(f"{taken}/accountability", json=body, headers=headers) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] == second.json()["id"]
    file = f"/accountability/{first.json()['id']}"
    decision = {"for": "unit", "measure": "通报批评", "note": ""}
    assert refused(officer.post(f"{file}/decision", json=decision)) == (409, "transition_not_allowed")
    found = officer.post(f"{file}/findings", json={"note": "属实"}).json()
    assert found["status"] == AccountabilityStatus.INVESTIGATED
    assert officer.post(f"{file}/decision", json=decision).json()["status"] == AccountabilityStatus.DECIDED
    assert refused(centre.post(f"{file}/closure", json={})) == (403, "not_allowed")
    assert officer.post(f"{file}/closure", json={}).json()["status"] == AccountabilityStatus.CLOSED
    assert in_town("handler").get(file).status_code == 404


def test_red_card_opens_an_interview_file_that_is_carried_through(
    make: Callable[..., dict[str, Any]], in_town: As, town: Served
) -> None:
    made = make(category="rehearsal-short")
    case, centre, officer = f"/cases/{made['number']}", in_town("supervisor"), in_town("organization_officer")
    wait_for(lambda: EventType.INTERVIEW_OPENED in types(centre, case))
    shown = centre.get(case).json()
    (card,) = shown["red_cards"]
    assert (card["at"], card["points"], card["reversed"]) == (made["due_at"], -2, False)
    ledger = in_town("rehearsal.leader").get("/units/rehearsal-unit/points").json()
    assert [entry["points"] for entry in ledger["entries"] if entry["card"] == card["id"]] == [-2]
    file = f"/interviews/{card['interview']}"
    assert refused(officer.post(f"{file}/convocation", json={"at": soon(-60), "place": "二楼"})) == (
        422,
        "instant_in_past",
    )
    assert officer.post(f"{file}/convocation", json={"at": soon(), "place": "二楼"}).status_code == 200
    talk = {"kind": "leader_interview", "person": "负责人", "text": "谈话记录"}
    assert officer.post(f"{file}/minutes", json=talk).json()["status"] == InterviewStatus.HELD
    measures = {"measures": "每周巡查", "due_on": soon(86_400)[:10]}
    assert officer.post(f"{file}/rectification", json=measures).json()["status"] == InterviewStatus.RECTIFYING
    assert officer.post(f"{file}/check", json={"passed": True, "note": ""}).json()["status"] == InterviewStatus.CLOSED
    assert in_town("handler").get(file).status_code == 404


def wait_for(happened: Callable[[], bool], seconds: float = 30) -> None:
    """Until it has happened; fails after a generous time."""
    done = threading.Event()
    deadline = datetime.now(UTC) + timedelta(seconds=seconds)
    while not happened():
        assert datetime.now(UTC) < deadline
        done.wait(0.1)
