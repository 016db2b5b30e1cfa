"""Return and redispatch: A15, and what they leave of a deadline (E5)."""

from datetime import datetime, timedelta

import pytest

from domain.vocabulary import CaseStatus, CommandKind, EventType
from tests.unit.case_world import DUE, MICRO, MONDAY, Story, after, promise

K, T, S = CommandKind, EventType, CaseStatus


# return: not ours (A15)


@pytest.mark.parametrize(
    ("at", "code"),
    [(after(hours=24) - MICRO, None), (after(hours=24), None), (after(hours=24) + MICRO, "return_too_late")],
)
def test_return_is_taken_until_its_window_closes_when_a_unit_says_not_ours(at: datetime, code: str | None) -> None:
    story = Story()
    if code:
        assert story.refusal(K.RETURN, at) == code
    else:
        assert story.give(K.RETURN, at).case.return_pending


def test_clocks_go_on_when_a_return_waits_for_its_ruling() -> None:
    story = Story().give(K.ACKNOWLEDGE, after(minutes=5)).give(K.RETURN, after(hours=1)).until(MONDAY + DUE)
    assert story.at(T.TURNED_RED) == [MONDAY + DUE]
    assert story.case.red_cards[0].unit == "unit-a"


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (K.COMPLETE, "return_pending"),
        (K.SUSPEND, "return_pending"),
        (K.REQUEST_EXTENSION, "return_pending"),
        (K.DISPATCH, "return_pending"),
        (K.RETURN, "already_returned"),
    ],
)
def test_other_decisions_are_refused_when_a_return_waits_for_its_ruling(kind: CommandKind, code: str) -> None:
    story = Story().give(K.ACKNOWLEDGE, after(minutes=5)).give(K.RETURN, after(hours=1))
    assert story.refusal(kind, after(hours=2)) == code


def test_second_return_is_refused_when_the_first_was_refused() -> None:
    story = Story().give(K.RETURN, after(hours=1)).give(K.RULE_RETURN, after(hours=2), accept=False)
    assert story.types[-1] is T.RETURN_REFUSED
    assert not story.case.return_pending
    assert story.refusal(K.RETURN, after(hours=3)) == "already_returned"
    assert story.refusal(K.RULE_RETURN, after(hours=3)) == "no_return_pending"


def test_unit_gets_a_new_acknowledgement_clock_and_the_old_deadline_when_a_return_is_redispatched() -> None:
    story = Story().give(K.ACKNOWLEDGE, after(minutes=5)).give(K.RETURN, after(hours=1))
    story.give(K.RULE_RETURN, after(hours=3), to="unit-b")
    assert story.types[-2:] == [T.RETURN_ACCEPTED, T.REDISPATCHED]
    case = story.case
    assert (case.status, case.unit, case.handler, case.acknowledged_at) == (S.DISPATCHED, "unit-b", None, None)
    assert case.ack
    assert case.ack.ack_by == after(hours=3, minutes=30)
    assert case.promise == promise()
    assert case.pauses == ()
    assert story.until(after(hours=4)).at(T.ACK_MISSED) == [after(hours=3, minutes=30)]


def test_return_is_redispatched_with_a_new_deadline_when_the_centre_resets_it() -> None:
    story = Story().give(K.RETURN, after(hours=1))
    story.give(K.RULE_RETURN, after(hours=3), to="unit-b", promise=promise(after(hours=3)))
    assert story.case.promise == promise(after(hours=3))
    assert story.case.pauses == (), "a reset is no pause"


def test_return_ruling_is_refused_when_it_names_the_unit_that_returned() -> None:
    story = Story().give(K.RETURN, after(hours=1))
    assert story.refusal(K.RULE_RETURN, after(hours=2), to="unit-a") == "unit_unchanged"


def test_remaining_time_is_kept_when_an_accepted_return_lies_in_triage() -> None:
    story = Story().give(K.ACKNOWLEDGE, after(minutes=5)).give(K.RETURN, after(hours=20))
    story.give(K.RULE_RETURN, after(days=1))
    assert (story.case.status, story.case.unit, story.case.frozen_at) == (S.AWAITING_DISPATCH, None, after(days=1))
    story.give(K.DISPATCH, after(days=21))
    assert story.at(T.TRIAGE_MISSED) == [after(days=1, hours=2)]
    assert T.TURNED_YELLOW not in story.types
    assert story.case.promise
    assert story.case.promise.due_at == MONDAY + DUE + timedelta(days=20)
    (pause,) = story.case.pauses
    assert (pause.since, pause.until) == (after(days=1), after(days=21))
    assert pause.due_after - pause.due_before == timedelta(days=20)


def test_dispatch_from_triage_is_refused_when_the_kept_deadline_has_passed_there() -> None:
    """Else a red card would fall on the new unit for a time when nobody held the case."""
    story = Story().give(K.RETURN, after(hours=1)).give(K.RULE_RETURN, after(hours=2))
    assert story.refusal(K.DISPATCH, MONDAY + DUE, promise=None) == "promise_changed"
    assert story.refusal(K.DISPATCH, MONDAY + DUE, promise=promise()) == "promise_changed"
    story.give(K.DISPATCH, MONDAY + DUE - MICRO, promise=None)


def test_redispatch_of_a_red_case_is_refused_when_its_new_deadline_has_passed_too() -> None:
    story = Story().until(MONDAY + DUE)
    gone = promise(MONDAY, MONDAY + DUE + timedelta(hours=1))
    assert story.refusal(K.DISPATCH, after(days=11), promise=gone) == "promise_changed"


def test_no_second_card_falls_when_a_red_case_comes_back_from_triage_with_its_old_deadline() -> None:
    brief = promise(MONDAY, after(hours=10))
    story = Story(promised=brief).give(K.RETURN, after(hours=12)).give(K.RULE_RETURN, after(hours=13))
    story.give(K.DISPATCH, after(hours=14), promise=brief).until(after(days=9))
    assert story.at(T.RED_CARD_ISSUED) == [after(hours=10)]
    assert (story.case.red, story.case.round) == (True, 1)


def test_a_unit_that_returned_once_cannot_again_when_it_gets_the_case_back() -> None:
    story = Story().give(K.RETURN, after(hours=1)).give(K.RULE_RETURN, after(hours=2), to="unit-b")
    story.give(K.DISPATCH, after(hours=3), to="unit-a")
    assert story.refusal(K.RETURN, after(hours=4)) == "already_returned"


# redispatch


def test_new_unit_gets_its_own_return_window_when_the_case_is_redispatched() -> None:
    story = Story().give(K.ACKNOWLEDGE, after(minutes=5)).give(K.DISPATCH, after(days=3))
    assert (story.types[-1], story.case.unit, story.case.promise) == (T.REDISPATCHED, "unit-b", promise())
    story.give(K.RETURN, after(days=4))
    assert story.case.return_pending


def test_card_falls_on_the_unit_that_holds_the_case_when_it_was_redispatched() -> None:
    story = Story().give(K.DISPATCH, after(days=3)).until(MONDAY + DUE)
    assert [card.unit for card in story.case.red_cards] == ["unit-b"]


def test_light_stays_red_when_a_red_case_is_redispatched_with_its_deadline() -> None:
    story = Story().until(MONDAY + DUE).give(K.DISPATCH, after(days=11)).until(after(days=40))
    assert story.case.red
    assert story.at(T.RED_CARD_ISSUED) == [MONDAY + DUE]


def test_a_new_round_begins_when_a_red_case_is_redispatched_with_a_new_deadline() -> None:
    story = Story().until(MONDAY + DUE).give(K.DISPATCH, after(days=11), promise=promise(after(days=11)))
    assert (story.case.red, story.case.yellow, story.case.round) == (False, False, 2)
    assert story.until(after(days=21)).at(T.RED_CARD_ISSUED) == [MONDAY + DUE, after(days=21)]
