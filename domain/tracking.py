"""A case as its resident follows it (B2): what has passed, why it waits, how many days are spent and left. Pure.

Nothing here names anybody: units' names, items' names and texts are put in by whoever shows it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, Protocol

from domain.case import Case
from domain.limits import Limit, LimitUnit
from domain.messages import Event
from domain.promise import Promise
from domain.vocabulary import CaseStatus, EventType
from domain.worktime import SHANGHAI, WorkTime

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_NONE = timedelta(0)


class Pause(Protocol):
    """A line of the pause ledger, as far as it matters here: the clock stood between these instants."""

    @property
    def since(self) -> datetime: ...

    @property
    def until(self) -> datetime: ...


class Stood(NamedTuple):
    """The clock stood between these instants."""

    since: datetime
    until: datetime


class Passage(StrEnum):
    """Where a stage of the way stands."""

    PASSED = "passed"
    NOW = "now"
    AHEAD = "ahead"
    NOT_NEEDED = "not_needed"


class Wait(StrEnum):
    """Why nothing moves at the moment."""

    DISPATCH = "dispatch"
    MATERIALS = "materials"
    OUTSIDE_STEP = "outside_step"
    SUSPENSION = "suspension"
    VERIFICATION = "verification"
    ANSWER = "answer"


class Stage(StrEnum):
    """The stages of an incident, in their order."""

    RECEIVED = "received"
    DISPATCHED = "dispatched"
    ACKNOWLEDGED = "acknowledged"
    HANDLED = "handled"
    VERIFIED = "verified"
    ANSWERED = "answered"


class Length(NamedTuple):
    """Whole days, and the whole hours beside them."""

    days: int
    hours: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """How the time of a case stands. Days are as long as the office is open where they are working days.

    left     None: nothing is promised yet
    overdue  the promise has been missed
    """

    counted_in: LimitUnit
    spent: Length
    left: Length | None
    overdue: bool


class Passed(NamedTuple):
    """A stage of an incident; ``at`` is when it was passed, or when the present one began."""

    stage: Stage
    passage: Passage
    at: datetime | None


def clock(
    work: WorkTime, promise: Promise | None, pauses: Iterable[Pause], *, received_at: datetime, at: datetime
) -> Clock:
    """Time spent since receipt and left until the promise, as of ``at``; what stood still counts as neither.

    The date of receipt is no day of a limit in working days (E3): until it is over all of it is left.
    """
    limit = None if promise is None else Limit.parse(promise.rule)
    working = limit is None or limit.in_working_time

    def between(since: datetime, until: datetime) -> timedelta:
        return max(_NONE, work.worked(since, until) if working else until - since)

    begins = received_at if limit is None or limit.unit is not LimitUnit.WORKING_DAYS else day_after(received_at)
    stood = sum((between(max(pause.since, begins), min(pause.until, at)) for pause in pauses), _NONE)
    spent = between(begins, at) - stood
    left = None if promise is None or limit is None else between(_counting(work, limit, promise, at), promise.due_at)
    day = timedelta(microseconds=work.hours.length) if working else _DAY
    return Clock(
        counted_in=LimitUnit.WORKING_DAYS if working else LimitUnit.DAYS,
        spent=_length(spent, day),
        left=None if left is None else _length(left, day),
        overdue=promise is not None and at >= promise.due_at,
    )


def _counting(work: WorkTime, limit: Limit, promise: Promise, at: datetime) -> datetime:
    """Since when what is left runs out: now, but not before day 1 of a limit that nothing has moved since it began."""
    if limit.unit is not LimitUnit.WORKING_DAYS or work.deadline(limit, promise.start).at != promise.due_at:
        return at
    return max(at, day_after(promise.start))


def day_after(instant: datetime) -> datetime:
    """When the next day begins in Asia/Shanghai."""
    local = instant.astimezone(SHANGHAI)
    return (local.replace(hour=0, minute=0, second=0, microsecond=0) + _DAY).astimezone(UTC)


def answered(events: Iterable[Event]) -> list[Stood]:
    """While the case lay finished before the resident took it up again: nobody's days.

    A request that was decided while it was outside only had stood since then.
    """
    found: list[Stood] = []
    outside: datetime | None = None
    finished: datetime | None = None
    for event in events:
        if event.data.get("stands"):
            outside = outside or event.at
        elif event.data.get("goes_on"):
            outside = None
        if event.type is EventType.COMPLETED and event.data.get("part") is None:
            finished = outside or event.at
        elif event.type is EventType.REOPENED and finished is not None:
            found.append(Stood(finished, event.at))
            outside = finished = None
    return found


def wait_of(status: CaseStatus) -> Wait | None:
    """Why a case in this state waits for somebody else than the unit that works on it; None: it is being worked on."""
    return _WAITS.get(status)


def stages(case: Case, verified_at: datetime | None) -> list[Passed]:
    """The way of an incident. ``verified_at``: when its present round was found to be solved."""
    now = _AT_STAGE.get(case.status)
    begun = {
        Stage.RECEIVED: case.received_at,
        Stage.DISPATCHED: case.dispatched_at,
        Stage.ACKNOWLEDGED: case.acknowledged_at,
        Stage.HANDLED: case.completed_at,
        Stage.VERIFIED: verified_at,
        Stage.ANSWERED: case.closed_at,
    }
    order = list(Stage)
    found: list[Passed] = []
    for stage, at in begun.items():
        if now is None:
            passage = Passage.PASSED if at is not None else Passage.NOT_NEEDED
        elif stage is now:
            passage, at = Passage.NOW, None
        else:
            passage = Passage.PASSED if order.index(stage) < order.index(now) else Passage.AHEAD
        found.append(Passed(stage, passage, at if passage is Passage.PASSED else None))
    return found


_WAITS = {
    CaseStatus.AWAITING_DISPATCH: Wait.DISPATCH,
    CaseStatus.AWAITING_MATERIALS: Wait.MATERIALS,
    CaseStatus.SUSPENDED: Wait.SUSPENSION,
    CaseStatus.AWAITING_VERIFICATION: Wait.VERIFICATION,
    CaseStatus.AWAITING_ANSWER: Wait.ANSWER,
}

_AT_STAGE = {
    CaseStatus.AWAITING_DISPATCH: Stage.DISPATCHED,
    CaseStatus.DISPATCHED: Stage.ACKNOWLEDGED,
    CaseStatus.IN_PROGRESS: Stage.HANDLED,
    CaseStatus.SUSPENDED: Stage.HANDLED,
    CaseStatus.AWAITING_VERIFICATION: Stage.VERIFIED,
    CaseStatus.AWAITING_ANSWER: Stage.ANSWERED,
}


def _length(time: timedelta, day: timedelta) -> Length:
    days, rest = divmod(max(_NONE, time), day)
    return Length(days, rest // _HOUR)
