"""Working time as a person would count it with a finger on the calendar: minute by minute, day by day.

Slow, and simple enough to be believed. The tests compare ``domain.worktime`` and ``domain.promising`` with it, and
``benchmarks promises`` prints its figure beside theirs. Whole minutes only, but for limits in seconds.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from domain.calendar import Calendar
from domain.rulebook import Clocks
from domain.worktime import SHANGHAI, Limit, LimitUnit

MINUTE: Final = timedelta(minutes=1)
DAY: Final = timedelta(days=1)
ELAPSED: Final = {LimitUnit.SECONDS: timedelta(seconds=1), LimitUnit.MINUTES: MINUTE, LimitUnit.HOURS: 60 * MINUTE}


@dataclass(frozen=True)
class Walked:
    """The instants of a promise."""

    due_at: datetime
    yellow_at: datetime
    extension_by: datetime | None
    remind_at: datetime | None
    appeal_by: datetime
    convene_by: datetime


@dataclass(frozen=True)
class NaiveTime:
    """A calendar and the minutes of a working day at which offices are open."""

    calendar: Calendar
    minutes: frozenset[int]

    @classmethod
    def of(cls, calendar: Calendar, periods: tuple[tuple[time, time], ...]) -> "NaiveTime":
        """The model over office hours."""
        return cls(calendar, frozenset(minute for opens, closes in periods for minute in _minutes(opens, closes)))

    def works(self, day: date) -> bool:
        """Whether offices work that day."""
        return day in self.calendar.on or (day.weekday() < 5 and day not in self.calendar.off)

    def open(self, instant: datetime) -> bool:
        """Whether the minute that begins then is worked."""
        return instant.hour * 60 + instant.minute in self.minutes and self.works(instant.date())

    def add(self, start: datetime, length: timedelta) -> datetime:
        """Walk on until so much has been worked."""
        walked = start.astimezone(SHANGHAI)
        while length > timedelta():
            length -= MINUTE if self.open(walked) else timedelta()
            walked += MINUTE
        return walked

    def subtract(self, end: datetime, length: timedelta) -> datetime:
        """Walk back until so much has been worked."""
        walked = end.astimezone(SHANGHAI)
        while length > timedelta():
            walked -= MINUTE
            length -= MINUTE if self.open(walked) else timedelta()
        return walked

    def worked(self, since: datetime, until: datetime) -> timedelta:
        """How many minutes between the two are worked."""
        walked, counted = since.astimezone(SHANGHAI), timedelta()
        while walked < until:
            counted += MINUTE if self.open(walked) else timedelta()
            walked += MINUTE
        return counted

    def deadline(self, limit: Limit, start: datetime) -> datetime:
        """Day by day for limits in days, minute by minute for working hours."""
        here = start.astimezone(SHANGHAI)
        if limit.unit in ELAPSED:
            return here + limit.amount * ELAPSED[limit.unit]
        if limit.unit is LimitUnit.WORKING_HOURS:
            return self.add(here, timedelta(hours=limit.amount))
        day, left = here.date(), limit.amount
        while left:
            day += DAY
            left -= limit.unit is LimitUnit.DAYS or self.works(day)
        while not self.works(day):
            day += DAY
        return datetime.combine(day, time(), SHANGHAI) + (max(self.minutes) + 1) * MINUTE

    def before(self, lead: Limit, instant: datetime, *, working: bool) -> datetime:
        """So many days earlier at the same time of day, working days one by one."""
        here, left = instant.astimezone(SHANGHAI), lead.amount
        while left:
            here -= DAY
            left -= not working or self.works(here.date())
        return here

    def promise(self, limit: Limit, start: datetime, clocks: Clocks) -> Walked:
        """All instants of a promise, for leads in days."""
        due, working = self.deadline(limit, start), limit.in_working_time
        extension_by = remind_at = None
        if clocks.extension_lead is not None and self._days(limit) > clocks.extension_lead.amount:
            extension_by = self.before(clocks.extension_lead, due, working=working)
            remind_at = self.before(clocks.extension_reminder, extension_by, working=working)
        return Walked(
            due_at=due,
            yellow_at=max(start, self._yellow_at(limit, due, clocks)),
            extension_by=extension_by,
            remind_at=remind_at if remind_at and remind_at > start else None,
            appeal_by=self.deadline(clocks.appeal, due),
            convene_by=self.deadline(clocks.convene, due),
        )

    def _yellow_at(self, limit: Limit, due: datetime, clocks: Clocks) -> datetime:
        if self._days(limit) * clocks.yellow_share >= clocks.yellow_lead.amount * 100:
            return self.before(clocks.yellow_lead, due, working=limit.in_working_time)
        share = self._days(limit) * clocks.yellow_share / 100
        if limit.in_working_time:
            return self.subtract(due, share * len(self.minutes) * MINUTE)
        return due - share * DAY

    def _days(self, limit: Limit) -> float:
        """How many days of its own kind a limit has: working days, or 24 hours."""
        if limit.unit is LimitUnit.WORKING_HOURS:
            return limit.amount * 60 / len(self.minutes)
        return limit.amount * ELAPSED[limit.unit] / DAY if limit.unit in ELAPSED else limit.amount


def _minutes(opens: time, closes: time) -> Iterator[int]:
    yield from range(opens.hour * 60 + opens.minute, closes.hour * 60 + closes.minute)
