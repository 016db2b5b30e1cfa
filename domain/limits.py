"""Limits in the words of the rulebook: "30 minutes", "4 working hours", "5 working days", "10 days".

What a limit comes to on a calendar is ``domain.worktime``.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final, Self

from domain.errors import Unprocessable


class LimitUnit(StrEnum):
    """In what a limit is counted (A5)."""

    SECONDS = "seconds"
    MINUTES = "minutes"
    HOURS = "hours"
    WORKING_HOURS = "working hours"
    WORKING_DAYS = "working days"
    DAYS = "days"


_ELAPSED: Final = {
    LimitUnit.SECONDS: timedelta(seconds=1),
    LimitUnit.MINUTES: timedelta(minutes=1),
    LimitUnit.HOURS: timedelta(hours=1),
}
_WORKING: Final = frozenset({LimitUnit.WORKING_HOURS, LimitUnit.WORKING_DAYS})
_SHAPE: Final = re.compile(r"([1-9][0-9]{0,8})\s+([a-z]+(?:\s+[a-z]+)?)")
_UNITS: Final = {unit.value: unit for unit in LimitUnit} | {unit.value.removesuffix("s"): unit for unit in LimitUnit}
_ROUGHLY: Final = {
    LimitUnit.WORKING_HOURS: timedelta(hours=6),
    LimitUnit.WORKING_DAYS: timedelta(days=2),
    LimitUnit.DAYS: timedelta(days=1),
} | _ELAPSED
_LONGEST: Final = timedelta(days=8000)


@dataclass(frozen=True, slots=True)
class Limit:
    """A whole positive number of one unit."""

    amount: int
    unit: LimitUnit

    @classmethod
    def parse(cls, text: str, *, field: str | None = None) -> Self:
        """The limit that ``text`` names, singular or plural. Raises Unprocessable("limit_malformed")."""
        found = _SHAPE.fullmatch(text.strip().lower())
        unit = _UNITS.get(" ".join(found[2].split())) if found else None
        if found is None or unit is None or int(found[1]) * _ROUGHLY[unit] > _LONGEST:
            raise Unprocessable("limit_malformed", field=field)
        return cls(int(found[1]), unit)

    def __str__(self) -> str:
        return f"{self.amount} {self.unit.value.removesuffix('s') if self.amount == 1 else self.unit.value}"

    @property
    def is_elapsed(self) -> bool:
        """Seconds, minutes and hours run day and night and are never moved (E3)."""
        return self.unit in _ELAPSED

    @property
    def in_working_time(self) -> bool:
        """Counted on working days only."""
        return self.unit in _WORKING

    @property
    def elapsed(self) -> timedelta:
        """The length of an elapsed limit. Raises ValueError for a limit that needs a calendar."""
        if not self.is_elapsed:
            raise ValueError(f"{self} has no length without a calendar")
        return self.amount * _ELAPSED[self.unit]
