"""A calendar that comes later: what becomes of deadlines that had to do without it (E2, E4, E5).

The year 2027 has no notice in the shipped rulebook; the one here is invented.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import promising
from domain.calendar import Calendar
from domain.promise import Promise
from domain.rulebook import Rulebook
from domain.worktime import Limit, LimitUnit
from tests.unit.rulebooks import local, shipped, written

BEFORE: Rulebook = shipped().rulebook
OFF = frozenset({date(2027, 1, 1), *(date(2027, 2, day) for day in range(5, 12))})
ON = frozenset({date(2027, 1, 3), date(2027, 1, 30)})
Notice = tuple[frozenset[date], frozenset[date]]


def noticed(off: frozenset[date] = OFF, on: frozenset[date] = ON) -> Rulebook:
    """The shipped rulebook with a notice for 2027."""
    old = BEFORE.calendar
    calendar = Calendar("with 2027", old.off | off, old.on | on, old.years | {2027})
    return replace(BEFORE, calendar=calendar)


AFTER = noticed()


def promised(limit: str, start: str) -> Promise:
    """What was promised before the notice was out."""
    return promising.promise_for_limit(BEFORE, Limit.parse(limit), local(start))


def rebased(current: Promise, now: str = "2026-12-10 10:00", rules: Rulebook = AFTER) -> Promise | None:
    """The promise once the notice is out."""
    return promising.promise_rebased(rules, rules.clocks, current, local(now))


@pytest.mark.parametrize(
    ("limit", "start", "before", "after"),
    [
        # 1 January 2027 is a Friday and off; Sunday 3 is worked
        ("3 working days", "2026-12-29 10:00", "Fri 2027-01-01 17:30:00", "Sun 2027-01-03 17:30:00"),  # Tuesday
        ("5 working days", "2026-12-29 10:00", "Tue 2027-01-05 17:30:00", "Tue 2027-01-05 17:30:00"),  # evens out
        ("1 day", "2026-12-31 10:00", "Fri 2027-01-01 17:30:00", "Sun 2027-01-03 17:30:00"),
        ("8 working hours", "2026-12-31 16:30", "Fri 2027-01-01 17:30:00", "Sun 2027-01-03 17:30:00"),
        # Saturday 30 January is worked; Friday 5 to Thursday 11 February are off
        ("25 working days", "2026-12-29 10:00", "Tue 2027-02-02 17:30:00", "Mon 2027-02-01 17:30:00"),  # earlier
        ("30 working days", "2026-12-29 10:00", "Tue 2027-02-09 17:30:00", "Mon 2027-02-15 17:30:00"),
        # Received in the year itself, before its notice was loaded, on a day that turned out to be off
        ("1 working day", "2027-01-01 10:00", "Mon 2027-01-04 17:30:00", "Sun 2027-01-03 17:30:00"),
    ],
)
def test_deadline_is_counted_again_when_the_notice_is_loaded(limit: str, start: str, before: str, after: str) -> None:
    current = promised(limit, start)
    assert (written(current.due_at), current.provisional) == (before, True)
    again = rebased(current)
    assert again is not None
    assert (written(again.due_at), again.provisional) == (after, False)
    assert again.calendar_version == "with 2027"
    assert (again.rule, again.start) == (current.rule, current.start)
    assert again == promising.promise_for_limit(AFTER, Limit.parse(limit), local(start))


def test_promise_stands_when_the_calendar_is_the_one_that_made_it() -> None:
    current = promised("3 working days", "2026-12-29 10:00")
    assert rebased(current, rules=BEFORE) is None


def test_promise_stands_when_another_year_is_still_missing() -> None:
    current = promised("300 working days", "2026-12-29 10:00")
    assert current.provisional
    assert rebased(current) is None


def test_certain_deadline_stands_when_its_own_year_is_changed_afterwards() -> None:
    """A promise is frozen (E4): only what had to do without a notice is counted again."""
    current = promised("5 working days", "2026-11-30 10:00")
    assert rebased(current, rules=noticed(off=frozenset({date(2026, 12, 2)}))) is None


def test_interview_and_appeal_follow_when_the_deadline_itself_is_certain() -> None:
    current = promised("2 working days", "2026-12-29 10:00")
    assert (written(current.due_at), current.provisional) == ("Thu 2026-12-31 17:30:00", False)
    again = rebased(current, rules=noticed(on=frozenset()))
    window = local("2027-01-08 17:30")
    assert again == replace(current, appeal_by=window, convene_by=window, calendar_version="with 2027")
    assert written(current.convene_by) == "Thu 2027-01-07 17:30:00"
    assert again is not None
    assert rebased(again, rules=noticed(on=frozenset())) is None


def test_deadline_that_has_passed_is_never_rewritten() -> None:
    current = promised("3 working days", "2026-12-29 10:00")  # due Friday 1 January by what was known
    assert rebased(current, now="2027-01-01 17:30") is None


def test_deadline_stays_when_the_notice_would_move_it_into_the_past() -> None:
    current = promised("25 working days", "2026-12-29 10:00")  # Tuesday 2 February; by the notice Monday 1
    again = rebased(current, now="2027-02-02 09:00")
    assert again is not None
    assert (again.due_at, again.provisional) == (current.due_at, False)


def test_window_for_an_extension_stays_open_when_the_move_would_have_closed_it_already() -> None:
    current = promised("25 working days", "2026-12-29 10:00")
    assert current.extension_by
    assert written(current.extension_by) == "Fri 2027-01-29 17:30:00"
    again = rebased(current, now="2027-01-29 10:00")
    assert again is not None
    assert (written(again.due_at), again.extension_by) == ("Mon 2027-02-01 17:30:00", current.extension_by)
    assert again.yellow_at == local("2027-01-30 17:30")


def test_yellow_is_not_dated_back_when_the_deadline_comes_nearer() -> None:
    current = promised("25 working days", "2026-12-29 10:00")
    again = rebased(current, now="2027-02-01 10:00")
    assert again is not None
    assert again.yellow_at == local("2027-02-01 10:00") < again.due_at


@pytest.mark.parametrize(
    ("limit", "until", "after"),
    [
        ("5 working days", "2027-01-04 12:00", "Mon 2027-01-04 12:00:00"),
        ("5 working days", "2027-02-05 12:00", "Fri 2027-02-12 12:00:00"),  # nobody works then, as it turned out
        ("10 days", "2027-02-05 12:00", "Fri 2027-02-05 12:00:00"),
    ],
)
def test_date_of_an_extension_stays_unless_nobody_works_then(limit: str, until: str, after: str) -> None:
    current = promising.promise_until(BEFORE, "x", promised(limit, "2026-12-21 10:00"), local(until))
    again = rebased(current)
    assert again is not None
    assert (written(again.due_at), again.granted) == (after, True)


def test_rest_is_counted_again_when_the_clock_had_stood() -> None:
    current = promised("3 working days", "2026-12-21 10:00")  # Monday; due Thursday 24
    paused = promising.promise_resumed(BEFORE, "x", current, local("2026-12-23 09:00"), local("2026-12-31 09:00"))
    assert paused.rest
    assert (paused.rest.length, paused.rest.working) == (timedelta(hours=14), True)
    assert (written(paused.due_at), paused.provisional) == ("Fri 2027-01-01 17:30:00", True)
    again = rebased(paused)
    assert again is not None
    assert (written(again.due_at), again.rest) == ("Sun 2027-01-03 17:30:00", paused.rest)


limits = st.builds(Limit, st.integers(1, 30), st.sampled_from(LimitUnit))
starts = st.integers(0, 60 * 1440).map(lambda minutes: local("2026-11-20 00:00") + timedelta(minutes=minutes))
days = st.dates(date(2027, 1, 1), date(2027, 4, 30))
notices = st.tuples(st.frozensets(days, max_size=30), st.frozensets(days, max_size=20))


@given(notices, limits, starts, st.floats(0.01, 0.99), st.timedeltas(timedelta(minutes=1), timedelta(days=40)))
def test_working_time_left_is_the_same_when_the_notice_comes_before_or_after_a_pause(
    notice: Notice, limit: Limit, start: datetime, share: float, pause: timedelta
) -> None:
    """Whether the case is counted again first and paused then, or the other way round: the same deadline (E5)."""
    rules = noticed(notice[0] - notice[1], notice[1])
    current = promising.promise_for_limit(BEFORE, limit, start)
    at = start + (min(current.due_at, promising.promise_for_limit(rules, limit, start).due_at) - start) * share
    first = promising.promise_rebased(rules, rules.clocks, current, start) or current
    one = promising.promise_resumed(rules, "x", first, at, at + pause)
    other = promising.promise_resumed(rules, "x", current, at, at + pause)
    assert one.due_at == other.due_at
    assert one.rest == other.rest
    work = rules.worktime
    if one.rest and one.rest.working:
        assert work.worked(at + pause, one.due_at) == work.worked(at, first.due_at) == one.rest.length


@given(notices, limits, starts, st.integers(0, 80 * 1440))
def test_rebased_promise_is_in_order_when_the_notice_comes_at_any_moment(
    notice: Notice, limit: Limit, start: datetime, later: int
) -> None:
    rules = noticed(notice[0] - notice[1], notice[1])
    current, now = promising.promise_for_limit(BEFORE, limit, start), start + timedelta(minutes=later)
    again = promising.promise_rebased(rules, rules.clocks, current, now)
    if now >= current.due_at:
        assert again is None
    if again is not None:
        assert now < again.due_at
        assert again.yellow_at < again.due_at < again.appeal_by
        assert not again.provisional
        assert promising.promise_rebased(rules, rules.clocks, again, now) is None
