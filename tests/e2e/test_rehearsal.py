"""A whole life in less than a minute, over HTTP, on the rehearsal rulebook of the contract (A3, A6-A9)."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from domain.vocabulary import CaseStatus, EventType, ExtensionStatus, InterviewStatus, Light, PointsReason
from tests.e2e.desk import (
    HANDLER,
    ORGANIZATION,
    RED,
    SUPERVISOR,
    UNIT,
    Desk,
    Json,
    assert_due_instants,
    assert_gapless,
    instant,
    pause_until,
    types,
)

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]


def seconds_between(case: Json, earlier: str, later: str) -> float:
    """Seconds from one promised instant to another."""
    return (instant(case[later]) - instant(case[earlier])).total_seconds()


async def acknowledged_late(desk: Desk) -> None:
    """Nobody answers within 5 seconds; who answers late is heard all the same."""
    case = await desk.report("rehearsal")
    number = case["number"]
    assert (case["status"], case["unit"]) == (CaseStatus.DISPATCHED, UNIT)
    assert seconds_between(case, "dispatched_at", "ack_by") == 5
    assert seconds_between(case, "received_at", "due_at") == 40
    assert seconds_between(case, "yellow_at", "due_at") == 8
    assert seconds_between(case, "extension_by", "due_at") == 20
    events = await desk.happened(number, EventType.ACK_MISSED)
    missed = await desk.case(number)
    assert (missed["ack_light"], missed["light"]) == (Light.RED, Light.GREEN)
    late = await desk.acknowledge(number)
    assert (late["status"], late["handler"]) == (CaseStatus.IN_PROGRESS, HANDLER)
    events = await desk.events(number)
    assert events[-1]["type"] == EventType.ACKNOWLEDGED
    assert events[-1]["data"]["late"]
    assert_gapless(events)
    assert_due_instants(events, case)


async def extended_in_time(desk: Desk) -> None:
    """Asked within the first 20 seconds, and granted: the deadline moves to the date that was asked for."""
    case = await desk.report("rehearsal")
    number = case["number"]
    await desk.acknowledge(number)
    until = instant(case["due_at"]) + timedelta(hours=1)
    asked = await desk.give(number, "extensions", HANDLER, {"until": until.isoformat(), "reason": "Parts are late."})
    assert asked["due_at"] == case["due_at"]  # the clock goes on while the request waits
    extension = asked["extensions"][0]
    decision = {"grant": True, "note": "Granted."}
    granted = await desk.give(number, f"extensions/{extension['id']}/decision", SUPERVISOR, decision)
    assert instant(granted["due_at"]) == until
    assert granted["extensions"][0]["status"] == ExtensionStatus.GRANTED
    await pause_until(instant(case["extension_by"]))
    body = {"until": (until + timedelta(hours=1)).isoformat(), "reason": "Again."}
    again = await desk.post(f"cases/{number}/extensions", HANDLER, body)
    assert again.status_code == 200, again.text  # the window moved along with the deadline
    assert_gapless(await desk.events(number))


async def extended_too_late(desk: Desk) -> None:
    """Asked after the first 20 seconds: refused, and nothing has changed."""
    case = await desk.report("rehearsal")
    number = case["number"]
    await desk.acknowledge(number)
    await pause_until(instant(case["extension_by"]))
    until = instant(case["due_at"]) + timedelta(minutes=1)
    body = {"until": until.isoformat(), "reason": "More time."}
    before = await desk.events(number)
    answer = await desk.post(f"cases/{number}/extensions", HANDLER, body)
    assert (answer.status_code, answer.json()["code"]) == (409, "extension_too_late")
    assert await desk.events(number) == before
    assert (await desk.case(number))["due_at"] == case["due_at"]


async def red_and_not_convened(desk: Desk) -> None:
    """Nobody finishes within 8 seconds: yellow, red, card, points, interview file; and nobody convenes it."""
    case = await desk.report("rehearsal-short")
    number = case["number"]
    assert seconds_between(case, "received_at", "due_at") == 8
    refused = await extension_refused(desk, case)
    assert refused == "extension_unavailable"
    events = await desk.happened(number, EventType.INTERVIEW_OPENED)
    assert_gapless(events)
    assert_due_instants(events, case)
    first_red = types(events).index(EventType.TURNED_RED)
    assert tuple(types(events)[first_red : first_red + 4]) == RED
    assert EventType.TURNED_YELLOW in types(events)[:first_red]
    red = await desk.case(number)
    (card,) = red["red_cards"]
    assert (red["light"], card["points"], card["reversed"]) == (Light.RED, -2, False)
    await points_are_deducted_once(desk, card)
    file = await desk.interview(card["id"])
    assert file["status"] == InterviewStatus.TO_CONVENE
    assert instant(file["convene_by"]) == instant(case["due_at"]) + timedelta(seconds=15)
    missed = (await desk.convene_missed(card["id"]))[-1]
    assert instant(missed["at"]) == instant(file["convene_by"])


async def red_and_convened(desk: Desk) -> None:
    """The organisation department convenes the unit's leader in time: nothing is missed."""
    case = await desk.report("rehearsal-short")
    await desk.acknowledge(case["number"])
    await desk.happened(case["number"], EventType.INTERVIEW_OPENED)
    (card,) = (await desk.case(case["number"]))["red_cards"]
    assert card["unit"] == UNIT
    body = {"at": (datetime.now(UTC) + timedelta(days=1)).isoformat(), "place": "Room 2"}
    answer = await desk.post(f"interviews/{card['id']}-I/convocation", ORGANIZATION, body)
    assert answer.is_success, answer.text
    file = await desk.interview(card["id"])
    assert (file["status"], file["convene_missed"]) == (InterviewStatus.CONVENED, False)
    await pause_until(instant(file["convene_by"]))
    assert types((await desk.interview(card["id"]))["events"]) == [EventType.OPENED, EventType.CONVENED]


async def extension_refused(desk: Desk, case: Json) -> str:
    """The code with which an extension of this case is refused."""
    await desk.acknowledge(case["number"])
    until = instant(case["due_at"]) + timedelta(minutes=1)
    body = {"until": until.isoformat(), "reason": "More time."}
    answer = await desk.post(f"cases/{case['number']}/extensions", HANDLER, body)
    code: str = answer.json()["code"]
    return code


async def points_are_deducted_once(desk: Desk, card: Json) -> None:
    """The ledger of the unit holds one deduction for the card, and its balance is the sum of all."""
    ledger = await desk.get(f"units/{UNIT}/points")
    (entry,) = [entry for entry in ledger["entries"] if entry["card"] == card["id"]]
    assert (entry["points"], entry["reason"], entry["reverses"]) == (-2, PointsReason.RED_CARD, None)
    assert ledger["balance"] == sum(entry["points"] for entry in ledger["entries"])


async def test_every_clock_strikes_when_cases_live_through_the_rehearsal(desk: Desk) -> None:
    await asyncio.gather(
        acknowledged_late(desk),
        extended_in_time(desk),
        extended_too_late(desk),
        red_and_not_convened(desk),
        red_and_convened(desk),
    )
