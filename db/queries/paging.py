"""Keyset paging: a page starts after the last row of the one before, so nothing is skipped or seen twice.

A cursor is opaque to clients: the sort, the value and the id of the last row.
"""

import base64
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, ColumnElement, Integer, RowMapping, UnaryExpression, and_, or_

from domain.errors import Unprocessable
from domain.plain import instant, to_plain

MAX_LIMIT = 200
DEFAULT_LIMIT = 50

_LONGEST_CURSOR = 300
_ID_LIMIT = 2**31
_CODE = re.compile(r"[\w.:-]{1,100}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of rows; ``next_cursor`` None: the last one; ``total`` only if it was asked for."""

    items: Sequence[RowMapping]
    next_cursor: str | None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Keyset:
    """An order by one instant (rows without it come last) and the unique ``id``."""

    name: str
    column: Column[datetime]
    id: Column[Any]
    descending: bool

    def order(self) -> tuple[UnaryExpression[datetime], UnaryExpression[Any]]:
        """The ORDER BY of this order."""
        column = self.column.desc() if self.descending else self.column.asc()
        # said of a column that is never empty, it would keep PostgreSQL from reading an index backwards
        placed = column.nulls_last() if self.column.nullable else column
        return placed, self.id.desc() if self.descending else self.id.asc()

    def after(self, cursor: str) -> ColumnElement[bool]:
        """What comes after the row that ``cursor`` names. Raises Unprocessable("cursor_invalid")."""
        value, last = self._read(cursor)
        further = self.id < last if self.descending else self.id > last
        if value is None:
            return and_(self.column.is_(None), further)
        beyond = self.column < value if self.descending else self.column > value
        following = or_(beyond, and_(self.column == value, further))
        if self.column.nullable:
            return or_(following, self.column.is_(None))
        # says nothing new, but an index is sought by it and not read from its beginning
        return and_(self.column <= value if self.descending else self.column >= value, following)

    def cursor(self, row: RowMapping) -> str:
        """The cursor of a row that has both columns."""
        text = json.dumps([self.name, to_plain(row[self.column.name]), row[self.id.name]], separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def _read(self, cursor: str) -> tuple[datetime | None, int | str]:
        try:
            if len(cursor) > _LONGEST_CURSOR:
                raise ValueError(cursor)
            text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
            name, value, last = json.loads(text)
            if name != self.name or not self._is_id(last):
                raise ValueError(cursor)
            return (None if value is None else instant(value)), last
        except (ValueError, TypeError, OverflowError) as error:
            raise Unprocessable("cursor_invalid", field="cursor") from error

    def _is_id(self, last: object) -> bool:
        if isinstance(self.id.type, Integer):
            return type(last) is int and abs(last) < _ID_LIMIT
        return isinstance(last, str) and _CODE.fullmatch(last) is not None


def page_limit(limit: int | None) -> int:
    """The size of a page within its bounds."""
    return max(1, min(limit or DEFAULT_LIMIT, MAX_LIMIT))


class CaseSort(StrEnum):
    """Orders of the list of cases; a minus sign turns one round."""

    RECEIVED = "received_at"
    RECEIVED_LAST = "-received_at"
    DUE = "due_at"
    DUE_LAST = "-due_at"
