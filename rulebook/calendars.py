"""The State Council's notices as files (E1): ``calendar.csv``, and a year of its own in ``calendar/2027.csv``.

A year's file takes the place of what ``calendar.csv`` says of that year. A notice may reach into the last December
before its own year.
"""

import csv
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

from domain.calendar import Calendar
from rulebook.problems import Problem
from rulebook.schema import FIRST_YEAR, LAST_YEAR, RulebookModel

CALENDAR: Final = "calendar.csv"
YEARS: Final = "calendar"
"""The directory of single years."""

_COLUMNS: Final = ["date", "name", "is_off_day"]
_FIXED: Final = ((1, 1), (5, 1), (10, 1))
_FEWEST, _MOST = 240, 256
"""Every year since 2007 has had 248 to 251 working days: what is far from that is no whole notice."""


class Known(NamedTuple):
    """What the notices say: which days are off (False: worked after all), and of which years there is one."""

    days: dict[date, bool]
    years: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Row:
    day: date
    name: str
    off: bool
    problem: Problem


class Notice(NamedTuple):
    """A year's notice: which days are off (False: worked after all), and what they are called."""

    year: int
    days: dict[date, bool]
    names: dict[date, str]


def known_days(paths: list[Path], main: RulebookModel | None, problems: list[Problem]) -> Known:
    """The days of all notices of a rulebook's layers, outermost first; faults are noted."""
    file = next((path / CALENDAR for path in paths if (path / CALENDAR).is_file()), paths[0] / CALENDAR)
    years = frozenset(range(main.calendar.first_year, main.calendar.last_year + 1)) if main else frozenset()
    days = _days(_rows(file, problems), years, problems)
    for year, single in _years(paths, problems).items():
        days = {day: off for day, off in days.items() if day.year != year} | year_days(single, year, problems)
        years |= {year}
    return Known(days, years)


def year_days(file: Path, year: int, problems: list[Problem]) -> dict[date, bool]:
    """The days of one year's notice; faults are noted, also when it can be no whole notice."""
    before = len(problems)
    days = _days(_rows(file, problems), frozenset({year}), problems)
    if len(problems) == before:
        problems.extend(_implausible(file, year, days))
    return days


def read_notice(text: str, problems: list[Problem]) -> Notice | None:
    """The notice that a text in the form of a year's file is; None, and faults with their codes, when it is none."""
    file = Path("notice.csv")
    rows = _rows_of(file, text.removeprefix("\ufeff").splitlines(), problems)
    if not rows or problems:
        if not problems:
            problems.append(Problem(file, 1, "", "days", "none", "notice_empty"))
        return None
    year = max(row.day.year for row in rows)
    days = _days(rows, frozenset({year}), problems)
    if not problems:
        problems.extend(_implausible(file, year, days))
    return None if problems else Notice(year, days, {row.day: row.name for row in rows if row.name})


def year_of(file: Path, problems: list[Problem]) -> int | None:
    """The year whose notice a file is: the last one that it names."""
    return max((row.day.year for row in _rows(file, problems)), default=None)


def working_days(year: int, days: Mapping[date, bool]) -> int:
    """How many days of the year are worked under these notices."""
    calendar = Calendar("", frozenset(day for day in days if days[day]), frozenset(d for d in days if not days[d]),
                        frozenset({year}))  # fmt: skip
    return calendar.rank(date(year, 12, 31).toordinal()) - calendar.rank(date(year - 1, 12, 31).toordinal())


def overlaid(stated: Calendar, notices: Mapping[int, Mapping[date, bool]]) -> Calendar:
    """The calendar with these notices in the place of what it says of their years, as a year's file would be."""
    days = dict.fromkeys(stated.off, True) | dict.fromkeys(stated.on, False)
    for year, own in sorted(notices.items()):
        days = {day: off for day, off in days.items() if day.year != year} | dict(own)
    return calendar_of(stated.version.partition("+")[0], days, stated.years | set(notices))


def calendar_of(label: str, days: Mapping[date, bool], years: frozenset[int]) -> Calendar:
    """The calendar that says so; its version is ``label``, a plus sign, and a digest of what it says."""
    content = {"years": sorted(years), "days": {day.isoformat(): off for day, off in sorted(days.items())}}
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return Calendar(
        version=f"{label}+{hashlib.sha256(canonical.encode()).hexdigest()[:8]}",
        off=frozenset(day for day, off in days.items() if off),
        on=frozenset(day for day, off in days.items() if not off),
        years=years,
    )


def _implausible(file: Path, year: int, days: Mapping[date, bool]) -> Iterator[Problem]:
    for month, day in _FIXED:
        if not days.get(date(year, month, day), False):
            yield Problem(
                file, 1, "date", f"{date(year, month, day)}, a day off of every year", "none", "notice_holiday_missing"
            )
    worked = working_days(year, days)
    if not _FEWEST <= worked <= _MOST:
        yield Problem(
            file, 1, "", f"a whole notice, with {_FEWEST} to {_MOST} working days", str(worked), "notice_implausible"
        )


def _years(paths: list[Path], problems: list[Problem]) -> dict[int, Path]:
    """The single years, those of outer layers in the place of those beneath."""
    found: dict[int, Path] = {}
    for path in reversed(paths):
        for file in sorted((path / YEARS).glob("*.csv")):
            if file.stem.isascii() and file.stem.isdigit() and FIRST_YEAR <= int(file.stem) <= LAST_YEAR:
                found[int(file.stem)] = file
            else:
                problems.append(Problem(file, 1, "", "a name such as 2027.csv", file.name))
    return dict(sorted(found.items()))


def _days(rows: list[_Row], years: frozenset[int], problems: list[Problem]) -> dict[date, bool]:
    days: dict[date, bool] = {}
    for row in rows:
        if row.day in days:
            problems.append(_filled(row.problem, "every date once", f"{row.problem.found} again", "notice_date_twice"))
        if years and not date(min(years) - 1, 12, 1) <= row.day <= date(max(years), 12, 31):
            named = str(max(years)) if len(years) == 1 else f"the years {min(years)} to {max(years)}"
            problems.append(_filled(row.problem, f"a date of {named}", row.problem.found, "notice_date_outside"))
        days[row.day] = row.off
    return days


def _filled(problem: Problem, expected: str, found: str, code: str) -> Problem:
    return Problem(problem.file, problem.line, problem.where, expected, found, code)


def _rows(file: Path, problems: list[Problem]) -> list[_Row]:
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as fault:
        problems.append(Problem(file, 1, "", "a readable file in UTF-8", type(fault).__name__))
        return []
    return _rows_of(file, lines, problems)


def _rows_of(file: Path, lines: list[str], problems: list[Problem]) -> list[_Row]:
    try:
        rows = list(csv.reader(lines))
    except csv.Error as fault:
        problems.append(Problem(file, 1, "", "a CSV file", str(fault), "notice_row_malformed"))
        return []
    if not rows or rows[0] != _COLUMNS:
        found = ",".join(rows[0] if rows else [])
        problems.append(Problem(file, 1, "", f"the columns {','.join(_COLUMNS)}", found, "notice_columns_missing"))
        return []
    read = (_row(file, line, row, problems) for line, row in enumerate(rows[1:], start=2) if row)
    return [row for row in read if row is not None]


def _row(file: Path, line: int, row: list[str], problems: list[Problem]) -> _Row | None:
    try:
        day, name, off = row
        parsed = date.fromisoformat(day)
        if not FIRST_YEAR <= parsed.year <= LAST_YEAR:
            raise ValueError(day)
    except ValueError:
        expected = "a date such as 2026-01-31, a name, 1 or 0"
        problems.append(Problem(file, line, "", expected, ",".join(row), "notice_row_malformed"))
        return None
    if off not in ("0", "1"):
        problems.append(Problem(file, line, "is_off_day", "1 or 0", repr(off), "notice_flag_malformed"))
        return None
    return _Row(parsed, name.strip(), off == "1", Problem(file, line, "date", "", day))
