"""What came and what was closed, how much of it on time, and what falls due: figures over time (D1).

Each figure is the total of a list of cases: one filter makes both, within what its reader may see.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Final

from sqlalchemy import Connection

from api.schemas.standings import TrendsQuery
from api.standing import WEEKS, shown_rate
from db.queries.case_filter import CaseFilter
from db.queries.cases import count_each, due_instants
from db.queries.standings import figure_counts
from db.scope import of_unit, sees_all_cases
from domain.authority import Actor
from domain.calendar import Calendar
from domain.errors import Forbidden
from domain.periods import Days, days_until, weeks_ahead, weeks_until
from domain.standings import rate
from domain.vocabulary import Figure, Light
from domain.worktime import shanghai_date

AHEAD: Final = 5
"""Weeks of coming deadlines."""

_WEEKEND: Final = 5
_JUDGED: Final = (Figure.ON_TIME, Figure.LATE)


@dataclass(frozen=True, slots=True)
class Numbered:
    """A figure, and which cases it counts."""

    wanted: CaseFilter
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayTold:
    """What a day brought."""

    day: date
    received: Numbered
    closed: Numbered


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekTold:
    """How a week was judged; deferred cases are in neither number."""

    days: Days
    on_time: Numbered
    late: Numbered

    @property
    def rate(self) -> Fraction | None:
        """The share of the judged that was on time; None: nothing was judged."""
        return rate(self.on_time.number, self.late.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDay:
    """A day of the calendar, and what falls due on it: of what is open, deadlines that passed too."""

    day: date
    working: bool
    make_up: bool
    today: bool
    due: Numbered


@dataclass(frozen=True, slots=True, kw_only=True)
class Trends:
    """The figures of a part of the field: of ``unit``, of ``category``; None: of all."""

    unit: str | None
    category: str | None
    lights: dict[Light, Numbered]
    days: tuple[DayTold, ...]
    weeks: tuple[WeekTold, ...]
    due: tuple[DueDay, ...]


def unit_of(actor: Actor, asked: str | None) -> str | None:
    """Of which unit the figures are: whoever does not see all cases sees those of the own unit.

    Raises Forbidden("not_allowed").
    """
    if sees_all_cases(actor):
        return asked
    if not of_unit(actor) or asked not in (None, actor.unit):
        raise Forbidden("not_allowed")
    return actor.unit


def trends_of(connection: Connection, actor: Actor, calendar: Calendar, asked: TrendsQuery, now: datetime) -> Trends:
    """The figures that ``actor`` asked for. Raises Forbidden("not_allowed")."""
    unit, today = unit_of(actor, asked.unit), shanghai_date(now)
    field = CaseFilter(category=asked.category)
    days = [Days(day, day) for day in days_until(today, asked.days)]
    ahead = weeks_ahead(today, AHEAD)
    received, closed = _came_and_went(connection, actor, field, unit, days, now)
    lit = [replace(field, unit=unit, running=True, light=light) for light in Light]
    lights = count_each(connection, actor, lit, now)
    due = Counter(shanghai_date(at) for at in due_instants(connection, actor, _due(field, unit, ahead), now))
    return Trends(
        unit=unit,
        category=asked.category,
        days=tuple(
            DayTold(day=one.first, received=r, closed=c) for one, r, c in zip(days, received, closed, strict=True)
        ),
        due=tuple(_due_day(day, calendar, today, field, unit, due[day]) for day in ahead),
        lights={light: Numbered(one, number) for light, one, number in zip(Light, lit, lights, strict=True)},
        weeks=_weeks(connection, actor, field, unit, now),
    )


def shown_trends(trends: Trends) -> dict[str, Any]:
    """The figures as they are answered."""
    return {
        "unit": trends.unit,
        "category": trends.category,
        "lights": {light.value: told.number for light, told in trends.lights.items()},
        "days": [{"day": one.day, "received": one.received.number, "closed": one.closed.number} for one in trends.days],
        "weeks": [
            {
                "from": week.days.first,
                "to": week.days.last,
                "on_time": week.on_time.number,
                "late": week.late.number,
                "rate": shown_rate(week.rate),
            }
            for week in trends.weeks
        ],
        "due": [
            {"day": one.day, "working": one.working, "make_up": one.make_up, "number": one.due.number}
            for one in trends.due
        ],
    }


def _came_and_went(
    connection: Connection, actor: Actor, field: CaseFilter, unit: str | None, days: Sequence[Days], now: datetime
) -> tuple[list[Numbered], list[Numbered]]:
    """What was received and closed; of a unit: what came to it, and what it finished."""
    if unit is None:
        came = [replace(field, received_from=day.begins, received_to=day.ends) for day in days]
        went = [replace(field, closed_from=day.begins, closed_to=day.ends) for day in days]
        numbers = count_each(connection, actor, [*came, *went], now)
    else:
        wanted = [(figure, day) for figure in (Figure.CAME, Figure.FINISHED) for day in days]
        came = [_figure(field, unit, Figure.CAME, day) for day in days]
        went = [_figure(field, unit, Figure.FINISHED, day) for day in days]
        numbers = figure_counts(connection, actor, wanted, unit, field.category)
    told = [Numbered(one, number) for one, number in zip([*came, *went], numbers, strict=True)]
    return told[: len(days)], told[len(days) :]


def _due(field: CaseFilter, unit: str | None, days: Days) -> CaseFilter:
    return replace(field, unit=unit, running=True, due_from=days.begins, due_before=days.ends)


def _figure(field: CaseFilter, unit: str | None, figure: Figure, days: Days) -> CaseFilter:
    return replace(field, figure=figure, figure_unit=unit, figure_from=days.begins, figure_to=days.ends)


def _weeks(
    connection: Connection, actor: Actor, field: CaseFilter, unit: str | None, now: datetime
) -> tuple[WeekTold, ...]:
    weeks = weeks_until(shanghai_date(now), WEEKS)
    wanted = [(figure, week) for week in weeks for figure in _JUDGED]
    numbers = figure_counts(connection, actor, wanted, unit, field.category)
    told = [
        Numbered(_figure(field, unit, figure, week), number)
        for (figure, week), number in zip(wanted, numbers, strict=True)
    ]
    return tuple(
        WeekTold(days=week, on_time=on_time, late=late)
        for week, on_time, late in zip(weeks, told[::2], told[1::2], strict=True)
    )


def _due_day(day: date, calendar: Calendar, today: date, field: CaseFilter, unit: str | None, number: int) -> DueDay:
    working = calendar.is_working_day(day)
    return DueDay(
        day=day,
        working=working,
        make_up=working and day.weekday() >= _WEEKEND,
        today=day == today,
        due=Numbered(_due(field, unit, Days(day, day)), number),
    )
