"""``bench commands``, last part: whole lives. A service request of five steps beside an incident, as the engine pays.

Both are opened by the store's own functions and led by the desk, command after command, so that what is compared is
what the engine and the worker spend on a life, and nothing of the API. Turn and turn about, many lives at a time.
"""

import itertools
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from benchmarks.figures import Row, at_most, mean, say, show
from benchmarks.installation import Installation
from benchmarks.load import burst
from benchmarks.reports import Aim, aim
from benchmarks.spending import Spending, show_spending, spent
from db.frontdesk.starting import Start, mark_started
from db.projections.opening import insert_opening
from domain import promising
from domain.case import Case, open_case
from domain.messages import Command, Event
from domain.plain import of_plain, to_plain
from domain.service import promising as service_promising
from domain.service import resolving
from domain.service.flow import PASSED, Flow, Step
from domain.service.opening import open_request
from domain.service.request import ServiceRequest
from domain.vocabulary import CommandKind, DossierKind, Role, Source

LANES = 8
ROUNDS = 2
FIRST = 1_000_001
"""Running number of the first life: far above those of the cases that were accepted before."""

WARM = 8

_CENTRE = "centre"
Mapped = dict[str, Any]


class Lives:
    """Leads made-up dossiers through their whole life."""

    def __init__(self, here: Installation) -> None:
        self._here = here
        self._rules = here.opened.rulebook
        self._aim: Aim = aim(here.opened)
        self._numbers: Iterator[int] = itertools.count(FIRST)

    async def incident(self, index: int, lane: int) -> None:
        """Acknowledged, reported on, completed, verified, answered: closed as solved."""
        now, target = datetime.now(UTC), self._aim
        bare = Case(
            number=f"SJ260106-{next(self._numbers):07d}",
            category=target.category,
            source=Source.HOTLINE,
            received_at=now,
            terms=promising.terms(self._rules, target.category),
            grid=target.grid.code,
        )
        ack = promising.ack_clock(self._rules, target.category, now)
        promised = promising.promise(self._rules, target.category, now)
        case, events = open_case(bare, by=None, unit=target.unit, rule="made", ack=ack, promise=promised)
        await self._begin(case.number, DossierKind.INCIDENT, to_plain(case), events)
        later = to_plain(promising.answer_by(self._rules, target.category, now))
        await self._give(case.number, CommandKind.ACKNOWLEDGE, target.unit, {"handler": target.handler})
        await self._give(case.number, CommandKind.PROGRESS, target.unit, {})
        await self._give(case.number, CommandKind.COMPLETE, target.unit, {"verify_by": later})
        await self._give(case.number, CommandKind.VERIFY, _CENTRE, {"solved": True, "answer_by": later})
        await self._give(case.number, CommandKind.RATE, _CENTRE, {"solved": True, "score": 5})

    async def request(self, index: int, lane: int) -> None:
        """Five inside steps, each acknowledged and completed; approved, answered, closed."""
        now, target = datetime.now(UTC), self._aim
        bare = ServiceRequest(
            number=f"BJ260106-{next(self._numbers):07d}",
            item="made",
            catalogue_version="made",
            received_at=now,
            terms=service_promising.terms(self._rules),
            flow=_five(target.unit),
            promised="20 working days",
            legal_rule="30 working days",
            grid=target.grid.code,
        )
        request, events = open_request(bare, resolving.opening(self._rules, bare), by=None)
        state: Mapped = to_plain(request)
        await self._begin(request.number, DossierKind.SERVICE_REQUEST, state, events)
        for step in request.flow.steps:
            given = {"part": step.key, "handler": target.handler}
            state = await self._give(request.number, CommandKind.ACKNOWLEDGE, target.unit, given)
            standing, at = of_plain(ServiceRequest, state), datetime.now(UTC)
            data = resolving.complete_step(self._rules, standing, step.key, PASSED, at)
            state = await self._give(request.number, CommandKind.COMPLETE_STEP, target.unit, data)
        await self._give(request.number, CommandKind.RATE, _CENTRE, {"solved": True, "score": 5})

    async def _begin(self, number: str, kind: DossierKind, state: Mapped, events: tuple[Event, ...]) -> None:
        await self._here.database.write(_writing(number, kind, state, events))
        await self._here.desk.open(Start(dossier=number, kind=kind, state=state))

    async def _give(self, number: str, kind: CommandKind, unit: str, data: Mapped) -> Mapped:
        roles = (Role.SUPERVISOR,) if unit == _CENTRE else (Role.HANDLER,)
        actor = _CENTRE if unit == _CENTRE else self._aim.handler
        at, command = datetime.now(UTC), uuid.uuid4().hex
        put = Command(id=command, kind=kind, at=at, actor=actor, unit=unit, roles=roles, data=data)
        return dict(await self._here.desk.command(number, put))


async def measure(here: Installation, *, count: int) -> None:
    """``count`` lives of each kind in every round."""
    lives = Lives(here)
    await burst(WARM, LANES, lives.incident)
    await burst(WARM, LANES, lives.request)
    incidents: list[Spending] = []
    requests: list[Spending] = []
    for turn in range(ROUNDS):
        say(f"commands: {count} lives of each, round {turn + 1}")
        first = here.usage()
        await burst(count, LANES, lives.incident)
        second = here.usage()
        await burst(count, LANES, lives.request)
        incidents.append(spent(first, second))
        requests.append(spent(second, here.usage()))
    show_spending("commands, whole lives: processor time", {"incident": incidents, "five steps": requests}, count)
    rows = [
        Row(
            what=f"{who}'s processor time of a life: incident, five steps",
            bare=_each(incidents, who, count),
            product=_each(requests, who, count),
            unit="ms",
            goal=at_most(2.5) if who == "engine" else None,
        )
        for who in ("engine", "worker")
    ]
    show("commands: a service request of five steps (product) beside an incident (bare)", rows)


def _each(phases: list[Spending], process: str, count: int) -> float:
    return mean([phase.get(process, 0.0) for phase in phases]) * 1000 / count


def _five(unit: str) -> Flow:
    keys = [f"step-{number}" for number in range(1, 6)]
    befores: list[tuple[str, ...]] = [(), *((key,) for key in keys)]
    steps = (
        Step(key=key, unit=unit, limit="3 working days", after=after) for key, after in zip(keys, befores, strict=False)
    )
    return Flow(steps=tuple(steps))


def _writing(number: str, kind: DossierKind, state: Mapped, events: tuple[Event, ...]) -> Callable[[Connection], None]:
    def write(connection: Connection) -> None:
        now = datetime.now(UTC)
        insert_opening(connection, kind, state, events, now)
        mark_started(connection, (number,), now)  # so that the relay leaves it to us

    return write
