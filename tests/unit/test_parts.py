"""A dossier of parts only, as small as can be: two units work side by side, each under clocks of its own.

The rules of a holding are tested in ``test_case_*``; here, that they serve every part and meet the right one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

import pytest

from domain.errors import Refused
from domain.facts import number
from domain.holding import cards, parts
from domain.holding.state import Holding, Part
from domain.holding.values import RedCard
from domain.ledger import catch_up, fold
from domain.messages import Command, Event, Milestone
from domain.plain import of_plain, to_plain
from domain.promise import Terms
from domain.vocabulary import CaseStatus, CommandKind, EventType, Role
from tests.unit.case_world import DUE, MONDAY, TERMS, ack_clock, after, promise

K, T, S = CommandKind, EventType, CaseStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """Nothing but its parts; it is over when none is open."""

    number: str = "E-1"
    version: int = 0
    terms: Terms = TERMS
    parts: tuple[Part, ...] = ()
    red_cards: tuple[RedCard, ...] = ()
    closed_at: datetime | None = None
    archived: bool = False

    @property
    def lead(self) -> Holding | None:
        return None

    @property
    def ended(self) -> bool:
        return all(part.finished for part in self.parts) and cards.settled(self)

    def apply(self, event: Event) -> Self:
        return replace(self, version=event.seq, **parts.changes(self, event, {}))

    def next_milestone(self) -> Milestone | None:
        return parts.next_milestone(self, ())

    def reach(self, milestone: Milestone) -> tuple[Event, ...]:
        return parts.reach(self, milestone, {})

    def decide(self, command: Command) -> tuple[Event, ...]:
        pausing = command.kind in (K.SUSPEND, K.RESUME)
        facts = parts.pause_or_go_on(self, command) if pausing else parts.decide(self, command, {})
        return number(self, facts, at=command.at, actor=command.actor, command=command.id)


def opened(at: datetime, **units: str) -> tuple[Event, ...]:
    """Each key handed over to its unit."""
    data = {"by_rule": None, "ack": to_plain(ack_clock(at)), "promise": to_plain(promise(at))}
    facts = [(T.DISPATCHED, {"part": key, "unit": unit, **data}) for key, unit in units.items()]
    return number(Errand(), facts, at=at)


def errand(**units: str) -> Errand:
    return fold(Errand(), opened(MONDAY, **units))


def asked(kind: CommandKind, at: datetime, unit: str = "centre", **data: Any) -> Command:
    roles = (Role.SUPERVISOR,) if unit == "centre" else (Role.HANDLER,)
    return Command(id=f"{kind}-{at}", kind=kind, at=at, actor="somebody", unit=unit, roles=roles, data=data)


def given(dossier: Errand, command: Command) -> Errand:
    dossier, _ = catch_up(dossier, command.at)
    return fold(dossier, dossier.decide(command))


def refused(dossier: Errand, command: Command) -> str:
    dossier, _ = catch_up(dossier, command.at)
    with pytest.raises(Refused) as caught:
        dossier.decide(command)
    return caught.value.code


def of(dossier: Errand) -> Mapping[str, Part]:
    return {part.key: part for part in dossier.parts}


def test_command_goes_to_the_part_of_the_actors_unit_when_it_names_none() -> None:
    after_one = given(errand(a="unit-a", b="unit-b"), asked(K.ACKNOWLEDGE, after(minutes=5), "unit-b", handler="h"))
    assert (of(after_one)["a"].status, of(after_one)["b"].status) == (S.DISPATCHED, S.IN_PROGRESS)


def test_command_is_refused_when_two_parts_could_be_meant_and_taken_when_it_names_one() -> None:
    both = errand(a="unit-a", b="unit-a")
    assert refused(both, asked(K.ACKNOWLEDGE, after(minutes=5), "unit-a", handler="h")) == "part_ambiguous"
    one = given(both, asked(K.ACKNOWLEDGE, after(minutes=5), "unit-a", handler="h", part="b"))
    assert (of(one)["a"].status, of(one)["b"].status) == (S.DISPATCHED, S.IN_PROGRESS)
    rest = given(one, asked(K.ACKNOWLEDGE, after(minutes=6), "unit-a", handler="h"))
    assert of(rest)["a"].status is S.IN_PROGRESS, "only one is left that admits it"


def test_command_is_refused_when_the_part_is_unknown_or_held_by_somebody_else() -> None:
    one = errand(a="unit-a")
    assert refused(one, asked(K.ACKNOWLEDGE, after(minutes=5), "unit-a", handler="h", part="z")) == "step_unknown"
    assert refused(one, asked(K.ACKNOWLEDGE, after(minutes=5), "unit-b", handler="h", part="a")) == "not_holder"
    assert refused(one, asked(K.ACKNOWLEDGE, after(minutes=5), "unit-b", handler="h")) == "not_holder"


def test_each_part_gets_its_own_card_when_both_are_late_and_numbers_run_through() -> None:
    late, events = catch_up(errand(a="unit-a", b="unit-b"), MONDAY + DUE)
    issued = [event for event in events if event.type is T.RED_CARD_ISSUED]
    assert [(event.data["part"], event.data["unit"], event.at) for event in issued] == [
        ("a", "unit-a", MONDAY + DUE),
        ("b", "unit-b", MONDAY + DUE),
    ]
    assert [(card.id, card.part) for card in late.red_cards] == [("E-1-R1", "a"), ("E-1-R2", "b")]
    assert [event.type for event in events if event.data.get("part") == "b" and event.at == MONDAY + DUE] == [
        T.TURNED_RED, T.RED_CARD_ISSUED, T.POINTS_DEDUCTED, T.INTERVIEW_OPENED,
    ]  # fmt: skip


def test_numbers_of_urgings_and_extensions_are_unique_when_several_parts_have_some() -> None:
    dossier = errand(a="unit-a", b="unit-b")
    for unit in ("unit-a", "unit-b"):
        dossier = given(dossier, asked(K.ACKNOWLEDGE, after(minutes=5), unit, handler="h"))
        dossier = given(dossier, asked(K.URGE, after(minutes=6), part=unit[-1]))
        until = {"until": to_plain(after(days=20)), "promise": to_plain(promise(MONDAY, after(days=20)))}
        dossier = given(dossier, asked(K.REQUEST_EXTENSION, after(minutes=7), unit, **until))
    assert [[item.id for item in part.urgings] for part in dossier.parts] == [["1"], ["2"]]
    granted = given(dossier, asked(K.DECIDE_EXTENSION, after(minutes=8), extension="2", grant=True))
    assert (of(granted)["a"].promise, of(granted)["b"].promise) == (promise(), promise(MONDAY, after(days=20)))


def test_part_is_opened_again_in_a_new_round_when_its_key_is_dispatched_after_its_end() -> None:
    dossier = given(errand(a="unit-a"), asked(K.ACKNOWLEDGE, after(minutes=5), "unit-a", handler="h"))
    dossier = given(dossier, asked(K.COMPLETE, after(minutes=6), "unit-a"))
    assert (dossier.ended, dossier.next_milestone()) == (True, None)
    again = dossier.apply(replace(opened(after(hours=1), a="unit-c")[0], seq=dossier.version + 1))
    assert [(part.round, part.unit, part.status) for part in again.parts] == [
        (1, "unit-a", S.CLOSED),
        (2, "unit-c", S.DISPATCHED),
    ]
    assert of_plain(Errand, to_plain(again)) == again


def test_acknowledgement_and_deadline_keep_what_was_left_when_parts_are_paused() -> None:
    dossier = given(errand(a="unit-a", b="unit-b"), asked(K.ACKNOWLEDGE, after(minutes=5), "unit-b", handler="h"))
    moved = {"basis": to_plain(MONDAY + DUE), "promise": to_plain(promise(MONDAY, after(days=12)))}
    pause = asked(
        K.SUSPEND, after(minutes=10), resume_at=to_plain(after(days=2, minutes=10)), parts={"a": moved, "b": moved}
    )
    paused = given(dossier, pause)
    assert {part.status for part in paused.parts} == {S.SUSPENDED}
    going, events = catch_up(paused, after(days=2, minutes=10))
    assert [(event.type, event.data["part"]) for event in events] == [(T.RESUMED, "a"), (T.RESUMED, "b")]
    assert (of(going)["a"].status, of(going)["b"].status) == (S.DISPATCHED, S.IN_PROGRESS)
    milestone = going.next_milestone()
    assert milestone
    assert (milestone.at, milestone.part) == (after(days=2, minutes=30), "a"), "20 minutes were left"
    assert of(going)["a"].promise == promise(MONDAY, after(days=12))


def test_pause_is_refused_when_it_was_resolved_for_other_parts_or_another_deadline() -> None:
    dossier = errand(a="unit-a", b="unit-b")
    resume_at, made = to_plain(after(days=2)), to_plain(promise())
    good = {"basis": to_plain(MONDAY + DUE), "promise": made}
    for resolved in ({"a": good}, {"a": good, "b": {"basis": to_plain(MONDAY), "promise": made}}):
        command = asked(K.SUSPEND, after(minutes=10), resume_at=resume_at, parts=resolved)
        assert refused(dossier, command) == "promise_changed"


def test_late_part_keeps_its_deadline_and_its_one_card_when_it_is_paused() -> None:
    late, _ = catch_up(errand(a="unit-a"), MONDAY + DUE)
    resolved = {"a": {"basis": to_plain(MONDAY + DUE), "promise": to_plain(promise(after(days=20)))}}
    resume_at = to_plain(after(days=15))
    paused = given(late, asked(K.SUSPEND, after(days=11), resume_at=resume_at, parts=resolved))
    going, _ = catch_up(paused, after(days=30))
    assert (of(going)["a"].red, of(going)["a"].promise, len(going.red_cards)) == (True, promise(), 1)
