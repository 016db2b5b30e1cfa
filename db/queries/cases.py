"""Cases: one, a list of them, how many, each within what the person may see.

Rows carry the columns of ``cases`` and ``light`` and ``ack_light``, judged at ``now``.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, func, select

from db.lights import ACK, CASE, light_of
from db.plans import Reading
from db.queries.case_filter import CaseFilter, case_conditions
from db.queries.paging import CaseSort, Keyset, Page, page_limit
from db.scope import visible_cases
from db.tables import CaseRow, CaseUnit, Report, core
from domain.authority import Actor, Standing
from domain.vocabulary import CaseStatus, Light

_cases = core(CaseRow)
_c = _cases.c
_reports = core(Report)
_case_units = core(CaseUnit)

_KEYSETS = {
    CaseSort.RECEIVED: Keyset("received_at", _c.received_at, _c.id, False),
    CaseSort.RECEIVED_LAST: Keyset("-received_at", _c.received_at, _c.id, True),
    CaseSort.DUE: Keyset("due_at", _c.due_at, _c.id, False),
    CaseSort.DUE_LAST: Keyset("-due_at", _c.due_at, _c.id, True),
}
_READ = {
    CaseSort.RECEIVED: Reading.BY_RECEIPT,
    CaseSort.RECEIVED_LAST: Reading.BY_RECEIPT,
    CaseSort.DUE: Reading.BY_DEADLINE,
    CaseSort.DUE_LAST: Reading.BY_DEADLINE,
}
_LISTED = [column for column in _c if column.name != "state"]


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
    keyset, size = _KEYSETS[sort], page_limit(limit)
    query = (
        _with_lights(_LISTED, now)
        .where(*case_conditions(actor, wanted, now, _READ[sort]))
        .order_by(*keyset.order())
        .limit(size + 1)
    )
    if cursor:
        query = query.where(keyset.after(cursor))
    rows = connection.execute(query).mappings().all()
    items = rows[:size]
    return Page(
        items=items,
        next_cursor=keyset.cursor(items[-1]) if len(rows) > size else None,
        total=_count(connection, case_conditions(actor, wanted, now)) if total else None,
    )


def count_cases(connection: Connection, actor: Actor, wanted: CaseFilter, now: datetime) -> Counts:
    """How many cases match, by light and by status."""
    lights = (light_of(CASE, now).label("light"), light_of(ACK, now).label("ack_light"))
    grouped = select(_c.status, *lights).where(*case_conditions(actor, wanted, now)).subquery()
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
    counts = [select(func.count()).select_from(_cases).where(*_counted(actor, one, now)) for one in wanted]
    return list(connection.execute(select(*(count.scalar_subquery() for count in counts))).one())


def due_instants(connection: Connection, actor: Actor, wanted: CaseFilter, now: datetime) -> Sequence[datetime]:
    """The deadlines of the cases that match."""
    return connection.scalars(select(_c.due_at).where(*_counted(actor, wanted, now))).all()


def _counted(actor: Actor, wanted: CaseFilter, now: datetime) -> list[ColumnElement[bool]]:
    """Running cases are few, and found in an index of their own."""
    return case_conditions(actor, wanted, now, Reading.FEW if wanted.running else Reading.ALL)


def _with_lights(columns: Sequence[ColumnElement[Any]], now: datetime) -> Select[Any]:
    return select(*columns, light_of(CASE, now).label("light"), light_of(ACK, now).label("ack_light"))


def _count(connection: Connection, matching: Sequence[ColumnElement[bool]]) -> int:
    return int(connection.scalar(select(func.count()).select_from(_cases).where(*matching)) or 0)
