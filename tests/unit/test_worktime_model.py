"""Working time against a model that walks minute by minute and day by day, in invented calendars (E3, E5)."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.worktime import SHANGHAI, Calendar, Limit, LimitUnit, OfficeHours, WorkTime

FIRST = date(2025, 12, 20)
MINUTE = timedelta(minutes=1)
HOURS = OfficeHours(((time(9), time(12)), (time(13, 30), time(17, 30))))

days = st.dates(FIRST, FIRST + timedelta(days=45))
calendars = st.builds(
    lambda off, on: WorkTime(Calendar("invented", off - on, on, frozenset({2025, 2026})), HOURS),
    st.frozensets(days, max_size=25),
    st.frozensets(days, max_size=8),
)
instants = st.integers(0, 45 * 1440).map(
    lambda minutes: datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=SHANGHAI) + minutes * MINUTE
)
spans = st.integers(1, 3 * 7 * 60).map(lambda minutes: minutes * MINUTE)


def is_open(work: WorkTime, instant: datetime) -> bool:
    """Whether the minute that begins at ``instant`` is worked."""
    here = instant.astimezone(SHANGHAI)
    works = here.date() in work.calendar.on or (here.weekday() < 5 and here.date() not in work.calendar.off)
    return works and (9 * 60 <= here.hour * 60 + here.minute < 12 * 60 or 810 <= here.hour * 60 + here.minute < 1050)


@given(calendars, instants, spans)
def test_added_working_time_is_the_walked_one_when_counted_minute_by_minute(
    work: WorkTime, start: datetime, length: timedelta
) -> None:
    walked, left = start, length
    while left:
        left -= MINUTE if is_open(work, walked) else timedelta()
        walked += MINUTE
    assert work.add(start, length) == walked


@given(calendars, instants, spans)
def test_subtracted_working_time_is_the_walked_one_when_counted_minute_by_minute(
    work: WorkTime, end: datetime, length: timedelta
) -> None:
    walked, left = end, length
    while left:
        walked -= MINUTE
        left -= MINUTE if is_open(work, walked) else timedelta()
    assert work.subtract(end, length) == walked


@given(calendars, instants, instants)
def test_worked_time_is_the_walked_one_when_counted_minute_by_minute(
    work: WorkTime, one: datetime, other: datetime
) -> None:
    since, until = min(one, other), min(max(one, other), min(one, other) + timedelta(days=6))
    walked, counted = since, timedelta()
    while walked < until:
        counted += MINUTE if is_open(work, walked) else timedelta()
        walked += MINUTE
    assert work.worked(since, until) == counted


@given(calendars, instants, st.integers(1, 30))
def test_working_day_limit_is_the_walked_one_when_counted_day_by_day(
    work: WorkTime, start: datetime, amount: int
) -> None:
    day, left = start.astimezone(SHANGHAI).date(), amount
    while left:
        day += timedelta(days=1)
        left -= work.calendar.is_working_day(day)
    due = work.deadline(Limit(amount, LimitUnit.WORKING_DAYS), start).at
    assert due.astimezone(SHANGHAI) == datetime.combine(day, time(17, 30), SHANGHAI)


@given(calendars, instants, st.integers(1, 30))
def test_day_limit_ends_on_the_next_working_day_when_counted_day_by_day(
    work: WorkTime, start: datetime, amount: int
) -> None:
    day = start.astimezone(SHANGHAI).date() + timedelta(days=amount)
    while not work.calendar.is_working_day(day):
        day += timedelta(days=1)
    due = work.deadline(Limit(amount, LimitUnit.DAYS), start).at
    assert due.astimezone(SHANGHAI) == datetime.combine(day, time(17, 30), SHANGHAI)


@given(calendars, instants, st.integers(1, 20))
def test_lead_in_working_days_is_the_walked_one_when_counted_day_by_day(
    work: WorkTime, instant: datetime, amount: int
) -> None:
    here, left = instant.astimezone(SHANGHAI), amount
    while left:
        here -= timedelta(days=1)
        left -= work.calendar.is_working_day(here.date())
    assert work.before(Limit(amount, LimitUnit.DAYS), instant, working=True) == here


@given(calendars, instants, instants, st.integers(1, 20), st.sampled_from(LimitUnit))
def test_deadline_is_no_earlier_when_the_receipt_is_later(
    work: WorkTime, one: datetime, other: datetime, amount: int, unit: LimitUnit
) -> None:
    limit = Limit(amount, unit)
    early, late = work.deadline(limit, min(one, other)).at, work.deadline(limit, max(one, other)).at
    assert min(one, other) < early <= late
    assert work.deadline(Limit(amount + 1, unit), one).at >= work.deadline(limit, one).at
    assert early.tzinfo is UTC
