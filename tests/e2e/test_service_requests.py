"""Service requests from the desk to the rating over HTTP, parts of the house killed on the way (B2-B4, B8-B10)."""

import uuid
from typing import Any

import pytest

from domain.vocabulary import CaseStatus, EventType, Light, MaterialState, Outcome, StepStatus
from tests.e2e.desk import CLERK, HANDLER, RED, SUPERVISOR, Desk, Json, assert_gapless, instant, pause_until, types
from tests.e2e.product import Product

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

PARTNER = "rehearsal-partner.handler"
APPLICANT = {"name": "Applicant", "id_type": "passport", "id_number": "E00000017", "phone": "13800000000"}


async def apply_for(desk: Desk, item: str, materials: list[str], **more: Any) -> Json:
    """A request, as its receipt shows it."""
    body = {"item": item, "applicant": APPLICANT, "materials": materials, **more}
    answer = await desk.post("service-requests", CLERK, body, key=uuid.uuid4().hex)
    assert answer.status_code == 201, answer.text
    taken: Json = answer.json()
    return taken


async def acknowledge(desk: Desk, number: str, who: str = HANDLER) -> Json:
    """A step's unit takes it."""
    return await desk.give(number, "acknowledgement", who, {"handler": who, "plan": "Looked at today."})


async def complete(desk: Desk, number: str, step: str, who: str = HANDLER, outcome: str = "passed") -> Json:
    """A step is done, whatever was killed meanwhile."""
    body = {"outcome": outcome, "note": "Checked against the originals."}
    answer = await desk.insist(number, f"steps/{step}/completion", who, body)
    assert answer.is_success, answer.text
    after: Json = answer.json()
    return after


def step(case: Json, key: str) -> Json:
    """One of its steps."""
    found: Json = next(each for each in case["steps"] if each["key"] == key)
    return found


async def send_results(desk: Desk, text: str) -> Json:
    """A file of results from the department above."""
    headers = {"Authorization": f"Bearer {await desk.token(SUPERVISOR)}"}
    files = {"file": ("results.csv", text.encode(), "text/csv")}
    answer = await desk.http.post("/api/v1/outside-results", headers=headers, files=files)
    assert answer.is_success, answer.text
    report: Json = answer.json()
    return report


async def test_requests_go_their_ways_when_worker_and_everything_are_killed(desk: Desk, product: Product) -> None:
    lapsing = await apply_for(desk, "rehearsal-service", ["rehearsal-note"])
    late = await apply_for(desk, "rehearsal-service-short", [])
    await goes_its_whole_way(desk, product)
    await turned_red_against_its_holder(desk, late)
    await lapsed_by_its_own_clock(desk, lapsing)


async def goes_its_whole_way(desk: Desk, product: Product) -> None:
    """Missing materials, five steps, two of them side by side, one red, one outside and late."""
    taken = await apply_for(desk, "rehearsal-service", [])
    number, code = taken["number"], taken["tracking_code"]
    assert (taken["status"], taken["due_at"]) == (CaseStatus.AWAITING_MATERIALS, None)
    assert all(each["status"] == StepStatus.WAITING for each in taken["steps"])

    running = await desk.give(number, "materials", CLERK, {"codes": ["rehearsal-form"]})
    assert step(running, "acceptance")["status"] == StepStatus.DISPATCHED
    assert (instant(running["due_at"]) - instant(step(running, "acceptance")["dispatched_at"])).total_seconds() == 80
    await acknowledge(desk, number)
    await product.kill("worker")
    both = await complete(desk, number, "acceptance")
    assert {key: step(both, key)["status"] for key in ("survey", "opinion")} == {
        "survey": StepStatus.DISPATCHED,
        "opinion": StepStatus.DISPATCHED,
    }

    await acknowledge(desk, number)
    await complete(desk, number, "survey")
    product.kill_everything()
    opinion = step(both, "opinion")
    await pause_until(instant(opinion["due_at"]))
    await product.start()
    events = await desk.happened(number, EventType.INTERVIEW_OPENED)
    red = [event for event in events if event["type"] in RED]
    assert tuple(types(red)) == RED
    assert {event["at"] for event in red} == {opinion["due_at"]}
    (card,) = (await desk.case(number))["red_cards"]
    assert (card["unit"], card["step"]) == ("rehearsal-partner", "opinion")
    entries = (await desk.get("units/rehearsal-partner/points"))["entries"]
    assert [entry["points"] for entry in entries if entry["card"] == card["id"]] == [-2]
    await desk.give(number, "acknowledgement", PARTNER, {"handler": PARTNER, "plan": "Late, but now."})
    outside = step(await complete(desk, number, "opinion", PARTNER), "higher-decision")
    assert outside["status"] == StepStatus.OUTSIDE

    await desk.happened(number, EventType.OUTSIDE_OVERDUE)
    rows = f"number,step,outcome\n{number},higher-decision,passed\n{number},survey,passed\nBJ000000-0,x,passed\n"
    first, second = await send_results(desk, rows), await send_results(desk, rows)
    assert [row["result"] for row in first["items"]] == ["applied", "refused", "refused"]
    assert [row["result"] for row in second["items"]] == ["repeated", "refused", "refused"]

    await acknowledge(desk, number)
    early = await desk.post(f"cases/{number}/steps/delivery/completion", HANDLER, {"outcome": "passed", "note": ""})
    assert (early.status_code, early.json()["code"]) == (409, "materials_missing")
    await desk.give(number, "materials", CLERK, {"codes": ["rehearsal-photo"]})
    decided = await complete(desk, number, "delivery")
    assert (decided["status"], decided["result"]) == (CaseStatus.AWAITING_ANSWER, Outcome.APPROVED)
    await followed_and_rated(desk, number, code)
    assert_gapless(await desk.events(number))


async def followed_and_rated(desk: Desk, number: str, code: str) -> None:
    """The applicant sees the way without an account, and closes it with an answer."""
    shown = await desk.http.get(f"/api/v1/track/{number}", params={"code": code})
    assert shown.is_success, shown.text
    assert shown.json()["steps"][0]["key"] == "acceptance"
    assert "Applicant" not in shown.text
    assert PARTNER not in shown.text
    rating = {"code": code, "score": 5, "solved": True}
    assert (await desk.http.post(f"/api/v1/track/{number}/rating", json=rating)).is_success
    case = await desk.case(number)
    assert (case["status"], case["outcome"]) == (CaseStatus.CLOSED, Outcome.APPROVED)
    again = await desk.http.post(f"/api/v1/track/{number}/rating", json=rating)
    assert again.status_code == 409


async def lapsed_by_its_own_clock(desk: Desk, taken: Json) -> None:
    """Nobody brings what is missing."""
    assert {each["code"]: each["state"] for each in taken["materials"]}["rehearsal-form"] == MaterialState.ASKED
    await desk.happened(taken["number"], EventType.CLOSED)
    case = await desk.case(taken["number"])
    assert (case["status"], case["outcome"], case["red_cards"]) == (CaseStatus.CLOSED, Outcome.LAPSED, [])
    closed = (await desk.events(taken["number"]))[-1]
    assert closed["at"] == taken["materials_by"]


async def turned_red_against_its_holder(desk: Desk, taken: Json) -> None:
    """Nobody completes the step in time; who does so late is heard all the same."""
    number = taken["number"]
    events = await desk.happened(number, EventType.INTERVIEW_OPENED, EventType.ACK_MISSED)
    missed = next(event for event in events if event["type"] == EventType.ACK_MISSED)
    assert instant(missed["at"]) == instant(step(taken, "decision")["ack_by"])
    case = await desk.case(number)
    assert (case["light"], [card["unit"] for card in case["red_cards"]]) == (Light.RED, ["rehearsal-unit"])
    listed = (await desk.get("cases?kind=service_request&light=red&unit=rehearsal-unit", HANDLER))["items"]
    assert number in {each["number"] for each in listed}
    await acknowledge(desk, number)
    after = await complete(desk, number, "decision", outcome="refused")
    assert after["result"] == Outcome.REFUSED
