"""Reports from a CSV: which column is what, and a row as the body that the API takes. Nothing is sent from here.

The file is streamed. What cannot be read in a row is a ``Misfit`` with a code; the other rows go on.
"""

import csv
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

LOCAL: Final = ZoneInfo("Asia/Shanghai")
"""What an instant without offset is taken for."""

FIELDS: Final = (
    "description", "category", "source", "occurred_at", "danger", "grid", "lat", "lon", "address",
    "name", "phone", "anonymous", "disclose",
)  # fmt: skip
_LARGEST_CELL: Final = 1 << 24
_CHUNK: Final = 1 << 20
_YES: Final = frozenset({"1", "true", "yes", "y", "是"})
_LOCAL_TIME: Final = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:[T\s]\s*(\d{1,2})[:：时](\d{1,2})(?:分|[:：](\d{1,2}))?(?:\.\d+|秒)?)?"
)


class Misfit(Exception):
    """A row, or the whole request, that cannot become a report; ``code`` as in the API's own problems."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Where each field of a report comes from: columns joined by a line break, or one constant for all rows."""

    columns: Mapping[str, Sequence[str]]
    constants: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number (the first after the header is 1), and its report or what is wrong with it."""

    number: int
    report: dict[str, Any] | None
    misfit: Misfit | None = None


def digest(file: Path) -> str:
    """The file's content as 64 hex digits: what makes a row of this file one and the same report for ever."""
    found = hashlib.sha256()
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            found.update(chunk)
    return found.hexdigest()


def mapping(columns: Sequence[str], constants: Mapping[str, str]) -> Plan:
    """Read ``field=column[,column…]`` options. Raises Misfit: not of that form, or a field that no report has."""
    read: dict[str, Sequence[str]] = {}
    for option in columns:
        field, equals, names = option.partition("=")
        parts = tuple(name.strip() for name in names.split(",") if name.strip())
        if not equals or not parts:
            raise Misfit("column_malformed", f"'{option}' is not of the form field=column[,column]")
        read[field.strip()] = parts
    for field in (*read, *constants):
        if field not in FIELDS:
            raise Misfit("field_unknown", f"a report has no field '{field}'; it has {', '.join(FIELDS)}")
    if "description" not in read and "description" not in constants:
        raise Misfit("description_missing", "name the column of the words: --column description=COLUMN")
    return Plan(columns=read, constants=constants)


def read_constants(options: Sequence[str]) -> dict[str, str]:
    """Read ``field=value`` options. Raises Misfit for one that is not of that form."""
    read: dict[str, str] = {}
    for option in options:
        field, equals, value = option.partition("=")
        if not equals or not value.strip():
            raise Misfit("constant_malformed", f"'{option}' is not of the form field=value")
        read[field.strip()] = value.strip()
    return read


def rows(file: Path, how: Plan, encoding: str = "utf-8") -> Iterator[Row]:
    """The rows in order. Raises Misfit when the header lacks a column that is named, OSError when unreadable."""
    csv.field_size_limit(_LARGEST_CELL)
    chosen = "utf-8-sig" if encoding.lower().replace("_", "-") in ("utf-8", "utf8") else encoding
    with file.open(encoding=chosen, errors="surrogateescape", newline="") as stream:
        reader = csv.reader(stream)
        places = _places(next(reader, []), how)
        number = 0
        while True:
            number += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield Row(number, None, Misfit("row_malformed", str(error)))
                continue
            if cells:
                yield _row(number, cells, places, how)


def _places(header: Sequence[str], how: Plan) -> dict[str, Sequence[int]]:
    names: dict[str, int] = {}
    for index, name in enumerate(header):
        names.setdefault(name.strip(), index)
    wanted = [name for parts in how.columns.values() for name in parts]
    if missing := sorted(set(wanted) - set(names)):
        raise Misfit("column_unknown", f"no column {', '.join(missing)}; there are {', '.join(names) or 'none'}")
    return {field: [names[name] for name in parts] for field, parts in how.columns.items()}


def _row(number: int, cells: Sequence[str], places: Mapping[str, Sequence[int]], how: Plan) -> Row:
    try:
        values = dict(how.constants)
        for field, indexes in places.items():
            if found := "\n".join(_cells(cells, indexes)):
                values[field] = found
        return Row(number, _report(values))
    except Misfit as misfit:
        return Row(number, None, misfit)


def _cells(cells: Sequence[str], indexes: Sequence[int]) -> Iterator[str]:
    for index in indexes:
        if index >= len(cells):
            raise Misfit("row_malformed", f"{len(cells)} cells, too few")
        cell = cells[index].strip()
        if any("\ud800" <= letter <= "\udfff" for letter in cell):
            raise Misfit("text_undecodable", "bytes that are no text in this encoding")
        if cell:
            yield cell


def _report(values: Mapping[str, str]) -> dict[str, Any]:
    report: dict[str, Any] = {
        "category": values.get("category", ""),
        "description": values.get("description", ""),
        "place": _place(values),
        "reporter": _reporter(values),
        "source": values.get("source", ""),
    }
    if "occurred_at" in values:
        report["occurred_at"] = instant(values["occurred_at"]).isoformat()
    if "danger" in values:
        report["danger"] = _yes(values["danger"])
    return report


def _place(values: Mapping[str, str]) -> dict[str, Any]:
    place: dict[str, Any] = {name: values[name] for name in ("grid", "address") if name in values}
    if "lat" in values or "lon" in values:
        try:
            place["point"] = {"lat": float(values["lat"]), "lon": float(values["lon"])}
        except (KeyError, ValueError):
            raise Misfit("point_unreadable", "lat and lon are not two numbers") from None
    return place


def _reporter(values: Mapping[str, str]) -> dict[str, Any]:
    reporter: dict[str, Any] = {name: values[name] for name in ("name", "phone") if name in values}
    if "anonymous" in values or not reporter:
        reporter["anonymous"] = _yes(values.get("anonymous", "yes"))
    if "disclose" in values:
        reporter["disclose"] = _yes(values["disclose"])
    return reporter


def _yes(word: str) -> bool:
    return word.strip().lower() in _YES


def instant(text: str) -> datetime:
    """An instant in any of the forms that are met in one column; without offset it is Shanghai's. Raises Misfit."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = _written_out(text)
    return found if found.tzinfo is not None else found.replace(tzinfo=LOCAL)


def _written_out(text: str) -> datetime:
    match = _LOCAL_TIME.fullmatch(text.strip())
    try:
        if match is not None:
            year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
            return datetime(year, month, day, hour, minute, second, tzinfo=LOCAL)
    except ValueError:
        pass  # the thirtieth of February
    raise Misfit("instant_unreadable", "a time such as 2019/1/8 14:30:00 or 2019-01-08T14:30:00+08:00 is expected")
