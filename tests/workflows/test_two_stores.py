"""Two stores, one truth; late work in the order of its instants; one record, whatever comes at once."""

import asyncio
from datetime import timedelta

import pytest
from temporalio.api.enums.v1 import EventType as HistoryEvent

from db.engine import Database, StoreUnavailable, Work
from db.recorder import record
from domain.messages import Event, Recording
from domain.plain import to_plain
from domain.vocabulary import CommandKind as C
from domain.vocabulary import DossierKind
from domain.vocabulary import EventType as E
from tests.workflows.scenarios import acknowledge, ask, complete, finish, refused
from tests.workflows.stage import DAY, HANDLER, MINUTE, NUMBER, SUPERVISOR, Stage, stage

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def types(on_stage: Stage) -> list[E]:
    """Types of the events that stand in the record."""
    return [event.type for event in await on_stage.events()]


async def stands_already(on_stage: Stage, event: Event) -> None:
    """Writes ``event`` as a worker did whose engine was killed before its history was kept."""
    state = to_plain((await on_stage.case()).apply(event))
    recording = Recording(dossier=NUMBER, kind=DossierKind.INCIDENT, events=(event,), state=state, ended=False)
    await on_stage.database.write(lambda connection: record(connection, recording, event.at))


async def test_standing_event_is_adopted_when_the_record_is_ahead_of_the_history(database: Database) -> None:
    async with stage(database) as on_stage:
        await on_stage.open()
        lost = Event(
            seq=3,
            type=E.ACKNOWLEDGED,
            at=on_stage.start + MINUTE,
            actor="handler",
            command="lost",
            data={"unit": "water", "handler": "handler", "late": False},
        )
        await stands_already(on_stage, lost)
        await on_stage.at(31 * MINUTE)  # the history knows of no acknowledgement: it would mark it missed here
        assert await types(on_stage) == [E.RECEIVED, E.DISPATCHED, E.ACKNOWLEDGED]
        await on_stage.give(C.PROGRESS, HANDLER)  # and goes on from what stands
        assert (await types(on_stage))[3:] == [E.PROGRESSED]


async def test_command_is_judged_on_what_stands_when_the_record_is_ahead_of_the_history(database: Database) -> None:
    async with stage(database) as on_stage:
        await on_stage.open()
        lost = Event(
            seq=3,
            type=E.ACKNOWLEDGED,
            at=on_stage.start + MINUTE,
            actor="handler",
            command="lost",
            data={"unit": "water", "handler": "handler", "late": False},
        )
        await stands_already(on_stage, lost)
        await on_stage.give(C.PROGRESS, HANDLER, seen=3)  # the history knows of no acknowledgement: it would refuse
        await refused("already_acknowledged", on_stage.give(C.ACKNOWLEDGE, HANDLER, seen=3, handler="handler"))
        assert await types(on_stage) == [E.RECEIVED, E.DISPATCHED, E.ACKNOWLEDGED, E.PROGRESSED]


async def test_command_is_refused_after_all_when_the_standing_event_leaves_it_no_room(database: Database) -> None:
    async with stage(database) as on_stage:
        await on_stage.open()
        withdrawn = Event(
            seq=3,
            type=E.WITHDRAWN,
            at=on_stage.start + MINUTE,
            actor="supervisor",
            command="lost",
            data={"outcome": "withdrawn"},
        )
        await stands_already(on_stage, withdrawn)
        await refused("not_holder", acknowledge(on_stage, SUPERVISOR))
        await refused("transition_not_allowed", acknowledge(on_stage))
        assert await types(on_stage) == [E.RECEIVED, E.DISPATCHED, E.WITHDRAWN]
        await on_stage.ended()


async def test_milestone_comes_first_when_a_command_is_stamped_after_it(database: Database) -> None:
    async with stage(database) as on_stage:
        await on_stage.open()
        late = on_stage.start + 31 * MINUTE
        await on_stage.give(C.ACKNOWLEDGE, HANDLER, stamp=late, handler="handler")
        events = await on_stage.events()
        assert [event.type for event in events[2:]] == [E.ACK_MISSED, E.ACKNOWLEDGED]
        assert [event.at for event in events[2:]] == [on_stage.start + 30 * MINUTE, late]
        assert events[3].data["late"]


async def test_red_card_falls_first_when_completion_is_stamped_at_the_deadline(database: Database) -> None:
    async with stage(database) as on_stage:
        await on_stage.open()
        await acknowledge(on_stage)
        due = on_stage.start + 10 * DAY
        await on_stage.give(C.COMPLETE, HANDLER, stamp=due, verify_by=due + DAY)
        assert (await types(on_stage))[-3:] == [E.POINTS_DEDUCTED, E.INTERVIEW_OPENED, E.COMPLETED]


async def test_one_is_refused_when_two_extensions_are_asked_for_at_once(database: Database) -> None:
    async with stage(database) as on_stage:
        await on_stage.open()
        await acknowledge(on_stage)
        outcomes = await asyncio.gather(ask(on_stage, 15), ask(on_stage, 16), return_exceptions=True)
        assert sorted(getattr(outcome, "code", "granted a hearing") for outcome in outcomes) == [
            "extension_pending",
            "granted a hearing",
        ]
        assert (await types(on_stage)).count(E.EXTENSION_REQUESTED) == 1


async def test_appeal_is_heard_when_the_case_is_closed_and_its_window_is_open(database: Database) -> None:
    async with stage(database) as on_stage:
        await on_stage.open()
        await acknowledge(on_stage)
        await on_stage.at(10 * DAY)
        await finish(on_stage)
        await on_stage.at(14 * DAY)
        await on_stage.give(C.APPEAL, HANDLER)
        await on_stage.at(20 * DAY)  # the ruling window keeps it alive past the appeal window
        await on_stage.give(C.RULE_APPEAL, SUPERVISOR, uphold=False)
        await on_stage.ended()


async def test_appeal_is_refused_when_its_window_is_over(database: Database) -> None:
    async with stage(database) as on_stage:
        await on_stage.open()
        await acknowledge(on_stage)
        await on_stage.at(15 * DAY)
        await complete(on_stage)
        await refused("appeal_too_late", on_stage.give(C.APPEAL, HANDLER))


class Flaky(Database):
    """A database that is away for its next ``failures`` units of work that write."""

    failures = 0

    async def write(self, work: Work[object]) -> object:  # type: ignore[override]
        """As the database, once it is back."""
        if self.failures:
            self.failures -= 1
            raise StoreUnavailable("away for a moment")
        return await super().write(work)


async def test_record_becomes_an_ordinary_activity_when_it_fails_three_times(database: Database) -> None:
    flaky = Flaky(database.url)
    async with stage(flaky) as on_stage:
        await on_stage.open()
        flaky.failures = 4
        await acknowledge(on_stage)
        assert await types(on_stage) == [E.RECEIVED, E.DISPATCHED, E.ACKNOWLEDGED]
        history = await on_stage.handle().fetch_history()
        scheduled = [
            event for event in history.events if event.event_type == HistoryEvent.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED
        ]
        assert len(scheduled) == 1
        await on_stage.at(timedelta(hours=1))
    flaky.close()
