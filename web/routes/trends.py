"""Figures over time: received and closed, on time or late, the lights of now, what falls due (D1)."""

from datetime import date
from itertools import islice

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from api.schemas.standings import TrendsQuery
from api.trend import DueDay, Trends, trends_of
from db.queries.paging import CaseSort
from db.scope import sees_all_cases
from domain.authority import Actor
from domain.vocabulary import Figure
from web.caselinks import cases_at
from web.charts import day_chart, ring
from web.directory import directory
from web.page import Content, show, visit
from web.reading import asked
from web.standing_view import percent

router = APIRouter()

_WEEK = 7


@router.get("/trends")
async def trends(request: Request) -> Response:
    """The whole page."""
    seen, wanted = visit(request), asked(request, TrendsQuery)

    def read(connection: Connection, actor: Actor) -> Content:
        found = trends_of(connection, actor, seen.here.rulebook.calendar, wanted, seen.at)
        return {
            "trends": found,
            "wanted": wanted,
            "bound": not sees_all_cases(actor),
            "codes": directory(connection, seen.here, seen.words),
            "spans": (7, 14, 30, 60, 92),
            "cases_at": cases_at,
            "by_deadline": CaseSort.DUE,
            "percent": percent,
            "on_time_word": Figure.ON_TIME,
            "late_word": Figure.LATE,
            **_drawn(found),
        }

    return await show(request, "trends.html", read)


def _drawn(found: Trends) -> Content:
    numbers = [told.number for told in found.lights.values()]
    return {
        "ring": dict(zip(found.lights, ring(numbers), strict=True)),
        "lit": sum(numbers),
        "chart": day_chart([day.received.number for day in found.days], [day.closed.number for day in found.days]),
        "labelled": labelled([day.day for day in found.days]),
        "calendar": weeks(found.due),
        "totals": {
            "received": sum(day.received.number for day in found.days),
            "closed": sum(day.closed.number for day in found.days),
        },
    }


def weeks(days: tuple[DueDay, ...]) -> list[tuple[DueDay, ...]]:
    """The days, a week a row."""
    walk = iter(days)
    return list(iter(lambda: tuple(islice(walk, _WEEK)), ()))


def labelled(days: list[date]) -> list[bool]:
    """Which days of a chart are named: Mondays, or every day of a short one."""
    return [len(days) <= 2 * _WEEK or day.weekday() == 0 for day in days]
