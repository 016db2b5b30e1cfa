"""Two stores, one truth: the ledger against a record that may be ahead of it."""

import pytest

from domain.errors import Refused
from domain.messages import Command
from domain.vocabulary import CommandKind, EventType
from tests.unit.case_world import DUE, MONDAY, after
from tests.unit.ledger_world import Record, run

K, T = CommandKind, EventType


def types(record: Record) -> list[EventType]:
    """What stands there after the opening."""
    return [event.type for event in record.events[2:]]


# without conflict


def test_what_fell_due_is_reached_first_when_a_command_is_stamped_later() -> None:
    here = run()
    assert here.decide(here.make(K.ACKNOWLEDGE, 1.25))
    here.flush()
    assert types(here.record) == [T.ACK_MISSED, T.ACK_ESCALATED, T.ACKNOWLEDGED]
    assert [event.at for event in here.record.events[2:]] == [after(minutes=30), after(hours=1), after(hours=1.25)]


def test_milestones_stay_reached_when_the_command_behind_them_is_refused() -> None:
    here = run()
    assert not here.decide(here.make(K.COMPLETE, 1))
    here.flush()
    assert types(here.record) == [T.ACK_MISSED, T.ACK_ESCALATED]


def test_nothing_changes_when_a_command_is_repeated() -> None:
    here = run()
    command = here.make(K.ACKNOWLEDGE, 0.1)
    here.decide(command)
    batch = here.ledger.batch()
    here.ledger.decide(command)
    assert here.ledger.batch() == batch
    here.flush()
    here.ledger.decide(command)
    here.ledger.judge(command)
    assert here.ledger.batch() == ()
    assert here.ledger.refusal(command.id) is None


def test_judging_changes_nothing_when_it_allows_and_when_it_refuses() -> None:
    here = run()
    here.decide(here.make(K.URGE, 0.1))
    before, batch = here.ledger.current, here.ledger.batch()
    here.ledger.judge(here.make(K.ACKNOWLEDGE, 300))
    with pytest.raises(Refused, match="transition_not_allowed"):
        here.ledger.judge(here.make(K.COMPLETE, 300))
    with pytest.raises(Refused, match="stale_version"):  # what falls due before the stamp counts
        here.ledger.judge(here.make(K.ACKNOWLEDGE, 300, version=here.ledger.current.version))
    assert (here.ledger.current, here.ledger.batch()) == (before, batch)
    assert here.ledger.confirmed == here.opening


def test_later_decisions_stay_pending_when_an_earlier_batch_is_confirmed() -> None:
    here = run()
    here.decide(here.make(K.ACKNOWLEDGE, 0.1))
    in_flight = here.ledger.batch()
    here.decide(here.make(K.URGE, 0.2))
    assert here.ledger.settle(in_flight, here.record.write(in_flight)) == in_flight
    assert [event.type for event in here.ledger.batch()] == [T.URGED]
    here.flush()
    assert types(here.record) == [T.ACKNOWLEDGED, T.URGED]


# the record is ahead


def ahead(*given: tuple[CommandKind, float]) -> tuple[Record, list[Command]]:
    """A record that another life of the same workflow wrote, whose history the engine lost."""
    lost = run()
    for kind, at in given:
        assert lost.decide(lost.make(kind, at, id=f"lost-{kind}-{at}"))
    lost.flush()
    return lost.record, lost.accepted


def test_what_stands_is_adopted_and_the_command_decided_again_when_the_record_is_ahead() -> None:
    record, _ = ahead((K.ACKNOWLEDGE, 0.1), (K.PROGRESS, 0.2))
    here = run(record)
    assert here.decide(here.make(K.URGE, 0.3, id="urge"))
    here.flush()
    assert types(record) == [T.ACKNOWLEDGED, T.PROGRESSED, T.URGED]
    assert record.events[-1].seq == 5
    assert here.ledger.refusal("urge") is None


def test_a_command_is_refused_after_all_when_what_stands_forbids_it() -> None:
    record, _ = ahead((K.ACKNOWLEDGE, 0.1))
    here = run(record)
    assert here.decide(here.make(K.ACKNOWLEDGE, 0.2, id="second"))
    here.flush()
    refusal = here.ledger.refusal("second")
    assert refusal
    assert refusal.code == "already_acknowledged"
    assert types(record) == [T.ACKNOWLEDGED]


def test_a_command_is_done_once_when_it_stands_already_and_is_sent_again() -> None:
    record, (command,) = ahead((K.ACKNOWLEDGE, 0.1))
    here = run(record)
    assert here.decide(command)
    here.flush()
    assert types(record) == [T.ACKNOWLEDGED]
    assert here.ledger.refusal(command.id) is None


def test_a_command_is_done_once_when_it_stands_behind_another_and_is_sent_again() -> None:
    record, (_, urge) = ahead((K.ACKNOWLEDGE, 0.1), (K.URGE, 0.2))
    here = run(record)
    assert here.decide(urge)
    here.flush()
    assert types(record) == [T.ACKNOWLEDGED, T.URGED]
    assert here.ledger.refusal(urge.id) is None
    here.ledger.decide(urge)
    assert here.ledger.batch() == ()


def test_milestones_are_reached_anew_and_first_when_a_command_is_decided_again() -> None:
    record, _ = ahead((K.URGE, 0.1))
    here = run(record)
    assert here.decide(here.make(K.ACKNOWLEDGE, 0.75))
    here.flush()
    assert types(record) == [T.URGED, T.ACK_MISSED, T.ACKNOWLEDGED]


def test_a_milestone_does_not_fall_when_what_stands_has_averted_it() -> None:
    record, _ = ahead((K.ACKNOWLEDGE, 0.1), (K.COMPLETE, 20))
    here = run(record)
    here.ledger.reach_until(MONDAY + DUE)
    here.flush()
    here.ledger.reach_until(MONDAY + DUE)
    here.flush()
    assert T.TURNED_RED not in types(record)
    assert T.ACK_MISSED not in types(record)


def test_the_rest_is_written_when_a_batch_stands_in_part() -> None:
    here = run()
    here.decide(here.make(K.ACKNOWLEDGE, 0.1))
    here.decide(here.make(K.URGE, 0.2))
    here.record.events.extend(here.ledger.batch()[:1])
    here.flush()
    assert types(here.record) == [T.ACKNOWLEDGED, T.URGED]


def test_consequences_are_handed_out_once_and_in_order_when_events_were_adopted() -> None:
    record, _ = ahead((K.ACKNOWLEDGE, 0.1), (K.URGE, 250))
    here = run(record)
    here.decide(here.make(K.ACKNOWLEDGE, 0.2))
    here.flush()
    assert here.taken == record.events[2:]
    assert T.INTERVIEW_OPENED in [event.type for event in here.taken]
