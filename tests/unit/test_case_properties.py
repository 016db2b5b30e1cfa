"""Random lives of cases: the domain against the naive model, and what must hold in every life."""

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.case import Case
from domain.errors import Refused
from domain.holding.commands import ALLOWED, HOLDERS
from domain.holding.parts import latest
from domain.holding.state import Holding, Part
from domain.holding.values import Pause
from domain.ledger import catch_up, fold
from domain.messages import Command, Event
from domain.plain import of_plain, to_plain
from domain.vocabulary import CaseStatus, CommandKind, EventType, Role
from tests.unit import naive_commands
from tests.unit.case_world import MICRO, MONDAY, TERMS, Story, ack_clock, promise
from tests.unit.naive_case import Bag, NaiveCase

K, T, S = CommandKind, EventType, CaseStatus

CALM = replace(
    TERMS,
    ack_ladder=replace(TERMS.ack_ladder, repeat=timedelta(days=2)),
    danger_ladder=replace(TERMS.danger_ladder, repeat=timedelta(days=1)),
)
"""Ladders that repeat slowly, so that a year of silence stays a short log."""

LIKELY = {
    S.AWAITING_DISPATCH: (K.DISPATCH, K.DISPATCH, K.TAKE_OVER),
    S.DISPATCHED: (K.ACKNOWLEDGE, K.ACKNOWLEDGE, K.RETURN, K.RULE_RETURN, K.URGE, K.DISPATCH, K.ASSIST),
    S.IN_PROGRESS: (K.REQUEST_EXTENSION, K.SUSPEND, K.COMPLETE, K.RETURN, K.URGE, K.PROGRESS, K.APPEAL,
                    K.ASSIST, K.DISPATCH, K.ASSIST, K.SUSPEND, K.RULE_APPEAL),
    S.SUSPENDED: (K.RESUME, K.PROGRESS),
    S.AWAITING_VERIFICATION: (K.VERIFY, K.VERIFY, K.JOIN),
    S.AWAITING_ANSWER: (K.RATE, K.RATE, K.JOIN),
    S.CLOSED: (K.APPEAL, K.RULE_APPEAL),
    S.WITHDRAWN: (K.APPEAL, K.RULE_APPEAL),
}  # fmt: skip

LIKELY_OF_PART = {
    **dict.fromkeys(S, (K.PROGRESS,)),
    S.AWAITING_DISPATCH: (K.DISPATCH,),
    S.DISPATCHED: (K.ACKNOWLEDGE, K.ACKNOWLEDGE, K.RETURN, K.URGE, K.DISPATCH),
    S.IN_PROGRESS: (K.REQUEST_EXTENSION, K.COMPLETE, K.RETURN, K.URGE, K.PROGRESS, K.DISPATCH, K.REQUEST_EXTENSION),
}

FIRST_OF_MILESTONE = {
    T.TRIAGE_MISSED, T.ACK_MISSED, T.ACK_ESCALATED, T.URGING_UNANSWERED, T.EXTENSION_REMINDED, T.TURNED_YELLOW,
    T.EXTENSION_LAPSED, T.VERIFICATION_MISSED, T.ARCHIVED, T.ALARM_RAISED,
}  # fmt: skip

Step = tuple[str, int, bool, bool, int, int]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["now", "now", "minutes", "minutes", "hours", "days", "before", "sharp", "late"]),
        st.integers(0, 11),  # which of the likely commands, or of all
        st.sampled_from([True, True, True, False]),  # a likely one
        st.booleans(),  # yes or no: granted, accepted, solved, upheld
        st.integers(0, 11),  # what else is unusual about it
        st.integers(0, 4),  # of the lead, or of which part
    ),
    min_size=6,
    max_size=40,
)
Start = tuple[str | None, bool, int]
STARTS = st.tuples(
    st.sampled_from(["unit-a", "unit-a", "unit-a", None]),
    st.sampled_from([False, False, True]),
    st.sampled_from([0, 1, 2]),  # so many units assist from the beginning, and have acknowledged
)

moderate = settings(max_examples=100, deadline=None, derandomize=True, database=None)


class Life:
    """One case lived twice: by the domain (a story) and by the naive model."""

    def __init__(self, start: Start) -> None:
        unit, danger, helpers = start
        self.story = Story(unit=unit, danger=danger, terms=CALM)
        ack = ack_clock(MONDAY, 5 if danger else 30)
        data = {"ack": to_plain(ack), "promise": to_plain(promise())}
        self.naive = NaiveCase(MONDAY, unit=unit, danger=danger, data=data)
        self.now = MONDAY
        for helper in ("unit-d", "unit-e")[: helpers if unit else 0]:
            self.both(self.story.command(K.ASSIST, MONDAY, to=helper))
            self.both(self.story.command(K.ACKNOWLEDGE, MONDAY, part=helper))

    def both(self, command: Command) -> None:
        """Gives the command to both, and compares."""
        assert self.decided(command) == naive_commands.give(self.naive, command), command
        self.compare()

    def step(self, step: Step) -> None:
        """Waits, gives a command to both, and compares."""
        self.now = max(self.now, self.instant(step[0], step[1]))
        self.story.until(self.now)
        self.naive.tick(self.now)
        self.compare()
        self.both(self.command(step))

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
        _, number, likely, yes, odd, which = step
        part = self.part(which)
        usual = self.usual(part or self.story.case, LIKELY_OF_PART if part else LIKELY)
        every = list(naive_commands.DO)
        kind = usual[number % len(usual)] if likely else every[(number + odd) % len(every)]
        said: dict[str, Any] = {"part": part.key} if part and kind in ALLOWED else {}
        if part and kind in HOLDERS and number % 2:
            said = {"unit": part.unit}  # without saying which part: it has but one
        if kind in (K.DECIDE_EXTENSION, K.RULE_RETURN, K.VERIFY, K.RATE, K.RULE_APPEAL):
            name = {K.DECIDE_EXTENSION: "grant", K.RULE_RETURN: "accept", K.RULE_APPEAL: "uphold"}.get(kind, "solved")
            said[name] = yes
        return self.story.command(kind, self.now, **{**said, **self.unusual(kind, odd)})

    def part(self, which: int) -> Part | None:
        """One of the parts, the latest of its key; None: the command is about the lead."""
        parts = list({part.key: part for part in self.story.case.parts}.values())
        return parts[which % len(parts)] if which > 1 and parts else None

    def usual(self, holding: Holding, likely: Mapping[CaseStatus, tuple[CommandKind, ...]]) -> tuple[CommandKind, ...]:
        """What people would do now."""
        if holding.pending_extension:
            return (K.DECIDE_EXTENSION, K.DECIDE_EXTENSION, K.COMPLETE, K.REQUEST_EXTENSION)
        if holding.return_pending:
            return (K.RULE_RETURN, K.RULE_RETURN, K.ACKNOWLEDGE)
        return likely[holding.status]

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
        if odd in (2, 3, 4, 5) and kind is K.RATE and self.story.case.joined:
            return {"report": self.story.case.joined[-1]}
        if odd in (2, 3) and kind is K.JOIN:
            return {"danger": True}
        if odd > 5 and kind is K.ASSIST:
            return {"to": f"unit-{'abcdefg'[odd % 7]}"}
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
        assert [(event.type.value, event.at, told_of(event)) for event in self.story.events] == self.naive.log
        assert [of_holding(each) for each in (case, *case.parts)] == [of_bag(bag) for bag in (k, *self.naive.helpers)]
        assert [part.key for part in case.parts] == [bag.key for bag in self.naive.helpers]
        assert (case.outcome, case.closed_at, case.archived) == (k.outcome, k.closed, k.archived)
        assert [(card.unit, card.due_at, card.appeal, card.part) for card in case.red_cards] == [
            (card["unit"], card["due"], card["appeal"], card["part"]) for card in k.cards
        ]
        assert sum(card.points for card in case.red_cards if not card.reversed) == k.points
        milestone, found = case.next_milestone(), self.naive.next()
        assert (milestone.at if milestone else None) == (found and found[0])


def told_of(event: Event) -> str | None:
    """The part to which the event happened."""
    part: str | None = event.data.get("part")
    return part


def of_holding(it: Holding) -> tuple[Any, ...]:
    """What of a holding the naive model knows, too."""
    due = it.promise.due_at if it.promise else None
    return it.status, it.round, it.unit, it.yellow, it.red, it.return_pending, it.frozen_at, it.dispatched_at, due


def of_bag(it: Bag) -> tuple[Any, ...]:
    """The same of a bag of the naive model."""
    due = it.promise and it.promise["due_at"]
    return it.status, it.round, it.unit, it.yellow, it.red, it.returning, it.frozen, it.dispatched, due


def lived(start: Start, steps: list[Step]) -> Life:
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
def test_case_and_naive_model_agree_in_every_life(start: Start, steps: list[Step]) -> None:
    lived(start, steps)


@moderate
@given(STARTS, STEPS)
def test_evidence_holds_in_every_life(start: Start, steps: list[Step]) -> None:
    story = lived(start, steps).story
    events = story.events
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    missed = [(card.part, card.due_at) for card in story.case.red_cards]
    assert len(set(missed)) == len(missed), "two red cards for one deadline"
    issued = [(told_of(event), event.at) for event in events if event.type is T.RED_CARD_ISSUED]
    assert issued == missed, "a card that is not dated with its deadline"
    assert len({card.id for card in story.case.red_cards}) == len(missed), "two cards under one number"
    entries = [event.data["points"] for event in events if event.type in (T.POINTS_DEDUCTED, T.POINTS_RESTORED)]
    assert sum(entries) == sum(card.points for card in story.case.red_cards if not card.reversed)
    types = [event.type for event in events]
    order = [T.TURNED_RED, T.RED_CARD_ISSUED, T.POINTS_DEDUCTED, T.INTERVIEW_OPENED]
    assert all(types[at : at + 4] == order for at, kind in enumerate(types) if kind is T.TURNED_RED)


@moderate
@given(STARTS, STEPS)
def test_light_never_goes_back_and_a_finished_case_never_moves_in_any_life(start: Start, steps: list[Step]) -> None:
    story = lived(start, steps).story
    afterlife = {T.APPEALED, T.APPEAL_UPHELD, T.APPEAL_DISMISSED, T.POINTS_RESTORED, T.ARCHIVED}
    for (_, before), (event, case) in pairwise(states(story.bare, story.events)):
        for was, now in zip((before, *before.parts), (case, *case.parts), strict=False):
            assert now.round in (was.round, was.round + 1)
            assert now.red or not was.red or now.round > was.round, "green after red within a round"
            assert now is case or not was.finished or now == was, "a part that is over has moved"
        assert not case.finished or all(part.finished for part in case.parts), "somebody still assists"
        if before.finished:
            assert event.type in afterlife
            assert (case.status, case.outcome, case.closed_at) == (before.status, before.outcome, before.closed_at)
        assert not before.ended or event.type is T.POINTS_RESTORED, "a ruling ends it, and brings the points back"


@moderate
@given(STARTS, STEPS)
def test_clocks_are_kept_to_the_instant_in_every_life(start: Start, steps: list[Step]) -> None:
    story = lived(start, steps).story
    for (_, before), (event, case) in pairwise(states(story.bare, story.events)):
        due = before.next_milestone()
        if event.type in FIRST_OF_MILESTONE and event.at > MONDAY:
            assert due
            assert event.at == due.at, "something that was due earlier was passed over"
        held, had = (latest(it.parts, told_of(event) or "") or it for it in (case, before))
        if event.type is T.EXTENSION_GRANTED:
            assert held.promise
            until = {item.id: item.until for item in held.extensions}
            assert held.promise.due_at == until[event.data["extension"]]
        if event.type is T.RESUMED:
            stood, left, now = had.frozen_at, had.promise, held.promise
            assert stood
            assert left
            assert now
            if had.red:
                assert (now, held.red, held.pauses) == (left, True, had.pauses), "a missed deadline stays"
                continue
            assert now.due_at - event.at == left.due_at - stood, "remaining time is not conserved"
            line = Pause(since=stood, until=event.at, due_before=left.due_at, due_after=now.due_at)
            assert held.pauses == (*had.pauses, *([line] if event.at > stood else []))


@moderate
@given(STARTS, STEPS)
def test_state_survives_json_and_refolding_in_every_life(start: Start, steps: list[Step]) -> None:
    story = lived(start, steps).story
    stored = json.dumps(to_plain(story.case))
    assert of_plain(Case, json.loads(stored)) == story.case
    events = [of_plain(Event, json.loads(json.dumps(to_plain(event)))) for event in story.events]
    assert events == story.events
    assert fold(story.bare, events) == story.case
    assert catch_up(story.case, story.events[-1].at)[0].version >= story.case.version
