"""Receipt, triage, dispatch, acknowledgement, return and danger: A1-A3, A11, A15."""

from datetime import datetime, timedelta

import pytest

from domain.vocabulary import CaseStatus, CommandKind, EventType
from tests.unit.case_world import DUE, MICRO, MONDAY, Story, after, promise

K, T, S = CommandKind, EventType, CaseStatus


# receipt and triage (A1, A2)


def test_case_is_received_and_dispatched_at_one_instant_when_a_rule_matches() -> None:
    story = Story()
    assert story.types == [T.RECEIVED, T.DISPATCHED]
    assert {event.at for event in story.events} == {MONDAY}
    assert (story.case.status, story.case.unit) == (S.DISPATCHED, "unit-a")
    assert story.last(T.DISPATCHED).data["by_rule"] == "by category"


def test_only_the_receipt_names_who_reported_when_a_rule_dispatches() -> None:
    """The accused unit reads the dispatch and the alarm; neither may tell it who reported it."""
    story = Story(danger=True)
    assert [(event.type, event.actor) for event in story.events] == [
        (T.RECEIVED, "officer"),
        (T.DISPATCHED, None),
        (T.ALARM_RAISED, None),
    ]


def test_triage_is_marked_missed_once_when_nobody_dispatches() -> None:
    story = Story(unit=None).until(after(days=30))
    assert story.case.status is S.AWAITING_DISPATCH
    assert story.types == [T.RECEIVED, T.TRIAGE_MISSED]
    assert story.at(T.TRIAGE_MISSED) == [after(hours=2)]


def test_triage_clock_stops_when_the_centre_dispatches() -> None:
    story = Story(unit=None).give(K.DISPATCH, after(hours=1)).until(after(hours=1, minutes=29))
    assert story.types == [T.RECEIVED, T.DISPATCHED]
    assert (story.case.unit, story.case.dispatched_at) == ("unit-b", after(hours=1))


def test_first_dispatch_is_refused_when_it_brings_no_promise() -> None:
    assert Story(unit=None).refusal(K.DISPATCH, after(hours=1), promise=None) == "promise_changed"


def test_dispatch_is_refused_when_the_unit_holds_the_case_already() -> None:
    assert Story().refusal(K.DISPATCH, after(hours=1), to="unit-a") == "already_holder"


# acknowledgement (A3)


@pytest.mark.parametrize(
    ("acknowledged", "late", "missed"),
    [
        (after(minutes=1), False, []),
        (after(minutes=30) - MICRO, False, []),
        (after(minutes=30), True, [after(minutes=30)]),
        (after(minutes=30) + MICRO, True, [after(minutes=30)]),
        (after(hours=90), True, [after(minutes=30)]),
    ],
)
def test_acknowledgement_is_taken_when_it_comes_early_or_late(
    acknowledged: datetime, late: bool, missed: list[datetime]
) -> None:
    story = Story().give(K.ACKNOWLEDGE, acknowledged, handler="zhang")
    assert story.at(T.ACK_MISSED) == missed
    assert story.last(T.ACKNOWLEDGED).data == {"unit": "unit-a", "handler": "zhang", "late": late}
    assert (story.case.status, story.case.handler) == (S.IN_PROGRESS, "zhang")
    assert story.case.ack_missed is late


def test_ladder_is_climbed_and_repeats_when_nobody_acknowledges() -> None:
    story = Story().until(after(hours=20))
    assert story.at(T.ACK_MISSED) == [after(minutes=30)]
    rungs = [(event.at, event.data["rung"], event.data["name"]) for event in story.events if event.data.get("rung")]
    assert rungs == [
        (after(hours=1), 1, "leader"),
        (after(hours=2), 2, "centre"),
        (after(hours=8), 3, "centre"),
        (after(hours=14), 4, "centre"),
        (after(hours=20), 5, "centre"),
    ]
    assert story.last(T.ACK_ESCALATED).data["tell"] == ["centre", "centre_leader"]


def test_ladder_stops_and_no_card_falls_when_somebody_acknowledges_late() -> None:
    story = Story().give(K.ACKNOWLEDGE, after(hours=1, minutes=30)).until(after(days=5))
    assert story.types == [T.RECEIVED, T.DISPATCHED, T.ACK_MISSED, T.ACK_ESCALATED, T.ACKNOWLEDGED]
    assert (story.case.red_cards, story.case.yellow, story.case.red) == ((), False, False)


def test_second_acknowledgement_is_refused_when_one_stands() -> None:
    story = Story().give(K.ACKNOWLEDGE, after(minutes=5))
    assert story.refusal(K.ACKNOWLEDGE, after(minutes=6)) == "already_acknowledged"


@pytest.mark.parametrize("kind", [K.ACKNOWLEDGE, K.RETURN, K.PROGRESS, K.REQUEST_EXTENSION, K.COMPLETE])
@pytest.mark.parametrize("unit", ["unit-b", None])
def test_work_on_a_case_is_refused_when_another_unit_holds_it(kind: CommandKind, unit: str | None) -> None:
    assert Story().refusal(kind, after(minutes=5), unit=unit) == "not_holder"


def test_command_is_refused_when_its_caller_saw_an_older_version() -> None:
    story = Story()
    seen = story.case.version
    story.until(after(minutes=30))
    assert story.refusal(K.ACKNOWLEDGE, after(minutes=31), version=seen) == "stale_version"
    story.give(K.ACKNOWLEDGE, after(minutes=31), version=story.case.version)


def test_command_is_refused_when_its_deadline_has_moved_since() -> None:
    story = Story().give(K.ACKNOWLEDGE, after(minutes=5))
    assert story.refusal(K.REQUEST_EXTENSION, after(days=1), basis=after(days=9)) == "promise_changed"
    story.give(K.REQUEST_EXTENSION, after(days=1), basis=MONDAY + DUE)


# danger to life (A11)


def test_alarm_climbs_its_ladder_and_repeats_when_nobody_takes_it() -> None:
    story = Story(danger=True).until(after(minutes=37))
    raised = [(event.at, event.data["name"]) for event in story.events if event.type is T.ALARM_RAISED]
    assert raised == [
        (MONDAY, "at once"),
        (after(minutes=2), "second"),
        (after(minutes=7), "third"),
        (after(minutes=17), "third"),
        (after(minutes=27), "third"),
        (after(minutes=37), "third"),
    ]
    assert story.at(T.ACK_MISSED) == [after(minutes=5)]
    assert story.last(T.ALARM_RAISED).data == {"rung": 6, "name": "third", "tell": ["police"]}


def test_alarm_tells_centre_and_police_at_once_when_danger_is_reported() -> None:
    assert Story(danger=True).last(T.ALARM_RAISED).data["tell"] == ["centre", "police"]


def test_alarm_is_raised_when_danger_lies_in_triage() -> None:
    story = Story(unit=None, danger=True).until(after(minutes=2))
    assert story.types == [T.RECEIVED, T.ALARM_RAISED, T.ALARM_RAISED]


def test_alarm_falls_silent_when_a_person_takes_it_over() -> None:
    story = Story(danger=True).give(K.TAKE_OVER, after(minutes=3)).until(after(minutes=20))
    assert story.at(T.ALARM_RAISED) == [MONDAY, after(minutes=2)]
    assert story.case.status is S.DISPATCHED, "taking the alarm is not yet acknowledging the case"
    assert story.at(T.ACK_MISSED) == [after(minutes=5)]
    assert story.refusal(K.TAKE_OVER, after(minutes=21)) == "no_alarm"


def test_alarm_falls_silent_when_the_unit_acknowledges() -> None:
    story = Story(danger=True).give(K.ACKNOWLEDGE, after(minutes=1)).until(after(hours=5))
    assert story.types[2:] == [T.ALARM_RAISED, T.ACKNOWLEDGED, T.ALARM_TAKEN_OVER]


def test_alarm_goes_on_when_the_case_is_dispatched_to_another_unit() -> None:
    story = Story(danger=True).give(K.DISPATCH, after(minutes=1)).until(after(minutes=2))
    assert story.at(T.ALARM_RAISED) == [MONDAY, after(minutes=2)]


def test_alarm_falls_silent_when_the_case_is_withdrawn() -> None:
    story = Story(danger=True).give(K.WITHDRAW, after(minutes=1)).until(after(days=1))
    assert story.types[-1] is T.WITHDRAWN
    assert story.case.ended


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
