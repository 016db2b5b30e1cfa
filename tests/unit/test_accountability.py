"""The accountability file (A10): opened by the centre, findings, decision by authority, closed."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.accountability import ALLOWED, Accountability, open_accountability
from domain.errors import Refused
from domain.ledger import catch_up, fold
from domain.messages import Command
from domain.plain import of_plain, to_plain
from domain.vocabulary import AccountabilityStatus, CommandKind, Consequence, DecisionFor, EventType
from tests.unit.case_world import MICRO, MONDAY, after

K, T, S = CommandKind, EventType, AccountabilityStatus
FINDINGS_BY = after(days=20)


def command(kind: CommandKind, at: datetime, /, **said: Any) -> Command:
    """A command with what the API would have resolved for it."""
    resolved: dict[CommandKind, dict[str, Any]] = {
        K.RECORD_FINDINGS: {"decision_by": at + timedelta(days=15)},
        K.DECIDE_ACCOUNTABILITY: {"for": DecisionFor.UNIT},
    }
    return Command(
        id="c", kind=kind, at=at, actor="officer", unit="discipline", data=to_plain(resolved.get(kind, {}) | said)
    )


def opened() -> tuple[Accountability, list[EventType]]:
    """A file of this morning, whose findings are due on day 20."""
    bare = Accountability(
        id="SJ260302-0000001-A1",
        case="SJ260302-0000001",
        consequence=Consequence.SAFETY_ACCIDENT,
        unit="unit-a",
        opened_at=MONDAY,
        findings_by=FINDINGS_BY,
    )
    file, events = open_accountability(bare, command(K.HOLD_ACCOUNTABLE, MONDAY))
    (first,) = events
    assert first.data == {
        "case": bare.case,
        "consequence": "safety_accident",
        "unit": "unit-a",
        "findings_by": to_plain(FINDINGS_BY),
    }
    assert (first.seq, first.type, first.actor, first.command) == (1, T.OPENED, "officer", "c")
    return file, [first.type]


def lived(*steps: tuple[CommandKind, datetime, dict[str, Any]], until: datetime | None = None) -> Accountability:
    """The file after these commands, each after what fell due before it."""
    file, _ = opened()
    for kind, at, said in steps:
        file, _ = catch_up(file, at)
        file = fold(file, file.decide(command(kind, at, **said)))
    return catch_up(file, until)[0] if until else file


def test_decisions_for_unit_and_persons_are_kept_in_order_when_there_are_several() -> None:
    file = lived(
        (K.RECORD_FINDINGS, after(days=5), {}),
        (K.DECIDE_ACCOUNTABILITY, after(days=6), {}),
        (K.DECIDE_ACCOUNTABILITY, after(days=7), {"for": DecisionFor.PERSON}),
        (K.DECIDE_ACCOUNTABILITY, after(days=7), {"for": DecisionFor.PERSON}),
        (K.CLOSE_ACCOUNTABILITY, after(days=8), {}),
    )
    assert file.decided_for == (DecisionFor.UNIT, DecisionFor.PERSON, DecisionFor.PERSON)
    assert (file.status, file.ended, file.closed_at, file.version) == (S.CLOSED, True, after(days=8), 6)
    assert file.next_milestone() is None
    assert of_plain(Accountability, to_plain(file)) == file


@pytest.mark.parametrize(("at", "missed"), [(FINDINGS_BY - MICRO, False), (FINDINGS_BY, True), (after(days=99), True)])
def test_missing_findings_are_marked_once_when_their_clock_runs_out(at: datetime, missed: bool) -> None:
    file, events = catch_up(opened()[0], at)
    assert [(event.type, event.at) for event in events] == ([(T.FINDINGS_MISSED, FINDINGS_BY)] if missed else [])
    assert fold(file, file.decide(command(K.RECORD_FINDINGS, at))).status is S.INVESTIGATED


def test_missing_decision_is_marked_once_when_its_clock_runs_out() -> None:
    file, events = catch_up(lived((K.RECORD_FINDINGS, after(days=5), {})), after(days=99))
    assert [(event.type, event.at) for event in events] == [(T.DECISION_MISSED, after(days=20))]
    assert fold(file, file.decide(command(K.DECIDE_ACCOUNTABILITY, after(days=99)))).status is S.DECIDED


def test_decision_clock_starts_again_when_findings_are_added() -> None:
    file = lived((K.RECORD_FINDINGS, after(days=5), {}), (K.RECORD_FINDINGS, after(days=9), {}))
    assert file.decision_by == after(days=24)


def test_nothing_falls_due_any_more_when_it_was_decided() -> None:
    file = lived((K.RECORD_FINDINGS, after(days=5), {}), (K.DECIDE_ACCOUNTABILITY, after(days=6), {}))
    assert (file.next_milestone(), file.decision_by, file.ended) == (None, None, False)


TABLE: dict[CommandKind, str] = {
    # one letter a state: opened, investigated, decided, closed
    K.RECORD_FINDINGS: "yy..",
    K.DECIDE_ACCOUNTABILITY: ".yy.",
    K.CLOSE_ACCOUNTABILITY: "..y.",
}


@pytest.mark.parametrize("status", AccountabilityStatus)
@pytest.mark.parametrize("kind", CommandKind)
def test_command_is_allowed_or_refused_as_the_table_says(kind: CommandKind, status: AccountabilityStatus) -> None:
    file = replace(opened()[0], status=status)
    before = to_plain(file)
    if TABLE.get(kind, "....")[list(S).index(status)] == "y":
        assert fold(file, file.decide(command(kind, after(days=1)))).version == 2
    else:
        with pytest.raises(Refused, match="transition_not_allowed"):
            file.decide(command(kind, after(days=1)))
    assert to_plain(file) == before


def test_every_command_of_a_file_is_in_the_table() -> None:
    assert set(TABLE) == set(ALLOWED)


def test_command_is_refused_when_its_caller_saw_an_older_version() -> None:
    with pytest.raises(Refused, match="stale_version"):
        opened()[0].decide(command(K.RECORD_FINDINGS, after(days=1), version=0))


def test_event_is_refused_when_it_does_not_follow_on_the_last_one() -> None:
    file, _ = opened()
    (found,) = file.decide(command(K.RECORD_FINDINGS, after(days=1)))
    with pytest.raises(ValueError, match="does not follow"):
        file.apply(replace(found, seq=3))
