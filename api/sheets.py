"""Tables that are given out as files: real .xlsx, or CSV that Excel reads; written row by row, whatever their length.

A table is written to a file without a name on a thread, a page of rows at a time: the event loop stays free, no
transaction is longer than a page, and what goes wrong is told before the answer begins.
"""

import asyncio
import csv
import io
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import IO, Any, Final, Protocol, TypeAlias

from fastapi import Response
from fastapi.responses import StreamingResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from api.house import House
from api.problems import Problem
from domain.cells import inert, plain
from domain.worktime import SHANGHAI

MOST_ROWS: Final = 10_000
"""More is a matter for the statistics: a list of that length is read by nobody."""

_CHUNK: Final = 1 << 16
_TITLE_LENGTH: Final = 31
_TYPED: Final = ("=", "#")
"""Text that begins so would be written as a formula, or as an error."""

_WIDTH: Final = 18
_WIDE: Final = 48

Cell: TypeAlias = "str | int | datetime | None"
Rows: TypeAlias = Sequence[Sequence[Cell]]


class SheetFormat(StrEnum):
    """How a table is written."""

    XLSX = "xlsx"
    CSV = "csv"


_MEDIA_TYPES: Final = {
    SheetFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    SheetFormat.CSV: "text/csv; charset=utf-8",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table but for its rows. ``name``: of the file, ASCII; ``wide``: columns that hold sentences."""

    name: str
    title: str
    columns: Sequence[str]
    wide: frozenset[int] = frozenset()


class Writer(Protocol):
    """Writes rows into a file."""

    def append(self, rows: Rows) -> None:
        """Write these rows."""
        ...

    def close(self) -> None:
        """No more rows come."""
        ...


async def given_out(here: House, sheet: Sheet, form: SheetFormat, pages: AsyncIterator[Rows], at: datetime) -> Response:
    """The table as a file to keep. Few are written at a time; further ones wait. Raises what ``pages`` does."""
    async with here.exports:
        file: IO[bytes] = await asyncio.to_thread(tempfile.TemporaryFile)
        try:
            await _write(file, sheet, form, pages)
        except BaseException:
            file.close()
            raise
    stamp = f"{at.astimezone(SHANGHAI):%Y%m%d-%H%M}"
    headers = {
        "Content-Disposition": f'attachment; filename="{sheet.name}-{stamp}.{form}"',
        "Content-Length": str(file.seek(0, io.SEEK_END)),
        "Cache-Control": "private, no-store",
    }
    file.seek(0)
    return StreamingResponse(_chunks(file), media_type=_MEDIA_TYPES[form], headers=headers)


def require_room(count: int) -> None:
    """Raises Problem(422, "export_too_large") for more rows than are given out at once."""
    if count > MOST_ROWS:
        raise Problem(422, "export_too_large")


async def _write(file: IO[bytes], sheet: Sheet, form: SheetFormat, pages: AsyncIterator[Rows]) -> None:
    make = _Excel if form is SheetFormat.XLSX else _Csv
    writer: Writer = await asyncio.to_thread(make, file, sheet)
    count = 0
    try:
        async for rows in pages:
            count += len(rows)
            require_room(count)
            await asyncio.to_thread(writer.append, rows)
    finally:
        # when it failed, too: a writer has a file of its own, which goes with this
        await asyncio.to_thread(writer.close)


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK):
            yield chunk


class _Csv:
    """UTF-8 with the mark by which Excel knows it."""

    def __init__(self, file: IO[bytes], sheet: Sheet) -> None:
        self._text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._text)
        self._writer.writerow([inert(name) for name in sheet.columns])

    def append(self, rows: Rows) -> None:
        self._writer.writerows([[_as_text(cell) for cell in row] for row in rows])

    def close(self) -> None:
        self._text.detach()


class _Excel:
    """Times are real dates of Asia/Shanghai; text is text, whatever it begins with."""

    def __init__(self, file: IO[bytes], sheet: Sheet) -> None:
        self._file = file
        self._book = Workbook(write_only=True)
        self._page: Any = self._book.create_sheet(sheet.title[:_TITLE_LENGTH])
        self._page.freeze_panes = "A2"
        for place in range(len(sheet.columns)):
            width = _WIDE if place in sheet.wide else _WIDTH
            self._page.column_dimensions[get_column_letter(place + 1)].width = width
        self._page.append([self._text(name, bold=True) for name in sheet.columns])

    def append(self, rows: Rows) -> None:
        for row in rows:
            self._page.append([self._cell(value) for value in row])

    def close(self) -> None:
        self._book.save(self._file)

    def _cell(self, value: Cell) -> Any:
        if isinstance(value, datetime):
            return value.astimezone(SHANGHAI).replace(tzinfo=None, microsecond=0)  # written as a date with its format
        return self._text(value) if isinstance(value, str) else value

    def _text(self, value: str, *, bold: bool = False) -> Any:
        shown = plain(value)
        if not bold and not shown.startswith(_TYPED):
            return shown
        cell = WriteOnlyCell(self._page, shown)
        cell.data_type = "s"
        if bold:
            cell.font = Font(bold=True)
        return cell


def _as_text(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return f"{cell.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
    return "" if cell is None else inert(str(cell))
