"""Parts are killed in mid-case, and then everything at once, while deadlines fall: nothing lost, nothing twice (E7)."""

import asyncio
from datetime import timedelta

import pytest

from domain.vocabulary import CaseStatus, EventType
from tests.e2e.desk import (
    RED,
    UNIT,
    Desk,
    Json,
    assert_due_instants,
    assert_gapless,
    instant,
    pause_until,
    types,
)
from tests.e2e.product import Product

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

PROMISED = ("ack_by", "yellow_at", "extension_by", "due_at", "received_at", "dispatched_at")


async def test_everything_falls_due_once_when_all_processes_are_killed_over_the_deadlines(
    desk: Desk, product: Product
) -> None:
    shorts = [await desk.report("rehearsal-short") for _ in range(3)]
    long = await desk.report("rehearsal")
    for case in (shorts[0], long):
        await desk.acknowledge(case["number"])
    product.kill_everything()
    await pause_until(instant(shorts[-1]["due_at"]))
    await product.start()
    after = await asyncio.gather(*(desk.case(case["number"]) for case in (*shorts, long)))
    for before, now in zip((*shorts, long), after, strict=True):
        assert {name: now[name] for name in PROMISED} == {name: before[name] for name in PROMISED}
    await asyncio.gather(*(falls_due_once(desk, case) for case in shorts))
    assert (await desk.case(long["number"]))["status"] == CaseStatus.IN_PROGRESS
    assert_gapless(await desk.events(long["number"]))


async def falls_due_once(desk: Desk, case: Json) -> None:
    """Red at the promised instant, recorded when the house was back: one card, one deduction, one interview file."""
    number = case["number"]
    events = await desk.happened(number, EventType.INTERVIEW_OPENED)
    assert_gapless(events)
    assert_due_instants(events, case)
    assert tuple(types(events)[-4:]) == RED
    assert instant(events[-1]["recorded_at"]) > instant(case["due_at"])
    (card,) = (await desk.case(number))["red_cards"]
    entries = (await desk.get(f"units/{UNIT}/points"))["entries"]
    assert len([entry for entry in entries if entry["card"] == card["id"]]) == 1
    file = await desk.convene_missed(card["id"])
    assert types(file) == [EventType.OPENED, EventType.CONVENE_MISSED]
    assert instant(file[-1]["at"]) == instant(case["due_at"]) + timedelta(seconds=15)
    assert types(await desk.events(number)) == types(events)
