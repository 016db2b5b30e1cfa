"""Cases that live through the real rules and the real recorder, for database tests."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert

from db.projections.opening import insert_opening
from db.recorder import record
from db.tables import CommandRow, Report, core
from domain.case import Case, open_case
from domain.ledger import fold
from domain.messages import Command, Event, Recorded, Recording
from domain.plain import to_plain
from domain.promise import AckClock, Ladder, Promise, Rung, Terms
from domain.vocabulary import Audience, CommandKind, DossierKind, MilestoneKind, Role, Source
from tests.db.people import CENTRE, DESK, WATER

START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
LATER = START + 400 * DAY

_LADDER = Ladder(rungs=(Rung(name="leader", after=30 * MINUTE, tell=(Audience.CENTRE_LEADER,)),), repeat=DAY)
_DANGER = Ladder(rungs=(Rung(name="alarm", after=timedelta(), tell=(Audience.CENTRE, Audience.POLICE)),), repeat=DAY)
TERMS = Terms(
    points=2,
    extensions=1,
    higher_extensions=1,
    return_within=DAY,
    urge_within=4 * 60 * MINUTE,
    triage_within=30 * MINUTE,
    ack_ladder=_LADDER,
    danger_ladder=_DANGER,
)


def promise(start: datetime, length: timedelta = 10 * DAY) -> Promise:
    """Elapsed days with the usual leads."""
    due = start + length
    return Promise(
        start=start,
        due_at=due,
        yellow_at=due - DAY,
        extension_by=due - 2 * DAY,
        remind_at=None,
        appeal_by=due + 5 * DAY,
        convene_by=due + 5 * DAY,
        provisional=False,
        rule="10 days",
        rulebook_version="made-up",
        calendar_version="made-up",
    )


@dataclass
class Story:
    """One case as its workflow would drive it. Every step is recorded."""

    connection: Connection
    case: Case

    @property
    def number(self) -> str:
        """The case number."""
        return self.case.number

    def recording(self, events: tuple[Event, ...]) -> Recording:
        """The batch that these events would be."""
        after = fold(self.case, events)
        return Recording(
            dossier=self.number, kind=DossierKind.INCIDENT, events=events, state=to_plain(after), ended=after.ended
        )

    def record(self, events: tuple[Event, ...], now: datetime = LATER) -> Recorded:
        """Record these events and live on after them."""
        answer = record(self.connection, self.recording(events), now)
        self.case = fold(self.case, events)
        return answer

    def reach_until(self, at: datetime) -> tuple[Event, ...]:
        """Everything that falls due at or before ``at``, batch by batch."""
        happened: tuple[Event, ...] = ()
        while (milestone := self.case.next_milestone()) is not None and milestone.at <= at:
            events = self.case.reach(milestone)
            self.record(events)
            happened += events
        return happened

    def reach_due(self) -> tuple[Event, ...]:
        """Live until the red card falls, and return its events."""
        while (milestone := self.case.next_milestone()) is not None:
            events = self.case.reach(milestone)
            self.record(events)
            if milestone.kind is MilestoneKind.DUE:
                return events
        raise AssertionError("no deadline ahead")

    def decide(self, command: Command) -> tuple[Event, ...]:
        """What the command makes happen, not recorded."""
        return self.case.decide(command)

    def give(self, kind: CommandKind, at: datetime, *, text: dict[str, Any] | None = None, **more: Any) -> str:
        """Write the command with its words, decide and record it; its id."""
        made = command(kind, at, **more)
        row = {"id": made.id, "dossier": self.number, "kind": kind, "actor": made.actor, "unit": made.unit, "at": at}
        self.connection.execute(insert(core(CommandRow)), {**row, "text": text or {}})
        self.record(self.decide(made))
        return made.id


def command(
    kind: CommandKind, at: datetime, *, unit: str | None = WATER, actor: str | None = "handler-water", **data: Any
) -> Command:
    """A command of the unit's handler, unless said otherwise."""
    roles = (Role.SUPERVISOR,) if unit == CENTRE else (Role.HANDLER,)
    key = f"{kind.value}-{at.isoformat()}-{actor}"
    return Command(id=key, kind=kind, at=at, actor=actor, unit=unit, roles=roles, data=to_plain(data))


def begin(
    connection: Connection,
    running: int = 1,
    *,
    at: datetime = START,
    unit: str | None = WATER,
    desk_unit: str | None = DESK,
    description: str = "made-up words",
    length: timedelta = 10 * DAY,
    promised: Promise | None = None,
    disclose: bool = False,
    **fields: Any,
) -> Story:
    """Accept a report, as the front desk does."""
    number = f"SJ{at:%y%m%d}-{running:07d}"
    bare = Case(number=number, category="burst-pipe", source=Source.DESK, received_at=at, terms=TERMS, grid="G02")
    ack = AckClock(dispatched_at=at, yellow_at=at + 20 * MINUTE, ack_by=at + 30 * MINUTE) if unit else None
    case, events = open_case(
        replace(bare, **fields),
        by="clerk",
        unit=unit,
        rule="rule",
        ack=ack,
        promise=(promised or promise(at, length)) if unit else None,
    )
    insert_opening(connection, DossierKind.INCIDENT, to_plain(case), events, at, desk_unit=desk_unit, taken_by="clerk")
    report = {"case": number, "description": description, "tracking_hash": "made-up", "disclose": disclose}
    connection.execute(insert(core(Report)), report)
    return Story(connection, case)
