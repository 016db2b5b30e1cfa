"""A stage for scenarios: the time-skipping server, a real worker, a real database, and one case at a time on it."""

import asyncio
import contextlib
import itertools
import sys
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from temporalio.api.enums.v1 import EventType as HistoryEventType
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment

from activities.handoff import Handoffs
from activities.rebase import Put, Rebaser
from api.desk import Desk
from db.engine import Database
from db.projections.opening import insert_opening
from db.tables import EventRow, core
from domain import promising
from domain.accountability import Accountability, open_accountability
from domain.calendar import Calendar
from domain.case import Case, open_case
from domain.limits import Limit, LimitUnit
from domain.messages import Command, Event, Opening, Rebasing
from domain.plain import of_plain, to_plain
from domain.promise import AckClock, Ladder, Promise, Rung, Terms
from domain.rulebook import Rulebook
from domain.vocabulary import Audience, CommandKind, Consequence, DossierKind, Role, Source
from tests.unit.rulebooks import shipped
from worker import answered, make_worker
from workflows import options
from workflows.accountability import AccountabilityWorkflow
from workflows.converter import MESSAGES
from workflows.incident import IncidentWorkflow
from workflows.rebase import RebaseWorkflow


@dataclass(frozen=True)
class Person:
    """Somebody who gives commands."""

    username: str
    unit: str
    roles: tuple[Role, ...]


LATER = "later"
"""Version of the calendar that is carried into cases."""

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

UNIT = "water"
OTHER_UNIT = "sanitation"
THIRD_UNIT = "roads"
NUMBER = "SJ261123-0000001"

HANDLER = Person("handler", UNIT, (Role.HANDLER,))
OTHER_HANDLER = Person("other-handler", OTHER_UNIT, (Role.HANDLER,))
OFFICER = Person("officer", "community", (Role.GRID_OFFICER,))
SUPERVISOR = Person("supervisor", "centre", (Role.SUPERVISOR,))
CENTRE_LEADER = Person("centre-leader", "centre", (Role.SUPERVISOR, Role.UNIT_LEADER))
DISCIPLINE = Person("discipline", "discipline", (Role.DISCIPLINE_OFFICER,))

LADDER = Ladder(
    rungs=(
        Rung(name="leader", after=30 * MINUTE, tell=(Audience.UNIT_LEADER,)),
        Rung(name="centre", after=HOUR, tell=(Audience.CENTRE_LEADER,)),
    ),
    repeat=DAY,
)
DANGER_LADDER = Ladder(
    rungs=(
        Rung(name="alarm", after=timedelta(), tell=(Audience.CENTRE, Audience.POLICE)),
        Rung(name="again", after=2 * MINUTE, tell=(Audience.CENTRE, Audience.CENTRE_LEADER)),
    ),
    repeat=5 * MINUTE,
)
TERMS = Terms(
    points=2,
    extensions=1,
    higher_extensions=1,
    return_within=DAY,
    urge_within=4 * HOUR,
    triage_within=30 * MINUTE,
    ack_ladder=LADDER,
    danger_ladder=DANGER_LADDER,
)


def promise(start: datetime, length: timedelta = 10 * DAY) -> Promise:
    """A promise of ``length`` in elapsed time, with the default leads."""
    due = start + length
    return Promise(
        start=start,
        due_at=due,
        yellow_at=due - DAY,
        extension_by=due - 2 * DAY,
        remind_at=due - 3 * DAY,
        appeal_by=due + 5 * DAY,
        convene_by=due + 5 * DAY,
        provisional=False,
        rule=f"{length.days} days",
        rulebook_version="made-up",
        calendar_version="made-up",
    )


def later_rules(start: datetime, version: str = LATER) -> Rulebook:
    """The shipped rules with an invented calendar that knows the years to come: Mondays of January are off."""
    years = range(start.year, start.year + 4)
    off = frozenset(
        day for year in years for n in range(31) if (day := date(year, 1, 1) + timedelta(days=n)).weekday() == 0
    )
    return replace(shipped().rulebook, calendar=Calendar(version, off, frozenset(), frozenset(years)))


def provisional(start: datetime) -> Promise:
    """300 working days from ``start``, made when nothing was known of the years to come."""
    known = replace(later_rules(start).calendar, version="before", off=frozenset(), years=frozenset({start.year}))
    rules = replace(shipped().rulebook, calendar=known)
    return promising.promise_for_limit(rules, Limit(300, LimitUnit.WORKING_DAYS), start)


def ack_clock(at: datetime, within: timedelta = 30 * MINUTE) -> AckClock:
    """Acknowledgement within 30 minutes of ``at``."""
    return AckClock(dispatched_at=at, yellow_at=at + within * 2 / 3, ack_by=at + within)


_AT_WORK = frozenset(
    {
        HistoryEventType.EVENT_TYPE_TIMER_FIRED,
        HistoryEventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED,
        HistoryEventType.EVENT_TYPE_WORKFLOW_TASK_STARTED,
        HistoryEventType.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED,
        HistoryEventType.EVENT_TYPE_SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED,
    }
)
"""The last event of a history while the workflow still has something to do."""


@dataclass
class Stage:
    """One environment and what was started in it. Commands are stamped with the environment's clock."""

    env: WorkflowEnvironment
    client: Client
    database: Database
    start: datetime
    started: list[str] = field(default_factory=list)
    ids: Any = field(default_factory=lambda: itertools.count(1))

    async def open(
        self,
        *,
        unit: str | None = UNIT,
        danger: bool = False,
        length: timedelta = 10 * DAY,
        number: str = NUMBER,
        promised: Promise | None = None,
        started: bool = True,
    ) -> str:
        """Accepts a case as the front desk does, and starts its workflow."""
        case = await self._accept(unit, danger, length, number, promised)
        if started:
            opening = Opening(dossier=number, kind=DossierKind.INCIDENT, state=to_plain(case))
            await self.begin(IncidentWorkflow.run, opening)
        return number

    async def rebase(self, version: str = LATER, *, skipping: bool = False) -> Rebasing:
        """Carries the later calendar into the cases, as a worker does when it starts; what became of it.

        ``skipping``: also over the pauses before another round.
        """
        handle = await self.client.start_workflow(
            RebaseWorkflow.run,
            Rebasing(calendar_version=version),
            id=options.rebase_id(version),
            task_queue=options.TASK_QUEUE,
            execution_timeout=DAY,
        )
        self.started.append(handle.id)
        if skipping:
            return await handle.result()
        with self.env.auto_time_skipping_disabled():
            return await handle.result()

    async def _accept(
        self,
        unit: str | None = UNIT,
        danger: bool = False,
        length: timedelta = 10 * DAY,
        number: str = NUMBER,
        promised: Promise | None = None,
    ) -> Case:
        bare = Case(
            number=number,
            category="burst-pipe",
            source=Source.OFFICER,
            received_at=self.start,
            terms=TERMS,
            danger=danger,
            grid="G01",
            reporting_officer="officer",
        )
        clock = ack_clock(self.start, 5 * MINUTE if danger else 30 * MINUTE) if unit else None
        made = (promised or promise(self.start, length)) if unit else None
        case, events = open_case(bare, by="officer", unit=unit, rule="by-category", ack=clock, promise=made)
        await self.insert(DossierKind.INCIDENT, case, events)
        return case

    async def open_accountability(self) -> str:
        """Opens an accountability file on a case, as the front desk does. The case itself is not started."""
        await self._accept()
        file = Accountability(
            id=f"{NUMBER}-A1",
            case=NUMBER,
            consequence=Consequence.SAFETY_ACCIDENT,
            unit=UNIT,
            opened_at=self.start,
            findings_by=self.start + 10 * DAY,
        )
        command = Command(
            id="hold", kind=CommandKind.HOLD_ACCOUNTABLE, at=self.start, actor="supervisor", unit="centre"
        )
        file, events = open_accountability(file, command)
        await self.insert(DossierKind.ACCOUNTABILITY, file, events)
        kind = DossierKind.ACCOUNTABILITY
        await self.begin(AccountabilityWorkflow.run, Opening(dossier=file.id, kind=kind, state=to_plain(file)))
        return file.id

    async def insert(self, kind: DossierKind, state: Any, events: Iterable[Event]) -> None:
        """Writes a dossier as the front desk does."""
        recorded = tuple(events)
        await self.database.write(
            lambda connection: insert_opening(connection, kind, to_plain(state), recorded, recorded[0].at)
        )

    async def begin(self, run: Any, opening: Opening) -> None:
        """Starts its workflow."""
        await self.client.start_workflow(run, opening, id=opening.dossier, task_queue=options.TASK_QUEUE)
        self.started.append(opening.dossier)

    def handle(self, dossier: str = NUMBER) -> WorkflowHandle[Any, Any]:
        """The dossier's workflow."""
        return self.client.get_workflow_handle(dossier)

    async def now(self) -> datetime:
        """The environment's clock."""
        return await self.env.get_current_time()

    async def at(self, since_start: timedelta) -> datetime:
        """Skips to ``since_start`` after the start, and a little more; what is due then has been done."""
        target = self.start + since_start
        await self.env.sleep(max(target - await self.now(), timedelta()) + timedelta(seconds=1))
        for dossier in self.started:
            await self._idle(dossier)
        return target

    async def _idle(self, dossier: str) -> None:
        """Waits until its workflow has nothing to do. A command that came before would be decided in the same task as
        what fell due, and the history would be another one."""
        async with asyncio.timeout(20):
            while (await self.handle(dossier).fetch_history()).events[-1].event_type in _AT_WORK:  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    async def give(
        self,
        kind: CommandKind,
        by: "Person",
        /,
        *,
        dossier: str = NUMBER,
        stamp: datetime | None = None,
        seen: int = 0,
        **data: Any,
    ) -> dict[str, Any]:
        """Gives a command; the plain state after it. A refusal is raised as ``RefusedWith(code)``."""
        command = Command(
            id=f"command-{next(self.ids)}",
            kind=kind,
            at=stamp or await self.now(),
            actor=by.username,
            unit=by.unit,
            roles=by.roles,
            data=to_plain(data),
            seen=seen,
        )
        try:
            state: dict[str, Any] = await self.handle(dossier).execute_update(options.COMMAND, command, id=command.id)
        except WorkflowUpdateFailedError as failed:
            if isinstance(failed.cause, ApplicationError):
                raise RefusedWith(failed.cause.type) from failed
            raise
        return state

    async def case(self) -> Case:
        """The case as its workflow holds it."""
        return of_plain(Case, await self.handle().query(options.STATE))

    async def ended(self, dossier: str = NUMBER) -> None:
        """Waits until the dossier's workflow has completed. Skips no time: what it waits for must be due already."""
        async with asyncio.timeout(20):
            while (await self.handle(dossier).describe()).status is not WorkflowExecutionStatus.COMPLETED:  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    async def events(self, dossier: str = NUMBER) -> list[Any]:
        """The record of the dossier, in order."""
        events = core(EventRow)
        query = select(events).where(events.c.dossier == dossier).order_by(events.c.seq)
        return list(await self.database.read(lambda connection: connection.execute(query).all()))


class RefusedWith(Exception):
    """A command was refused with this code."""

    def __init__(self, code: str | None) -> None:
        super().__init__(code)
        self.code = code


def binary(name: str) -> str:
    """Path of an executable that a wheel put beside the interpreter."""
    return str(Path(sys.executable).parent / name)


@contextlib.asynccontextmanager
async def stage(
    database: Database,
    going_out: Callable[[Client], Handoffs] | None = None,
    make_rebaser: Callable[[datetime, Put], Rebaser] | None = None,
) -> AsyncIterator[Stage]:
    """A fresh environment: once its clock has jumped far it is spent, so there is one for each scenario."""
    env = await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=binary("temporal-test-server"), data_converter=MESSAGES
    )
    try:
        attributes = {key.name: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD for key in
                      (options.KIND, options.UNIT, options.LIGHT, options.GRID)}  # fmt: skip
        attributes[options.DUE.name] = IndexedValueType.INDEXED_VALUE_TYPE_DATETIME
        await env.client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(namespace=env.client.namespace, search_attributes=attributes)
        )
        start = await env.get_current_time()
        put = answered(Desk(env.client, database))
        rebaser = make_rebaser(start, put) if make_rebaser else Rebaser(database, lambda: later_rules(start), put)
        async with make_worker(env.client, database, going_out(env.client) if going_out else None, rebaser):
            yield Stage(env, env.client, database, start)
    finally:
        await env.shutdown()
