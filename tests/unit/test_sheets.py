"""Tables out of files: whatever somebody sends is read, refused as a whole, or refused row by row."""

import io
import zipfile
from collections.abc import Callable

import pytest
from openpyxl import Workbook

from domain.errors import Unprocessable
from rulebook.sheets import LARGEST_UNPACKED, LAST_LINE, SheetRow, read_sheet

NAMES = ("number", "outcome")
TEXT = "number,outcome,note\nBJ1,passed,同意\n"
ONE = [SheetRow(2, {"number": "BJ1", "outcome": "passed", "note": "同意"})]


def workbook(*rows: tuple[object, ...]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def refusal(content: bytes, most: int = 100) -> str:
    with pytest.raises(Unprocessable) as refused:
        read_sheet(content, required=NAMES, most=most)
    return refused.value.code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_is_read_in_every_encoding_that_offices_write(encoding: str) -> None:
    assert read_sheet(TEXT.encode(encoding), required=NAMES, most=10) == ONE


def test_workbook_is_read_as_a_csv_is() -> None:
    content = workbook(("Number", " outcome", "note"), ("BJ1", "passed", "同意"))
    assert read_sheet(content, required=NAMES, most=10) == ONE


def test_numbers_and_empty_cells_are_texts() -> None:
    content = workbook(("number", "outcome", "note"), (7.0, True, None), (None, None, None), (2.5, "x", "y"))
    rows = read_sheet(content, required=NAMES, most=10)
    assert [(row.line, row.cells["number"], row.cells["outcome"]) for row in rows] == [
        (2, "7", "true"),
        (4, "2.5", "x"),
    ]


def test_formula_is_refused_in_its_row_only() -> None:
    content = workbook(("number", "outcome"), ("BJ1", '=HYPERLINK("x")'), ("BJ2", "passed"))
    assert [row.code for row in read_sheet(content, required=NAMES, most=10)] == ["cell_with_formula", None]


def test_malformed_row_is_refused_alone() -> None:
    rows = read_sheet(b'number,outcome\n"BJ1"x,passed\nBJ2,passed\n', required=NAMES, most=10)
    assert [(row.line, row.code) for row in rows] == [(2, "row_malformed"), (3, None)]


def test_short_row_lacks_its_last_cells() -> None:
    (row,) = read_sheet(b"number,outcome,note\nBJ1,passed\n", required=NAMES, most=10)
    assert row.cells == {"number": "BJ1", "outcome": "passed"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b" \n\r\n", "file_empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "file_not_a_table"),
        (b"PK\x03\x04 only begins like one", "file_not_a_table"),
        (b"a,b\n1,2\n", "file_column_missing"),
        (b"number,outcome\n\xff\xff\xff,x\n", "file_encoding_unknown"),
        ("number,outcome\n".encode("utf-16"), "file_not_a_table"),
    ],
)
def test_file_is_refused_when_it_is_no_such_table(content: bytes, code: str) -> None:
    assert refusal(content) == code


def test_file_with_too_many_rows_is_refused() -> None:
    assert refusal(TEXT.encode() + b"BJ2,passed,\n" * 5, most=5) == "file_too_many_rows"


def test_zip_that_is_no_workbook_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        packed.writestr("readme.txt", "x")
    assert refusal(stream.getvalue()) == "file_not_a_table"


def test_zip_that_unpacks_to_too_much_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (LARGEST_UNPACKED + 1))
    assert refusal(stream.getvalue()) == "file_not_a_table"


def rewritten(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with one of its files changed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as book, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as changed:
        for entry in book.namelist():
            changed.writestr(entry, change(book.read(entry)) if entry == name else book.read(entry))
    return stream.getvalue()


def with_row(number: int) -> bytes:
    """A workbook with one row more, that says of itself that it is this one."""
    row = f'<row r="{number}"><c r="A{number}" t="inlineStr"><is><t>BJ2</t></is></c></row></sheetData>'.encode()
    return rewritten(
        workbook(NAMES, ("BJ1", "passed")),
        "xl/worksheets/sheet1.xml",
        lambda sheet: sheet.replace(b"</sheetData>", row),
    )


def test_row_far_below_the_others_is_still_read() -> None:
    assert [row.line for row in read_sheet(with_row(LAST_LINE), required=NAMES, most=10)] == [2, LAST_LINE]


def test_file_is_refused_when_a_row_says_that_it_stands_at_the_end_of_the_world() -> None:
    assert refusal(with_row(2_000_000_000)) == "file_too_many_rows"


def test_file_is_refused_when_it_is_blank_without_an_end() -> None:
    assert refusal(TEXT.encode() + b"\n" * LAST_LINE) == "file_too_many_rows"


def test_workbook_is_refused_when_its_packed_bytes_are_damaged() -> None:
    content = bytearray(workbook(NAMES, ("BJ1", "passed")))
    first = content.index(b"PK\x01\x02")
    content[60:first] = bytes(byte ^ 0x5A for byte in content[60:first])
    assert refusal(bytes(content)) == "file_not_a_table"


def test_workbook_is_refused_when_it_asks_for_a_password() -> None:
    content = bytearray(workbook(NAMES, ("BJ1", "passed")))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + flags] |= 1
            at = content.find(mark, at + 1)
    assert refusal(bytes(content)) == "file_not_a_table"
