"""``launch calendar``: a year's notice is checked, shown day by day, and laid beside the rulebook in force (E1, E2).

It becomes ``calendar/2027.csv`` of the rulebook directory. Once seeded it counts in every process, and the
worker counts provisional deadlines again (``workflows.rebase``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from launch.lock import CannotStart
from rulebook.calendars import YEARS, working_days, year_days, year_of
from rulebook.load import RulebookInvalid, open_rulebook
from rulebook.problems import Problem
from settings import PREFIX, SettingsError, load

Csv = Annotated[Path, typer.Argument(help="CSV: date,name,is_off_day (1: off, 0: worked).", dir_okay=False)]
Check = Annotated[bool, typer.Option("--check", help="Only check and show it; write nothing.")]
Replace = Annotated[bool, typer.Option("--replace", help="Take the place of what is there for that year.")]


@dataclass(frozen=True, slots=True)
class Notice:
    """A year's notice, checked."""

    year: int
    days: Mapping[date, bool]
    text: str


def command(file: Csv, check: Check = False, replace: Replace = False) -> None:
    """Add a year's notice of holidays and make-up working days to the rulebook in force."""
    try:
        notice, directory = read_notice(file), load().rulebook
        for line in described(notice):
            typer.echo(line)
        typer.echo("Nothing was written." if check else add(notice, directory, replace=replace))
    except (CannotStart, SettingsError) as error:
        typer.secho(str(error), fg=typer.colors.RED, err=True)
        raise SystemExit(1) from None


def read_notice(file: Path) -> Notice:
    """The notice in ``file``. Raises CannotStart with every fault that was found."""
    problems: list[Problem] = []
    year = year_of(file, problems)
    days = year_days(file, year, problems) if year is not None else {}
    if problems or year is None:
        found = "\n".join(map(str, sorted(set(problems)))) or f"{file}:1: expected days, found none"
        raise CannotStart(f"This is no notice of a year:\n{found}")
    return Notice(year, days, file.read_text(encoding="utf-8-sig"))


def described(notice: Notice) -> list[str]:
    """What the notice says, in a few lines."""
    off = [day for day, is_off in sorted(notice.days.items()) if is_off and day.weekday() < 5]
    on = [day for day, is_off in sorted(notice.days.items()) if not is_off]
    return [
        f"{notice.year}: {working_days(notice.year, notice.days)} working days",
        f"  off, Monday to Friday ({len(off)}): {_listed(off)}",
        f"  worked all the same ({len(on)}): {_listed(on)}",
    ]


def add(notice: Notice, directory: Path, *, replace: bool) -> str:
    """Write it beside the rulebook in ``directory``; what there is to say about that.

    Raises CannotStart when another notice of that year is there and is not to be replaced, when the directory cannot
    be written, and when the rulebook would not load with it (then nothing is left behind).
    """
    path = directory / YEARS / f"{notice.year}.csv"
    before = path.read_text(encoding="utf-8-sig") if path.is_file() else None
    if before == notice.text:
        return f"{path} says so already."
    if before is None and notice.year in _opened(directory) and not replace:
        raise CannotStart(f"The rulebook has a notice of {notice.year} already; --replace lays this one over it.")
    if before is not None and not replace:
        raise CannotStart(f"{path} says something else; --replace takes its place.")
    _write(path, notice.text)
    try:
        _opened(directory)
    except CannotStart:
        _write(path, before)
        raise
    return f"Written to {path}. Seed: provisional deadlines are then counted again."


def _opened(directory: Path) -> frozenset[int]:
    """The years that the rulebook knows. Raises CannotStart when it cannot be used."""
    try:
        return open_rulebook(directory).rulebook.calendar.years
    except RulebookInvalid as error:
        raise CannotStart(f"The rulebook cannot be used (it is set by {PREFIX}RULEBOOK):\n{error}") from error


def _write(path: Path, text: str | None) -> None:
    try:
        if text is None:
            path.unlink()
            return
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CannotStart(
            f"{path} cannot be written ({error.strerror}). Put the file there by hand, under that name."
        ) from error


def _listed(days: list[date]) -> str:
    return ", ".join(day.strftime("%a %m-%d") for day in days) or "none"
