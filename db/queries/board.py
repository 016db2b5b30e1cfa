"""The board: cases in lanes by urgency, each with the first words of its report, within what the person may see.

A lane is a condition that an index serves, so that a board costs the same however many cases are closed.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    and_,
    func,
    null,
    select,
    union_all,
)
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from db.holders import held_by
from db.lights import CASE, light_of
from db.plans import aside
from db.scope import visible_cases
from db.tables import CasePart, CaseRow, EventRow, Report, core
from domain.authority import Actor
from domain.visibility import reads_text
from domain.vocabulary import CaseStatus, DossierKind, Light

_cases, _reports, _events, _parts = core(CaseRow), core(Report), core(EventRow), core(CasePart)
_c, _p = _cases.c, _parts.c
_NAMES = (
    "number", "id", "kind", "category", "item", "danger", "status", "unit", "handler", "grid", "version", "received_at",
    "dispatched_at", "ack_by", "acknowledged_at", "extension_by", "light_due_at", "due_at", "frozen_at", "completed_at",
    "closed_at", "extension_pending", "return_pending", "appeal_pending",
)  # fmt: skip
_OF_HOLDER = frozenset({"status", "unit", "handler", "dispatched_at", "ack_by", "acknowledged_at", "frozen_at"})
_FIRST_WORDS = 140
LATEST = 50
"""Who usually has cases of a category is seen from so many: what was usual years ago is no advice."""

MOST = 999
"""Counting goes no further."""

_NOT_WORKED_ON = (CaseStatus.DISPATCHED, CaseStatus.AWAITING_DISPATCH)
"""Said as what it is not: so the index of running cases is read, and not that of a status."""

Chosen = tuple[ColumnElement[bool], ColumnElement[Any]]
"""Which cases, and in what order."""


class Lane(StrEnum):
    """The lanes, the most urgent first."""

    DANGER = "danger"
    UNANSWERED = "unanswered"
    RED = "red"
    TODAY = "today"
    EXTENSION = "extension"
    RETURNED = "returned"
    TRIAGE = "triage"
    APPEAL = "appeal"
    VERIFICATION = "verification"
    LATER = "later"
    """under way, and due after today"""
    PAUSED = "paused"


BOARD = tuple(lane for lane in Lane if lane not in (Lane.LATER, Lane.PAUSED))
"""What a supervision centre watches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Of which part of the field the board is. None: of all.

    leads  of the unit only the incidents that it leads: what it holds of others are parts (``db.queries.steps``)
    """

    unit: str | None = None
    leads: bool = False
    grid: str | None = None
    category: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When: now, and when the day of people ends."""

    now: datetime
    day_ends: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A lane: its first rows, and how many there are (``MOST + 1``: more than are counted)."""

    rows: Sequence[RowMapping]
    total: int


def lanes(
    connection: Connection, actor: Actor, field: Field, moment: Moment, wanted: Sequence[Lane], *, limit: int
) -> dict[Lane, Filled]:
    """The lanes that are wanted, each with its first ``limit`` cases."""
    return {lane: _filled(connection, actor, field, moment, lane, limit) for lane in wanted}


def in_lane(lane: Lane, moment: Moment, unit: str | None) -> ColumnElement[bool]:
    """Whether a case is one of those that the lane counts; ``unit`` as in ``Field``."""
    found = select(_c.id).where(_LANES[lane](moment)[0])
    if lane is not Lane.UNANSWERED:
        return _c.id.in_(found.offset(0))  # read by itself, or PostgreSQL walks all cases by their deadlines
    asked = select(_c.id).select_from(_parts.join(_cases, _c.number == _p.case))
    return _c.id.in_(union_all(found, asked.where(*_unanswered_parts(unit))))


def running_lights(connection: Connection, actor: Actor, field: Field, now: datetime) -> Mapping[Light, int]:
    """How many cases whose clock runs have which light."""
    light = light_of(CASE, now).label("light")
    runs = and_(_c.frozen_at.is_(None), _c.light_due_at.is_not(None))
    lit = select(light).where(visible_cases(actor), runs, *_of(field)).subquery()
    found = dict.fromkeys(Light, 0)
    for row in connection.execute(select(lit.c.light, func.count().label("number")).group_by(lit.c.light)):
        found[Light(row.light)] = row.number
    return found


def first_words(connection: Connection, actor: Actor, numbers: Sequence[str]) -> dict[str, RowMapping]:
    """What was reported and where, of the cases that the person may see and read."""
    if not numbers or not reads_text(actor):
        return {}
    query = (
        select(_reports.c.case, *_told(actor))
        .select_from(_reports.join(_cases, _cases.c.number == _reports.c.case))
        .where(_reports.c.case.in_(numbers), visible_cases(actor))
    )
    return {row["case"]: row for row in connection.execute(query).mappings()}


def open_by_unit(connection: Connection, actor: Actor) -> dict[str, int]:
    """How many cases whose clock runs each unit holds."""
    unit = func.coalesce(_c.unit, "").label("unit")  # read in the index of running cases, not in that of all units
    runs = and_(_c.frozen_at.is_(None), _c.light_due_at.is_not(None))
    query = select(unit, func.count().label("number")).where(runs, visible_cases(actor)).group_by(unit)
    return {row.unit: row.number for row in connection.execute(query) if row.unit}


def usual_units(connection: Connection, actor: Actor, categories: Iterable[str]) -> dict[str, tuple[str, int]]:
    """Category → the unit that held most of its latest cases (``LATEST`` at most), and how many."""
    latest = [
        select(_c.category, _c.unit)
        .where(_c.category == category, _c.unit.is_not(None), visible_cases(actor))
        .order_by(_c.received_at.desc())
        .limit(LATEST)
        .subquery()
        for category in sorted(set(categories))
    ]
    if not latest:
        return {}
    every = union_all(*(select(of_one) for of_one in latest)).subquery()
    query = select(every, func.count().label("number")).group_by(*every.c).order_by(func.count(), every.c.unit.desc())
    return {row.category: (row.unit, row.number) for row in connection.execute(query)}


def states(connection: Connection, actor: Actor, numbers: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Number → plain state, of the cases that the person may see."""
    query = select(_c.number, _c.state).where(_c.number.in_(numbers), visible_cases(actor))
    return {row.number: row.state for row in connection.execute(query)}


def last_handler(connection: Connection, actor: Actor, unit: str) -> str | None:
    """To whom the unit gave its latest case."""
    query = (
        select(_c.handler)
        .where(_c.unit == unit, _c.handler.is_not(None), _c.acknowledged_at.is_not(None), visible_cases(actor))
        .order_by(_c.acknowledged_at.desc())
        .limit(1)
    )
    handler: str | None = connection.scalar(query)
    return handler


def _filled(connection: Connection, actor: Actor, field: Field, moment: Moment, lane: Lane, limit: int) -> Filled:
    condition, order = _LANES[lane](moment)
    conditions = [visible_cases(actor), condition, *_of(field)]
    rows = connection.execute(
        select(*_shown(actor, moment.now))
        .select_from(_cases.outerjoin(_reports, _reports.c.case == _cases.c.number))
        .where(*conditions)
        .order_by(order, _c.id)
        .limit(limit)
    ).mappings()
    found = rows.all()
    filled = _counted(connection, found, select(_c.id).where(*conditions), whole=len(found) < limit)
    if lane is not Lane.UNANSWERED or field.leads:
        return filled
    parts = _parts_to_answer(connection, actor, field, moment.now, limit)
    every = sorted([*filled.rows, *parts.rows], key=lambda row: (row["ack_by"], row["id"]))
    return Filled(rows=every[:limit], total=min(filled.total + parts.total, MOST + 1))


def _parts_to_answer(connection: Connection, actor: Actor, field: Field, now: datetime, limit: int) -> Filled:
    """Parts that nobody has answered, of cases whose own unit has: their case, under the clocks of the part."""
    conditions = [visible_cases(actor), *_unanswered_parts(field.unit), *_of(replace(field, unit=None))]
    joined = _parts.join(_cases, _c.number == _p.case)
    rows = connection.execute(
        select(*_shown(actor, now, _p))
        .select_from(joined.outerjoin(_reports, _reports.c.case == _c.number))
        .where(*conditions)
        .order_by(_p.ack_by, _c.id)
        .limit(limit)
    ).mappings()
    found = rows.all()
    once = {row["number"]: row for row in reversed(found)}
    numbers = select(_p.case).distinct().select_from(joined).where(*conditions)
    return _counted(connection, list(reversed(once.values())), numbers, whole=len(found) < limit)


def _unanswered_parts(unit: str | None) -> list[ColumnElement[bool]]:
    """Of the cases joined with their parts."""
    waits = [_p.open, _p.status == CaseStatus.DISPATCHED, _p.ack_by.is_not(None)]
    waits += [_c.status != CaseStatus.DISPATCHED, _c.alarm.is_(False)]
    return [*waits, aside(_p.unit) == unit] if unit is not None else waits


def _counted(connection: Connection, rows: Sequence[RowMapping], every: "Select[Any]", *, whole: bool) -> Filled:
    if whole:
        return Filled(rows=rows, total=len(rows))
    counted = select(func.count()).select_from(every.limit(MOST + 1).subquery())
    return Filled(rows=rows, total=int(connection.scalar(counted) or 0))


def _shown(actor: Actor, now: datetime, of: ReadOnlyColumnCollection[str, Any] = _c) -> list[ColumnElement[Any]]:
    """The columns of a row; ``of`` a part: who holds it, and by which clocks, is the part's."""
    names = [_c[name] if of is _c or name not in _OF_HOLDER else of[name] for name in _NAMES]
    yellow_at, due_at = (_c.light_yellow_at, _c.light_due_at) if of is _c else (of.yellow_at, of.due_at)
    case, ack = (yellow_at, due_at, (of.frozen_at,)), (of.ack_yellow_at, of.ack_by, (of.acknowledged_at, of.frozen_at))
    return [*names, light_of(case, now).label("light"), light_of(ack, now).label("ack_light"), *_told(actor)]


def _told(actor: Actor) -> list[ColumnElement[Any]]:
    if not reads_text(actor):
        return [null().label("description"), null().label("address")]
    return [func.substr(_reports.c.description, 1, _FIRST_WORDS).label("description"), _reports.c.address]


def _of(field: Field) -> list[ColumnElement[bool]]:
    """Checked of what a lane's own index gives: what runs is little, what a unit or a grid ever had is not."""
    found: list[ColumnElement[bool]] = []
    if field.leads:
        found += [aside(_c.unit) == field.unit, aside(_c.kind) == DossierKind.INCIDENT]
    elif field.unit is not None:
        found.append(held_by(field.unit))
    if field.grid is not None:
        found.append(aside(_c.grid) == field.grid)
    if field.category is not None:
        found.append(aside(_c.category) == field.category)
    return found


def _running(status: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(_c.frozen_at.is_(None), status, _c.alarm.is_(False))


def _red(moment: Moment) -> Chosen:
    return _running(and_(_c.status.not_in(_NOT_WORKED_ON), _c.light_due_at <= moment.now)), _c.light_due_at


def _today(moment: Moment) -> Chosen:
    soon = and_(_c.light_due_at > moment.now, _c.light_due_at < moment.day_ends)
    return _running(and_(_c.status.not_in(_NOT_WORKED_ON), soon)), _c.light_due_at


def _later(moment: Moment) -> Chosen:
    return _running(and_(_c.status.not_in(_NOT_WORKED_ON), _c.light_due_at >= moment.day_ends)), _c.light_due_at


def _when(condition: ColumnElement[bool], order: ColumnElement[Any]) -> Callable[[Moment], Chosen]:
    return lambda moment: (condition, order)


_LANES: Mapping[Lane, Callable[[Moment], Chosen]] = {
    Lane.DANGER: _when(_c.alarm, _c.received_at),
    Lane.UNANSWERED: _when(and_(_c.status == CaseStatus.DISPATCHED, _c.alarm.is_(False)), _c.ack_by),
    Lane.RED: _red,
    Lane.TODAY: _today,
    Lane.EXTENSION: _when(_c.extension_pending, _c.due_at),
    Lane.RETURNED: _when(_c.return_pending, _c.due_at),
    Lane.TRIAGE: _when(_c.status == CaseStatus.AWAITING_DISPATCH, _c.received_at),
    Lane.APPEAL: _when(_c.appeal_pending, _c.due_at),
    Lane.VERIFICATION: _when(_c.status == CaseStatus.AWAITING_VERIFICATION, _c.completed_at),
    Lane.LATER: _later,
    Lane.PAUSED: _when(_c.status == CaseStatus.SUSPENDED, _c.received_at),
}
