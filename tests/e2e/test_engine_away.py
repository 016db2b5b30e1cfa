"""Acceptance does not wait for the engine: what comes in while it is away goes on when it is back (section 4)."""

import uuid
from http import HTTPStatus

import httpx
import pytest

from domain.vocabulary import CaseStatus, EventType
from tests.e2e.desk import HANDLER, Desk, Json, assert_gapless, types
from tests.e2e.product import Product

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

PLAN = {"handler": HANDLER, "plan": "On our way."}
HOLD_UP_S = 12
"""Far more than an answer takes, far less than one that waits for the engine."""

AWAY = ("engine_unavailable", "outcome_unknown")


async def test_case_is_accepted_and_goes_on_when_the_engine_was_away_at_that_moment(
    desk: Desk, product: Product
) -> None:
    before = await desk.report("rehearsal")
    key = uuid.uuid4().hex
    with product.without_engine():
        alarm = await desk.report("rehearsal-short", danger=True)
        accepted = await desk.report("rehearsal")
        assert [alarm["status"], accepted["status"]] == [CaseStatus.DISPATCHED] * 2
        for case in (before, accepted):
            await assert_unavailable(desk, case, key + case["number"])
    for case in (before, accepted):  # the second is not started yet: its first command starts it
        answer = await desk.insist(case["number"], "acknowledgement", HANDLER, PLAN, key=key + case["number"])
        assert answer.status_code == HTTPStatus.OK, answer.text
        events = await desk.events(case["number"])
        assert_gapless(events)
        assert types(events).count(EventType.ACKNOWLEDGED) == 1
    events = await desk.happened(
        alarm["number"], EventType.INTERVIEW_OPENED
    )  # nobody asked anything of it: the relay did
    assert_gapless(events)


async def assert_unavailable(desk: Desk, case: Json, key: str) -> None:
    """A command is told that it has to be asked again, and when; nobody is kept waiting for an engine that is away."""
    desk.http.timeout = httpx.Timeout(HOLD_UP_S)
    answer = await desk.post(f"cases/{case['number']}/acknowledgement", HANDLER, PLAN, key=key)
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE, answer.text
    assert answer.json()["code"] in AWAY
    assert int(answer.headers["Retry-After"]) > 0
