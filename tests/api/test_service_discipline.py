"""The clocks of a step over HTTP: cards, points and interviews of its unit, extensions, returns, accountability."""

from collections.abc import Callable
from typing import Any

import pytest

from domain.vocabulary import AppealStatus, CaseStatus, EventType, ExtensionStatus, Light, StepStatus
from tests.api.applications import application
from tests.api.conftest import As
from tests.api.served import Served
from tests.api.test_commands import soon, wait_for
from tests.api.test_service_requests import OURS, PARTNERS, PASSED, refused, through, types


@pytest.fixture
def apply(in_town: As) -> Callable[..., str]:
    def apply(**changes: Any) -> str:
        made = in_town("intake_clerk").post("/service-requests", json=application(**changes)).json()
        return f"/cases/{made['number']}"

    return apply


def test_step_that_is_late_costs_its_unit_a_card_and_opens_an_interview(apply: Callable[..., str], in_town: As) -> None:
    case, centre = apply(item="rehearsal-service-short", materials=[]), in_town("supervisor")
    wait_for(lambda: EventType.INTERVIEW_OPENED in types(centre, case))
    shown = centre.get(case).json()
    (card,) = shown["red_cards"]
    (step,) = shown["steps"]
    assert (card["unit"], card["step"], card["at"]) == ("rehearsal-unit", "decision", step["due_at"])
    assert (shown["light"], step["light"]) == (Light.RED, Light.RED)
    ledger = in_town("rehearsal.leader").get("/units/rehearsal-unit/points").json()
    assert [entry["points"] for entry in ledger["entries"] if entry["card"] == card["id"]] == [card["points"]]
    officer, file = in_town("organization_officer"), f"/interviews/{card['interview']}"
    assert officer.post(f"{file}/convocation", json={"at": soon(), "place": "二楼"}).status_code == 200
    appealed = in_town("rehearsal.leader").post(f"{case}/appeal", json={"reason": "系统停机。"})
    assert appealed.json()["red_cards"][0]["appeal"] == AppealStatus.PENDING
    assert centre.post(f"{case}/appeal/ruling", json={"uphold": True, "note": ""}).json()["red_cards"][0]["reversed"]
    ended = [event for event in centre.get(f"{case}/events").json()["items"] if event["type"] == EventType.TURNED_RED]
    assert {event["data"].get("part") for event in ended} == {"decision", None}  # the step, and the whole


def test_return_of_a_step_is_ruled_and_it_goes_to_another_unit(apply: Callable[..., str], in_town: As) -> None:
    case, ours, centre = apply(), in_town("rehearsal.handler"), in_town("supervisor")
    partner = in_town("rehearsal-partner.handler")
    returned = ours.post(f"{case}/return", json={"reason": "不归我们管"})
    assert returned.status_code == 200, returned.text
    ruling = {"accept": True, "unit": "rehearsal-partner", "note": "", "step": "acceptance"}
    moved = centre.post(f"{case}/return/ruling", json=ruling)
    assert moved.status_code == 200, moved.text
    assert (moved.json()["unit"], moved.json()["steps"][0]["status"]) == ("rehearsal-partner", StepStatus.DISPATCHED)
    assert refused(ours.post(f"{case}/acknowledgement", json=OURS)) == (409, "not_holder")
    assert partner.post(f"{case}/acknowledgement", json=PARTNERS).status_code == 200


def test_extension_of_a_step_moves_its_deadline_and_not_the_whole(apply: Callable[..., str], in_town: As) -> None:
    case, ours, centre = apply(item="rehearsal-service-long", materials=[]), in_town("rehearsal.handler"), in_town(
        "supervisor"
    )  # fmt: skip
    ours.post(f"{case}/acknowledgement", json=OURS)
    before, until = ours.get(case).json(), soon(3600)
    asked = ours.post(f"{case}/extensions", json={"until": until, "reason": "等档案"})
    assert asked.status_code == 200, asked.text
    (extension,) = asked.json()["extensions"]
    assert (extension["status"], extension["reason"], extension["step"]) == (
        ExtensionStatus.PENDING, "等档案", "decision",
    )  # fmt: skip
    granted = centre.post(f"{case}/extensions/{extension['id']}/decision", json={"grant": True, "note": "同意"}).json()
    assert granted["steps"][0]["due_at"] == until.replace("Z", "+00:00")
    assert granted["due_at"] == before["due_at"]
    assert refused(centre.post(f"{case}/extensions/9/decision", json={"grant": True, "note": ""})) == (404, "not_found")


def test_urging_of_a_step_is_answered_by_its_unit(apply: Callable[..., str], in_town: As) -> None:
    case, ours, centre = apply(), in_town("rehearsal.handler"), in_town("supervisor")
    ours.post(f"{case}/acknowledgement", json=OURS)
    urged = centre.post(f"{case}/urging", json={"note": "请抓紧", "step": "acceptance"}).json()
    (urging,) = urged["urgings"]
    assert (urging["step"], urging["answered"]) == ("acceptance", False)
    told = ours.post(f"{case}/progress", json={"note": "正在核对", "answers": urging["id"]}).json()
    assert told["urgings"][0]["answered"] is True


def test_accountability_of_a_request_is_about_the_unit_of_its_step(apply: Callable[..., str], in_town: As) -> None:
    case, centre = apply(), in_town("supervisor")
    opened = centre.post(f"{case}/accountability", json={"consequence": "mass_incident", "note": ""})
    assert (opened.status_code, opened.json()["unit"]) == (201, "rehearsal-unit")
    waiting = apply(materials=[])
    nobody = centre.post(f"{waiting}/accountability", json={"consequence": "mass_incident", "note": ""})
    assert refused(nobody) == (409, "transition_not_allowed")


def test_not_solved_takes_the_request_up_again_once(in_town: As, town: Served) -> None:
    body = application(item="rehearsal-service-short", materials=[])
    made = in_town("intake_clerk").post("/service-requests", json=body).json()
    case, ours = f"/cases/{made['number']}", in_town("rehearsal.handler")
    rating = {"code": made["tracking_code"], "score": 1, "solved": False, "comment": "没有领到证"}
    for status in (CaseStatus.DISPATCHED, CaseStatus.CLOSED):
        done = through(ours, case, "decision", OURS)
        assert done["status"] == CaseStatus.AWAITING_ANSWER
        with town.client() as resident:
            assert resident.post(f"/track/{made['number']}/rating", json=rating).status_code == 200
        assert ours.get(case).json()["status"] == status
    assert ours.get(case).json()["round"] == 2
    again = ours.post(f"{case}/steps/decision/completion", json=PASSED)
    assert refused(again)[0] == 409
