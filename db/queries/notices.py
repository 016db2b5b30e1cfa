"""The notices of a person, by the recipients that the person is among.

Each recipient is read by itself, the newest first, and no further than needed: a centre is told of everything.
"""

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, FromClause, Select, and_, exists, false, func, select, union_all

from db.queries.paging import Keyset, Page, page_limit
from db.tables import Dossier, Notice, NoticeRead, core
from domain.authority import Actor
from domain.notices import recipients_of

LOOKED_AT: Final = 300
"""So many notices of each recipient, the newest, are looked at for what is unread."""

_notices = core(Notice)
_read = core(NoticeRead)
_dossiers = core(Dossier)
_kind = select(_dossiers.c.kind).where(_dossiers.c.id == _notices.c.case).scalar_subquery()
_BY_AGE = Keyset("-recorded_at", _notices.c.recorded_at, _notices.c.id, True)

Narrowed = Callable[["Select[Any]"], "Select[Any]"]


def list_notices(
    connection: Connection,
    actor: Actor,
    *,
    unread: bool = False,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page:
    """A page of the actor's notices, newest first, each with ``read_at`` and ``kind``, that of its case.

    Raises Unprocessable("cursor_invalid").
    """
    size = page_limit(limit)

    def narrowed(query: "Select[Any]") -> "Select[Any]":
        query = query.where(_unread(actor)) if unread else query
        return query.where(_BY_AGE.after(cursor)) if cursor else query

    # what is told twice in one instant may stand on either side of the end of a page
    query = _own(actor, narrowed, 2 * size + 1).add_columns(_kind.label("kind"))
    query = query.order_by(*_BY_AGE.order()).limit(size + 1)
    rows = connection.execute(query).mappings().all()
    return Page(items=rows[:size], next_cursor=_BY_AGE.cursor(rows[size - 1]) if len(rows) > size else None)


def is_addressed(connection: Connection, actor: Actor, notice: int) -> bool:
    """Whether this notice is one of the actor's."""
    return bool(connection.scalar(select(exists().where(_notices.c.id == notice, _among(_notices, actor)))))


def count_unread(connection: Connection, actor: Actor, *, most: int | None = None) -> int:
    """How many of the newest notices (``LOOKED_AT``) the actor has not read; counted no further than ``most``."""
    newest = _own(actor, lambda query: query, LOOKED_AT).where(_read.c.at.is_(None)).limit(most).subquery()
    return int(connection.scalar(select(func.count()).select_from(newest)) or 0)


def _own(actor: Actor, narrowed: Narrowed, most: int) -> "Select[Any]":
    """The actor's newest notices; who is among two recipients of one event is told once."""
    again = _notices.alias()
    first = select(func.min(again.c.id)).where(again.c.key == _notices.c.key, _among(again, actor)).scalar_subquery()
    mine = and_(_read.c.notice == _notices.c.id, _read.c.username == actor.username)
    query = select(_notices, _read.c.at.label("read_at")).select_from(_notices.outerjoin(_read, mine))
    return query.where(_newest(actor, narrowed, most), _notices.c.id == first)


def _newest(actor: Actor, narrowed: Narrowed, most: int) -> ColumnElement[bool]:
    """The newest of each recipient."""
    each = [
        narrowed(select(_notices.c.id).where(_notices.c.recipient == recipient))
        .order_by(*_BY_AGE.order())
        .limit(most)
        .subquery()
        for recipient in recipients_of(actor)
    ]
    return _notices.c.id.in_(union_all(*(select(one.c.id) for one in each))) if each else false()


def _unread(actor: Actor) -> ColumnElement[bool]:
    return ~exists().where(_read.c.notice == _notices.c.id, _read.c.username == actor.username)


def _among(table: FromClause, actor: Actor) -> ColumnElement[bool]:
    return table.c.recipient.in_(recipients_of(actor))
