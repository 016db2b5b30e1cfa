"""Open cases with a deadline to the second: made by the domain's own rules, written by the store's own functions.

Through HTTP a deadline follows from the rulebook and from when the report came in; to have a thousand of them due in
the same second, the promise is chosen here. From the start of the workflow on everything is the product's way.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, insert

from benchmarks.installation import Installation
from benchmarks.load import burst
from benchmarks.reports import Aim
from db.frontdesk.starting import Start, mark_started
from db.projections.opening import insert_opening
from db.tables import Report, core
from domain.case import Case, open_case
from domain.ledger import catch_up, fold
from domain.messages import Command, Event
from domain.plain import to_plain
from domain.promising import ack_clock, promise, terms
from domain.rulebook import Rulebook
from domain.vocabulary import CommandKind, DossierKind, Role, Source

LANES = 24
RECEIVED_BEFORE = timedelta(days=5)
YELLOW_BEFORE = timedelta(days=1)

_insert_report = insert(core(Report))


def number(running: int) -> str:
    """The number of a made case; sorts by ``running``."""
    return f"SJ260105-{running:07d}"


def due_case(rulebook: Rulebook, aim: Aim, running: int, due_at: datetime) -> tuple[Case, tuple[Event, ...]]:
    """A case that was acknowledged, is yellow if its deadline is near, and turns red at ``due_at``."""
    now = datetime.now(UTC)
    received = now - RECEIVED_BEFORE
    promised = replace(
        promise(rulebook, aim.category, received),
        due_at=due_at,
        yellow_at=due_at - YELLOW_BEFORE,
        extension_by=None,
        remind_at=None,
    )
    bare = Case(
        number=number(running),
        category=aim.category,
        source=Source.HOTLINE,
        received_at=received,
        terms=terms(rulebook, aim.category),
        grid=aim.grid.code,
    )
    clock = ack_clock(rulebook, aim.category, received)
    case, opened = open_case(bare, by=None, unit=aim.unit, rule="made", ack=clock, promise=promised)
    acknowledged = case.decide(_acknowledgement(aim, case.number, received + timedelta(minutes=1)))
    case, reached = catch_up(fold(case, acknowledged), now)
    return case, (*opened, *acknowledged, *reached)


async def open_cases(
    here: Installation, aim: Aim, first: int, deadlines: Sequence[datetime], *, pace: float | None = None
) -> None:
    """Write cases with these deadlines, numbered from ``first`` on, and start their workflows, ``pace`` a second."""
    rulebook = here.opened.rulebook
    made = [due_case(rulebook, aim, first + index, due_at) for index, due_at in enumerate(deadlines)]
    await asyncio.gather(*(here.database.write(_writing(case, events)) for case, events in made))

    async def start(index: int, lane: int) -> None:
        case = made[index][0]
        await here.desk.open(Start(dossier=case.number, kind=DossierKind.INCIDENT, state=to_plain(case)))

    await burst(len(made), LANES, start, pace=pace)


def _writing(case: Case, events: Iterable[Event]) -> Callable[[Connection], None]:
    def write(connection: Connection) -> None:
        now = datetime.now(UTC)
        insert_opening(connection, DossierKind.INCIDENT, to_plain(case), tuple(events), now)
        words = {"case": case.number, "description": "路面塌陷", "tracking_hash": case.number}
        connection.execute(_insert_report, words | {"anonymous": True, "disclose": False})
        mark_started(connection, (case.number,), now)  # so that the relay leaves it to us

    return write


def _acknowledgement(aim: Aim, case: str, at: datetime) -> Command:
    return Command(
        id=f"{case}-acknowledged",
        kind=CommandKind.ACKNOWLEDGE,
        at=at,
        actor=aim.handler,
        unit=aim.unit,
        roles=(Role.HANDLER,),
        data={"handler": aim.handler},
    )
