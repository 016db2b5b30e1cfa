"""Receipt, triage, dispatch, acknowledgement and danger: A1-A3, A11."""

from datetime import datetime

import pytest

from domain.vocabulary import CaseStatus, CommandKind, EventType
from tests.unit.case_world import DUE, MICRO, MONDAY, Story, after

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
    assert story.case.triage_by is None


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
    assert story.case.alarm_next is None
    assert story.case.ended
