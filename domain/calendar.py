"""Working days: the weekly rhythm and what the State Council's yearly notices change about it (E1, E2).

Days are proleptic ordinals inside (``date.toordinal``): counting working days is arithmetic on them, not a walk.
"""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Calendar:
    """Monday to Friday, less the days ``off``, plus the make-up days ``on``.

    years  those whose notice is in ``off`` and ``on``. Any other year is Monday to Friday for want of better, and
           what reaches into it is provisional.
    """

    version: str
    off: frozenset[date]
    on: frozenset[date]
    years: frozenset[int]
    _taken: list[int] = field(init=False, repr=False, compare=False)
    _given: list[int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_taken", sorted(day.toordinal() for day in self.off if day.weekday() < 5))
        object.__setattr__(self, "_given", sorted(day.toordinal() for day in self.on if day.weekday() >= 5))

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on ``day`` (in Asia/Shanghai)."""
        return day in self.on or (day.weekday() < 5 and day not in self.off)

    def is_provisional(self, first: date, last: date) -> bool:
        """Whether a year between the two days has no notice yet."""
        return any(year not in self.years for year in range(first.year, last.year + 1))

    def rank(self, ordinal: int) -> int:
        """How many working days there are up to and including the day (counted from year 1)."""
        weeks, rest = divmod(ordinal, 7)
        weekdays = 5 * weeks + min(rest, 5)
        return weekdays - bisect_right(self._taken, ordinal) + bisect_right(self._given, ordinal)

    def day_of_rank(self, rank: int, near: int) -> int:
        """The working day with this rank, sought from the day ``near``."""
        ordinal = near
        while (excess := self.rank(ordinal) - rank) >= 0:
            ordinal -= excess + 1
        while missing := rank - self.rank(ordinal):
            # A step of as many days as are missing never overshoots, so the last one lands on a working day.
            ordinal += missing
        return ordinal

    def working_day(self, ordinal: int) -> bool:
        """``is_working_day`` of an ordinal."""
        return self.rank(ordinal) > self.rank(ordinal - 1)

    def shift(self, ordinal: int, days: int) -> int:
        """``days`` working days after the day, or before it when negative. Zero is the day itself."""
        if days > 0:
            return self.day_of_rank(self.rank(ordinal) + days, ordinal)
        if days < 0:
            return self.day_of_rank(self.rank(ordinal - 1) + 1 + days, ordinal)
        return ordinal
