"""Query strings of standings and trends."""

from datetime import date
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, Strict, model_validator

from api.fields import Code, Contract, Label, fault
from domain.vocabulary import Period

_FIRST, _LAST = date(1970, 1, 2), date(2199, 12, 31)


def _day(value: Any) -> date:
    try:
        day = value if isinstance(value, date) else date.fromisoformat(value)
    except (TypeError, ValueError):
        raise fault("instant_malformed") from None
    if not _FIRST <= day <= _LAST:
        raise fault("instant_out_of_range")
    return day


Day = Annotated[date, Strict(False), BeforeValidator(_day)]


class StandingsQuery(Contract):
    """Over which days, both included: of a ``period`` up to today (default: this month), or ``from`` and ``to``.

    ``group``: only the units of this group.
    """

    period: Period = Period.MONTH
    first: Annotated[Day | None, Field(alias="from")] = None
    last: Annotated[Day | None, Field(alias="to")] = None
    group: Label | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.first is not None and self.last is not None and self.last < self.first:
            raise fault("out_of_range")
        return self


class TrendsQuery(Contract):
    """Of which part of the field, and over how many days back."""

    unit: Code | None = None
    category: Code | None = None
    days: Annotated[int, Field(ge=7, le=92)] = 30
