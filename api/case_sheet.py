"""The list of cases as a table: the same rows under the same filters and the same scope, and no personal data."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, RowMapping

from api.auth import Bearer, now
from api.house import House
from api.schemas.queries import CasesQuery
from api.sheets import Rows, require_room
from db.queries.board import first_words
from db.queries.case_filter import CaseFilter
from db.queries.cases import list_cases
from db.queries.paging import MAX_LIMIT, Page

PAGING: Final = frozenset({"sort", "cursor", "limit", "total"})

Row: TypeAlias = "Mapping[str, Any] | RowMapping"
AsCells: TypeAlias = "Callable[[Sequence[Mapping[str, Any]]], Rows]"


@dataclass(frozen=True, slots=True)
class Told:
    """A page of cases with the first words of their reports, of which there are none for who reads no text."""

    page: Page
    words: Mapping[str, Row]

    def rows(self) -> list[dict[str, Any]]:
        """Each case with ``description`` and ``address``."""
        nothing: Row = {"description": None, "address": None}
        return [{**row, **self._of(self.words.get(row["number"], nothing))} for row in self.page.items]

    def _of(self, words: Row) -> dict[str, Any]:
        return {name: words[name] for name in ("description", "address")}


async def case_pages(here: House, token: Bearer, wanted: CasesQuery, cells: AsCells) -> AsyncIterator[Rows]:
    """The rows, page by page, each read by itself. Raises Problem(401), Problem(422, "export_too_large")."""
    asked, at = _filter(wanted), now()
    cursor, first = None, True
    while True:
        told = await here.database.read(_reading(token, asked, wanted, at, cursor, first=first))
        if first:
            require_room(told.page.total or 0)
        yield cells(told.rows())
        cursor, first = told.page.next_cursor, False
        if cursor is None:
            return


def _reading(
    token: Bearer, asked: CaseFilter, wanted: CasesQuery, at: datetime, cursor: str | None, *, first: bool
) -> Callable[[Connection], Told]:
    def read(connection: Connection) -> Told:
        actor = token.actor(connection)
        page = list_cases(connection, actor, asked, at, sort=wanted.sort, cursor=cursor, limit=MAX_LIMIT, total=first)
        words = first_words(connection, actor, [row["number"] for row in page.items])
        return Told(page, words)

    return read


def _filter(wanted: CasesQuery) -> CaseFilter:
    values: dict[str, Any] = {name: value for name, value in wanted if name not in PAGING}
    return CaseFilter(**values)
