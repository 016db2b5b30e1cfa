"""Hand-offs by connectors: an outside system that is away, one that decides at once, and people who are faster (B8)."""

from datetime import UTC, datetime, timedelta

import pytest
from temporalio.client import Client

from activities.connectors import Answered, Handoff, Submitted
from activities.handoff import Handoffs
from activities.loopback import NAME, Loopback
from db.engine import Database
from domain.service.flow import PASSED
from domain.vocabulary import EventType as E
from tests.workflows.service_stage import CONNECTED, NUMBER, Counter, StageDelivery
from tests.workflows.stage import DAY, HOUR, stage

HANDOFF = f"{NUMBER}-county-H1"


class Away:
    """An outside system that does not answer the first ``times``, and then decides at once."""

    def __init__(self, times: int) -> None:
        self.left = times
        self.seen: list[Handoff] = []

    async def submit(self, handoff: Handoff) -> Submitted:
        """Fails so often."""
        self.seen.append(handoff)
        self.left -= 1
        if self.left >= 0:
            raise ConnectionError("nobody there")
        return Submitted(reference="county-7", answered=Answered(outcome=PASSED))

    async def ask(self, reference: str) -> Answered | timedelta:
        """Never asked."""
        raise AssertionError(reference)


class Silent:
    """An outside system that takes everything, and never has an answer yet."""

    def __init__(self) -> None:
        self.asked = 0

    async def submit(self, handoff: Handoff) -> Submitted:
        """Taken."""
        return Submitted(reference="county-8", ask_after=timedelta(hours=6))

    async def ask(self, reference: str) -> Answered | timedelta:
        """Not yet."""
        self.asked += 1
        return timedelta(hours=6)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_hand_off_is_found_stuck_and_goes_through_when_the_other_side_is_back(database: Database) -> None:
    away = Away(15)

    def going_out(client: Client) -> Handoffs:
        return Handoffs(StageDelivery(client), {NAME: away})

    async with stage(database, going_out) as on_stage:
        await Counter(on_stage).open(CONNECTED)
        await on_stage.at(2 * DAY)
        types = [event.type for event in await on_stage.events(NUMBER)]
        await on_stage.ended(HANDOFF)
    assert types[:4] == [E.RECEIVED, E.HANDED_OUT, E.HANDOFF_STUCK, E.HANDOFF_CONFIRMED]
    assert types[4:6] == [E.STEP_COMPLETED, E.DISPATCHED]
    assert {handoff.id for handoff in away.seen} == {HANDOFF}, "every repeat is known by its id"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_hand_off_ends_when_somebody_has_entered_the_answer(database: Database) -> None:
    silent = Silent()

    def going_out(client: Client) -> Handoffs:
        return Handoffs(StageDelivery(client), {NAME: silent})

    async with stage(database, going_out) as on_stage:
        counter = Counter(on_stage)
        await counter.open(CONNECTED)
        await on_stage.at(DAY + HOUR)
        asked = silent.asked
        await counter.complete("county")
        await on_stage.at(2 * DAY)
        await on_stage.ended(HANDOFF)
        types = [event.type for event in await on_stage.events(NUMBER)]
    assert asked == silent.asked == 4
    assert types.count(E.STEP_COMPLETED) == 1


async def test_loopback_answers_after_its_moment_and_not_before() -> None:
    now = [datetime(2026, 3, 2, 9, 0, tzinfo=UTC)]
    loopback = Loopback(lambda: now[0], after=timedelta(minutes=5))
    handoff = Handoff(id="BJ1|a-H1", case="BJ1", step="a", item="i", unit="u", outcomes=("granted", "refused"))
    submitted = await loopback.submit(handoff)
    assert submitted.ask_after == timedelta(minutes=5)
    assert await loopback.ask(submitted.reference) == timedelta(minutes=5)
    now[0] += timedelta(minutes=5)
    assert await loopback.ask(submitted.reference) == Answered(outcome="granted")
