"""Random lives of cases: the domain against the naive model, and what must hold in every life."""

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.case import Case
from domain.errors import Refused
from domain.holding_values import Pause
from domain.ledger import catch_up, fold
from domain.messages import Command, Event
from domain.plain import of_plain, to_plain
from domain.vocabulary import CaseStatus, CommandKind, EventType, Role
from tests.unit import naive_commands
from tests.unit.case_world import MICRO, MONDAY, TERMS, Story, ack_clock, promise
from tests.unit.naive_case import NaiveCase

K, T, S = CommandKind, EventType, CaseStatus

CALM = replace(
    TERMS,
    ack_ladder=replace(TERMS.ack_ladder, repeat=timedelta(days=2)),
    danger_ladder=replace(TERMS.danger_ladder, repeat=timedelta(days=1)),
)
"""Ladders that repeat slowly, so that a year of silence stays a short log."""

LIKELY = {
    S.AWAITING_DISPATCH: (K.DISPATCH, K.DISPATCH, K.TAKE_OVER),
    S.DISPATCHED: (K.ACKNOWLEDGE, K.ACKNOWLEDGE, K.RETURN, K.RULE_RETURN, K.URGE, K.DISPATCH),
    S.IN_PROGRESS: (K.REQUEST_EXTENSION, K.SUSPEND, K.COMPLETE, K.RETURN, K.URGE, K.PROGRESS, K.APPEAL,
                    K.REQUEST_EXTENSION, K.DISPATCH, K.COMPLETE, K.SUSPEND, K.RULE_APPEAL),
    S.SUSPENDED: (K.RESUME, K.PROGRESS),
    S.AWAITING_VERIFICATION: (K.VERIFY,),
    S.AWAITING_ANSWER: (K.RATE,),
    S.CLOSED: (K.APPEAL, K.RULE_APPEAL),
    S.WITHDRAWN: (K.APPEAL, K.RULE_APPEAL),
}  # fmt: skip

FIRST_OF_MILESTONE = {
    T.TRIAGE_MISSED, T.ACK_MISSED, T.ACK_ESCALATED, T.URGING_UNANSWERED, T.EXTENSION_REMINDED, T.TURNED_YELLOW,
    T.EXTENSION_LAPSED, T.VERIFICATION_MISSED, T.ARCHIVED, T.ALARM_RAISED,
}  # fmt: skip

Step = tuple[str, int, bool, bool, int]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["now", "now", "minutes", "minutes", "hours", "days", "before", "sharp", "late"]),
        st.integers(0, 11),  # which of the likely commands, or of all
        st.sampled_from([True, True, True, False]),  # a likely one
        st.booleans(),  # yes or no: granted, accepted, solved, upheld
        st.integers(0, 11),  # what else is unusual about it
    ),
    min_size=6,
    max_size=40,
)
STARTS = st.tuples(st.sampled_from(["unit-a", "unit-a", "unit-a", None]), st.sampled_from([False, False, True]))

moderate = settings(max_examples=100, deadline=None, derandomize=True, database=None)


class Life:
    """One case lived twice: by the domain (a story) and by the naive model."""

    def __init__(self, start: tuple[str | None, bool]) -> None:
        unit, danger = start
        self.story = Story(unit=unit, danger=danger, terms=CALM)
        ack = ack_clock(MONDAY, 5 if danger else 30)
        data = {"ack": to_plain(ack), "promise": to_plain(promise())}
        self.naive = NaiveCase(MONDAY, unit=unit, danger=danger, data=data)
        self.now = MONDAY

    def step(self, step: Step) -> None:
        """Waits, gives a command to both, and compares."""
        self.now = max(self.now, self.instant(step[0], step[1]))
        self.story.until(self.now)
        self.naive.tick(self.now)
        self.compare()
        command = self.command(step)
        assert self.decided(command) == naive_commands.give(self.naive, command), command
        self.compare()

    def instant(self, how: str, number: int) -> datetime:
        """Somewhere interesting: beside what falls due next, or some time later."""
        found = self.naive.next()
        sharp = found[0] if found else self.now
        return {
            "now": self.now,
            "minutes": self.now + timedelta(minutes=7 * number),
            "hours": self.now + timedelta(hours=3 * number),
            "days": self.now + timedelta(days=number // 2),
            "before": sharp - MICRO,
            "sharp": sharp,
            "late": sharp + MICRO,
        }[how]

    def command(self, step: Step) -> Command:
        """A command that is likely in this state, or any; mostly by whom it concerns."""
        _, number, likely, yes, odd = step
        usual = self.usual()
        kind = usual[number % len(usual)] if likely else list(naive_commands.DO)[(number + odd) % 17]
        said: dict[str, Any] = {}
        if kind in (K.DECIDE_EXTENSION, K.RULE_RETURN, K.VERIFY, K.RATE, K.RULE_APPEAL):
            name = {K.DECIDE_EXTENSION: "grant", K.RULE_RETURN: "accept", K.RULE_APPEAL: "uphold"}.get(kind, "solved")
            said[name] = yes
        return self.story.command(kind, self.now, **said, **self.unusual(kind, odd))

    def usual(self) -> tuple[CommandKind, ...]:
        """What people would do now."""
        case = self.story.case
        if case.pending_extension:
            return (K.DECIDE_EXTENSION, K.DECIDE_EXTENSION, K.COMPLETE, K.REQUEST_EXTENSION)
        if case.return_pending:
            return (K.RULE_RETURN, K.RULE_RETURN, K.ACKNOWLEDGE)
        return LIKELY[case.status]

    def unusual(self, kind: CommandKind, odd: int) -> dict[str, Any]:
        """What an impatient, mistaken or unlucky person would send."""
        if odd == 0:
            return {"unit": "unit-b"}
        if odd == 1:
            return {"version": self.story.case.version - 1}
        if odd in (2, 3) and kind in (K.DISPATCH, K.RULE_RETURN):
            return {"to": "unit-a" if odd == 2 else "unit-c", "promise": promise(self.now)}
        if odd in (4, 5) and kind in (K.DISPATCH, K.RULE_RETURN):
            return {"to": f"unit-{'abc'[self.now.day % 3]}", "promise": None}
        if odd in (2, 3, 4) and kind is K.DECIDE_EXTENSION:
            return {"roles": (Role.SUPERVISOR, Role.UNIT_LEADER)}
        if odd == 2 and kind is K.PROGRESS:
            return {"answers": str(self.story.case.urgings_made)}
        if odd == 2 and kind is K.SUSPEND:
            return {"resume_at": self.now}
        if odd == 2 and kind is K.REQUEST_EXTENSION and self.story.case.promise:
            return {"until": self.story.case.promise.due_at}
        return {"by": "handler"} if odd == 3 and kind is K.VERIFY else {}

    def decided(self, command: Command) -> bool:
        """Whether the domain takes it. A refusal changes nothing, and neither does deciding."""
        before, said = to_plain(self.story.case), deepcopy(command)
        try:
            events = self.story.case.decide(command)
        except Refused:
            return False
        finally:
            assert to_plain(self.story.case) == before
            assert command == said
        assert all(event.command == command.id and event.at == command.at for event in events)
        self.story.case = fold(self.story.case, events)
        self.story.events.extend(events)
        return True

    def compare(self) -> None:
        """Status, lights, cards, points, round, clocks and the whole log agree."""
        case, k = self.story.case, self.naive.k
        assert [(event.type.value, event.at) for event in self.story.events] == self.naive.log
        assert (case.status, case.round, case.yellow, case.red) == (k.status, k.round, k.yellow, k.red)
        assert (case.unit, case.return_pending, case.frozen_at) == (k.unit, k.returning, k.frozen or case.closed_at)
        assert (case.outcome, case.closed_at, case.archived) == (k.outcome, k.closed, k.archived)
        assert (case.promise.due_at if case.promise else None) == (k.promise and k.promise["due_at"])
        assert [(card.unit, card.due_at, card.appeal) for card in case.red_cards] == [
            (card["unit"], card["due"], card["appeal"]) for card in k.cards
        ]
        assert sum(card.points for card in case.red_cards if not card.reversed) == k.points
        milestone, found = case.next_milestone(), self.naive.next()
        assert (milestone.at if milestone else None) == (found and found[0])


def lived(start: tuple[str | None, bool], steps: list[Step]) -> Life:
    """A life of so many steps, and a quiet month after them."""
    life = Life(start)
    for step in steps:
        life.step(step)
    life.now += timedelta(days=30)
    life.story.until(life.now)
    life.naive.tick(life.now)
    life.compare()
    return life


def states(bare: Case, events: list[Event]) -> Iterator[tuple[Event, Case]]:
    """Each event with the case after it."""
    for event in events:
        bare = bare.apply(event)
        yield event, bare


@moderate
@given(STARTS, STEPS)
def test_case_and_naive_model_agree_in_every_life(start: tuple[str | None, bool], steps: list[Step]) -> None:
    lived(start, steps)


@moderate
@given(STARTS, STEPS)
def test_evidence_holds_in_every_life(start: tuple[str | None, bool], steps: list[Step]) -> None:
    story = lived(start, steps).story
    events = story.events
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    missed = [card.due_at for card in story.case.red_cards]
    assert len(set(missed)) == len(missed), "two red cards for one deadline"
    assert story.at(T.RED_CARD_ISSUED) == missed, "a card that is not dated with its deadline"
    entries = [event.data["points"] for event in events if event.type in (T.POINTS_DEDUCTED, T.POINTS_RESTORED)]
    assert sum(entries) == sum(card.points for card in story.case.red_cards if not card.reversed)
    types = [event.type for event in events]
    order = [T.TURNED_RED, T.RED_CARD_ISSUED, T.POINTS_DEDUCTED, T.INTERVIEW_OPENED]
    assert all(types[at : at + 4] == order for at, kind in enumerate(types) if kind is T.TURNED_RED)


@moderate
@given(STARTS, STEPS)
def test_light_never_goes_back_and_a_finished_case_never_moves_in_any_life(
    start: tuple[str | None, bool], steps: list[Step]
) -> None:
    story = lived(start, steps).story
    afterlife = {T.APPEALED, T.APPEAL_UPHELD, T.APPEAL_DISMISSED, T.POINTS_RESTORED, T.ARCHIVED}
    for (_, before), (event, case) in pairwise(states(story.bare, story.events)):
        assert case.round in (before.round, before.round + 1)
        assert case.red or not before.red or case.round > before.round, "green after red within a round"
        if before.finished:
            assert event.type in afterlife
            assert (case.status, case.outcome, case.closed_at) == (before.status, before.outcome, before.closed_at)
        assert not before.ended or event.type is T.POINTS_RESTORED, "a ruling ends it, and brings the points back"


@moderate
@given(STARTS, STEPS)
def test_clocks_are_kept_to_the_instant_in_every_life(start: tuple[str | None, bool], steps: list[Step]) -> None:
    story = lived(start, steps).story
    for (_, before), (event, case) in pairwise(states(story.bare, story.events)):
        due = before.next_milestone()
        if event.type in FIRST_OF_MILESTONE and event.at > MONDAY:
            assert due
            assert event.at == due.at, "something that was due earlier was passed over"
        if event.type is T.EXTENSION_GRANTED:
            assert case.promise
            assert case.promise.due_at == case.extensions[int(event.data["extension"]) - 1].until
        if event.type is T.RESUMED:
            stood, left, now = before.frozen_at, before.promise, case.promise
            assert stood
            assert left
            assert now
            assert now.due_at - event.at == left.due_at - stood, "remaining time is not conserved"
            line = Pause(since=stood, until=event.at, due_before=left.due_at, due_after=now.due_at)
            assert case.pauses == (*before.pauses, *([line] if event.at > stood else []))


@moderate
@given(STARTS, STEPS)
def test_state_survives_json_and_refolding_in_every_life(start: tuple[str | None, bool], steps: list[Step]) -> None:
    story = lived(start, steps).story
    stored = json.dumps(to_plain(story.case))
    assert of_plain(Case, json.loads(stored)) == story.case
    events = [of_plain(Event, json.loads(json.dumps(to_plain(event)))) for event in story.events]
    assert events == story.events
    assert fold(story.bare, events) == story.case
    assert catch_up(story.case, story.events[-1].at)[0].version >= story.case.version
