"""The State Council's notices as files (E1): ``calendar.csv``, and a year of its own in ``calendar/2027.csv``.

A year's file takes the place of what ``calendar.csv`` says of that year. A notice may reach into the last December
before its own year.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

from domain.calendar import Calendar
from rulebook.problems import Problem
from rulebook.schema import RulebookModel

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
    off: bool
    problem: Problem


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


def year_of(file: Path, problems: list[Problem]) -> int | None:
    """The year whose notice a file is: the last one that it names."""
    return max((row.day.year for row in _rows(file, problems)), default=None)


def working_days(year: int, days: Mapping[date, bool]) -> int:
    """How many days of the year are worked under these notices."""
    calendar = Calendar("", frozenset(day for day in days if days[day]), frozenset(d for d in days if not days[d]),
                        frozenset({year}))  # fmt: skip
    return calendar.rank(date(year, 12, 31).toordinal()) - calendar.rank(date(year - 1, 12, 31).toordinal())


def _implausible(file: Path, year: int, days: Mapping[date, bool]) -> Iterator[Problem]:
    for month, day in _FIXED:
        if not days.get(date(year, month, day), False):
            yield Problem(file, 1, "date", f"{date(year, month, day)}, a day off of every year", "none")
    worked = working_days(year, days)
    if not _FEWEST <= worked <= _MOST:
        yield Problem(file, 1, "", f"a whole notice, with {_FEWEST} to {_MOST} working days", str(worked))


def _years(paths: list[Path], problems: list[Problem]) -> dict[int, Path]:
    """The single years, those of outer layers in the place of those beneath."""
    found: dict[int, Path] = {}
    for path in reversed(paths):
        for file in sorted((path / YEARS).glob("*.csv")):
            if file.stem.isascii() and file.stem.isdigit() and 1949 <= int(file.stem) <= 2200:
                found[int(file.stem)] = file
            else:
                problems.append(Problem(file, 1, "", "a name such as 2027.csv", file.name))
    return dict(sorted(found.items()))


def _days(rows: list[_Row], years: frozenset[int], problems: list[Problem]) -> dict[date, bool]:
    days: dict[date, bool] = {}
    for row in rows:
        if row.day in days:
            problems.append(_filled(row.problem, "every date once", f"{row.problem.found} again"))
        if years and not date(min(years) - 1, 12, 1) <= row.day <= date(max(years), 12, 31):
            named = str(max(years)) if len(years) == 1 else f"the years {min(years)} to {max(years)}"
            problems.append(_filled(row.problem, f"a date of {named}", row.problem.found))
        days[row.day] = row.off
    return days


def _filled(problem: Problem, expected: str, found: str) -> Problem:
    return Problem(problem.file, problem.line, problem.where, expected, found)


def _rows(file: Path, problems: list[Problem]) -> list[_Row]:
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as fault:
        problems.append(Problem(file, 1, "", "a readable file in UTF-8", type(fault).__name__))
        return []
    rows = list(csv.reader(lines))
    if not rows or rows[0] != _COLUMNS:
        problems.append(Problem(file, 1, "", f"the columns {','.join(_COLUMNS)}", ",".join(rows[0] if rows else [])))
        return []
    read = (_row(file, line, row, problems) for line, row in enumerate(rows[1:], start=2) if row)
    return [row for row in read if row is not None]


def _row(file: Path, line: int, row: list[str], problems: list[Problem]) -> _Row | None:
    try:
        day, _, off = row
        parsed = date.fromisoformat(day)
    except ValueError:
        problems.append(Problem(file, line, "", "a date such as 2026-01-31, a name, 1 or 0", ",".join(row)))
        return None
    if off not in ("0", "1"):
        problems.append(Problem(file, line, "is_off_day", "1 or 0", repr(off)))
        return None
    return _Row(parsed, off == "1", Problem(file, line, "date", "", day))
