"""The figures of units in a period, each a number of cases, counted in the index (D6).

Every figure is a range of ``unit_figure``, so that a month costs what happened in it, however long the product runs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Label, RowMapping, ScalarSelect, distinct, func, select

from db.lights import CASE, light_is, running
from db.scope import visible_cases
from db.tables import CasePart, CaseRow, PointsEntry, RedCard, Unit, UnitFigure, core
from domain.authority import Actor
from domain.periods import Days
from domain.vocabulary import Figure, Light, UnitKind

_units, _figures, _entries, _cards = core(Unit), core(UnitFigure), core(PointsEntry), core(RedCard)
_cases, _parts = core(CaseRow), core(CasePart)
_f = _figures.c

ANYTIME: Final = frozenset({Figure.APPEALING})
"""What waits now, whenever it began."""

NAMED: Final = 200
"""More deferred cases are not named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitCounts:
    """A unit (its columns), its figures in the period, its points, and per week how many were on time and late."""

    unit: Mapping[str, Any]
    figures: dict[Figure, int]
    points: int
    balance: int
    weeks: tuple[tuple[int, int], ...]


def unit_counts(
    connection: Connection, days: Days, weeks: Sequence[Days], *, kind: UnitKind | None = None
) -> list[UnitCounts]:
    """The figures of all units, or of those of one kind, by code. Whose of them a person may see, the caller says."""
    columns: list[Label[int]] = [
        _number(figure, None if figure in ANYTIME else days).label(f"f_{figure}") for figure in Figure
    ]
    for index, week in enumerate(weeks):
        columns += [_number(figure, week).label(f"w{index}_{figure}") for figure in (Figure.ON_TIME, Figure.LATE)]
    in_period = _points(_entries.c.at >= days.begins, _entries.c.at < days.ends).label("points")
    query = select(_units, *columns, in_period, _points().label("balance")).order_by(_units.c.code)
    if kind is not None:
        query = query.where(_units.c.kind == kind)
    return [_counts(row, len(weeks)) for row in connection.execute(query).mappings()]


def red_by_unit(connection: Connection, actor: Actor, now: datetime) -> dict[str, int]:
    """How many cases with a red light each unit leads or holds an open part of: those of the list with this filter."""
    red = (visible_cases(actor), running(), light_is(Light.RED, CASE, now))
    unit = func.coalesce(_cases.c.unit, "").label("unit")  # read in the index of running cases
    found: dict[str, int] = {}
    for row in connection.execute(select(unit, func.count().label("number")).where(*red).group_by(unit)):
        found[row.unit] = row.number
    parts = (
        select(_parts.c.unit, func.count(distinct(_parts.c.case)).label("number"))
        .select_from(_parts.join(_cases, _cases.c.number == _parts.c.case))
        .where(_parts.c.open, _parts.c.unit.is_distinct_from(_cases.c.unit), *red)
        .group_by(_parts.c.unit)
    )
    for row in connection.execute(parts):
        found[row.unit] = found.get(row.unit, 0) + row.number
    return found


def named_cases(connection: Connection, unit: str, figure: Figure, days: Days) -> Sequence[RowMapping]:
    """The cases of one figure of a unit, by their numbers, the latest first, ``NAMED`` at most."""
    query = select(_f.case, _f.at).where(_f.unit == unit, _f.figure == figure, *_within(days))
    return connection.execute(query.order_by(_f.at.desc(), _f.case).limit(NAMED)).mappings().all()


def cards_of(connection: Connection, unit: str) -> Sequence[RowMapping]:
    """The red cards of a unit, the latest first, each with what became of its appeal."""
    query = select(_cards).where(_cards.c.unit == unit).order_by(_cards.c.at.desc(), _cards.c.id)
    return connection.execute(query).mappings().all()


def figure_counts(
    connection: Connection, actor: Actor, wanted: Sequence[tuple[Figure, Days]], unit: str | None, category: str | None
) -> list[int]:
    """How many cases count so in these days, for one unit or for any, of one category or of all.

    They are the totals of the lists with these filters. Whoever asks sees all cases, or works for ``unit``.
    """
    columns = []
    for figure, days in wanted:
        counted = select(func.count(_f.case if unit is not None else distinct(_f.case)))
        counted = counted.where(_f.figure == figure, *_within(days))
        if unit is not None:
            counted = counted.where(_f.unit == unit)
        if category is not None:
            of_category = (_cases.c.category == category, visible_cases(actor))
            counted = counted.join_from(_figures, _cases, _cases.c.number == _f.case).where(*of_category)
        columns.append(counted.scalar_subquery())
    return list(connection.execute(select(*columns)).one())


def _number(figure: Figure, days: Days | None) -> ScalarSelect[int]:
    """How many cases count for the unit of the row."""
    within = [] if days is None else _within(days)
    return select(func.count()).where(_f.unit == _units.c.code, _f.figure == figure, *within).scalar_subquery()


def _points(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    of_unit = select(func.coalesce(func.sum(_entries.c.points), 0)).where(_entries.c.unit == _units.c.code)
    return of_unit.where(*conditions).scalar_subquery()


def _within(days: Days) -> list[ColumnElement[bool]]:
    return [_f.at >= days.begins, _f.at < days.ends]


def _counts(row: RowMapping, weeks: int) -> UnitCounts:
    return UnitCounts(
        unit={column.name: row[column.name] for column in _units.c},
        figures={figure: int(row[f"f_{figure}"]) for figure in Figure},
        points=int(row["points"]),
        balance=int(row["balance"]),
        weeks=tuple((row[f"w{index}_{Figure.ON_TIME}"], row[f"w{index}_{Figure.LATE}"]) for index in range(weeks)),
    )
