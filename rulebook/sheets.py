"""Tables out of files that people send: CSV in UTF-8 or GB18030, or .xlsx, told apart by their content.

Rows come as texts, trimmed, under the names of the first row. What a single row cannot be read for is said of that
row; only a file that is no table at all is refused as a whole. Excel's own bytes are read by openpyxl.
"""

import csv
import io
import struct
import zipfile
import zlib
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, Final
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from domain.errors import Unprocessable

LARGEST_UNPACKED: Final = 16 << 20
"""Bytes that an .xlsx may unpack to: it is a ZIP, and a small one can hold very much."""

MOST_COLUMNS: Final = 256
LAST_LINE: Final = 100_000
"""Nothing below it is read: a row may say that it is the two thousand millionth, with blank ones above it."""

_ZIP: Final = b"PK\x03\x04"
_ENCODINGS: Final = ("utf-8-sig", "gb18030")
_BROKEN: Final = (
    zipfile.BadZipFile, InvalidFileException, DefusedXmlException, ParseError, KeyError, ValueError, TypeError,
    AttributeError, IndexError, EOFError, OSError, RuntimeError, OverflowError, struct.error, zlib.error,
)  # fmt: skip
"""What openpyxl raises for bytes that only begin like a workbook."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row. ``line``: as a spreadsheet counts, the names are line 1; ``code``: why it cannot be read."""

    line: int
    cells: dict[str, str]
    code: str | None = None


def read_sheet(content: bytes, *, required: Sequence[str], most: int, above: int = 0) -> list[SheetRow]:
    """The rows of a file, blank ones left out. ``required``: names that the first row must have.

    ``above``: how many rows, such as a title, stand above the one with the names.

    Raises Unprocessable("file_empty"), ("file_not_a_table"), ("file_encoding_unknown"), ("file_too_many_rows") beyond
    ``most`` rows, ("file_column_missing").
    """
    if not content.strip():
        raise Unprocessable("file_empty", field="file")
    with closing(_of_workbook(content) if content.startswith(_ZIP) else _of_csv(content)) as lines:
        try:
            return _rows(islice(lines, above, None), required, most)
        except _BROKEN as broken:
            raise Unprocessable("file_not_a_table", field="file") from broken


Line = tuple[int, list[str], str | None]


def _rows(lines: Iterator[Line], required: Sequence[str], most: int) -> list[SheetRow]:
    _, head, _ = next(lines, (1, [], None))
    names = [name.strip().lower() for name in head]
    if not set(required) <= set(names):
        raise Unprocessable("file_column_missing", field="file")
    filled = (line for line in _down_to_the_last(lines) if line[2] is not None or any(line[1]))
    rows = [
        SheetRow(number, dict(zip(names, cells, strict=False)), code) for number, cells, code in islice(filled, most)
    ]
    if next(filled, None) is not None:
        raise Unprocessable("file_too_many_rows", field="file")
    return rows


def _down_to_the_last(lines: Iterator[Line]) -> Iterator[Line]:
    for line in lines:
        if line[0] > LAST_LINE:
            raise Unprocessable("file_too_many_rows", field="file")
        yield line


def _of_csv(content: bytes) -> Generator[Line]:
    reader = csv.reader(io.StringIO(_decoded(content), newline=""), strict=True)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield reader.line_num, [], "row_malformed"
            continue
        yield reader.line_num, [cell.strip() for cell in cells[:MOST_COLUMNS]], None


def _decoded(content: bytes) -> str:
    if b"\x00" in content:
        raise Unprocessable("file_not_a_table", field="file")
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unprocessable("file_encoding_unknown", field="file")


def _of_workbook(content: bytes) -> Generator[Line]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(entry.file_size for entry in packed.infolist())
        if unpacked > LARGEST_UNPACKED:
            raise Unprocessable("file_not_a_table", field="file")
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a file says of its own size need not be so
    except _BROKEN as broken:
        raise Unprocessable("file_not_a_table", field="file") from broken
    with closing(book), closing(sheet.iter_rows()) as rows:
        for number, row in enumerate(rows, start=1):
            code = "cell_with_formula" if any(cell.data_type == "f" for cell in row) else None
            yield number, [_text(cell.value) for cell in row[:MOST_COLUMNS]], code


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
        case datetime() | date():
            return value.isoformat()
    return str(value).strip()
