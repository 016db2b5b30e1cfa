"""Random lives of service requests: the domain against the naive model, and what must hold in every life (B3-B10)."""

import json
from collections import Counter
from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import Refused
from domain.holding.values import Pause
from domain.ledger import catch_up, fold
from domain.messages import Command, Event
from domain.plain import of_plain, to_plain
from domain.service import resolving
from domain.service.flow import Condition, Flow, Step
from domain.service.request import ServiceRequest
from domain.vocabulary import CaseStatus, CommandKind, EventType, Role, StepKind
from tests.unit.naive_service import NaiveRequest, No
from tests.unit.service_world import CLERK, HANDLER, MATERIALS, RECEIVED, RULES, SUPERVISOR, Service

C, E = CommandKind, EventType

S = CaseStatus
ON_THE_WAY = (C.COMPLETE_STEP, C.ACKNOWLEDGE, C.COMPLETE_STEP, C.REQUEST_EXTENSION, C.COMPLETE_STEP,
              C.REQUEST_MATERIALS, C.COMPLETE_STEP, C.SUSPEND, C.CONFIRM_HANDOFF, C.BRING_MATERIALS,
              C.DECIDE_EXTENSION, C.DECIDE_EXTENSION)  # fmt: skip
LIKELY = {
    S.AWAITING_MATERIALS: (C.BRING_MATERIALS,),
    S.DISPATCHED: (C.ACKNOWLEDGE, C.ACKNOWLEDGE, C.ACKNOWLEDGE, C.ACKNOWLEDGE, C.SUSPEND),
    S.IN_PROGRESS: ON_THE_WAY,
    S.SUSPENDED: (C.RESUME, C.BRING_MATERIALS),
    S.AWAITING_ANSWER: (C.RATE,),
    S.CLOSED: (C.RATE,),
    S.WITHDRAWN: (C.WITHDRAW,),
}
ALL = tuple(dict.fromkeys((*ON_THE_WAY, C.RESUME, C.RATE, C.WITHDRAW)))
WAITS = {"now": timedelta(), "minutes": timedelta(minutes=9), "hours": timedelta(hours=5), "days": timedelta(days=1)}

ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(["now", "now", "minutes", "minutes", "hours", "days", "sharp"]),
        st.integers(0, 11),  # which of the likely commands, or of all
        st.sampled_from([True, True, True, True, True, True, False]),  # a likely one
        st.integers(0, 4),  # which step
        st.sampled_from([True, True, True, True, False]),  # of whom it is the business
        st.integers(0, 9),  # what else is unusual about it
    ),
    min_size=12,
    max_size=50,
)
GIVEN = st.sampled_from([("id", "form", "photo"), ("id", "form"), ("id",), ("id", "form", "photo", "letter")])


@st.composite
def flows(draw: st.DrawFn) -> Flow:
    """One to five steps, side by side or one after another, some outside, some needed with a letter only."""
    steps: list[Step] = []
    for number in range(draw(st.integers(1, 5))):
        before = [step.key for step in steps]
        outside = number > 0 and draw(st.sampled_from([False, False, True]))
        step = Step(
            key=f"s{number}",
            unit=f"unit-{draw(st.integers(0, 2))}",
            kind=StepKind.OUTSIDE if outside else StepKind.INSIDE,
            limit=None if outside else draw(st.sampled_from(["1 working day", "3 working days", "30 hours", "5 days"])),
            reference_max=draw(st.sampled_from([None, "5 working days"])) if outside else None,
            after=tuple(draw(st.lists(st.sampled_from(before), unique=True, max_size=2))) if before else (),
            only_if=Condition(material="letter") if number and draw(st.sampled_from([False, False, True])) else None,
        )
        steps.append(step)
    return Flow(steps=tuple(steps))


class Life:
    """A request under the rules, and the same under the naive model."""

    def __init__(self, flow: Flow, given: tuple[str, ...]) -> None:
        materials = replace(MATERIALS, given=given)
        self.story = Service(flow, materials=materials)
        opening = resolving.opening(RULES, self.story.bare)
        self.naive = NaiveRequest(RECEIVED, to_plain(flow)["steps"], {"id", "form"}, set(given), opening)
        self.at = RECEIVED
        self.check()

    def act(self, wait: str, command: int, likely: bool, which: int, proper: bool, odd: int) -> None:
        """Waits, then gives one command, if it can be resolved at all."""
        self.wait(wait)
        kinds = LIKELY[self.story.request.status] if likely else ALL
        kind = kinds[command % len(kinds)]
        try:
            made = self.command(kind, which, proper, odd)
        except Refused:
            return
        self.put(made)

    def wait(self, wait: str) -> None:
        """Until something falls due, or so long; in any case not for years."""
        due = self.story.request.next_milestone()
        self.at = (
            max(self.at, due.at) if wait == "sharp" and due is not None else self.at + WAITS.get(wait, timedelta())
        )
        self.story.until(self.at)
        self.naive.tick(self.at)
        self.check()

    def put(self, command: Command) -> None:
        """Refused by both, and then nothing has changed; or taken by both."""
        request, before = self.story.request, to_plain(self.story.request)
        naive = deepcopy(self.naive)
        code = None
        try:
            events = request.decide(command)
        except Refused as refused:
            events, code = (), refused.code
        try:
            self.naive.give(command.kind.value, command.at, command.unit, command.roles, dict(command.data))
            taken = True
        except No:
            taken, self.naive = False, naive
        assert bool(events) is taken, f"{command.kind} {code} {command.data}"
        assert to_plain(request) == before
        self.story.request = fold(request, events)
        self.story.events.extend(events)
        self.check()

    def check(self) -> None:
        """Both tell the same story."""
        assert [(e.type.value, e.data.get("part"), e.at) for e in self.story.events] == self.naive.log

    def step(self, kind: CommandKind, which: int, odd: int) -> str:
        """One that waits for such a command, if there is one; sometimes any."""
        parts = list(self.story.request.open_parts)
        waiting = {C.ACKNOWLEDGE: (S.DISPATCHED,), C.CONFIRM_HANDOFF: (S.AWAITING_ANSWER,)}
        wanted = waiting.get(kind, (S.IN_PROGRESS, S.AWAITING_ANSWER))
        fitting = [part.key for part in parts if part.status in wanted] or [part.key for part in parts]
        steps = fitting if fitting and odd < 9 else [step.key for step in self.story.bare.flow.steps]
        return steps[which % len(steps)]

    def command(self, kind: CommandKind, which: int, proper: bool, odd: int) -> Command:
        """The command, by whose business it is or by somebody else, sometimes with something unusual in it."""
        steps = [part.key for part in self.story.request.open_parts] or [
            step.key for step in self.story.bare.flow.steps
        ]
        key = steps[which % len(steps)]
        said: dict[str, Any] = {
            "part": key,
            "outcome": "refused" if odd == 0 else "passed",
            "codes": [["letter"], ["photo"], ["form"], ["id", "form"], ["letter", "passport"]][(odd + which) % 5],
            "resume_at": self.at + timedelta(days=1 + odd),
            "until": self.at + timedelta(days=2 + odd),
            "solved": odd < 5,
            "extension": str(1 + which),
            "grant": odd % 2 == 0,
            "handler": "handler",
        }
        part = self.story.part(key)
        unit = part.unit if part is not None else "unit-0"
        roles: tuple[Role, ...] = HANDLER if part is None or part.outside is None else CLERK
        if kind is C.DECIDE_EXTENSION:
            del said["part"]
            roles = (Role.UNIT_LEADER, Role.SUPERVISOR) if odd > 4 else SUPERVISOR
        who = {"unit": unit, "roles": roles} if proper else {"unit": "unit-9", "roles": HANDLER}
        return self.story.command(kind, self.at, **said, **who)


@settings(max_examples=120, deadline=None)
@given(flow=flows(), materials=GIVEN, actions=ACTIONS)
def test_request_lives_as_the_naive_model_says(flow: Flow, materials: tuple[str, ...], actions: list[Any]) -> None:
    life = Life(flow, materials)
    for action in actions:
        life.act(*action)
    for invariant in (one_card_a_deadline, every_step_once_a_round, nothing_after_the_end, pauses_conserve, in_order):
        invariant(life.story)
    request = life.story.request
    assert fold(life.story.bare, life.story.events) == request
    assert of_plain(ServiceRequest, json.loads(json.dumps(to_plain(request)))) == request


def one_card_a_deadline(story: Service) -> None:
    """Never two cards for one deadline of one step, and none for the whole."""
    cards = [(card.part, card.due_at, _round_at(story, card.part, card.at)) for card in story.request.red_cards]
    assert len(cards) == len(set(cards))
    assert all(part is not None for part, _, _ in cards)
    assert [card.id for card in story.request.red_cards] == [
        f"{story.request.number}-R{number}" for number in range(1, len(cards) + 1)
    ]


def _round_at(story: Service, key: str | None, at: datetime) -> int:
    return sum(
        1 for event in story.events if event.type is E.DISPATCHED and event.data["part"] == key and event.at <= at
    )


def every_step_once_a_round(story: Service) -> None:
    """Handed over once, completed at most once, between the openings of the whole."""
    rounds: list[list[Event]] = [[]]
    for event in story.events:
        if event.type is E.REOPENED:
            rounds.append([])
        rounds[-1].append(event)
    for events in rounds:
        opened = Counter(event.data["part"] for event in events if event.type in (E.DISPATCHED, E.HANDED_OUT))
        done = Counter(event.data["part"] for event in events if event.type is E.STEP_COMPLETED)
        assert max([*opened.values(), *done.values()], default=0) <= 1
        assert set(done) <= set(opened)


def nothing_after_the_end(story: Service) -> None:
    """A finished request never moves again; only its cards may."""
    types = story.types
    ends = [index for index, kind in enumerate(types) if kind in (E.CLOSED, E.WITHDRAWN)]
    assert len(ends) <= 1
    if ends:
        assert set(types[ends[0] + 1 :]) <= {E.ARCHIVED}
        later, _ = catch_up(story.request, story.events[-1].at + timedelta(days=900))
        assert later.status is story.request.status
        assert later.ended
        assert later.parts == story.request.parts


def pauses_conserve(story: Service) -> None:
    """What was left when a clock stopped is left when it goes on: of the whole and of every step."""
    rules = {step.key: step.limit or "" for step in story.bare.flow.steps}
    for pause in story.request.pauses:
        _conserved(pause, working=True)
    for part in story.request.parts:
        for pause in part.pauses:
            _conserved(pause, working="working" in rules[part.key])


def _conserved(pause: Pause, *, working: bool) -> None:
    work = RULES.worktime
    before, after = work.worked(pause.since, pause.due_before), work.worked(pause.until, pause.due_after)
    if not working or before <= timedelta():
        before, after = pause.due_before - pause.since, pause.due_after - pause.until
    if pause.since < pause.due_before:
        assert before == after, pause


def in_order(story: Service) -> None:
    """Numbered through, and never dated back."""
    assert [event.seq for event in story.events] == list(range(1, len(story.events) + 1))
    assert all(earlier.at <= later.at for earlier, later in pairwise(story.events))
