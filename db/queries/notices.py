"""The notices of a person, by the recipients that the person is among."""

from sqlalchemy import ColumnElement, Connection, FromClause, Select, and_, exists, func, select

from db.queries.paging import Keyset, Page, page_limit
from db.tables import Dossier, Notice, NoticeRead, core
from domain.authority import Actor
from domain.notices import recipients_of

_notices = core(Notice)
_read = core(NoticeRead)
_dossiers = core(Dossier)
_kind = select(_dossiers.c.kind).where(_dossiers.c.id == _notices.c.case).scalar_subquery()
_BY_AGE = Keyset("-recorded_at", _notices.c.recorded_at, _notices.c.id, True)


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
    query = _own(actor).add_columns(_kind.label("kind")).order_by(*_BY_AGE.order()).limit(size + 1)
    if unread:
        query = query.where(_read.c.at.is_(None))
    if cursor:
        query = query.where(_BY_AGE.after(cursor))
    rows = connection.execute(query).mappings().all()
    return Page(items=rows[:size], next_cursor=_BY_AGE.cursor(rows[size - 1]) if len(rows) > size else None)


def is_addressed(connection: Connection, actor: Actor, notice: int) -> bool:
    """Whether this notice is one of the actor's."""
    return bool(connection.scalar(select(exists().where(_notices.c.id == notice, _among(_notices, actor)))))


def count_unread(connection: Connection, actor: Actor, *, most: int | None = None) -> int:
    """How many notices the actor has not read; counted no further than ``most``."""
    unread = _own(actor).where(_read.c.at.is_(None)).limit(most).subquery()
    return int(connection.scalar(select(func.count()).select_from(unread)) or 0)


def _own(actor: Actor) -> "Select[tuple[object, ...]]":
    """The actor's notices; who is among two recipients of one event is told once."""
    again = _notices.alias()
    first = select(func.min(again.c.id)).where(again.c.key == _notices.c.key, _among(again, actor)).scalar_subquery()
    mine = and_(_read.c.notice == _notices.c.id, _read.c.username == actor.username)
    query = select(_notices, _read.c.at.label("read_at")).select_from(_notices.outerjoin(_read, mine))
    return query.where(_among(_notices, actor), _notices.c.id == first)


def _among(table: FromClause, actor: Actor) -> ColumnElement[bool]:
    return table.c.recipient.in_(recipients_of(actor))
