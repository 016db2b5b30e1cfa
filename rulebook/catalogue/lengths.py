"""How long limits are beside each other, whatever they are counted in."""

from datetime import timedelta
from typing import Final

from domain.limits import Limit, LimitUnit
from domain.worktime import OfficeHours

_WEEK: Final = (7, 5)
"""Days of a week, and those of them that offices work."""


def nominal(limit: Limit, hours: OfficeHours) -> timedelta:
    """How long a limit is on a calendar without holidays, so that limits of different units can be compared."""
    if limit.is_elapsed:
        return limit.elapsed
    if limit.unit is LimitUnit.DAYS:
        return timedelta(days=limit.amount)
    week, worked = _WEEK
    if limit.unit is LimitUnit.WORKING_DAYS:
        return timedelta(days=limit.amount) * week / worked
    office_days = timedelta(hours=limit.amount) / timedelta(microseconds=hours.length)
    return timedelta(days=week) * office_days / worked
