"""Rows of a CSV as reports: mapping, joined columns, two date formats in one column, bytes that are no text."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from launch.reports import Misfit, Row, instant, mapping, read_constants, rows

CONSTANTS = {"category": "road_damage", "source": "hotline", "grid": "G01"}


def read(tmp_path: Path, content: str | bytes, *columns: str, encoding: str = "utf-8") -> list[Row]:
    file = tmp_path / "reports.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return list(rows(file, mapping(columns or ["description=words"], CONSTANTS), encoding))


def codes(found: Sequence[Row]) -> list[str | None]:
    return [row.misfit.code if row.misfit else None for row in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019-01-08T14:30:00+08:00", datetime(2019, 1, 8, 6, 30, tzinfo=UTC)),
        ("2019-01-08T06:30:00Z", datetime(2019, 1, 8, 6, 30, tzinfo=UTC)),
        ("2019-01-08 14:30:00", datetime(2019, 1, 8, 6, 30, tzinfo=UTC)),
        ("2019/1/8 14:30:00", datetime(2019, 1, 8, 6, 30, tzinfo=UTC)),
        ("2019/1/8 14:30", datetime(2019, 1, 8, 6, 30, tzinfo=UTC)),
        ("2019/1/8 9:05", datetime(2019, 1, 8, 1, 5, tzinfo=UTC)),
        ("2019/1/8", datetime(2019, 1, 7, 16, 0, tzinfo=UTC)),
        ("2019年1月8日 14时30分", datetime(2019, 1, 8, 6, 30, tzinfo=UTC)),
        ("2019.1.8 14:30:00", datetime(2019, 1, 8, 6, 30, tzinfo=UTC)),
        (" 2019/1/8  14:30:00 ", datetime(2019, 1, 8, 6, 30, tzinfo=UTC)),
    ],
)
def test_instant_is_read_when_written_in_any_usual_form(text: str, expected: datetime) -> None:
    assert instant(text) == expected


@pytest.mark.parametrize("text", ["yesterday", "2019/2/30 10:00", "8/1/2019 14:30", "2019/1/8 25:00", "", "43473.6"])
def test_instant_is_refused_when_it_cannot_be_read(text: str) -> None:
    with pytest.raises(Misfit) as refused:
        instant(text)
    assert refused.value.code == "instant_unreadable"


def test_columns_are_joined_when_several_are_named(tmp_path: Path) -> None:
    (row,) = read(
        tmp_path, "subject,detail,at\n路灯不亮,晚上看不见,2019/1/8 14:30:00\n",
        "description=subject,detail", "occurred_at=at",
    )  # fmt: skip
    assert row.report == {
        "category": "road_damage",
        "description": "路灯不亮\n晚上看不见",
        "place": {"grid": "G01"},
        "reporter": {"anonymous": True},
        "source": "hotline",
        "occurred_at": "2019-01-08T14:30:00+08:00",
    }


def test_column_wins_over_the_constant_when_it_has_a_value(tmp_path: Path) -> None:
    first, second = read(tmp_path, "words,cat\na,noise\nb,\n", "description=words", "category=cat")
    assert first.report is not None
    assert second.report is not None
    assert (first.report["category"], second.report["category"]) == ("noise", "road_damage")


def test_reporter_and_point_are_read_when_they_are_mapped(tmp_path: Path) -> None:
    (row,) = read(
        tmp_path, "words,who,tel,y,x,risk\na,某人,13800000000,28.5,112.3,是\n",
        "description=words", "name=who", "phone=tel", "lat=y", "lon=x", "danger=risk",
    )  # fmt: skip
    assert row.report is not None
    assert row.report["reporter"] == {"name": "某人", "phone": "13800000000"}
    assert row.report["place"] == {"grid": "G01", "point": {"lat": 28.5, "lon": 112.3}}
    assert row.report["danger"] is True


def test_header_is_found_when_the_file_begins_with_a_byte_order_mark(tmp_path: Path) -> None:
    (row,) = read(tmp_path, b"\xef\xbb\xbfwords\nhello\n")
    assert row.report is not None


def test_text_is_read_when_another_encoding_is_named(tmp_path: Path) -> None:
    (row,) = read(tmp_path, "words\n井盖缺失\n", encoding="gb18030")
    assert row.report is not None
    assert row.report["description"] == "井盖缺失"


def test_only_that_row_is_refused_when_bytes_are_no_text(tmp_path: Path) -> None:
    found = read(tmp_path, b"words\ngood\n\xff\xfe bad\ngood\n")
    assert [row.number for row in found] == [1, 2, 3]
    assert codes(found) == [None, "text_undecodable", None]


@pytest.mark.parametrize(
    ("content", "columns", "code"),
    [
        ("words,at\na,soon\n", ("description=words", "occurred_at=at"), "instant_unreadable"),
        ("at,words\n2019/1/8\n", ("description=words",), "row_malformed"),
        ("words,y,x\na,north,1\n", ("description=words", "lat=y", "lon=x"), "point_unreadable"),
        ("words,y\na,1\n", ("description=words", "lat=y"), "point_unreadable"),
    ],
)
def test_row_is_refused_with_a_code_when_it_cannot_be_read(
    tmp_path: Path, content: str, columns: tuple[str, ...], code: str
) -> None:
    assert codes(read(tmp_path, content, *columns)) == [code]


def test_quoted_line_breaks_stay_in_one_row_and_equal_rows_stay_two(tmp_path: Path) -> None:
    found = read(tmp_path, 'words\n"one\ntwo"\n"one\ntwo"\n\nlast\n')
    assert [row.report["description"] for row in found if row.report] == ["one\ntwo", "one\ntwo", "last"]


def test_nothing_is_read_when_the_file_is_empty(tmp_path: Path) -> None:
    with pytest.raises(Misfit, match="no column words; there are none"):
        read(tmp_path, "")


def test_columns_are_listed_when_one_is_unknown(tmp_path: Path) -> None:
    with pytest.raises(Misfit, match="no column wrods; there are words, other") as refused:
        read(tmp_path, "words,other\n", "description=wrods")
    assert refused.value.code == "column_unknown"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["description"], "column_malformed"),
        (["description="], "column_malformed"),
        (["description=a", "colour=b"], "field_unknown"),
        (["name=a"], "description_missing"),
    ],
)
def test_mapping_is_refused_when_it_makes_no_report(options: list[str], code: str) -> None:
    with pytest.raises(Misfit) as refused:
        mapping(options, {})
    assert refused.value.code == code


def test_constants_are_read_when_set_for_every_row() -> None:
    assert read_constants(["disclose=true", "address= 青柚路 3 号 "]) == {"disclose": "true", "address": "青柚路 3 号"}


@pytest.mark.parametrize("option", ["disclose", "disclose=", "disclose= "])
def test_constant_is_refused_when_it_has_no_value(option: str) -> None:
    with pytest.raises(Misfit) as refused:
        read_constants([option])
    assert refused.value.code == "constant_malformed"
