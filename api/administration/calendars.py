"""Notices of years, loaded by administrators (E1, E2). Every process goes over to the new calendar within a second."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from fastapi import Request
from sqlalchemy import Connection

from api.administration.base import administered, administrator_asks
from api.auth import now
from api.bodies import Checked
from api.desk import EngineAway, OutcomeUnknown
from api.house import House, house
from api.problems import Fault, Problem, invalid, not_found
from api.schemas.calendars import NoticeIn
from db.frontdesk import calendars
from db.queries.administration import calendar_notices
from domain.authority import Actor
from domain.calendar import Calendar
from domain.errors import Unprocessable
from rulebook.calendars import Notice, read_notice, working_days
from rulebook.problems import Problem as Found

FIRST_YEAR, LAST_YEAR = 1949, 2200


def year_in(text: str) -> int:
    """The year that a path names. Raises Problem(404)."""
    if not text.isascii() or not text.isdigit() or len(text) != 4 or not FIRST_YEAR <= int(text) < LAST_YEAR:
        raise not_found()
    return int(text)


async def add_notice(request: Request, year: int, checked: Checked[NoticeIn]) -> Calendar:
    """Load a notice; the calendar from now on. The worker carries it into the running cases.

    Raises Problem(422) with a fault for each line, Conflict("notice_exists").
    """
    await administrator_asks(request)
    wanted, here = checked.demand(), house(request)
    notice = _notice(wanted.text, year)
    known = year in here.in_force.book.stated.years
    told = {"working_days": working_days(year, notice.days), "days": len(notice.days)}

    def write(connection: Connection, actor: Actor) -> bool:
        return calendars.add_notice(
            connection, actor.username, year, notice.days, notice.names, now(),
            known=known, replace=wanted.replace, told=told,
        )  # fmt: skip

    await administered(request, write)
    await here.in_force.refresh()
    return here.rulebook.calendar


def years(connection: Connection, here: House) -> list[dict[str, Any]]:
    """Every year whose notice is known, latest first: from where it comes, and how many days of it are worked."""
    loaded: Mapping[int, Any] = {row["year"]: row for row in calendar_notices(connection)}
    calendar = here.rulebook.calendar
    return [
        {
            "year": year,
            "working_days": days_worked(calendar, year),
            "source": "console" if year in loaded else "files",
            "added_at": loaded[year]["added_at"] if year in loaded else None,
            "added_by": loaded[year]["added_by"] if year in loaded else None,
        }
        for year in sorted(calendar.years | set(loaded), reverse=True)
    ]


async def progress(here: House) -> dict[str, Any]:
    """How far the calendar in force has been carried into the running cases.

    ``state``: waiting (for a worker), running, done, or unknown while the engine is away.
    """
    version = here.rulebook.calendar.version
    try:
        found = await here.desk.rebased(version)
    except (EngineAway, OutcomeUnknown):
        return {"calendar_version": version, "state": "unknown", "visited": 0, "moved": 0, "left": 0}
    reached = found.reached
    state = "running" if found.running else "done" if reached is not None else "waiting"
    counts = {name: getattr(reached, name) if reached else 0 for name in ("visited", "moved", "left")}
    return {"calendar_version": version, "state": state, **counts}


def days_worked(calendar: Calendar, year: int) -> int:
    """How many days of a year are worked."""
    return calendar.rank(date(year, 12, 31).toordinal()) - calendar.rank(date(year - 1, 12, 31).toordinal())


def _notice(text: str, year: int) -> Notice:
    """Raises Problem(422): a fault for each line, ``text.LINE``; Unprocessable("notice_other_year")."""
    found: list[Found] = []
    notice = read_notice(text, found)
    if notice is None:
        raise _invalid(found)
    if notice.year != year:
        raise Unprocessable("notice_other_year", field="text")
    return notice


def _invalid(found: list[Found]) -> Problem:
    return invalid(*(Fault(f"text.{fault.line}", fault.code) for fault in sorted(set(found))))
