"""Days as people count them: periods of whole days in Asia/Shanghai, and the instants between which they lie."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Self

from domain.vocabulary import Period
from domain.worktime import SHANGHAI

_DAY: Final = timedelta(days=1)
_MONTHS_OF_A_QUARTER: Final = 3


@dataclass(frozen=True, slots=True)
class Days:
    """Whole days, from ``first`` to ``last``, both included. Raises ValueError when they are out of order."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"{self.last} is before {self.first}")

    @classmethod
    def of(cls, period: Period, today: date) -> Self:
        """The period that ``today`` lies in, up to today."""
        return cls(_begin(period, today), today)

    @property
    def begins(self) -> datetime:
        """The first instant."""
        return _midnight(self.first)

    @property
    def ends(self) -> datetime:
        """The first instant that is not in it any more."""
        return _midnight(self.last + _DAY)

    @property
    def count(self) -> int:
        """How many days there are."""
        return (self.last - self.first).days + 1

    def __iter__(self) -> Iterator[date]:
        return (self.first + number * _DAY for number in range(self.count))


def days_until(today: date, count: int) -> Days:
    """The last ``count`` days, today the last of them."""
    return Days(today - (count - 1) * _DAY, today)


def weeks_until(today: date, count: int) -> tuple[Days, ...]:
    """The last ``count`` weeks from Monday on, the current one up to today."""
    monday = today - today.weekday() * _DAY
    starts = [monday - 7 * number * _DAY for number in reversed(range(count))]
    return tuple(Days(start, min(start + 6 * _DAY, today)) for start in starts)


def weeks_ahead(today: date, count: int) -> Days:
    """Whole weeks from the Monday of this week on."""
    monday = today - today.weekday() * _DAY
    return Days(monday, monday + (7 * count - 1) * _DAY)


def _begin(period: Period, today: date) -> date:
    match period:
        case Period.WEEK:
            return today - today.weekday() * _DAY
        case Period.MONTH:
            return today.replace(day=1)
        case Period.QUARTER:
            return today.replace(month=today.month - (today.month - 1) % _MONTHS_OF_A_QUARTER, day=1)
        case Period.YEAR:
            return today.replace(month=1, day=1)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)
