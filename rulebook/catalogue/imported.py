"""A real list of service items, from CSV or Excel, as drafts for a catalogue.

Such lists have names, codes and departments, and mostly no limits and no steps: what comes out can be looked up and
worked on, and is accepted from nobody until somebody promises something. Every row is reported.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

import yaml
from pydantic import TypeAdapter, ValidationError

from domain.catalogue.items import ItemKind, Line
from domain.errors import Unprocessable
from domain.limits import Limit, LimitUnit
from rulebook.catalogue.columns import NEEDED, Column, aside, recognised
from rulebook.catalogue.pinyin import syllables
from rulebook.catalogue.schema import ItemCode, LongWords
from rulebook.sheets import SheetRow, read_sheet

MOST_ROWS: Final = 50_000
_LONGEST_CODE: Final = 60
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")


_KINDS: Final = {
    "行政许可": ItemKind.LICENCE, "行政确认": ItemKind.CONFIRMATION, "行政给付": ItemKind.PAYMENT,
    "行政奖励": ItemKind.REWARD, "行政裁决": ItemKind.RULING, "行政征收": ItemKind.COLLECTION,
    "其他行政权力": ItemKind.OTHER_POWER, "其他权力": ItemKind.OTHER_POWER, "公共服务": ItemKind.PUBLIC_SERVICE,
}  # fmt: skip
_LIMIT_UNITS: Final = {
    "工作日": LimitUnit.WORKING_DAYS, "工作小时": LimitUnit.WORKING_HOURS, "自然日": LimitUnit.DAYS,
    "日历日": LimitUnit.DAYS, "天": LimitUnit.DAYS, "日": LimitUnit.DAYS, "小时": LimitUnit.HOURS,
    "分钟": LimitUnit.MINUTES,
}  # fmt: skip
_LIMIT: Final = re.compile(rf"(\d+)\s*个?\s*({'|'.join(_LIMIT_UNITS)})")
_LIMITS: Final = (Column.LEGAL, Column.PROMISED)
_UNSORTED: Final = frozenset({"", "未分类", "无", "/", "-"})
_CODE: Final[TypeAdapter[str]] = TypeAdapter(ItemCode)
_NAME: Final[TypeAdapter[str]] = TypeAdapter(LongWords)


class Note(StrEnum):
    """What is said of a row. The first ones keep it out."""

    UNREADABLE = "row_unreadable"
    CODE_MISSING = "code_missing"
    CODE_MALFORMED = "code_malformed"
    CODE_TWICE = "code_twice"
    NAME_MISSING = "name_missing"
    NAME_TOO_LONG = "name_too_long"
    DEPARTMENT_MISSING = "department_missing"
    LIMIT_MISSING = "limit_missing"
    LIMIT_NOT_UNDERSTOOD = "limit_not_understood"
    KIND_UNKNOWN = "kind_unknown"
    NAME_TWICE = "name_twice"


_REFUSING: Final = frozenset(list(Note)[: list(Note).index(Note.LIMIT_MISSING)])


@dataclass(frozen=True, slots=True)
class Reported:
    """A row: its line in the file, and what is said of it. ``elsewhere``: the line that it collides with."""

    line: int
    code: str
    name: str
    notes: tuple[Note, ...]
    elsewhere: int | None = None

    @property
    def taken(self) -> bool:
        """Whether it became a draft."""
        return _REFUSING.isdisjoint(self.notes)


@dataclass(slots=True)
class Imported:
    """What came of a list: drafts as a file of items has them, lines that are new, and every row's report."""

    items: list[dict[str, Any]] = field(default_factory=list)
    lines: list[dict[str, str]] = field(default_factory=list)
    rows: list[Reported] = field(default_factory=list)

    def as_yaml(self) -> str:
        """A file of items. What it lacks is added by hand."""
        head = "# Drafts: without a promised limit and steps an item can be looked up, but not accepted.\n"
        content: dict[str, Any] = {"schema": 1}
        if self.lines:
            content["lines"] = self.lines
        content["items"] = self.items
        return head + yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=1000)


def import_items(
    content: bytes,
    *,
    columns: Mapping[Column, str] | None = None,
    lines: Mapping[str, str] | None = None,
    known_lines: Sequence[Line] = (),
    above: int = 0,
) -> Imported:
    """The drafts of a list.

    columns      which column of the file is what, where its name is not recognised
    lines        the code of the line to which a department belongs, by its name
    known_lines  those of the catalogue: a department that has the name of exactly one of them belongs to it
    above        rows above the names of the columns

    Raises Unprocessable as ``read_sheet`` does; ("file_column_missing") too when code, name or department have none.
    """
    if content.startswith(_UTF16):
        content = content.decode("utf-16", errors="replace").encode()
    found = read_sheet(content, required=(), most=MOST_ROWS, above=above)
    named = _columns(found, columns or {})
    work = _Import(lines=dict(lines or {}), known_lines=known_lines)
    for row in found:
        work.take(row, {column: _said(column, name, row) for column, name in named.items()})
    return work.made


def _said(column: Column, name: str, row: SheetRow) -> str:
    """What a row says; a bare number of a limit is in the unit that the name of its column says."""
    said = row.cells.get(name, "")
    return f"{said}{aside(name)}" if column in _LIMITS and said.isdigit() else said


def _columns(rows: Sequence[SheetRow], given: Mapping[Column, str]) -> dict[Column, str]:
    found = recognised(dict.fromkeys(name for row in rows[:20] for name in row.cells), given)
    if not set(NEEDED) <= set(found):
        raise Unprocessable("file_column_missing", field="file")
    return found


class _Import:
    """The rows so far."""

    def __init__(self, *, lines: dict[str, str], known_lines: Sequence[Line]) -> None:
        self.made = Imported()
        self._lines = lines
        self._known = known_lines
        self._codes: dict[str, int] = {}
        self._names: dict[str, int] = {}

    def take(self, row: SheetRow, cells: Mapping[Column, str]) -> None:
        """Make a draft of a row, or say why not."""
        code, name, department = (cells.get(column, "") for column in NEEDED)
        notes = [Note.UNREADABLE] if row.code else self._refusals(code, name, department)
        elsewhere = self._codes.get(code) if Note.CODE_TWICE in notes else None
        if not notes:
            entry, notes = _draft(code, name, self._line(department), cells)
            elsewhere = self._names.get(name)
            notes += [Note.NAME_TWICE] if elsewhere is not None else []
            self.made.items.append(entry)
            self._codes[code] = row.line
            self._names.setdefault(name, row.line)
        self.made.rows.append(Reported(row.line, code, name, tuple(notes), elsewhere))

    def _refusals(self, code: str, name: str, department: str) -> list[Note]:
        return [
            note
            for note, wrong in (
                (Note.CODE_MISSING, not code),
                (Note.CODE_MALFORMED, bool(code) and not _fits(_CODE, code)),
                (Note.CODE_TWICE, code in self._codes),
                (Note.NAME_MISSING, not name),
                (Note.NAME_TOO_LONG, bool(name) and not _fits(_NAME, name)),
                (Note.DEPARTMENT_MISSING, not department),
            )
            if wrong
        ]

    def _line(self, department: str) -> str:
        """The line of a department: told, recognised, or made of its name."""
        if department not in self._lines:
            among = [line for line in self._known if line.name in department]
            self._lines[department] = among[0].code if len(among) == 1 else self._new_line(department)
        return self._lines[department]

    def _new_line(self, department: str) -> str:
        taken = {line.code for line in self._known} | {line["code"] for line in self.made.lines}
        spelt = "-".join(readings[0] for readings in syllables(department))[: _LONGEST_CODE - 4].strip("-") or "line"
        code = next(code for n in range(1, MOST_ROWS) if (code := spelt if n == 1 else f"{spelt}-{n}") not in taken)
        self.made.lines.append({"code": code, "name": department, "name_en": department})
        return code


def _draft(code: str, name: str, line: str, cells: Mapping[Column, str]) -> tuple[dict[str, Any], list[Note]]:
    notes: list[Note] = []
    kind = _KINDS.get(cells.get(Column.KIND, ""))
    if kind is None:
        notes.append(Note.KIND_UNKNOWN)
    entry: dict[str, Any] = {"code": code, "name": name}
    if cells.get(Column.ENGLISH):
        entry["name_en"] = cells[Column.ENGLISH]
    entry |= {"line": line, "kind": (kind or ItemKind.OTHER_POWER).value}
    for column in _LIMITS:
        said = cells.get(column, "")
        limit = read_limit(said)
        if limit is not None:
            entry[column.value] = str(limit)
        elif said:
            notes.append(Note.LIMIT_NOT_UNDERSTOOD)
    if Column.PROMISED.value not in entry:
        notes.append(Note.LIMIT_MISSING)
    group = cells.get(Column.GROUP, "")
    if group not in _UNSORTED and group != name:
        entry["keywords"] = [group[:200]]
    return entry, list(dict.fromkeys(notes))


def read_limit(text: str) -> Limit | None:
    """A limit as lists write it: ``20个工作日``, ``30 天``, ``5 working days``; None for anything else."""
    found = _LIMIT.fullmatch(text.strip())
    try:
        return Limit.parse(f"{int(found[1])} {_LIMIT_UNITS[found[2]].value}" if found else text)
    except Unprocessable:
        return None


def _fits(kind: TypeAdapter[str], text: str) -> bool:
    try:
        kind.validate_python(text)
    except ValidationError:
        return False
    return text.isprintable()
