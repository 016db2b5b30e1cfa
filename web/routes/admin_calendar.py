"""Years whose notice is known, each as a calendar; a notice is loaded and carried into the running cases (E1, E2)."""

from calendar import Calendar as Weeks
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection

from api.administration import calendars as keeping
from api.auth import require_role
from api.house import house
from api.problems import Problem
from api.schemas.calendars import NoticeIn
from db.queries.administration import calendar_notices
from domain.authority import Actor
from domain.calendar import Calendar
from domain.errors import Refused
from domain.vocabulary import Role
from domain.worktime import shanghai_date
from web.administering import Sent, administration, shown_again
from web.directory import directory
from web.language import mark
from web.page import Content, fragment, visit
from web.reading import checked
from web.session import read_form

router = APIRouter()

EXAMPLE: Final = "date,name,is_off_day\n{0}-01-01,{1},1\n{0}-02-20,{2},0"
LATEST: Final = 5
"""So many years are shown at once; the others are asked for."""

_MONDAY: Final = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day of the calendar as it is drawn."""

    date: date
    working: bool
    changed: bool
    """off although it is Monday to Friday, or worked although it is not"""
    name: str
    today: bool


@router.get("/admin/calendar")
async def this_year(request: Request) -> Response:
    """The year that runs."""
    return await _page(request, shanghai_date(visit(request).at).year, Sent())


@router.get("/admin/calendar/progress")
async def progress(request: Request) -> Response:
    """How far the calendar has been carried into the running cases: a part of the page."""
    how = await keeping.progress(house(request))

    def read(connection: Connection, actor: Actor) -> Content:
        require_role(actor, Role.ADMINISTRATOR)
        return {"progress": how}

    return await fragment(request, "parts/rebase.html", read)


@router.get("/admin/calendar/{year}")
async def one_year(request: Request, year: str) -> Response:
    """One year, day by day."""
    return await _page(request, keeping.year_in(year), Sent())


@router.post("/admin/calendar/{year}")
async def add_notice(request: Request, year: str) -> Response:
    """Load its notice; the form again with every line that is wrong."""
    wanted = keeping.year_in(year)
    form = await read_form(house(request), request)
    given = {"text": form.get("text", ""), "replace": form.get("replace", "") == "true"}
    try:
        await keeping.add_notice(request, wanted, checked(given, NoticeIn))
    except (Problem, Refused) as error:
        return await _page(request, wanted, Sent(values=form, problem=shown_again(error)))
    return RedirectResponse(f"/admin/calendar/{wanted}?done=1", 303)


async def _page(request: Request, year: int, sent: Sent) -> Response:
    seen = visit(request)
    how = await keeping.progress(seen.here)

    def read(connection: Connection, actor: Actor) -> Content:
        calendar, today = seen.here.rulebook.calendar, shanghai_date(seen.at)
        found = keeping.years(connection, seen.here)
        shown = {row["year"] for row in found[:LATEST]} | {year, today.year, today.year + 1}
        return {
            "year": year,
            "years": sorted(shown, reverse=True),
            "older": [row["year"] for row in found if row["year"] not in shown],
            "known": {row["year"]: row for row in found},
            "months": months(calendar, year, _names(connection, year), today),
            "working_days": keeping.days_worked(calendar, year),
            "provisional": year not in calendar.years,
            "progress": how,
            "codes": directory(connection, seen.here, seen.words, (row["added_by"] for row in found)),
            "example": EXAMPLE.format(year, seen.say(mark("元旦")), seen.say(mark("调休上班"))),
            "done": "done" in request.query_params,
            "lines": lines_of(sent),
        }

    return await administration(request, "admin_calendar.html", read, sent)


def lines_of(sent: Sent) -> list[tuple[int, str, str]]:
    """Line, what stands in it, and the code of what is wrong with it."""
    if sent.problem is None:
        return []
    text = sent.values.get("text", "").strip().splitlines()
    found = ((fault.field.partition(".")[2], fault.code) for fault in sent.problem.faults)
    numbered = [(int(line), code) for line, code in found if line.isdigit()]
    return [(line, text[line - 1] if line <= len(text) else "", code) for line, code in numbered]


def months(calendar: Calendar, year: int, names: Mapping[date, str], today: date) -> list[list[list[Day | None]]]:
    """Twelve months of weeks from Monday to Sunday; None: a day of another month."""
    weeks = Weeks(_MONDAY)
    return [
        [
            [
                _day(calendar, date(year, month, day), names, today) if day else None
                for day in week
            ]
            for week in weeks.monthdayscalendar(year, month)
        ]
        for month in range(1, 13)
    ]  # fmt: skip


def _day(calendar: Calendar, day: date, names: Mapping[date, str], today: date) -> Day:
    working = calendar.is_working_day(day)
    changed = working is not (day.weekday() < 5)
    return Day(date=day, working=working, changed=changed, name=names.get(day, ""), today=day == today)


def _names(connection: Connection, year: int) -> Mapping[date, str]:
    """What the days of a notice that was loaded here are called."""
    rows: list[Any] = [row for row in calendar_notices(connection) if row["year"] in (year, year + 1)]
    return {date.fromisoformat(day): name for row in rows for day, name in row["names"].items()}
