"""Promises: leads, lights, extensions, pauses; by table and by property (A3, A5–A9, A16, E2–E5)."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import promising
from domain.errors import Refused, Unprocessable
from domain.promise import Promise
from domain.rulebook import Category, Rulebook
from domain.worktime import Limit, LimitUnit
from tests.unit.rulebooks import local, shipped, written

RULES: Rulebook = shipped().rulebook
REHEARSAL: Rulebook = shipped("rehearsal").rulebook

instants = st.datetimes(local("2023-12-01 00:00").replace(tzinfo=None), local("2026-11-01 00:00").replace(tzinfo=None))
starts = instants.map(lambda naive: local(naive.isoformat()))
pauses = st.timedeltas(timedelta(seconds=1), timedelta(days=60))
limits = st.builds(Limit, st.integers(1, 30), st.sampled_from(LimitUnit))


def under(limit: Limit) -> Rulebook:
    """The shipped rulebook in which the category "x" has this limit."""
    category = replace(RULES.category("broken-road"), code="x", limit=limit)
    return replace(RULES, categories={"x": category})


def promised(limit: str, start: str) -> Promise:
    """What a matter with this limit is promised."""
    return promising.promise_for_limit(RULES, Limit.parse(limit), local(start))


@pytest.mark.parametrize(
    ("limit", "start", "due", "yellow", "extension", "reminder"),
    [
        # Monday 2 March 2026, an ordinary week
        ("5 working days", "2026-03-02 10:00", "03-09 17:30", "03-06 17:30", "03-05 17:30", "03-04 17:30"),
        ("3 working days", "2026-03-02 10:00", "03-05 17:30", "03-05 11:48", "03-03 17:30", "03-02 17:30"),
        ("3 working days", "2026-03-02 18:00", "03-05 17:30", "03-05 11:48", "03-03 17:30", None),  # no time to remind
        ("2 working days", "2026-03-02 10:00", "03-04 17:30", "03-04 14:42", None, None),  # as long as the lead
        ("4 working hours", "2026-03-02 09:00", "03-02 14:30", "03-02 13:42", None, None),
        ("21 working hours", "2026-03-02 09:00", "03-04 17:30", "03-04 11:48", "03-02 17:30", None),
        ("14 working hours", "2026-03-02 09:00", "03-03 17:30", "03-03 14:42", None, None),
        ("10 days", "2026-03-03 10:00", "03-13 17:30", "03-12 17:30", "03-11 17:30", "03-10 17:30"),
        ("3 days", "2026-03-03 10:00", "03-06 17:30", "03-06 03:06", "03-04 17:30", "03-03 17:30"),
        ("48 hours", "2026-03-03 10:00", "03-05 10:00", "03-05 00:24", None, None),
        ("72 hours", "2026-03-03 10:00", "03-06 10:00", "03-05 19:36", "03-04 10:00", None),
        ("30 minutes", "2026-03-03 10:00", "03-03 10:30", "03-03 10:24", None, None),
        # Friday 13 February 2026: Saturday 14 is worked, 15 to 23 are the Spring Festival
        ("5 working days", "2026-02-13 16:20", "02-27 17:30", "02-26 17:30", "02-25 17:30", "02-24 17:30"),
        ("3 working days", "2026-02-13 16:20", "02-25 17:30", "02-25 11:48", "02-14 17:30", "02-13 17:30"),
        ("10 days", "2026-02-13 16:20", "02-24 17:30", "02-23 17:30", "02-22 17:30", "02-21 17:30"),
    ],
)
def test_promise_has_its_instants_when_made(
    limit: str, start: str, due: str, yellow: str, extension: str | None, reminder: str | None
) -> None:
    promise = promised(limit, start)
    found = [promise.due_at, promise.yellow_at, promise.extension_by, promise.remind_at]
    assert [instant and written(instant)[9:-3] for instant in found] == [due, yellow, extension, reminder]


def test_promise_names_what_made_it_when_made() -> None:
    promise = promised("1 working day", "2026-02-13 16:20")
    assert (promise.rule, promise.provisional) == ("1 working day", False)
    assert promise.rulebook_version == RULES.version
    assert promise.calendar_version == RULES.calendar.version
    assert written(promise.appeal_by) == written(promise.convene_by) == "Sat 2026-02-28 17:30:00"


def test_promise_is_provisional_when_the_deadline_lies_in_a_year_without_notice() -> None:
    assert promised("5 working days", "2026-12-28 10:00").provisional
    assert not promised("2 working days", "2026-12-28 10:00").provisional


def test_category_goes_by_its_own_numbers_when_it_has_them() -> None:
    own = [category for category in REHEARSAL.categories.values() if category.limit.unit is LimitUnit.SECONDS]
    long, short = (next(category for category in own if category.limit.amount == amount) for amount in (40, 8))
    start = local("2026-11-23 03:00")
    assert offsets(long, start_text="2026-11-23 03:00") == (40, 32, 20, None, 55)
    assert offsets(short, start_text="2026-11-23 03:00") == (8, 6.4, None, None, 23)
    clock = promising.ack_clock(REHEARSAL, long.code, start)
    assert clock.ack_by - start == timedelta(seconds=5)
    assert start < clock.yellow_at < clock.ack_by
    assert promising.terms(REHEARSAL, long.code).points == 2
    assert REHEARSAL.category("broken-road") == RULES.category("broken-road")


def offsets(category: Category, start_text: str) -> tuple[float | None, ...]:
    """Seconds from the start to due, yellow, extension window, reminder and convening."""
    promise = promising.promise(REHEARSAL, category.code, local(start_text))
    found = (promise.due_at, promise.yellow_at, promise.extension_by, promise.remind_at, promise.convene_by)
    return tuple(None if instant is None else (instant - promise.start).total_seconds() for instant in found)


def test_ack_clock_is_shorter_when_there_is_danger_to_life() -> None:
    start = local("2026-02-17 03:00")  # in the festival, at night
    assert promising.ack_clock(RULES, "broken-road", start).ack_by - start == timedelta(minutes=30)
    assert promising.ack_clock(RULES, "broken-road", start, danger=True).ack_by - start == timedelta(minutes=5)
    assert promising.ack_clock(RULES, "violence", start).ack_by - start == timedelta(minutes=5)


def test_category_is_refused_when_unknown() -> None:
    for ask in (promising.terms, lambda rules, code: promising.promise(rules, code, local("2026-03-02 10:00"))):
        with pytest.raises(Unprocessable) as refused:
            ask(RULES, "no-such-category")
        assert (refused.value.code, refused.value.field) == ("category_unknown", "category")


@pytest.mark.parametrize(
    ("limit", "until", "code"),
    [
        ("5 working days", "2026-03-09 17:30", "extension_not_later"),
        ("5 working days", "2026-03-06 17:30", "extension_not_later"),
        ("5 working days", "2026-03-14 12:00", "extension_on_rest_day"),  # Saturday
        ("40 working hours", "2026-03-14 12:00", "extension_on_rest_day"),
        ("5 working days", "2026-04-06 12:00", "extension_on_rest_day"),  # Monday of Qingming
        ("10 days", "9998-01-01 12:00", "instant_out_of_range"),
    ],
)
def test_extension_is_refused_when_its_date_makes_no_sense(limit: str, until: str, code: str) -> None:
    current = promised(limit, "2026-03-02 10:00")
    with pytest.raises(Refused) as refused:
        promising.promise_until(RULES, "broken-road", current, local(until))
    assert (refused.value.code, refused.value.field, refused.value.http_status) == (code, "until", 422)


@pytest.mark.parametrize(
    ("limit", "until"),
    [
        ("5 working days", "2026-03-16 17:30"),
        ("5 working days", "2026-05-09 12:00"),  # make-up Saturday
        ("10 days", "2026-03-14 12:00"),  # Saturday: limits in days only
        ("72 hours", "2026-03-14 12:00"),
    ],
)
def test_extension_becomes_the_deadline_when_granted(limit: str, until: str) -> None:
    current = promised(limit, "2026-03-02 10:00")
    extended = promising.promise_until(RULES, "broken-road", current, local(until))
    assert extended.due_at == local(until)
    assert (extended.start, extended.rule) == (current.start, current.rule)
    assert extended.extension_by is not None
    assert extended.extension_by < extended.yellow_at < extended.due_at < extended.appeal_by


def test_extension_is_provisional_when_it_reaches_a_year_without_notice() -> None:
    current = promised("5 working days", "2026-12-01 10:00")
    assert promising.promise_until(RULES, "broken-road", current, local("2027-01-05 12:00")).provisional


@pytest.mark.parametrize(
    ("limit", "suspended", "resumed", "due"),
    [
        # Due Monday 9 March 17:30
        ("5 working days", "2026-03-03 10:00", "2026-03-10 10:00", "Mon 2026-03-16 17:30:00"),
        ("5 working days", "2026-03-03 10:00", "2026-03-10 14:00", "Tue 2026-03-17 11:30:00"),  # 2½ hours later
        ("5 working days", "2026-03-03 20:00", "2026-03-14 12:00", "Thu 2026-03-19 17:30:00"),  # Saturday
        ("5 working days", "2026-03-03 20:00", "2026-03-03 21:00", "Mon 2026-03-09 17:30:00"),  # no working time
        ("72 hours", "2026-03-03 10:00", "2026-03-14 12:00", "Mon 2026-03-16 12:00:00"),
        ("10 days", "2026-03-03 10:00", "2026-03-04 10:00", "Fri 2026-03-13 17:30:00"),
    ],
)
def test_rest_of_the_time_is_left_again_when_the_pause_ends(limit: str, suspended: str, resumed: str, due: str) -> None:
    current = promised(limit, "2026-03-02 10:00")
    again = promising.promise_resumed(RULES, "broken-road", current, local(suspended), local(resumed))
    assert written(again.due_at) == due
    assert again.start == local(resumed)


def test_promise_stays_when_it_was_broken_before_the_pause() -> None:
    current = promised("4 working hours", "2026-03-02 09:00")
    args = (local("2026-03-02 15:00"), local("2026-03-05 15:00"))
    assert promising.promise_resumed(RULES, "broken-road", current, *args) == current


def test_evening_is_left_again_when_an_extension_into_it_is_paused_in_it() -> None:
    current = promised("5 working days", "2026-03-02 10:00")
    extended = promising.promise_until(RULES, "x", current, local("2026-03-10 20:00"))
    again = promising.promise_resumed(RULES, "x", extended, local("2026-03-10 19:00"), local("2026-03-12 10:00"))
    assert written(again.due_at) == "Thu 2026-03-12 11:00:00"


@given(limits, starts)
def test_instants_are_in_order_when_any_promise_is_made(limit: Limit, start: datetime) -> None:
    promise = promising.promise(under(limit), "x", start)
    assert promise.start <= promise.yellow_at < promise.due_at < promise.appeal_by
    assert promise.due_at < promise.convene_by
    if promise.extension_by is not None:
        assert promise.start < promise.extension_by < promise.due_at
    if promise.remind_at is not None:
        assert promise.extension_by is not None
        assert promise.start < promise.remind_at < promise.extension_by


@given(limits, starts, st.floats(0, 0.99), pauses)
def test_remaining_time_is_conserved_when_any_promise_is_paused(
    limit: Limit, start: datetime, share: float, pause: timedelta
) -> None:
    rules = under(limit)
    current = promising.promise(rules, "x", start)
    suspended = current.start + (current.due_at - current.start) * share
    resumed = suspended + pause
    again = promising.promise_resumed(rules, "x", current, suspended, resumed)
    work = rules.worktime
    if limit.in_working_time:
        assert work.worked(resumed, again.due_at) == work.worked(suspended, current.due_at)
    else:
        assert again.due_at - resumed == current.due_at - suspended
    assert resumed <= again.yellow_at < again.due_at
    assert again.due_at >= current.due_at


@given(limits, starts, pauses, pauses)
def test_deadline_is_the_same_when_one_pause_is_taken_as_two_that_follow_on_one_another(
    limit: Limit, start: datetime, first: timedelta, second: timedelta
) -> None:
    rules = under(limit)
    current = promising.promise(rules, "x", start)
    paused = current.start + (current.due_at - current.start) / 3
    between, end = paused + first, paused + first + second
    twice = promising.promise_resumed(rules, "x", current, paused, between)
    twice = promising.promise_resumed(rules, "x", twice, between, end)
    assert twice.due_at == promising.promise_resumed(rules, "x", current, paused, end).due_at


def test_other_clocks_run_by_the_rulebook_when_asked() -> None:
    start = local("2026-03-02 10:00")  # Monday
    asked = (promising.verify_by, promising.answer_by, promising.minutes_by, promising.check_by)
    found = [
        written(ask(RULES, "broken-road", start)) for ask in (*asked, promising.findings_by, promising.decision_by)
    ]
    assert found == [
        "Thu 2026-03-05 17:30:00",
        "Mon 2026-03-09 17:30:00",
        "Thu 2026-03-05 17:30:00",
        "Mon 2026-03-09 17:30:00",
        "Mon 2026-03-30 17:30:00",
        "Mon 2026-03-16 17:30:00",
    ]


def test_question_is_refused_when_it_is_about_a_year_without_sense() -> None:
    with pytest.raises(Unprocessable) as refused:
        promised("1 day", "9999-12-31 23:00")
    assert refused.value.code == "instant_out_of_range"
