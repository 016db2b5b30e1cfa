"""A case whose calendar comes later: counted again once, and never behind anybody's back (E2, E4, E5)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from domain import promising
from domain.case import Case, open_case
from domain.errors import Conflict
from domain.ledger import catch_up, fold
from domain.limits import Limit
from domain.messages import Command, Event
from domain.plain import of_plain, to_plain
from domain.rebasing import rebasing_of_case
from domain.rulebook import Rulebook
from domain.vocabulary import CaseStatus, CommandKind, EventType, Role, Source
from tests.unit.rulebooks import local, written
from tests.unit.test_rebasing import AFTER, BEFORE

K, T = CommandKind, EventType
CATEGORY = "broken-road"
RECEIVED = local("2026-12-28 10:00")
"""Monday."""


def under(rules: Rulebook, limit: str = "5 working days") -> Rulebook:
    """The rulebook with this limit for the category of the story."""
    found = Limit.parse(limit)
    return replace(rules, categories={CATEGORY: replace(rules.category(CATEGORY), limit=found)})


class Story:
    """A case under the rulebook without the notice; ``rebase`` carries the one with it in."""

    def __init__(self, limit: str = "5 working days", unit: str | None = "unit-a") -> None:
        self.rules, self.after = under(BEFORE, limit), under(AFTER, limit)
        bare = Case(
            number="SJ261228-0000001",
            category=CATEGORY,
            source=Source.OFFICER,
            received_at=RECEIVED,
            terms=promising.terms(self.rules, CATEGORY),
        )
        ack = promising.ack_clock(self.rules, CATEGORY, RECEIVED)
        made = promising.promise(self.rules, CATEGORY, RECEIVED)
        self.case, opening = open_case(bare, by=None, unit=unit, rule=None, ack=ack, promise=made)
        self.events: list[Event] = list(opening)

    def give(self, kind: CommandKind, at: str, unit: str = "unit-a", **data: Any) -> "Story":
        """A command, after what fell due before it."""
        self._take(Command(id=f"c{len(self.events)}", kind=kind, at=local(at), actor="somebody", unit=unit,
                           roles=(Role.SUPERVISOR, Role.UNIT_LEADER), data=to_plain(data)))  # fmt: skip
        return self

    def rebase(self, at: str) -> "Story":
        """What the workflow would do then; the case as it was stored and read again."""
        self.until(at)
        stored = of_plain(Case, to_plain(self.case))
        data = rebasing_of_case(self.after, stored, local(at))
        if data is not None:
            self.carry(data, at)
        return self

    def carry(self, data: dict[str, Any], at: str) -> None:
        """The command with what was resolved."""
        self._take(Command(id="rebase", kind=K.REBASE, at=local(at), actor=None, unit=None, data=data))

    def until(self, at: str) -> "Story":
        """Nobody does anything until then."""
        self.case, events = catch_up(self.case, local(at))
        self.events.extend(events)
        return self

    def _take(self, command: Command) -> None:
        self.case, reached = catch_up(self.case, command.at)
        decided = self.case.decide(command)
        self.case = fold(self.case, decided)
        self.events.extend((*reached, *decided))

    def of(self, kind: EventType) -> list[Event]:
        """Its events of one type."""
        return [event for event in self.events if event.type is kind]

    @property
    def provisional(self) -> bool:
        """Whether it is provisional."""
        assert self.case.promise is not None
        return self.case.promise.provisional

    @property
    def due(self) -> str:
        """The deadline that stands."""
        assert self.case.promise is not None
        return written(self.case.promise.due_at)


def resumed(story: Story, since: str, until: str, rules: Rulebook | None = None) -> Any:
    """The promise after a pause."""
    assert story.case.promise is not None
    return promising.promise_resumed(rules or story.rules, CATEGORY, story.case.promise, local(since), local(until))


def test_case_gets_its_deadline_anew_when_the_notice_is_loaded() -> None:
    story = Story().give(K.ACKNOWLEDGE, "2026-12-28 10:10", handler="h")
    assert (story.due, story.provisional) == ("Mon 2027-01-04 17:30:00", True)
    story.rebase("2026-12-28 15:00")
    assert (story.due, story.provisional) == ("Mon 2027-01-04 17:30:00", False)
    event = story.of(T.REBASED)[0]
    assert (event.at, event.actor) == (local("2026-12-28 15:00"), None)
    assert (event.data["calendar_version"], event.data["moved"]) == ("with 2027", False)
    assert story.case.status is CaseStatus.IN_PROGRESS


def test_red_card_falls_at_the_new_deadline_when_it_has_moved() -> None:
    story = Story("4 working days").rebase("2026-12-28 15:00")
    event = story.of(T.REBASED)[0]
    assert event.data["moved"]
    assert (event.data["due_before"], event.data["due_at"]) == (
        "2027-01-01T09:30:00+00:00",
        "2027-01-03T09:30:00+00:00",
    )
    story.until("2027-01-10 10:00")
    assert [event.at for event in story.of(T.TURNED_RED)] == [local("2027-01-03 17:30")]
    assert len(story.case.red_cards) == 1


def test_nothing_happens_when_it_is_counted_again_twice() -> None:
    story = Story("4 working days")
    data = rebasing_of_case(story.after, story.case, local("2026-12-28 15:00"))
    assert data is not None
    story.rebase("2026-12-28 15:00").rebase("2026-12-28 15:05")
    assert story.case.promise is not None
    story.carry({**data, "basis": to_plain(story.case.promise.due_at)}, "2026-12-28 15:06")
    assert len(story.of(T.REBASED)) == 1


def test_it_is_resolved_again_when_the_deadline_has_moved_meanwhile() -> None:
    story = Story("4 working days").give(K.ACKNOWLEDGE, "2026-12-28 10:10", handler="h")
    data = rebasing_of_case(story.after, story.case, local("2026-12-28 15:00"))
    assert data is not None
    until = local("2027-01-06 12:00")
    assert story.case.promise is not None
    later = promising.promise_until(story.rules, CATEGORY, story.case.promise, until)
    story.give(K.REQUEST_EXTENSION, "2026-12-28 15:01", until=until, promise=later)
    story.give(K.DECIDE_EXTENSION, "2026-12-28 15:02", extension="1", grant=True)
    with pytest.raises(Conflict, match="promise_changed"):
        story.carry(data, "2026-12-28 15:03")
    assert story.rebase("2026-12-28 15:04").due == "Wed 2027-01-06 12:00:00"
    assert not story.provisional


def test_request_that_waits_is_counted_again_too() -> None:
    story = Story("4 working days").give(K.ACKNOWLEDGE, "2026-12-28 10:10", handler="h")
    assert story.case.promise is not None
    until = local("2027-02-05 12:00")  # off, as it turns out
    later = promising.promise_until(story.rules, CATEGORY, story.case.promise, until)
    story.give(K.REQUEST_EXTENSION, "2026-12-28 15:01", until=until, promise=later).rebase("2026-12-28 16:00")
    assert written(story.case.extensions[0].until) == "Fri 2027-02-12 12:00:00"
    story.give(K.DECIDE_EXTENSION, "2026-12-28 16:30", extension="1", grant=True)
    assert (story.due, story.provisional) == ("Fri 2027-02-12 12:00:00", False)


def test_missed_deadline_and_its_card_stay_when_the_notice_comes_later() -> None:
    story = Story("4 working days").until("2027-01-01 17:30")
    assert story.case.red
    story.rebase("2027-01-02 10:00")
    assert story.of(T.REBASED) == []
    assert story.case.red_cards[0].due_at == local("2027-01-01 17:30")


def test_completed_case_is_left_alone() -> None:
    story = Story().give(K.ACKNOWLEDGE, "2026-12-28 10:10", handler="h")
    story.give(K.COMPLETE, "2026-12-29 10:00", verify_by=local("2027-01-05 10:00")).rebase("2026-12-29 11:00")
    assert story.of(T.REBASED) == []


def test_case_in_triage_without_a_deadline_is_left_alone() -> None:
    story = Story(unit=None).rebase("2026-12-28 15:00")
    assert story.of(T.REBASED) == []


@pytest.mark.parametrize("order", ["suspended first", "notice first"])
def test_suspended_case_resumes_with_what_was_left_when_the_notice_comes_in_between(order: str) -> None:
    """Due Friday 1 January; stood from Wednesday 30 December 10:00 (20 working hours left) to Monday 4, 09:00."""
    story = Story("4 working days").give(K.ACKNOWLEDGE, "2026-12-28 10:10", handler="h")
    if order == "notice first":
        story.rebase("2026-12-29 15:00")
    rules = story.after if order == "notice first" else story.rules
    since, until = "2026-12-30 10:00", "2027-01-04 09:00"
    story.give(K.SUSPEND, since, resume_at=local(until), promise=resumed(story, since, until, rules))
    story.rebase("2026-12-31 15:00")
    assert story.case.status is CaseStatus.SUSPENDED
    assert story.case.frozen_at == local(since)
    story.until("2027-01-04 09:00")
    assert story.due == "Wed 2027-01-06 16:30:00"
    line = story.case.pauses[0]
    assert line.left is not None
    assert (line.left.length, line.left.working) == (timedelta(hours=20), True)
    assert written(line.due_before) == "Sun 2027-01-03 17:30:00"
    assert len(story.of(T.REBASED)) == 1


def test_planned_resumption_is_counted_again_when_only_it_reaches_the_year() -> None:
    story = Story("3 working days").give(K.ACKNOWLEDGE, "2026-12-28 10:10", handler="h")
    since, until = "2026-12-28 17:30", "2026-12-30 09:00"
    story.give(K.SUSPEND, since, resume_at=local(until), promise=resumed(story, since, until))
    assert story.case.resume_promise is not None
    assert (story.due, story.provisional) == ("Thu 2026-12-31 17:30:00", False)
    assert (written(story.case.resume_promise.due_at), story.case.resume_promise.provisional) == (
        "Fri 2027-01-01 17:30:00",
        True,
    )
    story.rebase("2026-12-29 10:00")
    assert story.due == "Thu 2026-12-31 17:30:00"
    story.until("2026-12-30 09:00")
    assert (story.due, story.provisional) == ("Sun 2027-01-03 17:30:00", False)


def test_light_is_green_again_when_the_deadline_has_gone_farther() -> None:
    story = Story().until("2027-01-01 18:00")
    before = story.case.yellow
    story.after = under(shifted())
    story.rebase("2027-01-02 10:00")
    assert story.due == "Wed 2027-01-13 17:30:00"
    assert (before, story.case.yellow) == (True, False)
    story.until("2027-01-12 17:30")
    assert [event.at for event in story.of(T.TURNED_YELLOW)] == [local("2027-01-01 17:30"), local("2027-01-12 17:30")]


def test_light_stays_yellow_without_saying_so_again_when_the_deadline_comes_nearer() -> None:
    story = Story("25 working days").until("2027-01-29 18:00")
    assert (story.due, story.case.yellow) == ("Mon 2027-02-01 17:30:00", True)
    story.rebase("2027-01-29 18:30")
    assert (story.due, story.case.yellow) == ("Sat 2027-01-30 17:30:00", True)
    assert len(story.until("2027-01-30 10:00").of(T.TURNED_YELLOW)) == 1


def shifted() -> Rulebook:
    """The first eleven days of 2027 off."""
    calendar = AFTER.calendar
    first = frozenset(date(2027, 1, day) for day in range(1, 12))
    return replace(AFTER, calendar=replace(calendar, version="with 2027", off=calendar.off | first, on=frozenset()))


def test_assisting_unit_is_counted_again_beside_the_lead() -> None:
    story = Story("4 working days")
    at = local("2026-12-28 11:00")
    ack = promising.ack_clock(story.rules, CATEGORY, at)
    data = to_plain({"unit": "unit-b", "ack": ack, "promise": story.case.promise})
    assist = Command(id="assist", kind=K.ASSIST, at=at, actor="s", unit="centre", roles=(Role.SUPERVISOR,), data=data)
    story.case = fold(story.case, story.case.decide(assist))
    story.rebase("2026-12-28 15:00")
    assert [(event.data.get("part"), event.data["unit"]) for event in story.of(T.REBASED)] == [
        (None, "unit-a"),
        ("unit-b", "unit-b"),
    ]
    promise = story.case.parts[0].promise
    assert promise is not None
    assert (written(promise.due_at), promise.provisional) == ("Sun 2027-01-03 17:30:00", False)
    story.until("2027-01-04 10:00")
    assert sorted(card.unit for card in story.case.red_cards) == ["unit-a", "unit-b"]
