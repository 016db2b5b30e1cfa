"""A lead and the units that assist it (A18), through the API: who sees and does what, and whose lateness it is."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from domain.vocabulary import AppealStatus, CaseStatus, EventType, ExtensionStatus, Light, StepStatus
from tests.api.conftest import As
from tests.api.served import report
from tests.api.test_commands import DONE, refused, types, wait_for

LEAD, PARTNER = "rehearsal-unit", "rehearsal-partner"
PLAN = {"handler": "rehearsal.handler", "plan": "派人到现场查看。"}
HELP = {"handler": "rehearsal-partner.handler", "plan": "带登高车到场。"}


def soon(seconds: float = 3600) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()


@pytest.fixture
def make(in_town: As) -> Callable[..., str]:
    """A case that the lead has acknowledged, with a partner that assists."""

    def make(**changes: Any) -> str:
        number = in_town("intake_clerk").post("/incidents", json=report(**changes)).json()["number"]
        case = f"/cases/{number}"
        assert in_town("rehearsal.handler").post(f"{case}/acknowledgement", json=PLAN).status_code == 200
        asked = in_town("supervisor").post(f"{case}/assistance", json={"unit": PARTNER, "note": "请带登高车"})
        assert asked.status_code == 200, asked.text
        return case

    return make


def assisting(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    (part,) = answer.json()["assisting"]
    return dict(part)


def test_unit_sees_the_case_and_is_told_when_it_is_asked_to_assist(make: Callable[..., str], in_town: As) -> None:
    case = make()
    partner = in_town("rehearsal-partner.handler")
    part = assisting(partner.get(case))
    assert (part["step"], part["unit"], part["status"]) == (PARTNER, PARTNER, StepStatus.DISPATCHED)
    assert (part["light"], part["due_at"]) == (Light.GREEN, partner.get(case).json()["due_at"])
    number = case.rpartition("/")[2]
    told = [notice for notice in partner.get("/notices").json()["items"] if notice["case"] == number]
    assert [notice["type"] for notice in told] == [EventType.DISPATCHED]
    assert number in {item["number"] for item in partner.get(f"/cases?unit={PARTNER}&limit=200").json()["items"]}
    assert "王某某" not in partner.get(case).text


def test_assistant_goes_through_its_part_while_the_lead_goes_on(make: Callable[..., str], in_town: As) -> None:
    case = make()
    partner, lead, centre = in_town("rehearsal-partner.handler"), in_town("rehearsal.handler"), in_town("supervisor")
    assert refused(partner.post(f"{case}/progress", json={"note": "路上"})) == (409, "transition_not_allowed")
    taken = assisting(partner.post(f"{case}/acknowledgement", json=HELP))
    assert (taken["status"], taken["handler"]) == (StepStatus.IN_PROGRESS, "rehearsal-partner.handler")
    assert refused(partner.post(f"{case}/acknowledgement", json=HELP)) == (409, "already_acknowledged")
    urged = assisting(centre.post(f"{case}/urging", json={"step": PARTNER, "note": "到了吗"}))
    assert [item["answered"] for item in urged["urgings"]] == [False]
    answered = assisting(partner.post(f"{case}/progress", json={"note": "到了", "answers": "1"}))
    assert [item["answered"] for item in answered["urgings"]] == [True]
    done = partner.post(f"{case}/completion", json={"result": "登高车已到场，配合更换完毕。"})
    assert (assisting(done)["status"], done.json()["status"]) == (StepStatus.DONE, CaseStatus.IN_PROGRESS)
    finished = lead.post(f"{case}/completion", json=DONE).json()
    assert (finished["status"], finished["assisting"][0]["status"]) == (
        CaseStatus.AWAITING_VERIFICATION,
        StepStatus.DONE,
    )
    assert EventType.RELEASED not in types(centre, case)


def test_assistant_is_released_when_the_lead_completes_first(make: Callable[..., str], in_town: As) -> None:
    case = make()
    done = in_town("rehearsal.handler").post(f"{case}/completion", json=DONE)
    assert assisting(done)["status"] == StepStatus.RELEASED
    partner = in_town("rehearsal-partner.handler")
    assert refused(partner.post(f"{case}/acknowledgement", json=HELP)) == (409, "transition_not_allowed")
    number = case.rpartition("/")[2]
    told = [notice["type"] for notice in partner.get("/notices").json()["items"] if notice["case"] == number]
    assert told == [EventType.RELEASED, EventType.DISPATCHED]


def test_extension_of_an_assistant_moves_its_own_deadline_alone(make: Callable[..., str], in_town: As) -> None:
    case = make()
    partner, until = in_town("rehearsal-partner.handler"), soon()
    partner.post(f"{case}/acknowledgement", json=HELP)
    asked = assisting(partner.post(f"{case}/extensions", json={"until": until, "reason": "等登高车"}))
    (extension,) = asked["extensions"]
    assert (extension["status"], extension["reason"]) == (ExtensionStatus.PENDING, "等登高车")
    before = partner.get(case).json()
    decision = f"{case}/extensions/{extension['id']}/decision"
    granted = in_town("supervisor").post(decision, json={"grant": True, "note": "同意"})
    part = assisting(granted)
    assert part["extensions"][0]["note"] == "同意"
    assert datetime.fromisoformat(part["due_at"]) == datetime.fromisoformat(until)
    assert (granted.json()["due_at"], granted.json()["extensions"]) == (before["due_at"], [])


def test_suspension_pauses_the_assistant_with_what_was_left(make: Callable[..., str], in_town: As) -> None:
    case = make()
    centre = in_town("supervisor")
    due = datetime.fromisoformat(assisting(centre.get(case))["due_at"])
    stopped = centre.post(f"{case}/suspension", json={"reason": "连日大雨", "resume_at": soon()})
    assert (stopped.json()["status"], assisting(stopped)["status"]) == (CaseStatus.SUSPENDED, StepStatus.PAUSED)
    gone_on = centre.post(f"{case}/resumption")
    events = [event for event in centre.get(f"{case}/events").json()["items"] if event["data"].get("part") == PARTNER]
    stood = {event["type"]: datetime.fromisoformat(event["at"]) for event in events}
    pause = stood[EventType.RESUMED] - stood[EventType.SUSPENDED]
    assert assisting(gone_on)["status"] == StepStatus.DISPATCHED
    assert datetime.fromisoformat(assisting(gone_on)["due_at"]) == due + pause


def test_returned_part_goes_to_another_unit_with_the_same_deadline(make: Callable[..., str], in_town: As) -> None:
    case = make()
    partner, centre = in_town("rehearsal-partner.handler"), in_town("supervisor")
    due = assisting(partner.post(f"{case}/return", json={"reason": "没有登高车"}))["due_at"]
    ruling = {"step": PARTNER, "accept": True, "unit": LEAD, "note": ""}
    assert refused(centre.post(f"{case}/return/ruling", json=ruling)) == (409, "already_holder")
    moved = assisting(centre.post(f"{case}/return/ruling", json={**ruling, "unit": "sanitation"}))
    assert (moved["step"], moved["unit"], moved["due_at"]) == (PARTNER, "sanitation", due)
    assert refused(partner.post(f"{case}/acknowledgement", json=HELP)) == (409, "not_holder")
    unknown = centre.post(f"{case}/dispatch", json={"step": "no-such", "unit": "sanitation"})
    assert refused(unknown) == (422, "step_unknown")


def test_card_and_points_are_those_of_the_unit_that_was_late(make: Callable[..., str], in_town: As) -> None:
    case = make(category="rehearsal-short")
    centre, partner = in_town("supervisor"), in_town("rehearsal-partner.leader")
    assert in_town("rehearsal.handler").get(case).json()["status"] == CaseStatus.IN_PROGRESS
    wait_for(lambda: types(centre, case).count(EventType.INTERVIEW_OPENED) == 2)
    cards = {card["unit"]: card for card in centre.get(case).json()["red_cards"]}
    assert (cards[LEAD]["step"], cards[PARTNER]["step"]) == (None, PARTNER)
    ledger = partner.get(f"/units/{PARTNER}/points").json()
    assert [entry["points"] for entry in ledger["entries"] if entry["card"] == cards[PARTNER]["id"]] == [-2]
    assert partner.get(f"/interviews/{cards[PARTNER]['interview']}").status_code == 200
    assert partner.get(f"/interviews/{cards[LEAD]['interview']}").status_code == 404
    appealed = partner.post(f"{case}/appeal", json={"reason": "接手时已近时限"})
    assert [card["appeal"] for card in appealed.json()["red_cards"] if card["unit"] == PARTNER] == ["pending"]
    centre.post(f"{case}/appeal/ruling", json={"uphold": True, "note": ""})
    restored = partner.get(f"/units/{PARTNER}/points").json()["entries"]
    assert sorted(entry["points"] for entry in restored if entry["card"] == cards[PARTNER]["id"]) == [-2, 2]


def test_only_the_centre_asks_for_assistance(make: Callable[..., str], in_town: As) -> None:
    case = make()
    body = {"unit": "sanitation", "note": ""}
    for username in ("rehearsal.handler", "rehearsal.leader", "intake_clerk", "rehearsal-partner.leader"):
        assert refused(in_town(username).post(f"{case}/assistance", json=body)) == (403, "not_allowed")
    again = in_town("supervisor").post(f"{case}/assistance", json={"unit": PARTNER})
    assert refused(again) == (409, "already_holder")


def test_lead_and_assistants_are_named_at_once_when_a_case_is_moved(make: Callable[..., str], in_town: As) -> None:
    number = in_town("intake_clerk").post("/incidents", json=report()).json()["number"]
    body = {"unit": "sanitation", "assisting": [PARTNER, LEAD], "note": ""}
    centre = in_town("supervisor")
    assert refused(centre.post(f"/cases/{number}/dispatch", json={**body, "unit": PARTNER})) == (409, "already_holder")
    moved = centre.post(f"/cases/{number}/dispatch", json={**body, "assisting": [PARTNER]}).json()
    assert (moved["unit"], [part["unit"] for part in moved["assisting"]]) == ("sanitation", [PARTNER])


def test_ruling_is_on_the_card_that_is_named_when_two_units_appeal(make: Callable[..., str], in_town: As) -> None:
    case, centre = make(category="rehearsal-short"), in_town("supervisor")
    wait_for(lambda: types(centre, case).count(EventType.INTERVIEW_OPENED) == 2)
    for who in ("rehearsal.leader", "rehearsal-partner.leader"):
        assert in_town(who).post(f"{case}/appeal", json={"reason": "系统停机。"}).status_code == 200
    first, second = (card["id"] for card in centre.get(case).json()["red_cards"])
    named = {"uphold": True, "note": "", "card": second}
    ruled = centre.post(f"{case}/appeal/ruling", json=named)
    assert ruled.status_code == 200, ruled.text
    assert {card["id"]: card["reversed"] for card in ruled.json()["red_cards"]} == {first: False, second: True}
    assert refused(centre.post(f"{case}/appeal/ruling", json=named)) == (409, "no_appeal_pending")
    rest = centre.post(f"{case}/appeal/ruling", json={"uphold": False, "note": ""}).json()["red_cards"]
    assert [card["appeal"] for card in rest] == [AppealStatus.DISMISSED, AppealStatus.UPHELD]
