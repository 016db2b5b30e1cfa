"""Working time and promises against a model that walks minute by minute and day by day, in invented calendars (E3, E5).

``naive_time`` is the model.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain import promising
from domain.promise import Promise
from domain.rulebook import Rulebook
from domain.worktime import SHANGHAI, Calendar, Limit, LimitUnit, OfficeHours, WorkTime
from tests.unit.naive_time import MINUTE, NaiveTime, Walked
from tests.unit.rulebooks import shipped

FIRST = date(2025, 12, 20)
RULES: Rulebook = shipped().rulebook
HOURS = OfficeHours(((time(9), time(12)), (time(13, 30), time(17, 30))))

days = st.dates(FIRST, FIRST + timedelta(days=45))
calendars = st.builds(
    lambda off, on: Calendar("invented", off - on, on, frozenset({2025, 2026})),
    st.frozensets(days, max_size=25),
    st.frozensets(days, max_size=8),
)
quarters = st.integers(0, 95).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))
hours = (
    st.lists(quarters, min_size=2, max_size=6, unique=True)
    .map(lambda edges: sorted(edges)[: len(edges) // 2 * 2])
    .map(lambda edges: OfficeHours(tuple(zip(edges[::2], edges[1::2], strict=True))))
)
works = st.builds(WorkTime, calendars, st.one_of(st.just(HOURS), hours))
instants = st.integers(0, 45 * 1440).map(
    lambda minutes: datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=SHANGHAI) + minutes * MINUTE
)
spans = st.integers(1, 3 * 7 * 60).map(lambda minutes: minutes * MINUTE)


def naive(work: WorkTime) -> NaiveTime:
    """The model over the same calendar and office hours."""
    return NaiveTime.of(work.calendar, work.hours.periods)


@given(st.builds(WorkTime, calendars, st.just(HOURS)), instants, spans)
def test_added_working_time_is_the_walked_one_when_counted_minute_by_minute(
    work: WorkTime, start: datetime, length: timedelta
) -> None:
    assert work.add(start, length) == naive(work).add(start, length)


@given(st.builds(WorkTime, calendars, st.just(HOURS)), instants, spans)
def test_subtracted_working_time_is_the_walked_one_when_counted_minute_by_minute(
    work: WorkTime, end: datetime, length: timedelta
) -> None:
    assert work.subtract(end, length) == naive(work).subtract(end, length)


@given(works, instants, instants)
def test_worked_time_is_the_walked_one_when_counted_minute_by_minute(
    work: WorkTime, one: datetime, other: datetime
) -> None:
    since, until = min(one, other), min(max(one, other), min(one, other) + timedelta(days=6))
    assert work.worked(since, until) == naive(work).worked(since, until)


@given(st.builds(WorkTime, calendars, st.just(HOURS)), instants, st.integers(1, 20), st.sampled_from(LimitUnit))
def test_deadline_is_the_walked_one_when_counted_by_minutes_and_days(
    work: WorkTime, start: datetime, amount: int, unit: LimitUnit
) -> None:
    limit = Limit(amount, unit)
    assert work.deadline(limit, start).at == naive(work).deadline(limit, start)


@given(works, instants, st.integers(1, 30), st.sampled_from([LimitUnit.DAYS, LimitUnit.WORKING_DAYS]))
def test_deadline_in_days_is_the_walked_one_when_offices_keep_any_hours(
    work: WorkTime, start: datetime, amount: int, unit: LimitUnit
) -> None:
    limit = Limit(amount, unit)
    assert work.deadline(limit, start).at == naive(work).deadline(limit, start)


@given(works, instants, st.integers(1, 20), st.booleans())
def test_lead_in_days_is_the_walked_one_when_counted_day_by_day(
    work: WorkTime, instant: datetime, amount: int, working: bool
) -> None:
    lead = Limit(amount, LimitUnit.DAYS)
    assert work.before(lead, instant, working=working) == naive(work).before(lead, instant, working=working)


@given(works, instants, instants, st.integers(1, 20), st.sampled_from(LimitUnit))
def test_deadline_is_no_earlier_when_the_receipt_is_later(
    work: WorkTime, one: datetime, other: datetime, amount: int, unit: LimitUnit
) -> None:
    limit = Limit(amount, unit)
    early, late = work.deadline(limit, min(one, other)).at, work.deadline(limit, max(one, other)).at
    assert min(one, other) < early <= late
    assert work.deadline(Limit(amount + 1, unit), one).at >= work.deadline(limit, one).at
    assert early.tzinfo is UTC


@given(calendars, instants, st.integers(1, 20), st.sampled_from(LimitUnit))
def test_all_instants_of_a_promise_are_the_walked_ones_when_it_is_made(
    calendar: Calendar, start: datetime, amount: int, unit: LimitUnit
) -> None:
    rules, limit = replace(RULES, calendar=calendar), Limit(amount, unit)
    made = promising.promise_for_limit(rules, limit, start)
    assert walked(made) == naive(rules.worktime).promise(limit, start, rules.clocks)


def walked(promise: Promise) -> Walked:
    """The instants of a promise, to be compared with walked ones."""
    return Walked(**{name: getattr(promise, name) for name in Walked.__dataclass_fields__})
