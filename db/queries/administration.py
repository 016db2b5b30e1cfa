"""What administrators have done, newest first; and whether anything was done since."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, RowMapping, Table, func, or_, select

from db.queries.paging import Keyset, Page, page_limit
from db.tables import Account, AdminLog, CalendarNotice, Grid, Unit, core
from domain.administration import Subject

_log, _notices = core(AdminLog), core(CalendarNotice)
_account, _unit, _grid = core(Account), core(Unit), core(Grid)
_BY_AGE = Keyset("-at", _log.c.at, _log.c.id, True)


def admin_log(
    connection: Connection,
    *,
    subject: Subject | None = None,
    name: str | None = None,
    actor: str | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page:
    """A page of it, newest first. Raises Unprocessable("cursor_invalid")."""
    size = page_limit(limit)
    query = select(_log).order_by(*_BY_AGE.order()).limit(size + 1)
    for column, wanted in ((_log.c.subject, subject), (_log.c.name, name), (_log.c.actor, actor)):
        if wanted is not None:
            query = query.where(column == wanted)
    if cursor:
        query = query.where(_BY_AGE.after(cursor))
    rows = connection.execute(query).mappings().all()
    return Page(items=rows[:size], next_cursor=_BY_AGE.cursor(rows[size - 1]) if len(rows) > size else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    """What an administrator looks after, counted. ``unsigned``: active accounts that never signed in."""

    accounts: int
    unsigned: int
    units: int
    grids: int
    unserved: int
    """grids without an officer whose account is active"""


def standing(connection: Connection) -> Stands:
    """How things stand."""

    def count(table: Table, *conditions: ColumnElement[bool]) -> int:
        query = select(func.count()).select_from(table).where(table.c.active, *conditions)
        return int(connection.scalar(query) or 0)

    serving = select(_account.c.username).where(_account.c.active)
    return Stands(
        accounts=count(_account),
        unsigned=count(_account, _account.c.signed_in_at.is_(None)),
        units=count(_unit),
        grids=count(_grid),
        unserved=count(_grid, or_(_grid.c.officer.is_(None), _grid.c.officer.not_in(serving))),
    )


def last_change(connection: Connection) -> int:
    """The number of the last change; 0 when nothing was changed yet."""
    return int(connection.scalar(select(func.max(_log.c.id))) or 0)


def last_notice(connection: Connection) -> int:
    """The number of the last notice of a year that was loaded; 0 when none was."""
    return int(connection.scalar(select(func.max(_notices.c.id))) or 0)


def calendar_notices(connection: Connection) -> Sequence[RowMapping]:
    """The notice that counts of every year that was loaded here, by year."""
    last = select(func.max(_notices.c.id)).group_by(_notices.c.year)
    return (
        connection.execute(select(_notices).where(_notices.c.id.in_(last)).order_by(_notices.c.year)).mappings().all()
    )
