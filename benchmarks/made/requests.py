"""Service requests of the made-up town: some are through, others stand at one of their steps."""

from datetime import datetime, timedelta
from typing import Final

from benchmarks.made import words
from benchmarks.made.lives import DESK, Life
from benchmarks.made.town import Town
from domain.errors import Refused
from domain.holding.state import Part
from domain.ledger import Ledger
from domain.service import promising, resolving
from domain.service.flow import PASSED
from domain.service.opening import open_request
from domain.service.request import ServiceRequest
from domain.vocabulary import CaseStatus, CommandKind, DossierKind
from domain.worktime import shanghai_date

_DAY: Final = timedelta(days=1)
_MOST_STEPS: Final = 30

Request = Life[ServiceRequest]


def begun(town: Town, running: int, at: datetime) -> Request:
    """A request as the desk takes it in, complete."""
    version, item, flow, materials, grid = town.rng.choice(town.flows)
    bare = ServiceRequest(
        number=f"BJ{shanghai_date(at):%y%m%d}-{running:07d}",
        item=item.code,
        catalogue_version=version,
        received_at=at,
        terms=promising.terms(town.rules),
        flow=flow,
        materials=materials,
        promised=str(item.promised),
        legal_rule=str(item.legal) if item.legal else None,
        grid=grid.code,
        desk=DESK,
        redos=town.rules.services.redos,
    )
    request, events = open_request(bare, resolving.opening(town.rules, bare), by="intake_clerk")
    applied = {
        "item": item.code,
        "catalogue_version": version,
        "applicant_name": "某居民",
        "id_type": "resident_id",
        "id_number": f"made-up-{running}",
        "form": {},
    }
    return Life(DossierKind.SERVICE_REQUEST, Ledger(request), events, applied, DESK, "intake_clerk")


def lived(town: Town, running: int, at: datetime) -> Request:
    """One of the past: every step done, approved and answered; what did not get through was withdrawn."""
    life = begun(town, running, at)
    _walk(town, life, _MOST_STEPS)
    if life.case.status is CaseStatus.AWAITING_ANSWER and town.rng.random() < 0.6:
        rated = town.soon(life.case.completed_at or at, 30, 2_000)
        life.by_centre(CommandKind.RATE, rated, solved=True, score=town.rng.choice((4, 5, 5)))
    elif life.case.status is not CaseStatus.AWAITING_ANSWER:
        life.by_centre(CommandKind.WITHDRAW, town.soon(at, 2_000, 9_000))
    life.ledger.reach_until(town.now)
    return life


def under_way(town: Town, running: int) -> Request:
    """Received within the last weeks; some steps are done, one may wait to be acknowledged."""
    fresh = town.rng.random() < 0.15
    at = town.daytime(town.now - (_DAY / 8 if fresh else 15 * _DAY), town.now)
    life = begun(town, running, at)
    if not fresh:
        _walk(town, life, town.rng.randint(0, 3), finish=False)
    life.ledger.reach_until(town.now)
    return life


def _walk(town: Town, life: Request, steps: int, *, finish: bool = True) -> None:
    """So many steps, one after the other; without ``finish`` the one after them is acknowledged only."""
    at = life.case.received_at
    for index in range(steps + 1):
        part = life.case.leading
        if part is None or part.finished:
            return
        at = town.soon(at, 5, 25)
        last = index == steps
        if part.outside is None and not life.by_unit(
            CommandKind.ACKNOWLEDGE, at, part.unit, town.handler(part.unit or ""), words.plan(town.rng),
            part=part.key, handler=town.handler(part.unit or ""),
        ):  # fmt: skip
            return
        done_at = None if last and not finish else _through(town, life, part, at)
        if done_at is None:
            return
        at = done_at


def _through(town: Town, life: Request, part: Part, at: datetime) -> datetime | None:
    """When the step was done; None: the rules did not take it."""
    later = town.soon(at, 60, 1_500)
    life.ledger.reach_until(later)
    try:
        data = resolving.complete_step(town.rules, life.case, part.key, PASSED, later)
    except Refused:
        return None
    if part.outside is not None:
        return later if life.by_centre(CommandKind.COMPLETE_STEP, later, **data) else None
    by = town.handler(part.unit or "")
    return later if life.by_unit(CommandKind.COMPLETE_STEP, later, part.unit, by, **data) else None
