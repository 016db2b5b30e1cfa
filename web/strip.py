"""The calendar behind a promise: its days, which of them count, and where it stands (E1–E4)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from domain.calendar import Calendar
from domain.limits import Limit
from domain.promise import Promise
from domain.worktime import shanghai_date

MOST: Final = 35
"""A longer promise is shown with its middle left out."""

_HEAD: Final = 20
_TAIL: Final = 12
_ONE: Final = timedelta(days=1)
_WEEKEND: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day of the strip. ``count``: the how manieth day of the limit it is; None: it does not count."""

    date: date
    working: bool
    make_up: bool
    count: int | None
    passed: bool
    today: bool
    due: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """The days of a promise; ``left_out`` days lie between ``days`` and ``tail``."""

    days: tuple[Day, ...]
    left_out: int
    tail: tuple[Day, ...]


def strip(promise: Promise, calendar: Calendar, now: datetime) -> Strip | None:
    """The strip of a promise in days; None for a limit in hours or less, which no calendar moves."""
    limit = Limit.parse(promise.rule)
    first, last = shanghai_date(promise.start), shanghai_date(promise.due_at)
    if limit.is_elapsed or first == last:
        return None
    days = tuple(_days(first, last, calendar, shanghai_date(now), working=limit.in_working_time))
    if len(days) <= MOST:
        return Strip(days=days, left_out=0, tail=())
    return Strip(days=days[:_HEAD], left_out=len(days) - _HEAD - _TAIL, tail=days[-_TAIL:])


def _days(first: date, last: date, calendar: Calendar, today: date, *, working: bool) -> Iterator[Day]:
    count = 0
    for offset in range((last - first).days + 1):
        day = first + offset * _ONE
        works = calendar.is_working_day(day)
        counts = day > first and (works or not working)
        count += counts
        yield Day(
            date=day,
            working=works,
            make_up=works and day.weekday() >= _WEEKEND,
            count=count if counts else None,
            passed=day < today,
            today=day == today,
            due=day == last,
        )


def spent(promise: Promise, now: datetime) -> int:
    """How much of the promise has passed, in per cent, from 0 to 100."""
    whole = (promise.due_at - promise.start).total_seconds()
    return max(0, min(100, round(100 * (now - promise.start).total_seconds() / whole))) if whole > 0 else 100
