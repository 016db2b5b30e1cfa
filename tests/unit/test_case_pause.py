"""Follow-up (A4) and suspension (A16, E5)."""

from datetime import datetime, timedelta

import pytest

from domain.vocabulary import CaseStatus, CommandKind, EventType
from tests.unit.case_world import DUE, MICRO, MONDAY, Story, after, promise

K, T, S = CommandKind, EventType, CaseStatus


def at_work() -> Story:
    """A case that was acknowledged in time."""
    return Story().give(K.ACKNOWLEDGE, after(minutes=5))


# urging (A4)


@pytest.mark.parametrize(
    ("answered", "missed"),
    [(after(hours=5) - MICRO, []), (after(hours=5), [after(hours=5)]), (after(hours=9), [after(hours=5)])],
)
def test_leader_is_told_when_an_urging_is_not_answered_in_its_clock(answered: datetime, missed: list[datetime]) -> None:
    story = at_work().give(K.URGE, after(hours=1)).give(K.PROGRESS, answered, answers="1")
    assert story.at(T.URGING_UNANSWERED) == missed
    assert story.case.urgings[0].answered


def test_urging_stays_open_when_progress_does_not_name_it() -> None:
    story = at_work().give(K.URGE, after(hours=1)).give(K.PROGRESS, after(hours=2)).until(after(hours=5))
    assert story.last(T.URGING_UNANSWERED).data == {"urging": "1", "unit": "unit-a"}


def test_each_urging_has_its_own_clock_when_there_are_two() -> None:
    story = at_work().give(K.URGE, after(hours=1)).give(K.URGE, after(hours=2))
    story.give(K.PROGRESS, after(hours=3), answers="1").until(after(days=1))
    missed = [(event.at, event.data["urging"]) for event in story.events if event.type is T.URGING_UNANSWERED]
    assert missed == [(after(hours=6), "2")]


def test_both_are_told_once_when_two_urgings_run_out_at_one_instant() -> None:
    story = at_work().give(K.URGE, after(hours=1)).give(K.URGE, after(hours=1)).until(after(days=1))
    assert [event.data["urging"] for event in story.events if event.type is T.URGING_UNANSWERED] == ["1", "2"]


@pytest.mark.parametrize("answers", ["1", "2", "x"])
def test_progress_is_refused_when_it_answers_no_open_urging(answers: str) -> None:
    story = at_work().give(K.URGE, after(hours=1)).give(K.PROGRESS, after(hours=2), answers="1")
    assert story.refusal(K.PROGRESS, after(hours=3), answers=answers) == "urging_unknown"


def test_urgings_are_numbered_on_when_another_unit_gets_the_case() -> None:
    """The events of a case are complete: one number never means two urgings."""
    story = at_work().give(K.URGE, after(hours=1)).give(K.DISPATCH, after(hours=2))
    story.give(K.ACKNOWLEDGE, after(hours=2)).give(K.URGE, after(hours=3))
    assert story.last(T.URGED).data["urging"] == "2"
    assert story.refusal(K.PROGRESS, after(hours=4), answers="1") == "urging_unknown"
    assert story.until(after(days=1)).at(T.URGING_UNANSWERED) == [after(hours=7)], "the old unit's urging is over"


def test_urging_runs_on_its_own_clock_when_the_case_is_suspended() -> None:
    story = at_work().give(K.URGE, after(hours=1)).give(K.SUSPEND, after(hours=2)).until(after(days=9))
    assert story.types[-3:] == [T.SUSPENDED, T.URGING_UNANSWERED, T.RESUMED]
    assert story.at(T.URGING_UNANSWERED) == [after(hours=5)]


def test_urging_falls_silent_when_the_unit_completes() -> None:
    story = at_work().give(K.URGE, after(hours=1)).give(K.COMPLETE, after(hours=2)).until(after(hours=9))
    assert T.URGING_UNANSWERED not in story.types


# suspension (A16)


def test_clock_stands_and_resumes_by_itself_when_the_date_comes() -> None:
    story = at_work().give(K.SUSPEND, after(days=4), resume_at=after(days=24))
    assert (story.case.status, story.case.frozen_at) == (S.SUSPENDED, after(days=4))
    story.until(after(days=24) - MICRO)
    assert story.types[-1] is T.SUSPENDED
    story.until(after(days=25))
    resumed = story.last(T.RESUMED)
    assert (resumed.at, resumed.actor, resumed.data["by_clock"]) == (after(days=24), None, True)
    assert (story.case.status, story.case.frozen_at, story.case.resume_at) == (S.IN_PROGRESS, None, None)
    assert story.case.promise
    assert story.case.promise.due_at == MONDAY + DUE + timedelta(days=20)


def test_remaining_time_is_conserved_when_the_centre_resumes_early_by_hand() -> None:
    story = at_work().give(K.SUSPEND, after(days=4), resume_at=after(days=24)).give(K.RESUME, after(days=7))
    assert story.last(T.RESUMED).data["by_clock"] is False
    assert story.case.promise == promise(after(days=7), after(days=13))
    assert story.until(after(days=60)).at(T.RESUMED) == [after(days=7)], "the date of resumption is forgotten"
    assert story.at(T.TURNED_RED) == [after(days=13)]


def test_every_pause_has_its_line_in_the_ledger_when_there_are_two() -> None:
    story = at_work().give(K.SUSPEND, after(days=1), resume_at=after(days=3))
    story.give(K.SUSPEND, after(days=5), resume_at=after(days=9)).give(K.RESUME, after(days=6))
    lines = [(item.since, item.until, item.due_after - item.due_before) for item in story.case.pauses]
    assert lines == [
        (after(days=1), after(days=3), timedelta(days=2)),
        (after(days=5), after(days=6), timedelta(days=1)),
    ]
    assert story.case.promise
    assert story.case.promise.due_at == MONDAY + DUE + timedelta(days=3)


def test_the_ledger_survives_when_an_extension_is_granted_later() -> None:
    story = at_work().give(K.SUSPEND, after(days=1), resume_at=after(days=3))
    story.give(K.REQUEST_EXTENSION, after(days=4)).give(K.DECIDE_EXTENSION, after(days=5))
    assert len(story.case.pauses) == 1
    assert story.case.promise
    assert story.case.promise.due_at == MONDAY + DUE + timedelta(days=2 + 5)


def test_light_is_green_again_when_a_yellow_case_is_suspended_and_resumed_with_time_left() -> None:
    story = at_work().give(K.SUSPEND, after(days=9, hours=1), resume_at=after(days=12))
    assert story.case.yellow
    story.until(after(days=12))
    assert story.case.yellow, "less than a day is left, so the light turns at once"
    assert not story.case.red


@pytest.mark.parametrize("resume_at", [after(days=4), after(days=4) - MICRO, MONDAY])
def test_suspension_is_refused_when_its_date_is_not_to_come(resume_at: datetime) -> None:
    assert at_work().refusal(K.SUSPEND, after(days=4), resume_at=resume_at) == "resume_not_later"


def test_suspension_is_refused_when_the_deadline_has_passed() -> None:
    assert at_work().refusal(K.SUSPEND, MONDAY + DUE) == "deadline_passed"
    assert at_work().give(K.SUSPEND, MONDAY + DUE - MICRO).until(after(days=12)).case.status is S.SUSPENDED


@pytest.mark.parametrize("kind", [K.COMPLETE, K.REQUEST_EXTENSION, K.RETURN, K.SUSPEND, K.URGE, K.DISPATCH])
def test_work_is_refused_when_the_case_is_suspended(kind: CommandKind) -> None:
    story = at_work().give(K.SUSPEND, after(hours=4))
    assert story.refusal(kind, after(hours=5)) == "transition_not_allowed"


def test_progress_is_taken_when_the_case_is_suspended() -> None:
    assert at_work().give(K.SUSPEND, after(days=4)).give(K.PROGRESS, after(days=5)).types[-1] is T.PROGRESSED


def test_no_card_ever_falls_when_a_suspended_case_is_withdrawn() -> None:
    story = at_work().give(K.SUSPEND, after(days=4)).give(K.WITHDRAW, after(days=5)).until(after(days=99))
    assert story.types[-1] is T.WITHDRAWN
    assert story.case.frozen_at == after(days=4)
