"""Limits, working days and deadlines: tables of dates under the notices of 2024 to 2026 (E1–E3)."""

from datetime import UTC, date, datetime, time, timedelta

import chinese_calendar
import pytest

from domain.errors import Unprocessable
from domain.worktime import Limit, OfficeHours, WorkTime
from tests.unit.rulebooks import local, shipped, written

WORK: WorkTime = shipped().rulebook.worktime


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("30 minutes", "30 minutes"),
        ("1 minute", "1 minute"),
        ("1 minutes", "1 minute"),
        ("20 seconds", "20 seconds"),
        ("2 hours", "2 hours"),
        ("4 working hours", "4 working hours"),
        ("1 working hour", "1 working hour"),
        (" 5  Working   Days ", "5 working days"),
        ("1 working day", "1 working day"),
        ("10 days", "10 days"),
        ("1 day", "1 day"),
    ],
)
def test_limit_is_read_and_written_when_it_is_well_formed(text: str, canonical: str) -> None:
    assert str(Limit.parse(text)) == canonical
    assert Limit.parse(canonical) == Limit.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "5", "days", "0 days", "-1 days", "1.5 days", "five days", "5 weeks", "5 working minutes", "5days"),
        *("٥ days", "99999999 days", "9999999999 seconds", "5 days\n1 day", "5 working  days days", "10 个工作日"),
    ],
)
def test_limit_is_refused_when_it_is_malformed(text: str) -> None:
    with pytest.raises(Unprocessable) as refused:
        Limit.parse(text, field="limit")
    assert (refused.value.code, refused.value.field) == ("limit_malformed", "limit")


@pytest.mark.parametrize(("year", "days"), [(2024, 251), (2025, 248), (2026, 248)])
def test_year_has_the_working_days_of_the_notice_when_they_are_counted(year: int, days: int) -> None:
    calendar = WORK.calendar
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    assert calendar.rank(last) - calendar.rank(first - 1) == days


def test_calendar_agrees_with_an_independent_one_when_every_day_from_2007_to_2026_is_asked() -> None:
    calendar = WORK.calendar
    for ordinal in range(date(2007, 1, 1).toordinal(), date(2027, 1, 1).toordinal()):
        day = date.fromordinal(ordinal)
        assert calendar.is_working_day(day) == chinese_calendar.is_workday(day), day
        assert calendar.working_day(ordinal) == calendar.is_working_day(day), day


@pytest.mark.parametrize(
    ("limit", "received", "due"),
    [
        # An ordinary week
        ("1 working day", "2026-03-02 10:00", "Tue 2026-03-03 17:30:00"),  # Monday
        ("5 working days", "2026-03-02 10:00", "Mon 2026-03-09 17:30:00"),  # Monday
        ("5 working days", "2026-03-06 23:59", "Fri 2026-03-13 17:30:00"),  # Friday night: the date counts
        ("1 working day", "2026-03-07 10:00", "Mon 2026-03-09 17:30:00"),  # Saturday
        ("1 working day", "2026-03-08 23:59", "Mon 2026-03-09 17:30:00"),  # Sunday night
        ("1 day", "2026-03-02 00:00", "Tue 2026-03-03 17:30:00"),  # Monday, first minute
        ("10 days", "2026-03-03 10:00", "Fri 2026-03-13 17:30:00"),  # Tuesday
        ("10 days", "2026-03-04 10:00", "Mon 2026-03-16 17:30:00"),  # Wednesday; day 10 is a Saturday
        # Spring Festival 2024: off 10 to 17 February; Sundays 4 and 18 are worked
        ("1 working day", "2024-02-03 10:00", "Sun 2024-02-04 17:30:00"),  # Saturday before a make-up Sunday
        ("5 working days", "2024-02-07 10:00", "Tue 2024-02-20 17:30:00"),  # Wednesday: 8, 9, 18 (Sun), 19, 20
        ("1 day", "2024-02-09 16:00", "Sun 2024-02-18 17:30:00"),  # Friday; moved over the festival to a Sunday
        # Spring Festival 2025: off 28 January to 4 February; Sunday 26 January and Saturday 8 February are worked
        ("3 working days", "2025-01-24 10:00", "Wed 2025-02-05 17:30:00"),  # Friday: 26 (Sun), 27 (Mon), 5
        ("5 working days", "2025-02-03 10:00", "Mon 2025-02-10 17:30:00"),  # in the festival: 5, 6, 7, 8 (Sat), 10
        # Spring Festival 2026: off 15 to 23 February; Saturdays 14 and 28 are worked
        ("1 working day", "2026-02-13 16:20", "Sat 2026-02-14 17:30:00"),  # Friday before a make-up Saturday
        ("5 working days", "2026-02-13 16:20", "Fri 2026-02-27 17:30:00"),  # 14 (Sat), 24, 25, 26, 27
        ("6 working days", "2026-02-13 16:20", "Sat 2026-02-28 17:30:00"),  # … and 28 (make-up Saturday)
        ("10 days", "2026-02-13 16:20", "Tue 2026-02-24 17:30:00"),  # day 10 is the last of the festival
        ("1 working day", "2026-02-18 09:00", "Tue 2026-02-24 17:30:00"),  # in the festival
        # National Day 2025 with Mid-Autumn: off 1 to 8 October; Sunday 28 September and Saturday 11 October worked
        ("2 working days", "2025-09-29 10:00", "Thu 2025-10-09 17:30:00"),  # Monday: 30, 9
        ("4 working days", "2025-09-29 10:00", "Sat 2025-10-11 17:30:00"),  # 30, 9, 10, 11 (Sat)
        # Year ends
        ("1 working day", "2024-12-31 18:00", "Thu 2025-01-02 17:30:00"),  # Tuesday before New Year's Day
        ("1 working day", "2025-12-31 10:00", "Sun 2026-01-04 17:30:00"),  # off 1 to 3; Sunday 4 is worked
        ("1 working day", "2023-12-29 10:00", "Tue 2024-01-02 17:30:00"),  # Friday; Monday 1 January is off
        ("2 working days", "2023-12-30 10:00", "Wed 2024-01-03 17:30:00"),  # Saturday of the long weekend
        ("5 working days", "2024-12-27 10:00", "Mon 2025-01-06 17:30:00"),  # Friday: 30, 31, 2, 3, 6
        ("5 days", "2024-12-27 10:00", "Thu 2025-01-02 17:30:00"),  # day 5 is New Year's Day
        ("5 working days", "2025-12-29 10:00", "Tue 2026-01-06 17:30:00"),  # Monday: 30, 31, 4 (Sun), 5, 6
        # Received on a make-up day, which is a day like others
        ("1 working day", "2024-02-04 10:00", "Mon 2024-02-05 17:30:00"),  # Sunday
        ("1 working day", "2025-02-08 10:00", "Mon 2025-02-10 17:30:00"),  # Saturday
        ("2 working hours", "2024-02-18 16:30", "Mon 2024-02-19 10:00:00"),  # Sunday, one hour before closing
        ("1 working hour", "2026-02-28 17:30", "Mon 2026-03-02 10:00:00"),  # Saturday, at closing
        # Received on a rest day of a festival, and in the last minute before one
        ("1 working day", "2024-02-10 00:00", "Sun 2024-02-18 17:30:00"),  # first day of Spring Festival 2024
        ("1 working day", "2024-02-17 23:59", "Sun 2024-02-18 17:30:00"),  # its last minute
        ("1 working day", "2025-01-27 23:59", "Wed 2025-02-05 17:30:00"),  # Monday, last minute before the festival
        ("1 working hour", "2026-02-23 12:00", "Tue 2026-02-24 10:00:00"),  # last day of Spring Festival 2026
        # Exactly at opening and closing
        ("1 working day", "2026-03-02 17:30", "Tue 2026-03-03 17:30:00"),  # Monday, at closing: its date counts
        ("1 working day", "2026-03-02 23:59", "Tue 2026-03-03 17:30:00"),  # Monday, last minute
        ("1 working day", "2026-03-03 00:00", "Wed 2026-03-04 17:30:00"),  # Tuesday, first minute
        ("4 working hours", "2026-03-02 17:30", "Tue 2026-03-03 14:30:00"),  # nothing of Monday is left
        ("1 working hour", "2026-03-02 17:29:59", "Tue 2026-03-03 09:59:59"),  # one second of Monday is
        ("1 working hour", "2026-03-02 12:00", "Mon 2026-03-02 14:30:00"),  # lunch begins
        ("1 working hour", "2026-03-02 13:30", "Mon 2026-03-02 14:30:00"),  # lunch is over
        ("7 working hours", "2026-03-02 09:00", "Mon 2026-03-02 17:30:00"),  # a whole day
        # Elapsed: never moved
        ("30 minutes", "2026-02-14 23:50", "Sun 2026-02-15 00:20:00"),
        ("72 hours", "2026-02-14 12:00", "Tue 2026-02-17 12:00:00"),  # ends in the festival
        ("40 seconds", "2026-02-15 00:00", "Sun 2026-02-15 00:00:40"),
        # Working hours
        ("4 working hours", "2026-03-02 09:00", "Mon 2026-03-02 14:30:00"),  # over lunch
        ("3 working hours", "2026-03-02 09:00", "Mon 2026-03-02 12:00:00"),  # ends when lunch begins
        ("4 working hours", "2026-03-02 12:30", "Mon 2026-03-02 17:30:00"),  # received at lunch
        ("4 working hours", "2026-03-06 16:30", "Mon 2026-03-09 12:00:00"),  # Friday, one hour before closing
        ("1 working hour", "2026-03-06 20:00", "Mon 2026-03-09 10:00:00"),  # after hours
        ("1 working hour", "2026-03-02 06:00", "Mon 2026-03-02 10:00:00"),  # before hours
        ("4 working hours", "2026-02-13 16:20", "Sat 2026-02-14 11:50:00"),  # into a make-up Saturday
        ("8 working hours", "2026-02-14 16:30", "Tue 2026-02-24 17:30:00"),  # over the festival, a whole day
    ],
)
def test_limit_ends_on_the_right_day_when_received_then(limit: str, received: str, due: str) -> None:
    deadline = WORK.deadline(Limit.parse(limit), local(received))
    assert written(deadline.at) == due
    assert not deadline.provisional


MAKE_UP_DAYS = [
    *("Sun 2024-02-04", "Sun 2024-02-18", "Sun 2024-04-07", "Sun 2024-04-28", "Sat 2024-05-11"),
    *("Sat 2024-09-14", "Sun 2024-09-29", "Sat 2024-10-12"),
    *("Sun 2025-01-26", "Sat 2025-02-08", "Sun 2025-04-27", "Sun 2025-09-28", "Sat 2025-10-11"),
    *("Sun 2026-01-04", "Sat 2026-02-14", "Sat 2026-02-28", "Sat 2026-05-09", "Sun 2026-09-20", "Sat 2026-10-10"),
]


def test_make_up_days_are_those_of_the_notices() -> None:
    every = (date.fromordinal(day) for day in range(date(2024, 1, 1).toordinal(), date(2027, 1, 1).toordinal()))
    found = [day.strftime("%a %Y-%m-%d") for day in every if day.weekday() >= 5 and WORK.calendar.is_working_day(day)]
    assert found == MAKE_UP_DAYS


@pytest.mark.parametrize("made_up", MAKE_UP_DAYS)
def test_working_day_ends_on_the_make_up_day_when_received_the_day_before(made_up: str) -> None:
    received = local(f"{made_up[4:]} 16:20") - timedelta(days=1)
    assert written(WORK.deadline(Limit.parse("1 working day"), received).at) == f"{made_up} 17:30:00"


@pytest.mark.parametrize(
    ("limit", "received", "due", "provisional"),
    [
        ("1 working day", "2026-12-30 10:00", "Thu 2026-12-31 17:30:00", False),  # Wednesday
        ("1 working day", "2026-12-31 10:00", "Fri 2027-01-01 17:30:00", True),  # no notice: Friday, but flagged
        ("10 days", "2026-12-28 10:00", "Thu 2027-01-07 17:30:00", True),
        ("4 working hours", "2026-12-31 16:30", "Fri 2027-01-01 12:00:00", True),
        ("72 hours", "2026-12-31 16:30", "Sun 2027-01-03 16:30:00", False),  # no notice can move it
        ("5 working days", "2006-06-01 10:00", "Thu 2006-06-08 17:30:00", True),  # before the first notice
    ],
)
def test_deadline_is_provisional_when_it_reaches_a_year_without_notice(
    limit: str, received: str, due: str, provisional: bool
) -> None:
    deadline = WORK.deadline(Limit.parse(limit), local(received))
    assert (written(deadline.at), deadline.provisional) == (due, provisional)


@pytest.mark.parametrize(
    ("lead", "working", "instant", "before"),
    [
        ("2 days", True, "2026-02-27 17:30", "Wed 2026-02-25 17:30:00"),
        ("2 days", True, "2026-02-24 10:15", "Fri 2026-02-13 10:15:00"),  # 14 (make-up Saturday), 13
        ("2 days", False, "2026-02-24 10:15", "Sun 2026-02-22 10:15:00"),
        ("2 working days", False, "2026-03-02 10:15", "Fri 2026-02-27 10:15:00"),  # Monday: 28 (Sat), 27
        ("1 day", True, "2026-02-18 10:15", "Sat 2026-02-14 10:15:00"),  # from within the festival
        ("20 seconds", True, "2026-02-24 00:00", "Mon 2026-02-23 23:59:40"),
        ("1 working hour", True, "2026-02-24 09:30", "Sat 2026-02-14 17:00:00"),
    ],
)
def test_lead_is_taken_at_the_same_time_of_day_when_it_is_in_days(
    lead: str, working: bool, instant: str, before: str
) -> None:
    assert written(WORK.before(Limit.parse(lead), local(instant), working=working)) == before


def test_deadline_is_the_same_instant_when_the_receipt_is_written_in_another_zone() -> None:
    received = local("2026-03-02 01:30")  # still Sunday in UTC
    assert received.date() == date(2026, 3, 1)
    assert written(WORK.deadline(Limit.parse("1 working day"), received).at) == "Tue 2026-03-03 17:30:00"


def test_naive_instant_is_an_error_when_it_is_given() -> None:
    with pytest.raises(TypeError):
        WORK.deadline(Limit.parse("1 day"), datetime(2026, 3, 2, tzinfo=UTC).replace(tzinfo=None))


@pytest.mark.parametrize("periods", [(), (("09:00", "09:00"),), (("13:00", "17:00"), ("09:00", "12:00"))])
def test_office_hours_are_refused_when_out_of_order(periods: tuple[tuple[str, str], ...]) -> None:
    with pytest.raises(ValueError, match="in order"):
        OfficeHours(tuple((time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in periods))


def test_worked_time_is_that_of_office_hours_when_it_spans_lunch_night_and_weekend() -> None:
    assert WORK.worked(local("2026-03-06 11:00"), local("2026-03-09 10:00")) == timedelta(hours=6)  # Fri 5, Mon 1
    assert WORK.worked(local("2026-03-09 10:00"), local("2026-03-06 11:00")) == timedelta(hours=-6)
