"""Service requests over HTTP: accepted anywhere, step after step with the real workflow, materials, results."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from domain.vocabulary import CaseStatus, DossierKind, EventType, MaterialState, Outcome, StepStatus
from tests.api.applications import ID_NUMBER, applicant, application
from tests.api.conftest import As
from tests.api.served import Served, key, report
from tests.api.test_attachments import PNG

OURS = {"handler": "rehearsal.handler", "plan": "当面核对材料。"}
PARTNERS = {"handler": "rehearsal-partner.handler", "plan": "查阅台账。"}
PASSED = {"outcome": "passed", "note": "材料齐全。"}
REFUSED = {"outcome": "refused", "note": "不符合年龄条件；年满六十周岁后可再申请。"}


@pytest.fixture
def apply(in_town: As) -> Callable[..., dict[str, Any]]:
    def apply(**changes: Any) -> dict[str, Any]:
        answer = in_town("intake_clerk").post("/service-requests", json=application(**changes))
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    return apply


@pytest.fixture
def request_path(apply: Callable[..., dict[str, Any]]) -> str:
    """A request whose first step is handed over."""
    return f"/cases/{apply()['number']}"


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def types(client: httpx.Client, case: str) -> list[str]:
    return [event["type"] for event in client.get(f"{case}/events").json()["items"]]


def steps(shown: dict[str, Any]) -> dict[str, str]:
    return {step["key"]: step["status"] for step in shown["steps"]}


def through(client: httpx.Client, case: str, step: str, plan: dict[str, str]) -> dict[str, Any]:
    """Acknowledge a step, and complete it."""
    taken = client.post(f"{case}/acknowledgement", json={**plan, "step": step})
    assert taken.status_code == 200, taken.text
    done = client.post(f"{case}/steps/{step}/completion", json=PASSED)
    assert done.status_code == 200, done.text
    shown: dict[str, Any] = done.json()
    return shown


def test_request_goes_through_five_steps_to_its_approval(
    apply: Callable[..., dict[str, Any]], in_town: As, town: Served
) -> None:
    made = apply(form={"household_size": 3})
    case, clerk = f"/cases/{made['number']}", in_town("intake_clerk")
    assert (made["kind"], made["status"]) == (DossierKind.SERVICE_REQUEST, CaseStatus.DISPATCHED)
    assert len({tuple(step) for step in made["steps"]}) == 1  # of one shape, wherever they stand
    assert made["number"].startswith("BJ")
    ours, partner, higher = (in_town(f"rehearsal{who}.handler") for who in ("", "-partner", "-higher"))
    shown = through(ours, case, "acceptance", OURS)
    ahead, beside = StepStatus.WAITING, StepStatus.DISPATCHED
    assert list(steps(shown).values()) == [StepStatus.DONE, beside, beside, ahead, ahead]
    through(ours, case, "survey", OURS)
    assert steps(through(partner, case, "opinion", PARTNERS))["higher-decision"] == StepStatus.OUTSIDE
    assert clerk.post(f"{case}/steps/higher-decision/handoff", json={"reference": "函12号"}).status_code == 200
    answered = higher.post(f"{case}/steps/higher-decision/completion", json=PASSED).json()
    assert steps(answered)["delivery"] == StepStatus.DISPATCHED
    done = through(ours, case, "delivery", OURS)
    assert (done["status"], done["result"]) == (CaseStatus.AWAITING_ANSWER, Outcome.APPROVED)
    rating = {"code": made["tracking_code"], "score": 5, "solved": True}
    with town.client() as resident:
        assert resident.post(f"/track/{made['number']}/rating", json=rating).status_code == 200
    closed = ours.get(case).json()
    assert (closed["status"], closed["outcome"]) == (CaseStatus.CLOSED, Outcome.APPROVED)
    events = clerk.get(f"{case}/events").json()["items"]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert [e["data"]["note"] for e in events if e["type"] == EventType.STEP_COMPLETED] == [PASSED["note"]] * 5
    assert [e["data"]["reference"] for e in events if e["type"] == EventType.HANDOFF_CONFIRMED] == ["函12号"]


def test_unit_sees_the_request_when_its_step_is_handed_over_and_not_before(request_path: str, in_town: As) -> None:
    ours, partner = in_town("rehearsal.handler"), in_town("rehearsal-partner.handler")
    assert refused(partner.get(request_path)) == (404, "not_found")
    through(ours, request_path, "acceptance", OURS)
    assert partner.get(request_path).status_code == 200
    assert refused(in_town("rehearsal-higher.handler").get(request_path)) == (404, "not_found")


def test_missing_materials_are_asked_for_and_the_steps_begin_when_they_are_there(
    apply: Callable[..., dict[str, Any]], in_town: As
) -> None:
    made = apply(materials=[])
    case, clerk = f"/cases/{made['number']}", in_town("intake_clerk")
    assert (made["status"], made["due_at"], made["unit"]) == (CaseStatus.AWAITING_MATERIALS, None, None)
    assert made["materials_by"] is not None
    assert {item["code"]: item["state"] for item in made["materials"]}["rehearsal-form"] == MaterialState.ASKED
    assert refused(clerk.post(f"{case}/materials", json={"codes": ["no-such"]})) == (422, "material_unknown")
    brought = clerk.post(f"{case}/materials", json={"codes": ["rehearsal-form"], "note": "原件已核。"})
    assert brought.status_code == 200, brought.text
    assert (brought.json()["status"], brought.json()["unit"]) == (CaseStatus.DISPATCHED, "rehearsal-unit")
    assert brought.json()["due_at"] is not None
    assert refused(clerk.post(f"{case}/materials", json={"codes": ["rehearsal-form"]})) == (422, "material_given")


def test_materials_are_asked_for_once_and_the_clock_stands_until_they_come(request_path: str, in_town: As) -> None:
    ours, clerk = in_town("rehearsal.handler"), in_town("intake_clerk")
    ours.post(f"{request_path}/acknowledgement", json=OURS)
    wanted = {"codes": ["rehearsal-note"], "note": "请写明用途。"}
    assert refused(clerk.post(f"{request_path}/materials-request", json=wanted)) == (403, "not_allowed")
    asked = ours.post(f"{request_path}/materials-request", json=wanted)
    assert asked.status_code == 200, asked.text
    assert asked.json()["status"] == CaseStatus.AWAITING_MATERIALS
    assert steps(asked.json())["acceptance"] == StepStatus.PAUSED
    early = ours.post(f"{request_path}/steps/acceptance/completion", json=PASSED)
    assert refused(early) == (409, "transition_not_allowed")
    back = clerk.post(f"{request_path}/materials", json={"codes": ["rehearsal-note"]}).json()
    assert back["status"] == CaseStatus.IN_PROGRESS
    assert back["due_at"] > asked.json()["due_at"]
    again = ours.post(f"{request_path}/materials-request", json={"codes": ["rehearsal-photo"], "note": ""})
    assert refused(again) == (409, "materials_requested_before")


def test_step_is_completed_once_and_by_its_holder(request_path: str, in_town: As) -> None:
    ours, partner, centre = in_town("rehearsal.handler"), in_town("rehearsal-partner.handler"), in_town("supervisor")
    done = f"{request_path}/steps/acceptance/completion"
    assert refused(ours.post(done, json=PASSED)) == (409, "transition_not_allowed")
    assert refused(partner.post(done, json=PASSED)) == (404, "not_found")
    ours.post(f"{request_path}/acknowledgement", json=OURS)
    assert refused(centre.post(done, json=PASSED)) == (409, "not_holder")
    assert refused(ours.post(done, json={"outcome": "no-such"})) == (422, "step_outcome_unknown")
    assert refused(ours.post(f"{request_path}/steps/no-such/completion", json=PASSED)) == (404, "not_found")
    assert refused(ours.post(f"{request_path}/steps/delivery/completion", json=PASSED)) == (409, "step_not_open")
    assert ours.post(done, json=PASSED).status_code == 200
    assert refused(ours.post(done, json=PASSED)) == (409, "step_already_completed")
    opinion = f"{request_path}/steps/opinion/completion"
    assert refused(ours.post(opinion, json=PASSED)) == (409, "not_holder")
    assert refused(partner.post(f"{request_path}/steps/survey/completion", json=PASSED)) == (409, "not_holder")


def test_refusal_says_why_and_ends_the_steps_beside_it(request_path: str, in_town: As) -> None:
    ours, partner = in_town("rehearsal.handler"), in_town("rehearsal-partner.handler")
    through(ours, request_path, "acceptance", OURS)
    partner.post(f"{request_path}/acknowledgement", json=PARTNERS)
    done = f"{request_path}/steps/opinion/completion"
    assert refused(partner.post(done, json={"outcome": "refused"})) == (422, "answer_without_content")
    shown = partner.post(done, json=REFUSED).json()
    assert (shown["status"], shown["result"]) == (CaseStatus.AWAITING_ANSWER, Outcome.REFUSED)
    assert steps(shown)["survey"] == StepStatus.RELEASED
    assert EventType.RELEASED in types(ours, request_path)


def test_unit_with_two_open_steps_says_which_is_meant(request_path: str, in_town: As) -> None:
    ours, centre = in_town("rehearsal.handler"), in_town("supervisor")
    through(ours, request_path, "acceptance", OURS)
    moved = centre.post(f"{request_path}/dispatch", json={"unit": "rehearsal-unit", "step": "opinion"})
    assert moved.status_code == 200, moved.text
    assert refused(ours.post(f"{request_path}/acknowledgement", json=OURS)) == (409, "part_ambiguous")
    assert refused(ours.post(f"{request_path}/acknowledgement", json={**OURS, "step": "x"})) == (422, "step_unknown")
    assert ours.post(f"{request_path}/acknowledgement", json={**OURS, "step": "opinion"}).status_code == 200


def test_incident_knows_no_materials_and_a_request_no_verification(request_path: str, in_town: As) -> None:
    clerk, centre = in_town("intake_clerk"), in_town("supervisor")
    incident = f"/cases/{clerk.post('/incidents', json=report()).json()['number']}"
    brought = clerk.post(f"{incident}/materials", json={"codes": ["rehearsal-form"]})
    assert refused(brought) == (409, "transition_not_allowed")
    assert refused(centre.post(f"{incident}/steps/x/completion", json=PASSED)) == (404, "not_found")
    verified = centre.post(f"{request_path}/verification", json={"solved": True, "note": ""})
    assert refused(verified) == (409, "transition_not_allowed")


def test_withdrawal_ends_every_step(request_path: str, in_town: As) -> None:
    shown = in_town("intake_clerk").post(f"{request_path}/withdrawal", json={"reason": "不办了"}).json()
    assert (shown["status"], shown["outcome"]) == (CaseStatus.WITHDRAWN, Outcome.WITHDRAWN)
    assert steps(shown)["acceptance"] == StepStatus.RELEASED


def test_suspension_pauses_every_step_and_resumption_moves_the_deadlines(request_path: str, in_town: As) -> None:
    centre = in_town("supervisor")
    before = centre.get(request_path).json()
    body = {"reason": "系统升级", "resume_at": "2199-01-01T00:00:00Z"}
    assert centre.post(f"{request_path}/suspension", json=body).json()["status"] == CaseStatus.SUSPENDED
    resumed = centre.post(f"{request_path}/resumption").json()
    assert resumed["due_at"] > before["due_at"]
    assert steps(resumed)["acceptance"] == StepStatus.DISPATCHED
    assert [(line["due_after"], line["left"]["hours"]) for line in resumed["pauses"]] == [(resumed["due_at"], 0)]


def test_one_case_stands_when_the_same_key_comes_many_times_at_once(in_town: As) -> None:
    clerk, headers = in_town("intake_clerk"), {"Idempotency-Key": key()}
    barrier = threading.Barrier(6)

    def send(_: int) -> tuple[int, str]:
        barrier.wait()
        answer = clerk.post("/service-requests", json=application(), headers=headers)
        return answer.status_code, answer.json()["number"]

    with ThreadPoolExecutor(6) as pool:
        found = set(pool.map(send, range(6)))
    assert len(found) == 1
    assert found.pop()[0] == 201
    other = clerk.post("/service-requests", json=application(materials=[]), headers=headers)
    assert refused(other) == (409, "idempotency_key_reused")


def test_step_is_completed_once_when_two_people_come_at_once(request_path: str, in_town: As) -> None:
    both = (in_town("rehearsal.handler"), in_town("rehearsal.leader"))
    both[0].post(f"{request_path}/acknowledgement", json=OURS)
    done = f"{request_path}/steps/acceptance/completion"
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda client: client.post(done, json=PASSED), both))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert types(both[0], request_path).count(EventType.STEP_COMPLETED) == 1


def test_two_steps_that_end_at_once_open_the_next_one_once(request_path: str, in_town: As) -> None:
    ours, partner = in_town("rehearsal.handler"), in_town("rehearsal-partner.handler")
    through(ours, request_path, "acceptance", OURS)
    ours.post(f"{request_path}/acknowledgement", json={**OURS, "step": "survey"})
    partner.post(f"{request_path}/acknowledgement", json=PARTNERS)
    with ThreadPoolExecutor(2) as pool:
        ends = pool.map(
            lambda who: who[0].post(f"{request_path}/steps/{who[1]}/completion", json=PASSED).status_code,
            ((ours, "survey"), (partner, "opinion")),
        )
        assert list(ends) == [200, 200]
    assert types(ours, request_path).count(EventType.HANDED_OUT) == 1


def test_applicant_is_shown_to_who_works_on_it_and_to_nobody_else(request_path: str, in_town: As) -> None:
    for who in ("intake_clerk", "rehearsal.handler", "supervisor"):
        shown = in_town(who).get(request_path).json()
        assert shown["applicant"]["name"] == "李**"
        assert ID_NUMBER not in in_town(who).get(request_path).text
        assert in_town(who).get(f"{request_path}/form").json()["applicant"]["id_number"] == ID_NUMBER
    for who in ("auditor", "statistician"):
        assert "applicant" not in in_town(who).get(request_path).json()
        assert refused(in_town(who).get(f"{request_path}/form")) == (403, "not_allowed")


def test_filled_form_is_a_table_that_a_spreadsheet_does_not_compute(
    apply: Callable[..., dict[str, Any]], in_town: As
) -> None:
    number = apply(applicant=applicant(phone="+8613800138000"), form={"use": "=1+1", "size": 3})["number"]
    made = in_town("intake_clerk").get(f"/cases/{number}/form?format=csv")
    assert made.headers["content-type"] == "text/csv; charset=utf-8"
    assert "no-store" in made.headers["cache-control"]
    names, values = (line.split(",") for line in made.content.decode("utf-8-sig").splitlines())
    row = dict(zip(names, values, strict=True))
    assert row["applicant.phone"] == "+8613800138000"
    assert (row["form.use"], row["form.size"]) == ("'=1+1", "3")
    assert row["materials"] == "rehearsal-form rehearsal-photo"
    assert refused(in_town("intake_clerk").get(f"/cases/{number}/form?format=pdf")) == (422, "value_unknown")


def test_incident_has_no_form(in_town: As) -> None:
    number = in_town("intake_clerk").post("/incidents", json=report()).json()["number"]
    assert refused(in_town("intake_clerk").get(f"/cases/{number}/form")) == (404, "not_found")


def test_photo_is_attached_to_a_request(request_path: str, in_town: As) -> None:
    sent = in_town("intake_clerk").post(f"{request_path}/attachments", files={"file": ("表.png", PNG)})
    assert sent.status_code == 201
    assert [each["name"] for each in in_town("rehearsal.handler").get(request_path).json()["attachments"]] == ["表.png"]


def test_list_and_view_say_the_same_of_a_request(request_path: str, in_town: As) -> None:
    centre = in_town("supervisor")
    through(in_town("rehearsal.handler"), request_path, "acceptance", OURS)
    shown = centre.get(request_path).json()
    listed = next(
        row for row in centre.get("/cases?kind=service_request&item=rehearsal-service&limit=200").json()["items"]
        if row["number"] == shown["number"]
    )  # fmt: skip
    same = ("kind", "status", "item", "unit", "handler", "ack_by", "due_at", "yellow_at", "extension_by", "version",
            "dispatched_at", "acknowledged_at", "grid", "round", "provisional")  # fmt: skip
    assert {name: listed[name] for name in same} == {name: shown[name] for name in same}
