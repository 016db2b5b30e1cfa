"""The time that a resident is told, the stages of an incident, and why one waits. Dates are of 2026."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.holding.values import Pause
from domain.limits import Limit, LimitUnit
from domain.promise import Promise
from domain.promising import promise_for_limit, promise_resumed
from domain.tracking import Length, Passage, Stage, Wait, clock, stages, wait_of
from domain.vocabulary import CaseStatus, CommandKind
from tests.unit.case_world import MONDAY, Story, after
from tests.unit.rulebooks import local, shipped

RULES = shipped().rulebook
WORK = RULES.worktime
DAY = timedelta(microseconds=WORK.hours.length)


def promised(limit: str, received_at: datetime) -> Promise:
    return promise_for_limit(RULES, Limit.parse(limit), received_at)


@pytest.mark.parametrize(
    ("received", "asked", "spent", "left"),
    [
        ("2026-03-02 09:00", "2026-03-02 09:00", (0, 0), (5, 0)),  # Monday
        ("2026-03-02 09:00", "2026-03-02 23:00", (0, 0), (5, 0)),  # its evening: day 1 is Tuesday
        ("2026-03-02 09:00", "2026-03-03 09:00", (0, 0), (5, 0)),  # Tuesday, as the office opens
        ("2026-03-02 09:00", "2026-03-03 12:30", (0, 3), (4, 4)),  # Tuesday, at lunch
        ("2026-03-02 09:00", "2026-03-03 18:00", (1, 0), (4, 0)),  # Tuesday evening
        ("2026-03-02 09:00", "2026-03-09 16:40", (4, 6), (0, 0)),  # Monday, 50 minutes before the end
        ("2026-03-06 16:00", "2026-03-09 10:00", (0, 1), (4, 6)),  # Friday to Monday: the weekend is no day
        ("2026-03-07 12:00", "2026-03-08 12:00", (0, 0), (5, 0)),  # Saturday to Sunday: nothing is spent
        ("2026-02-13 16:20", "2026-02-24 09:00", (1, 0), (4, 0)),  # over Spring Festival; Saturday 14th is worked
    ],
)
def test_days_are_those_of_the_notice_when_the_limit_is_in_working_days(
    received: str, asked: str, spent: tuple[int, int], left: tuple[int, int]
) -> None:
    told = clock(WORK, promised("5 working days", local(received)), (), received_at=local(received), at=local(asked))
    assert told.counted_in is LimitUnit.WORKING_DAYS
    assert (told.spent, told.left, told.overdue) == (Length(*spent), Length(*left), False)


def test_days_are_of_24_hours_when_the_limit_is_elapsed() -> None:
    received = local("2026-03-06 16:00")  # Friday
    told = clock(WORK, promised("72 hours", received), (), received_at=received, at=received + timedelta(hours=50.5))
    assert told.counted_in is LimitUnit.DAYS
    assert (told.spent, told.left) == (Length(2, 2), Length(0, 21))


def test_nothing_is_left_when_the_promise_is_missed() -> None:
    received = local("2026-03-02 09:00")
    made = promised("1 working day", received)
    at = clock(WORK, made, (), received_at=received, at=made.due_at)
    after_it = clock(WORK, made, (), received_at=received, at=made.due_at + timedelta(days=30))
    assert (at.left, at.overdue) == (after_it.left, after_it.overdue) == (Length(0, 0), True)


def test_time_is_spent_and_none_is_left_when_nothing_is_promised() -> None:
    told = clock(WORK, None, (), received_at=local("2026-03-02 09:00"), at=local("2026-03-03 10:00"))
    assert (told.spent, told.left, told.overdue) == (Length(1, 1), None, False)  # Monday's hours count too


def test_pause_is_neither_spent_nor_left() -> None:
    received = local("2026-03-02 17:00")  # Monday
    since, until = local("2026-03-03 17:00"), local("2026-03-10 17:00")
    before = promised("5 working days", received)
    made = promise_resumed(RULES, "no-such", before, since, until)
    pause = Pause(since=since, until=until, due_before=before.due_at, due_after=made.due_at)
    at_pause = clock(WORK, before, (), received_at=received, at=since)
    resumed = clock(WORK, made, (pause,), received_at=received, at=until)
    a_day_on = clock(WORK, made, (pause,), received_at=received, at=until + timedelta(days=1))
    assert (at_pause.spent, at_pause.left) == (resumed.spent, resumed.left) == (Length(0, 6), Length(4, 0))
    assert (a_day_on.spent, a_day_on.left) == (Length(1, 6), Length(3, 0))


moments = some.datetimes(min_value=datetime(2024, 3, 1), max_value=datetime(2026, 6, 1)).map(  # noqa: DTZ001
    lambda naive: local(f"{naive:%Y-%m-%d %H:%M}")
)


@given(moments, some.sampled_from(["5 working days", "4 working hours", "10 days", "30 minutes"]), some.data())
def test_what_is_spent_only_grows_and_what_is_left_only_shrinks(
    received: datetime, limit: str, data: some.DataObject
) -> None:
    made = promised(limit, received)
    asked = sorted(
        received + data.draw(some.timedeltas(min_value=timedelta(0), max_value=timedelta(days=20))) for _ in range(4)
    )
    told = [clock(WORK, made, (), received_at=received, at=at) for at in asked]
    for earlier, later in pairwise(told):
        assert earlier.spent <= later.spent
        assert (earlier.left or (0, 0)) >= (later.left or (0, 0))
        assert later.overdue >= earlier.overdue


def passages(story: Story, verified_at: datetime | None = None) -> list[Passage]:
    return [step.passage for step in stages(story.case, verified_at)]


P, N, A = Passage.PASSED, Passage.NOW, Passage.AHEAD


def test_way_of_an_incident_has_one_present_stage() -> None:
    story = Story()
    assert passages(story) == [P, P, N, A, A, A]
    story.give(CommandKind.ACKNOWLEDGE, after(minutes=5), handler="h")
    assert passages(story) == [P, P, P, N, A, A]
    way = {step.stage: step for step in stages(story.case, None)}
    assert way[Stage.RECEIVED].at == MONDAY
    assert way[Stage.ACKNOWLEDGED].at == after(minutes=5)
    assert way[Stage.HANDLED].at is None


def test_stage_that_was_never_reached_is_not_needed_when_the_case_was_withdrawn() -> None:
    story = Story()
    story.give(CommandKind.WITHDRAW, after(hours=1))
    assert passages(story) == [P, P, *[Passage.NOT_NEEDED] * 3, P]


def test_nobody_holds_it_when_no_rule_matched() -> None:
    story = Story(unit=None)
    assert passages(story) == [P, N, A, A, A, A]
    assert wait_of(story.case.status) is Wait.DISPATCH


@pytest.mark.parametrize("status", [CaseStatus.DISPATCHED, CaseStatus.IN_PROGRESS, CaseStatus.CLOSED])
def test_nothing_is_waited_for_while_it_is_worked_on(status: CaseStatus) -> None:
    assert wait_of(status) is None
