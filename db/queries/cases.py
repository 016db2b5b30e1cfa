"""Cases: one, a list of them, how many, each within what the person may see.

Rows carry the columns of ``cases`` and ``light`` and ``ack_light``, judged at ``now``.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, and_, func, or_, select

from db.holders import held_by
from db.lights import ACK, CASE, light_is, light_of, running
from db.queries.paging import CaseSort, Keyset, Page, page_limit
from db.scope import visible_cases
from db.tables import CaseRow, CaseUnit, Report, UnitFigure, core
from domain.authority import Actor, Standing
from domain.visibility import reads_text
from domain.vocabulary import CaseStatus, DossierKind, Figure, Light, Waiting

_cases = core(CaseRow)
_c = _cases.c
_reports = core(Report)
_case_units = core(CaseUnit)
_figures = core(UnitFigure)

_KEYSETS = {
    CaseSort.RECEIVED: Keyset("received_at", _c.received_at, _c.id, False),
    CaseSort.RECEIVED_LAST: Keyset("-received_at", _c.received_at, _c.id, True),
    CaseSort.DUE: Keyset("due_at", _c.due_at, _c.id, False),
    CaseSort.DUE_LAST: Keyset("-due_at", _c.due_at, _c.id, True),
}
_WAITING = {
    Waiting.ALARM: _c.alarm,
    Waiting.EXTENSION: _c.extension_pending,
    Waiting.RETURN: _c.return_pending,
    Waiting.APPEAL: _c.appeal_pending,
}
_LISTED = [column for column in _c if column.name != "state"]
_MAX_WORDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """What to look for. What ends with ``_before`` or ``_to`` is exclusive, what ends with ``_from`` is inclusive.

    unit     leads the case, or holds a part of it that is open
    running  its clock runs
    figure   it counts so for ``figure_unit`` (None: for whichever unit), in that time; named without it: it came
    waiting  for whose word it waits
    q   every word must stand in the number or in the description; people are never searched
    """

    kind: DossierKind | None = None
    status: tuple[CaseStatus, ...] = ()
    light: Light | None = None
    ack_light: Light | None = None
    unit: str | None = None
    grid: str | None = None
    category: str | None = None
    item: str | None = None
    due_from: datetime | None = None
    due_before: datetime | None = None
    received_from: datetime | None = None
    received_to: datetime | None = None
    closed_from: datetime | None = None
    closed_to: datetime | None = None
    waiting: Waiting | None = None
    running: bool = False
    figure: Figure | None = None
    figure_unit: str | None = None
    figure_from: datetime | None = None
    figure_to: datetime | None = None
    q: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many cases there are by light, by acknowledgement light and by status; zeros included."""

    total: int
    light: dict[Light, int]
    ack_light: dict[Light, int]
    status: dict[CaseStatus, int]


def case_row(connection: Connection, actor: Actor, number: str, now: datetime) -> RowMapping | None:
    """The case with this number, its plain ``state`` too; None when there is none or the actor may not see it."""
    query = _with_lights([*_c], now).where(_c.number == number, visible_cases(actor))
    return connection.execute(query).mappings().first()


def case_standing(connection: Connection, number: str) -> Standing | None:
    """What decides a person's relation to the case; None: there is no such case."""
    row = connection.execute(select(_c.desk_unit, _c.reporting_officer).where(_c.number == number)).first()
    if row is None:
        return None
    units = connection.scalars(select(_case_units.c.unit).where(_case_units.c.case == number))
    return Standing(units=frozenset(units), desk=row.desk_unit, reporting_officer=row.reporting_officer)


def tracked_row(connection: Connection, number: str) -> RowMapping | None:
    """Kind, plain state and desk of the case, for whoever has shown its tracking code; None: there is no such case."""
    query = select(_c.kind, _c.state, _c.desk_unit).where(_c.number == number)
    return connection.execute(query).mappings().first()


def case_report(connection: Connection, number: str) -> RowMapping | None:
    """The report behind a case: personal data, to be shown as ``domain.visibility`` says."""
    return connection.execute(select(_reports).where(_reports.c.case == number)).mappings().first()


def list_cases(
    connection: Connection,
    actor: Actor,
    wanted: CaseFilter,
    now: datetime,
    *,
    sort: CaseSort = CaseSort.RECEIVED_LAST,
    cursor: str | None = None,
    limit: int | None = None,
    total: bool = False,
) -> Page:
    """A page of the cases that match, without their ``state``. Raises Unprocessable("cursor_invalid")."""
    keyset, size, conditions = _KEYSETS[sort], page_limit(limit), _conditions(actor, wanted, now)
    query = _with_lights(_LISTED, now).where(*conditions).order_by(*keyset.order()).limit(size + 1)
    if cursor:
        query = query.where(keyset.after(cursor))
    rows = connection.execute(query).mappings().all()
    items = rows[:size]
    return Page(
        items=items,
        next_cursor=keyset.cursor(items[-1]) if len(rows) > size else None,
        total=_count(connection, conditions) if total else None,
    )


def count_cases(connection: Connection, actor: Actor, wanted: CaseFilter, now: datetime) -> Counts:
    """How many cases match, by light and by status."""
    lights = (light_of(CASE, now).label("light"), light_of(ACK, now).label("ack_light"))
    grouped = select(_c.status, *lights).where(*_conditions(actor, wanted, now)).subquery()
    query = select(grouped, func.count().label("number")).group_by(*grouped.c)
    by: dict[str, Counter[Any]] = {"light": Counter(), "ack_light": Counter(), "status": Counter()}
    for row in connection.execute(query).mappings():
        for name, counter in by.items():
            counter[row[name]] += row["number"]
    return Counts(
        total=by["status"].total(),
        light={light: by["light"][light.value] for light in Light},
        ack_light={light: by["ack_light"][light.value] for light in Light},
        status={status: by["status"][status] for status in CaseStatus},
    )


def count_each(connection: Connection, actor: Actor, wanted: Sequence[CaseFilter], now: datetime) -> list[int]:
    """How many cases match each of the filters, in one statement: the totals of the lists that they filter."""
    if not wanted:
        return []
    counts = [select(func.count()).select_from(_cases).where(*_conditions(actor, one, now)) for one in wanted]
    return list(connection.execute(select(*(count.scalar_subquery() for count in counts))).one())


def _with_lights(columns: Sequence[ColumnElement[Any]], now: datetime) -> Select[Any]:
    return select(*columns, light_of(CASE, now).label("light"), light_of(ACK, now).label("ack_light"))


def _count(connection: Connection, conditions: Sequence[ColumnElement[bool]]) -> int:
    return int(connection.scalar(select(func.count()).select_from(_cases).where(*conditions)) or 0)


def _conditions(actor: Actor, wanted: CaseFilter, now: datetime) -> list[ColumnElement[bool]]:
    found = [visible_cases(actor)]
    for column, value in (
        (_c.kind, wanted.kind),
        (_c.grid, wanted.grid),
        (_c.category, wanted.category),
        (_c.item, wanted.item),
    ):
        if value is not None:
            found.append(column == value)
    if wanted.unit is not None:
        found.append(held_by(wanted.unit))
    if wanted.status:
        found.append(_c.status.in_(wanted.status))
    if wanted.waiting is not None:
        found.append(_WAITING[wanted.waiting])
    if wanted.light is not None:
        found.append(light_is(wanted.light, CASE, now))
    if wanted.ack_light is not None:
        found.append(light_is(wanted.ack_light, ACK, now))
    if wanted.running:
        found.append(running())
    return found + _periods(wanted) + _figured(wanted) + _words(actor, wanted.q)


def _periods(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    return [
        *_between(_c.due_at, wanted.due_from, wanted.due_before),
        *_between(_c.received_at, wanted.received_from, wanted.received_to),
        *_between(_c.closed_at, wanted.closed_from, wanted.closed_to),
    ]


def _between(column: ColumnElement[Any], first: datetime | None, until: datetime | None) -> list[ColumnElement[bool]]:
    return [*([column >= first] if first is not None else []), *([column < until] if until is not None else [])]


def _figured(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    if (wanted.figure, wanted.figure_unit, wanted.figure_from, wanted.figure_to) == (None, None, None, None):
        return []
    counted = select(_figures.c.case).where(_figures.c.figure == (wanted.figure or Figure.CAME))
    counted = counted.where(*_between(_figures.c.at, wanted.figure_from, wanted.figure_to))
    if wanted.figure_unit is not None:
        counted = counted.where(_figures.c.unit == wanted.figure_unit)
    return [_c.number.in_(counted)]


def _words(actor: Actor, q: str | None) -> list[ColumnElement[bool]]:
    # PostgreSQL refuses NUL in a text, and no text contains one.
    words = (q or "").replace("\x00", " ").split()[:_MAX_WORDS]
    return [_word(word, described=reads_text(actor)) for word in words]


def _word(word: str, *, described: bool) -> ColumnElement[bool]:
    in_number = _c.number.icontains(word, autoescape=True)
    if not described:
        return in_number
    in_report = select(_reports.c.case).where(
        and_(_reports.c.case == _c.number, _reports.c.description.icontains(word, autoescape=True))
    )
    return or_(in_number, in_report.exists())
