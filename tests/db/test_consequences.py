"""What events bring about: cards, points, interview files, units, notices, each once."""

import asyncio
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, func, select

from db.engine import Database
from db.projections.opening import insert_opening
from db.recorder import record
from db.tables import (
    AccountabilityRow,
    CaseUnit,
    Dossier,
    EventRow,
    InterviewRow,
    Notice,
    PointsEntry,
    RedCard,
    core,
)
from domain.accountability import Accountability, open_accountability
from domain.interview import Interview
from domain.messages import Recorded, Recording
from domain.plain import of_plain, to_plain
from domain.vocabulary import (
    AccountabilityStatus,
    CommandKind,
    Consequence,
    DossierKind,
    EventType,
    InterviewStatus,
    PointsReason,
)
from tests.db.people import CENTRE, ROADS, WATER, settle
from tests.db.stories import DAY, LATER, MINUTE, START, Story, begin, command


def count(connection: Connection, model: Any) -> int:
    return connection.scalar(select(func.count()).select_from(core(model))) or 0


def test_card_points_and_interview_appear_once_when_the_deadline_passes(database: Database) -> None:
    def work(connection: Connection) -> None:
        settle(connection)
        story = begin(connection)
        due = START + 10 * DAY
        story.reach_due()
        card = connection.execute(select(core(RedCard))).one()
        assert (card.id, card.unit, card.points, card.at) == (f"{story.number}-R1", WATER, -2, due)
        entry = connection.execute(select(core(PointsEntry))).one()
        assert (entry.unit, entry.points, entry.reason, entry.at) == (WATER, -2, PointsReason.RED_CARD, due)
        file = connection.execute(select(core(InterviewRow))).one()
        assert (file.status, file.card, file.case) == (InterviewStatus.TO_CONVENE, card.id, story.number)
        assert of_plain(Interview, file.state).version == 1
        head = connection.execute(select(core(Dossier)).where(core(Dossier).c.id == file.id)).one()
        assert (head.kind, head.case_number, head.started_at) == (DossierKind.INTERVIEW, story.number, None)
        first = connection.execute(select(core(EventRow)).where(core(EventRow).c.dossier == file.id)).one()
        assert (first.seq, first.type, first.at) == (1, EventType.OPENED, due)

    database.write_sync(work)


def test_points_come_back_by_a_counter_entry_when_an_appeal_is_upheld(database: Database) -> None:
    def work(connection: Connection) -> None:
        story = begin(connection)
        story.reach_due()
        story.give(CommandKind.APPEAL, START + 11 * DAY)
        story.give(CommandKind.RULE_APPEAL, START + 12 * DAY, unit=CENTRE, actor="supervisor", uphold=True)
        entries = connection.execute(select(core(PointsEntry)).order_by(core(PointsEntry).c.id)).all()
        assert [(entry.points, entry.reason) for entry in entries] == [
            (-2, PointsReason.RED_CARD),
            (2, PointsReason.APPEAL_UPHELD),
        ]
        assert entries[1].reverses == entries[0].id
        assert connection.scalar(select(core(RedCard).c.reversed_at)) == START + 12 * DAY

    database.write_sync(work)


def test_every_unit_stays_on_the_case_when_it_is_redispatched(database: Database) -> None:
    def work(connection: Connection) -> None:
        story = begin(connection)
        ack = story.case.ack
        story.give(CommandKind.DISPATCH, START + MINUTE, unit=CENTRE, to=ROADS) if ack is None else None
        made = command(CommandKind.DISPATCH, START + MINUTE, unit=CENTRE)
        story.record(story.decide(replace(made, data={"unit": ROADS, "ack": to_plain(ack)})))
        assert set(connection.scalars(select(core(CaseUnit).c.unit))) == {WATER, ROADS}

    database.write_sync(work)


def test_notices_tell_each_recipient_once_when_events_are_recorded(database: Database) -> None:
    def work(connection: Connection) -> None:
        settle(connection)
        story = begin(connection, danger=True)
        told = connection.execute(select(core(Notice).c.key, core(Notice).c.recipient, core(Notice).c.type)).all()
        assert {(row.key, row.recipient, row.type) for row in told} == {
            (f"{story.number}:2", "leader:water", EventType.DISPATCHED),
            (f"{story.number}:2", "handlers:water", EventType.DISPATCHED),
            (f"{story.number}:3", "role:supervisor", EventType.ALARM_RAISED),
            (f"{story.number}:3", "unit:police", EventType.ALARM_RAISED),
        }
        assert len(told) == 4
        story.reach_due()
        rows = connection.execute(select(core(Notice).c.key, core(Notice).c.recipient)).all()
        assert len(rows) == len(set(rows))

    database.write_sync(work)


def test_accountability_file_follows_its_events_when_recorded(database: Database) -> None:
    def work(connection: Connection) -> None:
        story = begin(connection)
        file = Accountability(
            id=f"{story.number}-A1", case=story.number, consequence=Consequence.MASS_INCIDENT, unit=WATER,
            opened_at=START, findings_by=START + DAY,
        )  # fmt: skip
        file, events = open_accountability(file, command(CommandKind.HOLD_ACCOUNTABLE, START, unit=CENTRE))
        insert_opening(connection, DossierKind.ACCOUNTABILITY, to_plain(file), events, START)
        found = command(CommandKind.RECORD_FINDINGS, START + MINUTE, decision_by=START + 2 * DAY)
        (event,) = file.decide(found)
        state = to_plain(file.apply(event))
        batch = Recording(dossier=file.id, kind=DossierKind.ACCOUNTABILITY, events=(event,), state=state, ended=False)
        assert record(connection, batch, LATER) == Recorded()
        row = connection.execute(select(core(AccountabilityRow))).one()
        assert (row.status, row.version) == (AccountabilityStatus.INVESTIGATED, 2)

    database.write_sync(work)


async def test_deduction_is_posted_once_when_recorders_race_to_the_deadline(database: Database) -> None:
    story = await database.write(lambda connection: begin(connection, length=DAY))

    def live(connection: Connection) -> None:
        Story(connection, story.case).reach_until(START + DAY)

    await asyncio.gather(*(database.write(live) for _ in range(8)))
    assert await database.read(lambda connection: count(connection, PointsEntry)) == 1
    assert await database.read(lambda connection: count(connection, InterviewRow)) == 1
