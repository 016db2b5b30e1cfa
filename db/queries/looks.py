"""The log of looks at personal data, within what the reader may review (C7)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select

from db.queries.paging import Keyset, Page, page_limit
from db.scope import visible_looks
from db.tables import Look, core
from domain.authority import Actor
from domain.vocabulary import LookKind

_look = core(Look)
_NEWEST = Keyset("-at", _look.c.at, _look.c.id, True)
_LISTED = [column for column in _look.c if column.name != "person"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LookFilter:
    """Which looks. ``looked_from`` is inclusive, ``looked_to`` exclusive."""

    username: str | None = None
    unit: str | None = None
    case: str | None = None
    kind: LookKind | None = None
    unusual: bool | None = None
    looked_from: datetime | None = None
    looked_to: datetime | None = None


def list_looks(
    connection: Connection, actor: Actor, wanted: LookFilter, *, cursor: str | None = None, limit: int | None = None
) -> Page:
    """A page of the looks that match, newest first. Raises Unprocessable("cursor_invalid")."""
    size = page_limit(limit)
    query = select(*_LISTED).where(visible_looks(actor), *_conditions(wanted)).order_by(*_NEWEST.order())
    if cursor:
        query = query.where(_NEWEST.after(cursor))
    rows = connection.execute(query.limit(size + 1)).mappings().all()
    last = rows[size - 1] if len(rows) > size else None
    return Page(items=rows[:size], next_cursor=_NEWEST.cursor(last) if last is not None else None)


def _conditions(wanted: LookFilter) -> list[ColumnElement[bool]]:
    equal = {name: getattr(wanted, name) for name in ("username", "unit", "case", "kind", "unusual")}
    found: list[ColumnElement[bool]] = [_look.c[name] == value for name, value in equal.items() if value is not None]
    if wanted.looked_from is not None:
        found.append(_look.c.at >= wanted.looked_from)
    if wanted.looked_to is not None:
        found.append(_look.c.at < wanted.looked_to)
    return found
