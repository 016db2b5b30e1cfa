"""The interview file of a red card (A9, A17): its states, its own clocks, its refusals."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import Refused
from domain.interview import ALLOWED, Interview, open_interview, plain_interview
from domain.ledger import catch_up, fold
from domain.messages import Command, Event
from domain.plain import of_plain, to_plain
from domain.vocabulary import CommandKind, EventType, InterviewStatus, Role, TalkKind
from tests.unit.case_world import DUE, MICRO, MONDAY, Story, after

K, T, S = CommandKind, EventType, InterviewStatus
OPENED = MONDAY + DUE
CONVENE_BY = after(days=15)


def opening() -> Event:
    """What a case says when its deadline passes."""
    return Story().until(OPENED).last(T.INTERVIEW_OPENED)


class FileStory:
    """An interview file and all its events."""

    def __init__(self) -> None:
        self.file, first = open_interview(opening())
        self.events = [first]

    def until(self, at: datetime) -> "FileStory":
        """Nobody does anything until ``at``."""
        self.file, events = catch_up(self.file, at)
        self.events.extend(events)
        return self

    def give(self, kind: CommandKind, at: datetime, /, **said: Any) -> "FileStory":
        """Reaches what fell due, then gives the command."""
        self.until(at)
        events = self.file.decide(command(kind, at, **said))
        assert all((event.at, event.actor, event.command) == (at, "officer", "c") for event in events)
        self.file = fold(self.file, events)
        self.events.extend(events)
        return self

    def refusal(self, kind: CommandKind, at: datetime, /, **said: Any) -> str:
        """The code; a refusal changes nothing."""
        self.until(at)
        before = to_plain(self.file)
        with pytest.raises(Refused) as caught:
            self.file.decide(command(kind, at, **said))
        assert to_plain(self.file) == before
        return caught.value.code

    @property
    def types(self) -> list[EventType]:
        """Types of all events so far."""
        return [event.type for event in self.events]


def command(
    kind: CommandKind, at: datetime, /, *, roles: tuple[Role, ...] = (Role.ORGANIZATION_OFFICER,), **said: Any
) -> Command:
    """A command with what the API would have resolved for it."""
    resolved: dict[CommandKind, dict[str, Any]] = {
        K.CONVENE: {"at": at + timedelta(days=2), "minutes_by": at + timedelta(days=4)},
        K.KEEP_MINUTES: {"kind": TalkKind.LEADER_INTERVIEW},
        K.RECTIFY: {"due_on": at + timedelta(days=10), "check_by": at + timedelta(days=13)},
        K.CHECK: {"passed": True},
    }
    return Command(
        id="c", kind=kind, at=at, actor="officer", unit="organization", roles=roles,
        data=to_plain(resolved.get(kind, {}) | said),
    )  # fmt: skip


def convened() -> FileStory:
    """Convened on day 11 for day 13; minutes until day 15."""
    return FileStory().give(K.CONVENE, after(days=11))


def rectifying() -> FileStory:
    """Rectification until day 24, check until day 27."""
    return convened().give(K.KEEP_MINUTES, after(days=13)).give(K.RECTIFY, after(days=14))


def test_file_knows_card_case_and_unit_when_a_card_opens_it() -> None:
    file, first = open_interview(opening())
    number = Story().case.number
    assert (file.id, file.card, file.case, file.unit) == (f"{number}-R1-I", f"{number}-R1", number, "unit-a")
    assert (file.status, file.opened_at, file.convene_by, file.version) == (S.TO_CONVENE, OPENED, CONVENE_BY, 1)
    assert (first.seq, first.type, first.at) == (1, T.OPENED, OPENED)
    plain, again = plain_interview(opening())
    assert (of_plain(Interview, plain), again) == (file, first)


def test_next_level_is_told_once_when_nobody_convenes() -> None:
    story = FileStory().until(after(days=900))
    assert [(event.type, event.at) for event in story.events[1:]] == [(T.CONVENE_MISSED, CONVENE_BY)]
    assert story.file.convene_missed
    assert story.give(K.CONVENE, after(days=901)).file.status is S.CONVENED


@pytest.mark.parametrize(("at", "missed"), [(CONVENE_BY - MICRO, False), (CONVENE_BY, True)])
def test_convening_is_in_time_until_its_instant(at: datetime, missed: bool) -> None:
    assert FileStory().give(K.CONVENE, at).file.convene_missed is missed


def test_file_runs_to_its_end_when_everybody_does_their_part() -> None:
    story = convened().give(K.KEEP_MINUTES, after(days=13))
    story.give(K.KEEP_MINUTES, after(days=13), kind=TalkKind.ADMONITION_TALK)
    story.give(K.RECTIFY, after(days=14)).give(K.CHECK, after(days=20))
    assert story.types == [
        T.OPENED, T.CONVENED, T.MINUTES_KEPT, T.HELD, T.MINUTES_KEPT, T.RECTIFICATION_SET, T.CHECKED, T.CLOSED,
    ]  # fmt: skip
    assert story.file.talks == (TalkKind.LEADER_INTERVIEW, TalkKind.ADMONITION_TALK)
    assert (story.file.ended, story.file.closed_at) == (True, after(days=20))
    assert story.until(after(days=99)).types[-1] is T.CLOSED


def test_missing_minutes_are_marked_when_their_clock_runs_out() -> None:
    story = convened().until(after(days=40))
    assert [(event.type, event.at) for event in story.events[2:]] == [(T.MINUTES_MISSED, after(days=15))]
    assert story.give(K.KEEP_MINUTES, after(days=41)).file.status is S.HELD


def test_talk_is_convened_anew_when_it_is_put_off() -> None:
    story = convened().give(K.CONVENE, after(days=12)).until(after(days=15))
    assert (story.types[-1], story.file.minutes_by) == (T.CONVENED, after(days=16))


def test_admonition_talk_alone_holds_no_interview_when_its_minutes_come_first() -> None:
    story = convened().give(K.KEEP_MINUTES, after(days=13), kind=TalkKind.ADMONITION_TALK)
    assert (story.file.status, story.types[-1]) == (S.CONVENED, T.MINUTES_KEPT)


def test_minutes_are_kept_in_the_ledger_of_talks_once_when_they_are_added_to() -> None:
    story = convened().give(K.KEEP_MINUTES, after(days=13)).give(K.KEEP_MINUTES, after(days=13))
    assert story.file.talks == (TalkKind.LEADER_INTERVIEW,)
    assert story.types[-2:] == [T.HELD, T.MINUTES_KEPT]


def test_rectification_and_check_have_clocks_when_a_date_is_set() -> None:
    story = rectifying().until(after(days=99))
    assert [(event.type, event.at) for event in story.events[-2:]] == [
        (T.RECTIFICATION_DUE, after(days=24)),
        (T.CHECK_MISSED, after(days=27)),
    ]


def test_rectification_falls_due_first_when_both_are_due_at_one_instant() -> None:
    story = convened().give(K.KEEP_MINUTES, after(days=13))
    story.give(K.RECTIFY, after(days=14), due_on=after(days=20), check_by=after(days=20)).until(after(days=20))
    assert story.types[-2:] == [T.RECTIFICATION_DUE, T.CHECK_MISSED]


def test_a_new_rectification_is_asked_for_when_the_check_fails() -> None:
    story = rectifying().give(K.CHECK, after(days=25), passed=False)
    assert (story.file.status, story.file.checks_failed, story.file.check_by) == (S.HELD, 1, None)
    assert story.refusal(K.CHECK, after(days=26)) == "transition_not_allowed"
    story.give(K.RECTIFY, after(days=26)).give(K.CHECK, after(days=30))
    assert story.file.status is S.CLOSED


@pytest.mark.parametrize("make", [FileStory, convened, rectifying])
def test_file_is_withdrawn_from_every_open_state_when_the_appeal_is_upheld(make: Any) -> None:
    story = make().give(K.WITHDRAW_INTERVIEW, after(days=15)).until(after(days=99))
    assert (story.file.status, story.types[-1], story.file.closed_at) == (S.WITHDRAWN, T.WITHDRAWN, after(days=15))


def test_command_is_refused_when_its_caller_saw_an_older_version() -> None:
    assert convened().refusal(K.KEEP_MINUTES, after(days=13), version=1) == "stale_version"
    convened().give(K.KEEP_MINUTES, after(days=13), version=2)


def test_event_is_refused_when_it_does_not_follow_on_the_last_one() -> None:
    with pytest.raises(ValueError, match="does not follow"):
        convened().file.apply(convened().events[-1])


TABLE: dict[CommandKind, str] = {
    # one letter a state, in the order of InterviewStatus: to_convene, convened, held, rectifying, then the ended ones
    K.CONVENE: "yy.....",
    K.WAIVE: "yy.....",
    K.KEEP_MINUTES: ".yyy...",
    K.RECTIFY: "..yy...",
    K.CHECK: "...y...",
    K.WITHDRAW_INTERVIEW: "yyyy...",
}


@pytest.mark.parametrize("status", InterviewStatus)
@pytest.mark.parametrize("kind", CommandKind)
def test_command_is_allowed_or_refused_as_the_table_says(kind: CommandKind, status: InterviewStatus) -> None:
    story = rectifying()
    story.file = replace(story.file, status=status)
    if TABLE.get(kind, "." * 7)[list(S).index(status)] == "y":
        assert story.give(kind, after(days=15)).file.version > 5
    else:
        assert story.refusal(kind, after(days=15)) == "transition_not_allowed"


def test_every_command_of_a_file_is_in_the_table() -> None:
    assert set(TABLE) == set(ALLOWED)


LIVES = st.lists(st.tuples(st.sampled_from(list(TABLE)), st.integers(0, 9), st.booleans()), max_size=12)


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(LIVES)
def test_evidence_holds_in_every_life(steps: list[tuple[CommandKind, int, bool]]) -> None:
    story, days = FileStory(), 10
    for kind, later, yes in steps:
        days += later
        story.until(after(days=days))
        said: dict[CommandKind, dict[str, Any]] = {
            K.CHECK: {"passed": yes},
            K.KEEP_MINUTES: {"kind": list(TalkKind)[yes]},
        }
        ended, before = story.file.ended, len(story.events)
        try:
            story.give(kind, after(days=days), **said.get(kind, {}))
        except Refused:
            assert len(story.events) == before
        else:
            assert not ended
    assert [event.seq for event in story.events] == list(range(1, len(story.events) + 1))
    assert [event.at for event in story.events] == sorted(event.at for event in story.events)
    assert of_plain(Interview, to_plain(story.file)) == story.file
    start = replace(open_interview(opening())[0], version=0)
    assert fold(start, story.events) == story.file


def test_leader_sets_the_date_once_and_officers_again_when_it_is_to_be_rectified() -> None:
    leader = (Role.UNIT_LEADER,)
    held = convened().give(K.KEEP_MINUTES, after(days=13)).file
    (first,) = held.decide(command(K.RECTIFY, after(days=14), roles=leader))
    with pytest.raises(Refused, match="transition_not_allowed"):
        held.apply(first).decide(command(K.RECTIFY, after(days=15), roles=leader))
    assert held.apply(first).decide(command(K.RECTIFY, after(days=15)))
