"""Incidents of the made-up town: how each ended, or where it stands now."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from benchmarks.made import words
from benchmarks.made.lives import CENTRE, DESK, Life
from benchmarks.made.town import Town
from domain import promising
from domain.case import Case, open_case
from domain.ledger import Ledger
from domain.plain import to_plain
from domain.promise import Promise
from domain.vocabulary import CommandKind, DossierKind, Source
from domain.worktime import shanghai_date
from rulebook.district import Grid

_MINUTE: Final = timedelta(minutes=1)
_DAY: Final = timedelta(days=1)
_TRIES: Final = 300

Incident = Life[Case]
Fits = Callable[[Promise], bool]


def begun(
    town: Town, running: int, category: str, at: datetime, *, danger: bool = False, lost: bool = False
) -> Incident:
    """An incident as the front desk takes it in. ``lost``: no rule says whose it is."""
    rng, rules = town.rng, town.rules
    grid, category = (rng.choice(town.grids), category) if lost else _routable(town, category)
    source = rng.choice((Source.HOTLINE, Source.HOTLINE, Source.DESK, Source.OFFICER))
    of_officer = source is Source.OFFICER
    bare = Case(
        number=f"SJ{shanghai_date(at):%y%m%d}-{running:07d}",
        category=category,
        source=source,
        received_at=at,
        terms=promising.terms(rules, category),
        danger=danger,
        grid=grid.code,
        reporting_officer=grid.officer if of_officer else None,
    )
    routed = None if lost else town.routed(category, grid, danger=danger)
    case, events = open_case(
        bare,
        by=grid.officer if of_officer else "intake_clerk",
        unit=routed.unit if routed else None,
        rule=routed.rule if routed else None,
        ack=promising.ack_clock(rules, category, at, danger=danger) if routed else None,
        promise=promising.promise(rules, category, at) if routed else None,
    )
    desk, by = (grid.community, grid.officer or "grid_officer") if of_officer else (DESK, "intake_clerk")
    told = {"description": words.report(rng), "address": words.address(rng), "anonymous": True, "disclose": False}
    return Life(DossierKind.INCIDENT, Ledger(case), events, told, desk, by)


def _routable(town: Town, category: str) -> tuple[Grid, str]:
    """A grid, and this category or another that has a unit there."""
    for _ in range(_TRIES):
        grid = town.rng.choice(town.grids)
        if town.routed(category, grid) is not None:
            return grid, category
        category = town.category()
    return grid, category


def lived(town: Town, running: int, at: datetime) -> Incident:
    """One of the past: answered, done and verified, late now and then; some were withdrawn."""
    life = begun(town, running, town.category(), at)
    chance = town.rng.random()
    if chance < 0.02:
        life.by_centre(CommandKind.WITHDRAW, town.soon(at, 5, 60))
        return _until_now(town, life)
    answered(town, life)
    done(town, life, late=chance > 0.96)
    verified(town, life)
    return _until_now(town, life)


def answered(town: Town, life: Incident) -> None:
    """Acknowledged, seldom too late."""
    case, late = life.case, town.rng.random() < 0.05
    at = town.soon(case.received_at, *((31, 90) if late else (1, 29)))
    _by_holder(town, life, CommandKind.ACKNOWLEDGE, at, words.plan(town.rng), handler=town.handler(case.unit or ""))


def done(town: Town, life: Incident, *, late: bool = False) -> None:
    """Reported on and completed, before the deadline unless ``late``."""
    case, rng = life.case, town.rng
    if case.promise is None or case.acknowledged_at is None:
        return
    start, length = case.acknowledged_at, case.promise.due_at - case.acknowledged_at
    share = rng.uniform(1.05, 1.6) if late else rng.uniform(0.1, 0.95)
    at = min(start + max(length, _MINUTE) * share, town.now)
    if rng.random() < 0.4:
        _by_holder(town, life, CommandKind.PROGRESS, start + (at - start) / 2)
    until = promising.verify_by(town.rules, case.category, at)
    _by_holder(town, life, CommandKind.COMPLETE, at, words.result(rng), verify_by=until)


def verified(town: Town, life: Incident) -> None:
    """Verified by the centre; most reporters answer."""
    case, rng = life.case, town.rng
    if case.completed_at is None:
        return
    at = town.soon(case.completed_at, 20, 1_400)
    until = promising.answer_by(town.rules, case.category, at)
    life.by_centre(CommandKind.VERIFY, at, solved=True, answer_by=until)
    if rng.random() < 0.6:
        life.by_centre(CommandKind.RATE, town.soon(at, 30, 2_000), solved=True, score=rng.choice((3, 4, 5, 5)))


def unanswered(town: Town, running: int) -> Incident:
    """Handed over a moment ago, or missed."""
    at = town.now - town.rng.uniform(1, 55) * _MINUTE
    return _until_now(town, begun(town, running, town.category(), at))


def in_danger(town: Town, running: int) -> Incident:
    """An alarm that nobody has taken."""
    at = town.now - town.rng.uniform(1, 20) * _MINUTE
    return _until_now(town, begun(town, running, town.category(), at, danger=True))


def lost(town: Town, running: int) -> Incident:
    """In triage."""
    at = town.now - town.rng.uniform(1, 90) * _MINUTE
    return _until_now(town, begun(town, running, town.category(), at, lost=True))


def under_way(town: Town, running: int, fits: Fits, *, longest: timedelta = 25 * _DAY) -> Incident:
    """Acknowledged and in hand, with a deadline that ``fits``; any, when none is found."""
    category, at = town.category(), town.now - _DAY
    for _ in range(_TRIES):
        category, at = town.category(), town.daytime(town.now - longest, town.now - 40 * _MINUTE)
        if fits(promising.promise(town.rules, category, at)):
            break
    life = begun(town, running, category, at)
    answered(town, life)
    return life


def red(town: Town, running: int) -> Incident:
    """Past its deadline."""
    return _until_now(town, under_way(town, running, lambda made: town.now - 4 * _DAY < made.due_at < town.now))


def today(town: Town, running: int, day_ends: datetime) -> Incident:
    """Due before the day ends."""
    return _until_now(town, under_way(town, running, lambda made: town.now < made.due_at < day_ends))


def later(town: Town, running: int, day_ends: datetime) -> Incident:
    """Due another day; one in ten with a second unit that assists, and may not have answered."""
    life = under_way(town, running, lambda made: made.due_at > day_ends)
    if town.rng.random() < 0.1:
        _assisted(town, life)
    return _until_now(town, life)


def asks_for_more(town: Town, running: int) -> Incident:
    """Waits for the decision on an extension."""
    life = under_way(town, running, lambda made: made.extension_by is not None and made.extension_by > town.now)
    current, category = life.case.promise, life.case.category
    if current is not None:
        until = town.rules.worktime.after(3 * _DAY / 3, current.due_at, working=True)
        granted = promising.promise_until(town.rules, category, current, max(until, current.due_at + _MINUTE))
        at = town.soon(life.case.acknowledged_at or life.case.received_at, 1, 500)
        _by_holder(
            town, life, CommandKind.REQUEST_EXTENSION, at, "要等配件到货。", until=granted.due_at, promise=granted
        )
    return _until_now(town, life)


def given_back(town: Town, running: int) -> Incident:
    """Waits for the ruling on a return."""
    life = under_way(town, running, lambda made: made.due_at > town.now + _DAY, longest=_DAY)
    _by_holder(town, life, CommandKind.RETURN, town.soon(life.case.received_at, 31, 200), "不属于我单位职责。")
    return _until_now(town, life)


def paused(town: Town, running: int) -> Incident:
    """Deferred by the centre."""
    life = under_way(town, running, lambda made: made.due_at > town.now + _DAY)
    case, at = life.case, town.soon(life.case.acknowledged_at or life.case.received_at, 10, 300)
    if case.promise is not None:
        resumes = town.now + town.rng.uniform(3, 20) * _DAY
        promise = promising.promise_resumed(town.rules, case.category, case.promise, at, resumes)
        life.by_centre(CommandKind.SUSPEND, at, "等待雨季结束。", resume_at=resumes, promise=promise)
    return _until_now(town, life)


def to_verify(town: Town, running: int) -> Incident:
    """Done, and not verified yet."""
    at = town.daytime(town.now - 3 * _DAY, town.now - 3 * 60 * _MINUTE)
    life = begun(town, running, town.category(), at)
    answered(town, life)
    done(town, life)
    return _until_now(town, life)


def appealed(town: Town, running: int) -> Incident:
    """With a red card whose appeal waits."""
    life = under_way(town, running, lambda made: town.now - 3 * _DAY < made.due_at < town.now)
    life.ledger.reach_until(town.now)
    case = life.case
    _by_holder(town, life, CommandKind.APPEAL, town.soon(case.promise.due_at if case.promise else town.now, 30, 600))
    return _until_now(town, life)


def _assisted(town: Town, life: Incident) -> None:
    case = life.case
    units = [unit for unit in town.handlers if unit not in (case.unit, CENTRE)]
    unit, at = town.rng.choice(units), town.now - town.rng.uniform(2, 60) * _MINUTE
    promise = promising.promise_joined(town.rules, case.category, case.promise, at)
    ack = to_plain(promising.ack_clock(town.rules, case.category, at))
    joined = life.by_centre(CommandKind.ASSIST, at, unit=unit, ack=ack, promise=promise)
    if joined and town.rng.random() < 0.5:
        by = town.handler(unit)
        life.by_unit(CommandKind.ACKNOWLEDGE, town.soon(at, 1, 25), unit, by, words.plan(town.rng), handler=by)


def _by_holder(town: Town, life: Incident, kind: CommandKind, at: datetime, said: str = "", **data: object) -> None:
    unit = life.case.unit or ""
    life.by_unit(kind, at, unit, town.handler(unit), said, **data)


def _until_now(town: Town, life: Incident) -> Incident:
    life.ledger.reach_until(town.now)
    return life
