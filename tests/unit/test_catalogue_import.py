"""A real list becomes drafts: columns recognised or named, every row reported. The rows here are made up."""

import io
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from domain.errors import Unprocessable
from rulebook.catalogue.columns import Column
from rulebook.catalogue.imported import Imported, Note, import_items, read_limit
from tests.unit.catalogue_world import MAIN, catalogue, write
from tests.unit.rulebooks import shipped

HEAD = "department,main_item,item_name,item_code,area_code,task_type_code,task_type,dept_code"
ROWS = (
    "区茶务局,未分类,茶馆设立登记（区级）,511Z0001-519900000000-000-A1-1-00,519900000000,1,行政许可,A1",
    '区茶务局,茶馆登记,"茶馆变更、迁址登记",511Z0002-519900000000-000-A1-1-00,519900000000,1,行政许可,A1',
    "区民政局,未分类,孤儿茶费给付,511E0003-519900000000-000-B2-1-00,519900000000,5,行政给付,B2",
    "区酒务局,未分类,茶馆设立登记（区级）,512Z0004-519900000000-000-C3-1-00,519900000000,20,公共服务,C3",
)
LIST = "\n".join((HEAD, *ROWS)) + "\n"
LINES = shipped().catalogue.versions[-1].lines


def taken(content: bytes, above: int = 0) -> Imported:
    return import_items(content, known_lines=LINES, above=above)


def notes(made: Imported) -> list[tuple[int, tuple[Note, ...]]]:
    return [(row.line, row.notes) for row in made.rows]


def workbook(rows: list[list[str]]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_list_without_limits_becomes_drafts_and_says_so() -> None:
    made = taken(LIST.encode())
    assert notes(made) == [
        (2, (Note.LIMIT_MISSING,)),
        (3, (Note.LIMIT_MISSING,)),
        (4, (Note.LIMIT_MISSING,)),
        (5, (Note.LIMIT_MISSING, Note.NAME_TWICE)),
    ]
    assert made.rows[3].elsewhere == 2
    assert [item["kind"] for item in made.items] == ["licence", "licence", "payment", "public_service"]
    assert "keywords" not in made.items[0]
    assert made.items[1]["keywords"] == ["茶馆登记"]


def test_departments_become_lines_known_or_new() -> None:
    made = taken(LIST.encode())
    assert [item["line"] for item in made.items] == ["qu-cha-wu-ju", "qu-cha-wu-ju", "civil-affairs", "qu-jiu-wu-ju"]
    assert [line["code"] for line in made.lines] == ["qu-cha-wu-ju", "qu-jiu-wu-ju"]
    told = import_items(LIST.encode(), lines={"区茶务局": "market-supervision"}, known_lines=LINES)
    assert told.items[0]["line"] == "market-supervision"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_list_is_read_in_every_encoding_that_offices_write(encoding: str) -> None:
    assert taken(LIST.encode(encoding)).items == taken(LIST.encode()).items


def test_workbook_is_read_below_its_title() -> None:
    rows = [["望桐区政务服务事项清单"], [], *(line.replace('"', "").split(",") for line in (HEAD, *ROWS[2:]))]
    made = taken(workbook(rows), above=2)
    assert [item["code"] for item in made.items] == [row.split(",")[3] for row in ROWS[2:]]
    assert made.rows[0].line == 4


def test_columns_are_recognised_in_chinese_with_limits() -> None:
    text = "序号,实施主体,事项名称,实施编码,事项类型,法定办结时限,承诺办结时限\n"
    text += "1,区茶务局,茶馆登记,T-1,行政许可,30个工作日,5 个工作日\n2,区茶务局,茶馆注销,T-2,行政许可,即办,\n"
    made = taken(text.encode())
    assert (made.items[0]["legal"], made.items[0]["promised"]) == ("30 working days", "5 working days")
    assert notes(made) == [(2, ()), (3, (Note.LIMIT_NOT_UNDERSTOOD, Note.LIMIT_MISSING))]


def test_bare_number_is_in_the_unit_of_its_column() -> None:
    text = '"实施\n主体",事项名称（必填）,事项编码,承诺时限（单位：工作日）,法定时限\n区茶务局,茶馆登记,T-1,5,20\n'
    made = taken(text.encode())
    assert (made.items[0]["name"], made.items[0]["promised"]) == ("茶馆登记", "5 working days")
    assert notes(made)[0][1] == (Note.KIND_UNKNOWN, Note.LIMIT_NOT_UNDERSTOOD)


def test_columns_are_named_when_they_are_not_recognised() -> None:
    content = "甲,乙,丙\nT-1,茶馆登记,区茶务局\n".encode()
    with pytest.raises(Unprocessable, match="file_column_missing"):
        taken(content)
    named = {Column.CODE: "甲", Column.NAME: "乙", Column.DEPARTMENT: "丙"}
    made = import_items(content, columns=named)
    assert (made.items[0]["code"], made.items[0]["name"]) == ("T-1", "茶馆登记")
    assert notes(made) == [(2, (Note.KIND_UNKNOWN, Note.LIMIT_MISSING))]


@pytest.mark.parametrize(
    ("row", "note"),
    [
        ("区茶务局,茶馆登记,", Note.CODE_MISSING),
        ("区茶务局,茶馆登记,T 1/茶", Note.CODE_MALFORMED),
        ("区茶务局,茶馆登记,FIRST-1", Note.CODE_TWICE),
        ("区茶务局,,T-1", Note.NAME_MISSING),
        (f"区茶务局,{'长' * 401},T-1", Note.NAME_TOO_LONG),
        (",茶馆登记,T-1", Note.DEPARTMENT_MISSING),
    ],
)
def test_row_is_left_out_and_the_good_ones_are_taken(row: str, note: Note) -> None:
    made = taken(f"部门,名称,编码\n区茶务局,甲,FIRST-1\n{row}\n区茶务局,乙,LAST-1\n".encode())
    assert [item["code"] for item in made.items] == ["FIRST-1", "LAST-1"]
    (left_out,) = [found for found in made.rows if not found.taken]
    assert (left_out.line, left_out.notes) == (3, (note,))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"\x00\x01\x02", "file_not_a_table"),
        (b"PK\x03\x04 nothing", "file_not_a_table"),
        (b"\xff\xff\xff\xff", "file_encoding_unknown"),
        (b"one,two\n1,2\n", "file_column_missing"),
    ],
)
def test_file_is_refused_when_it_is_no_list(content: bytes, code: str) -> None:
    with pytest.raises(Unprocessable, match=code):
        taken(content)


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("20个工作日", "20 working days"),
        ("5 工作日", "5 working days"),
        (" 30天 ", "30 days"),
        ("1个自然日", "1 day"),
        ("4个工作小时", "4 working hours"),
        ("15分钟", "15 minutes"),
        ("2 working days", "2 working days"),
        ("即办", None),
        ("20", None),
        ("0个工作日", None),
        ("", None),
    ],
)
def test_limit_is_read_as_lists_write_it(text: str, limit: str | None) -> None:
    found = read_limit(text)
    assert (None if found is None else str(found)) == limit


def test_drafts_are_a_file_that_the_rulebook_takes_and_nobody_can_apply_for(tmp_path: Path) -> None:
    made = taken(LIST.encode())
    assert any(line.name == "民政" for line in LINES)
    found = catalogue(write(tmp_path, main=MAIN, items=made.as_yaml()))
    version = found.in_force(date(2026, 5, 5))
    assert [item.code for item in version.items] == [item["code"] for item in made.items]
    for item in version.items:
        with pytest.raises(Unprocessable, match="item_without_limit"):
            found.acceptable(item.code, date(2026, 5, 5))


def test_text_that_yaml_would_take_for_something_else_stays_text(tmp_path: Path) -> None:
    rows = '部门,名称,编码\n民政局,true,4050\n民政局,2026-01-01,1.50\n民政局,"a: [b] #c",null\n'
    found = catalogue(write(tmp_path, items=taken(rows.encode()).as_yaml()))
    named = [(item.code, item.name) for item in found.versions[0].items]
    assert named == [("4050", "true"), ("1.50", "2026-01-01"), ("null", "a: [b] #c")]
