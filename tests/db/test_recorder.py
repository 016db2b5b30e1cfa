"""The recorder: once per sequence, adoption of what stands, consequences that are harmless when repeated."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, func, insert, select, update

from db.engine import Database
from db.recorder import RecordBroken, record
from db.tables import (
    CaseRow,
    CaseUnit,
    Dossier,
    EventRow,
    InterviewRow,
    Notice,
    PointsEntry,
    RedCard,
    core,
)
from domain.case import Case
from domain.messages import Event, Recorded
from domain.plain import of_plain
from domain.vocabulary import (
    CaseStatus,
    CommandKind,
    EventType,
)
from tests.db.people import CENTRE, settle
from tests.db.stories import DAY, LATER, MINUTE, START, Story, begin, command


def count(connection: Connection, model: Any) -> int:
    return connection.scalar(select(func.count()).select_from(core(model))) or 0


def everything(connection: Connection) -> Counter[str]:
    models = (Dossier, EventRow, CaseRow, CaseUnit, RedCard, PointsEntry, InterviewRow, Notice)
    return Counter({model.__name__: count(connection, model) for model in models})


def test_case_row_follows_state_when_events_are_recorded(database: Database) -> None:
    def work(connection: Connection) -> None:
        settle(connection)
        story = begin(connection)
        story.give(CommandKind.ACKNOWLEDGE, START + 5 * MINUTE, handler="handler-water")
        row = connection.execute(select(core(CaseRow))).one()
        assert row.id == 1
        assert row.status is CaseStatus.IN_PROGRESS
        assert row.handler == "handler-water"
        assert row.acknowledged_at == START + 5 * MINUTE
        assert row.ack_by == START + 30 * MINUTE
        assert row.due_at == START + 10 * DAY
        assert row.version == story.case.version == 3
        assert of_plain(Case, row.state) == story.case
        head = connection.execute(select(core(Dossier))).one()
        assert (head.version, head.started_at, head.ended_at) == (3, None, None)

    database.write_sync(work)


def test_nothing_is_written_again_when_the_same_batch_comes_twice(database: Database) -> None:
    def work(connection: Connection) -> None:
        settle(connection)
        story = begin(connection)
        before = replace(story.case)
        events = story.reach_due()
        written = everything(connection)
        again = Story(connection, before)
        assert again.reach_due() == events
        assert everything(connection) == written

    database.write_sync(work)


def test_only_the_rest_is_written_when_a_part_of_the_batch_stands(database: Database) -> None:
    def work(connection: Connection) -> None:
        story = begin(connection)
        first = story.decide(command(CommandKind.ACKNOWLEDGE, START + MINUTE, handler="h"))
        alone = Story(connection, story.case)
        alone.record(first)
        second = alone.decide(command(CommandKind.PROGRESS, START + 2 * MINUTE))
        assert story.record((*first, *second)) == Recorded()
        assert count(connection, EventRow) == 4
        assert connection.scalar(select(core(Dossier).c.version)) == 4

    database.write_sync(work)


def test_standing_events_are_answered_and_nothing_is_written_when_another_event_stands(database: Database) -> None:
    def work(connection: Connection) -> None:
        story = begin(connection)
        ours = story.recording(story.decide(command(CommandKind.ACKNOWLEDGE, START + 2 * MINUTE, handler="late")))
        ahead = Story(connection, story.case)
        stands = ahead.decide(command(CommandKind.ACKNOWLEDGE, START + MINUTE, handler="first"))
        ahead.record(stands)
        more = ahead.decide(command(CommandKind.PROGRESS, START + 3 * MINUTE))
        ahead.record(more)
        written = everything(connection)
        assert record(connection, ours, LATER) == Recorded(standing=(*stands, *more))
        assert everything(connection) == written
        assert connection.scalar(select(core(CaseRow).c.handler)) == "first"

    database.write_sync(work)


@pytest.mark.parametrize("field", ["type", "command", "at"])
def test_event_is_another_when_type_command_or_instant_differ(database: Database, field: str) -> None:
    def work(connection: Connection) -> None:
        story = begin(connection)
        (event,) = story.decide(command(CommandKind.ACKNOWLEDGE, START + MINUTE, handler="h"))
        other: dict[str, Any] = {"type": EventType.PROGRESSED, "command": "other", "at": START + 2 * MINUTE}
        recording = story.recording((event,))
        record(connection, replace(recording, events=(replace(event, **{field: other[field]}),)), LATER)
        assert record(connection, recording, LATER).standing != ()

    database.write_sync(work)


def test_record_is_broken_when_events_before_the_batch_are_missing(database: Database) -> None:
    def work(connection: Connection) -> None:
        story = begin(connection)
        first = story.decide(command(CommandKind.ACKNOWLEDGE, START + MINUTE, handler="h"))
        ahead = Story(connection, story.case.apply(first[0]))
        second = ahead.decide(command(CommandKind.PROGRESS, START + 2 * MINUTE))
        with pytest.raises(RecordBroken):
            record(connection, ahead.recording(second), LATER)
        with pytest.raises(RecordBroken):
            record(connection, replace(story.recording(first), dossier="SJ000000-0000009"), LATER)

    database.write_sync(work)


def test_dossier_is_marked_ended_once_when_batch_is_empty(database: Database) -> None:
    def work(connection: Connection) -> None:
        story = begin(connection)
        ended = replace(story.recording(()), ended=True)
        record(connection, ended, LATER)
        record(connection, ended, LATER + DAY)
        assert connection.scalar(select(core(Dossier).c.ended_at)) == LATER

    database.write_sync(work)


def test_dossier_ends_when_the_last_batch_says_so(database: Database) -> None:
    def work(connection: Connection) -> None:
        story = begin(connection)
        story.give(CommandKind.WITHDRAW, START + MINUTE, unit=CENTRE)
        head = connection.execute(select(core(Dossier))).one()
        assert (head.ended_at, head.version) == (LATER, 3)

    database.write_sync(work)


async def test_one_batch_wins_when_two_recorders_write_at_once(database: Database) -> None:
    story = await database.write(lambda connection: begin(connection))
    batches = [
        story.recording(story.case.decide(command(CommandKind.ACKNOWLEDGE, START + (i + 1) * MINUTE, handler=f"h{i}")))
        for i in range(12)
    ]
    answers = await asyncio.gather(
        *(database.write(lambda connection, batch=batch: record(connection, batch, LATER)) for batch in batches)  # type: ignore[misc]
    )
    won = [answer for answer in answers if answer == Recorded()]
    assert len(won) == 1
    winner = batches[answers.index(won[0])]
    assert all(answer.standing == winner.events for answer in answers if answer != Recorded())
    handler = await database.read(lambda connection: connection.scalar(select(core(CaseRow).c.handler)))
    assert handler == winner.state["handler"]


def test_standing_event_equals_the_written_one_when_read_back(database: Database) -> None:
    def work(connection: Connection) -> None:
        story = begin(connection)
        at = START + timedelta(microseconds=123_456)
        made = Event(seq=3, type=EventType.PROGRESSED, at=at, actor="张", command="c", data={"answers": None, "n": [1]})
        story.record((made,))
        connection.execute(update(core(Dossier)).values(version=3))
        other = story.recording(())
        batch = replace(other, events=(replace(made, command="d"),))
        assert record(connection, batch, LATER).standing == (made,)

    database.write_sync(work)


def test_nothing_stays_when_a_consequence_fails(database: Database) -> None:
    story = database.write_sync(begin)

    def fail(connection: Connection) -> None:
        Story(connection, story.case).reach_due()
        connection.execute(insert(core(Dossier)), {"id": story.number})

    with pytest.raises(Exception, match=r"(?i)not.null|unique"):
        database.write_sync(fail)
    assert database.read_sync(lambda connection: count(connection, EventRow)) == 2
    assert database.read_sync(lambda connection: count(connection, RedCard)) == 0
