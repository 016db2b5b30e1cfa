"""Interview files, accountability files, red cards and the ledger of points."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Table, func, select

from db.queries.paging import Keyset, Page, page_limit
from db.scope import visible_accountability, visible_interviews
from db.tables import AccountabilityRow, InterviewRow, PointsEntry, RedCard, core
from domain.authority import Actor
from domain.vocabulary import AccountabilityStatus, InterviewStatus

_interviews = core(InterviewRow)
_accountability = core(AccountabilityRow)
_entries = core(PointsEntry)
_cards = core(RedCard)


def interview_row(connection: Connection, actor: Actor, file: str) -> RowMapping | None:
    """The interview file with this id; None when there is none or the actor may not see it."""
    return _one(connection, _interviews, file, visible_interviews(actor))


def accountability_row(connection: Connection, actor: Actor, file: str) -> RowMapping | None:
    """The accountability file with this id; None when there is none or the actor may not see it."""
    return _one(connection, _accountability, file, visible_accountability(actor))


def list_interviews(
    connection: Connection,
    actor: Actor,
    *,
    status: InterviewStatus | None = None,
    unit: str | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page:
    """A page of the interview files, newest first. Raises Unprocessable("cursor_invalid")."""
    return _list(connection, _interviews, visible_interviews(actor), {"status": status, "unit": unit}, cursor, limit)


def list_accountability(
    connection: Connection,
    actor: Actor,
    *,
    status: AccountabilityStatus | None = None,
    unit: str | None = None,
    case: str | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page:
    """A page of the accountability files, newest first. Raises Unprocessable("cursor_invalid")."""
    equal = {"status": status, "unit": unit, "case": case}
    return _list(connection, _accountability, visible_accountability(actor), equal, cursor, limit)


def count_accountability(connection: Connection, case: str) -> int:
    """How many accountability files were opened on a case."""
    return int(connection.scalar(select(func.count()).where(_accountability.c.case == case)) or 0)


def list_cards(connection: Connection, case: str) -> Sequence[RowMapping]:
    """The red cards of a case, oldest first."""
    query = select(_cards).where(_cards.c.case == case).order_by(_cards.c.at, _cards.c.id)
    return connection.execute(query).mappings().all()


def points_of(connection: Connection, unit: str) -> tuple[int, Sequence[RowMapping]]:
    """The balance of a unit and the entries behind it, oldest first."""
    query = select(_entries).where(_entries.c.unit == unit).order_by(_entries.c.id)
    entries = connection.execute(query).mappings().all()
    return sum(entry["points"] for entry in entries), entries


def balances(connection: Connection) -> dict[str, int]:
    """Unit → its points, of those that have entries. Whose ledger a person may see, ``db.scope.sees_points`` says."""
    query = select(_entries.c.unit, func.sum(_entries.c.points).label("points")).group_by(_entries.c.unit)
    return {row.unit: int(row.points) for row in connection.execute(query)}


def _one(connection: Connection, table: Table, file: str, scope: ColumnElement[bool]) -> RowMapping | None:
    return connection.execute(select(table).where(table.c.id == file, scope)).mappings().first()


def _list(
    connection: Connection,
    table: Table,
    scope: ColumnElement[bool],
    equal: dict[str, Any],
    cursor: str | None,
    limit: int | None,
) -> Page:
    keyset = Keyset("-opened_at", table.c.opened_at, table.c.id, True)
    size = page_limit(limit)
    query = select(table).where(scope).order_by(*keyset.order()).limit(size + 1)
    query = query.where(*(table.c[name] == value for name, value in equal.items() if value is not None))
    if cursor:
        query = query.where(keyset.after(cursor))
    rows = connection.execute(query).mappings().all()
    last = rows[size - 1] if len(rows) > size else None
    return Page(items=rows[:size], next_cursor=keyset.cursor(last) if last is not None else None)
