"""Working time: deadlines, leads and pauses over an explicit calendar and explicit office hours (E3, E5).

People live in Asia/Shanghai, which has been UTC+8 without summer time since 1991; instants are aware UTC.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import pairwise
from typing import Final, NamedTuple

from domain.calendar import Calendar
from domain.limits import Limit, LimitUnit

__all__ = [
    "SHANGHAI",
    "Calendar",
    "Deadline",
    "Limit",
    "LimitUnit",
    "OfficeHours",
    "WorkTime",
    "end_of_day",
    "shanghai_date",
]

SHANGHAI: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=SHANGHAI).astimezone(UTC)
_EPOCH_ORDINAL: Final = date(1970, 1, 1).toordinal()
_SECOND: Final = 1_000_000
_DAY: Final = 86_400 * _SECOND


def shanghai_date(instant: datetime) -> date:
    """The date that people in Asia/Shanghai write at ``instant``."""
    return instant.astimezone(SHANGHAI).date()


def end_of_day(at: datetime) -> datetime:
    """When the day of people ends: the midnight in Asia/Shanghai that comes after ``at``."""
    return datetime.combine(shanghai_date(at) + timedelta(days=1), time(), SHANGHAI)


class Deadline(NamedTuple):
    """An instant, and whether it hangs on a year whose notice is not out yet (E2)."""

    at: datetime
    provisional: bool


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """When offices are open on a working day: periods of local time, in order, without overlap.

    Raises ValueError when there is none, or they are out of order.
    """

    periods: tuple[tuple[time, time], ...]
    spans: tuple[tuple[int, int], ...] = field(init=False, repr=False, compare=False)
    length: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        spans = tuple((_of_day(opens), _of_day(closes)) for opens, closes in self.periods)
        edges = [edge for span in spans for edge in span]
        if not edges or any(earlier >= later for earlier, later in pairwise(edges)):
            raise ValueError("office hours need periods in order")
        object.__setattr__(self, "spans", spans)
        object.__setattr__(self, "length", sum(closes - opens for opens, closes in spans))

    @property
    def closes(self) -> int:
        """End of the day, in microseconds after midnight."""
        return self.spans[-1][1]

    def worked_by(self, moment: int) -> int:
        """Microseconds worked on a working day by that moment of the day."""
        return sum(max(0, min(moment, closes) - opens) for opens, closes in self.spans)

    def ending_after(self, worked: int) -> int:
        """The first moment of a working day at which that much is worked (0 < worked <= length)."""
        for opens, closes in self.spans:
            if worked <= closes - opens:
                return opens + worked
            worked -= closes - opens
        raise ValueError("longer than the day")

    def going_on_after(self, worked: int) -> int:
        """The last moment of a working day at which that much is worked (0 <= worked < length)."""
        for opens, closes in self.spans:
            if worked < closes - opens:
                return opens + worked
            worked -= closes - opens
        raise ValueError("as long as the day")


@dataclass(frozen=True, slots=True)
class WorkTime:
    """Arithmetic with working time. Every method is a pure function of its arguments and these two values."""

    calendar: Calendar
    hours: OfficeHours

    def deadline(self, limit: Limit, start: datetime) -> Deadline:
        """When a limit that starts at ``start`` ends (E3).

        Elapsed units are never moved, and never provisional. Day 1 of days is the (working) day after the date of
        receipt; they end with the office hours of the last day, which moves to a working day if it is none. Working
        hours count within office hours.
        """
        if limit.is_elapsed:
            return Deadline(start.astimezone(UTC) + limit.elapsed, False)
        if limit.unit is LimitUnit.WORKING_HOURS:
            at = self.add(start, timedelta(hours=limit.amount))
        else:
            at = _instant(self._last_day(limit, _split(start)[0]), self.hours.closes)
        return Deadline(at, self.provisional(start, at))

    def provisional(self, start: datetime, end: datetime) -> bool:
        """Whether what lies between the instants hangs on a year without notice."""
        return self.calendar.is_provisional(shanghai_date(start), shanghai_date(end))

    def is_working_day(self, instant: datetime) -> bool:
        """Whether offices work on the date of ``instant``."""
        return self.calendar.working_day(_split(instant)[0])

    def on_working_day(self, instant: datetime) -> datetime:
        """``instant``, or the same time of day of the next working day when its date is none."""
        ordinal, moment = _split(instant)
        return instant if self.calendar.working_day(ordinal) else _instant(self.calendar.shift(ordinal, 1), moment)

    def before(self, lead: Limit, instant: datetime, *, working: bool) -> datetime:
        """``lead`` before ``instant``; days at the same time of day, and as working days when ``working`` (A6)."""
        if lead.is_elapsed:
            return instant.astimezone(UTC) - lead.elapsed
        if lead.unit is LimitUnit.WORKING_HOURS:
            return self.subtract(instant, timedelta(hours=lead.amount))
        if lead.unit is LimitUnit.DAYS and not working:
            return instant.astimezone(UTC) - timedelta(days=lead.amount)
        ordinal, moment = _split(instant)
        return _instant(self.calendar.shift(ordinal, -lead.amount), moment)

    def worked(self, since: datetime, until: datetime) -> timedelta:
        """Working time between two instants; negative when they are out of order."""
        return timedelta(microseconds=self._worked_by(until) - self._worked_by(since))

    def add(self, start: datetime, length: timedelta) -> datetime:
        """The first instant by which ``length`` (positive) has been worked since ``start``."""
        ordinal, moment = _split(start)
        target = self._worked_at(ordinal, moment) + _microseconds(length)
        full_days, rest = divmod(target - 1, self.hours.length)
        day = self.calendar.day_of_rank(full_days + 1, ordinal)
        return _instant(day, self.hours.ending_after(rest + 1))

    def after(self, length: timedelta, start: datetime, *, working: bool) -> datetime:
        """``length`` (positive) after ``start``: of working time, or elapsed."""
        return self.add(start, length) if working else start.astimezone(UTC) + length

    def subtract(self, end: datetime, length: timedelta) -> datetime:
        """The last instant from which ``length`` (positive) is worked until ``end``."""
        ordinal, moment = _split(end)
        target = self._worked_at(ordinal, moment) - _microseconds(length)
        full_days, rest = divmod(target, self.hours.length)
        day = self.calendar.day_of_rank(full_days + 1, ordinal)
        return _instant(day, self.hours.going_on_after(rest))

    def length(self, limit: Limit) -> timedelta:
        """How long a limit nominally is: in working time for limits in working time, else elapsed."""
        if limit.unit is LimitUnit.WORKING_DAYS:
            return timedelta(microseconds=limit.amount * self.hours.length)
        return self._plain_length(limit)

    def covers(self, limit: Limit, lead: Limit, *, percent: int) -> bool:
        """Whether ``lead`` is at most ``percent`` of ``limit``, days of the lead being of the limit's kind."""
        own, other = self._comparable(limit, lead)
        return own * percent >= other * 100

    def exceeds(self, limit: Limit, lead: Limit) -> bool:
        """Whether ``limit`` is longer than ``lead``, days of the lead being of the limit's kind."""
        own, other = self._comparable(limit, lead)
        return own > other

    def _comparable(self, limit: Limit, lead: Limit) -> tuple[timedelta, timedelta]:
        if limit.unit is LimitUnit.WORKING_HOURS and not lead.is_elapsed:
            days = Limit(lead.amount, LimitUnit.WORKING_DAYS)
            return self.length(limit), self.length(days if lead.unit is LimitUnit.DAYS else lead)
        if lead.unit is LimitUnit.WORKING_HOURS:
            return self.length(limit), self.length(lead)
        return self._plain_length(limit), self._plain_length(lead)

    def _plain_length(self, limit: Limit) -> timedelta:
        """A limit as if hours were hours and days 24 of them."""
        if limit.unit is LimitUnit.WORKING_HOURS:
            return timedelta(hours=limit.amount)
        return limit.elapsed if limit.is_elapsed else timedelta(days=limit.amount)

    def _last_day(self, limit: Limit, received: int) -> int:
        if limit.unit is LimitUnit.WORKING_DAYS:
            return self.calendar.shift(received, limit.amount)
        last = received + limit.amount
        return last if self.calendar.working_day(last) else self.calendar.shift(last, 1)

    def _worked_by(self, instant: datetime) -> int:
        return self._worked_at(*_split(instant))

    def _worked_at(self, ordinal: int, moment: int) -> int:
        """Microseconds worked since the beginning of the calendar: the axis on which pauses are conserved."""
        before = self.calendar.rank(ordinal - 1)
        if self.calendar.rank(ordinal) == before:
            return before * self.hours.length
        return before * self.hours.length + self.hours.worked_by(moment)


def _of_day(moment: time) -> int:
    return (moment.hour * 3600 + moment.minute * 60 + moment.second) * _SECOND


def _microseconds(length: timedelta) -> int:
    return length // timedelta(microseconds=1)


def _split(instant: datetime) -> tuple[int, int]:
    """Local day (ordinal) and microseconds after local midnight."""
    since = instant - _EPOCH
    return _EPOCH_ORDINAL + since.days, since.seconds * _SECOND + since.microseconds


def _instant(ordinal: int, moment: int) -> datetime:
    return _EPOCH + timedelta(days=ordinal - _EPOCH_ORDINAL, microseconds=moment)
