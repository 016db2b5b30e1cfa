"""Lights, red cards, extensions: A5-A8. Every instant below is counted from the beginning of the story."""

from datetime import datetime, timedelta

import pytest

from domain.case import open_case
from domain.case_clock import reach
from domain.messages import Milestone
from domain.plain import instant, to_plain
from domain.vocabulary import CaseStatus, CommandKind, EventType, ExtensionStatus, MilestoneKind, Role
from tests.unit.case_world import DUE, MICRO, MONDAY, Story, ack_clock, after, bare_case, promise

K, T, S, X = CommandKind, EventType, CaseStatus, ExtensionStatus

AT_DUE = MONDAY + DUE
YELLOW, WINDOW, REMINDER = after(days=9), after(days=8), after(days=7)
RED_CARD = [T.TURNED_RED, T.RED_CARD_ISSUED, T.POINTS_DEDUCTED, T.INTERVIEW_OPENED]
HIGHER = (Role.SUPERVISOR, Role.UNIT_LEADER)


def at_work() -> Story:
    """A case that was acknowledged in time."""
    return Story().give(K.ACKNOWLEDGE, after(minutes=5))


# lights and the card (A7, A8)


@pytest.mark.parametrize(
    ("until", "yellow", "red"),
    [
        (YELLOW - MICRO, False, False),
        (YELLOW, True, False),
        (AT_DUE - MICRO, True, False),
        (AT_DUE, True, True),
        (AT_DUE + timedelta(days=400), True, True),
    ],
)
def test_light_follows_the_promise_when_nobody_finishes(until: datetime, yellow: bool, red: bool) -> None:
    case = at_work().until(until).case
    assert (case.yellow, case.red) == (yellow, red)


def test_milestones_carry_their_promised_instants_when_they_are_reached_years_late() -> None:
    story = at_work().until(after(days=3000))
    assert [(event.type, event.at) for event in story.events[3:]] == [
        (T.EXTENSION_REMINDED, REMINDER),
        (T.TURNED_YELLOW, YELLOW),
        *[(kind, AT_DUE) for kind in RED_CARD],
    ]


def test_card_costs_points_and_opens_an_interview_when_the_deadline_passes() -> None:
    story = at_work().until(AT_DUE)
    assert story.types[-4:] == RED_CARD
    card = f"{story.case.number}-R1"
    against = {"card": card, "unit": "unit-a"}
    due, convene, appeal = (to_plain(after(days=days)) for days in (10, 15, 17))
    interview = f"{card}-I"
    assert [event.data for event in story.events[-4:]] == [
        {"due_at": due, "unit": "unit-a"},
        {**against, "handler": "handler", "due_at": due, "points": -2, "interview": interview, "appeal_by": appeal},
        {**against, "points": -2},
        {**against, "interview": interview, "convene_by": convene},
    ]
    assert {event.actor for event in story.events[-4:]} == {None}


def test_card_falls_without_a_handler_when_nobody_ever_acknowledged() -> None:
    story = Story().until(AT_DUE)
    assert story.last(T.RED_CARD_ISSUED).data["handler"] is None
    assert story.at(T.RED_CARD_ISSUED) == [AT_DUE]


def test_completion_escapes_the_card_when_it_comes_a_microsecond_before_the_deadline() -> None:
    story = at_work().give(K.COMPLETE, AT_DUE - MICRO).until(after(days=11))
    assert (story.case.red, story.case.yellow, story.case.frozen_at) == (False, True, AT_DUE - MICRO)


def test_card_falls_first_when_completion_comes_at_the_deadline() -> None:
    story = at_work().give(K.COMPLETE, AT_DUE)
    assert story.types[-5:] == [*RED_CARD, T.COMPLETED]
    assert story.case.status is S.AWAITING_VERIFICATION


def test_milestones_of_one_instant_fall_in_their_fixed_order() -> None:
    """Everything at once: the alarm first, then acknowledgement, urging, extension window, yellow, red."""
    at = after(hours=4)
    sharp = promise(MONDAY, at)
    story = Story(
        terms=bare_case().terms,
        promised=type(sharp)(
            **{name: getattr(sharp, name) for name in sharp.__slots__} | {"yellow_at": at, "remind_at": at}
        ),
    )
    bare = bare_case(danger=True)
    ack = ack_clock(MONDAY, 240)
    story.case, opening = open_case(bare, by=None, unit="unit-a", rule=None, ack=ack, promise=story.case.promise)
    story.events = list(opening)
    story.give(K.URGE, MONDAY).until(at - MICRO)
    before = len(story.events)
    ties = [kind for kind in story.until(at).types[before:] if kind is not T.ALARM_RAISED]
    assert ties == [T.ACK_MISSED, T.URGING_UNANSWERED, T.EXTENSION_REMINDED, T.TURNED_YELLOW, *RED_CARD]


# extensions (A6)


def test_unit_is_reminded_before_the_window_closes_when_it_has_not_asked() -> None:
    story = at_work().until(REMINDER)
    assert story.types[-1] is T.EXTENSION_REMINDED
    assert story.last(T.EXTENSION_REMINDED).data == {"extension_by": to_plain(WINDOW)}


def test_unit_is_not_reminded_when_it_has_asked_already() -> None:
    story = at_work().give(K.REQUEST_EXTENSION, after(days=6)).until(AT_DUE)
    assert T.EXTENSION_REMINDED not in story.types


@pytest.mark.parametrize(
    ("refused", "reminded"),
    [
        (after(days=6), [REMINDER]),
        (REMINDER, [REMINDER]),
        (REMINDER + MICRO, []),
        (after(days=7, hours=5), []),
        (after(days=9), []),
    ],
)
def test_unit_is_reminded_after_a_refusal_when_the_instant_is_still_to_come(
    refused: datetime, reminded: list[datetime]
) -> None:
    story = at_work().give(K.REQUEST_EXTENSION, after(days=5)).give(K.DECIDE_EXTENSION, refused, grant=False)
    assert story.until(after(days=9, hours=1)).at(T.EXTENSION_REMINDED) == reminded


def test_unit_is_not_reminded_when_its_new_window_is_over_before_the_grant() -> None:
    story = at_work().give(K.REQUEST_EXTENSION, after(days=7, hours=1), until=AT_DUE + timedelta(hours=1))
    story.give(K.DECIDE_EXTENSION, after(days=9)).until(after(days=9, hours=1))
    assert story.at(T.EXTENSION_REMINDED) == [REMINDER]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (after(days=1), None),
        (WINDOW - MICRO, None),
        (WINDOW, None),
        (WINDOW + MICRO, "extension_too_late"),
        (YELLOW, "extension_too_late"),
        (AT_DUE + MICRO, "extension_too_late"),
    ],
)
def test_extension_may_be_asked_for_when_two_days_are_left(asked: datetime, code: str | None) -> None:
    story = at_work()
    if code:
        assert story.refusal(K.REQUEST_EXTENSION, asked) == code
    else:
        assert story.give(K.REQUEST_EXTENSION, asked).case.pending_extension


def test_extension_is_unavailable_when_the_limit_is_too_short() -> None:
    brief = promise(MONDAY, after(days=2))
    short = type(brief)(**{name: getattr(brief, name) for name in brief.__slots__} | {"extension_by": None})
    story = Story(promised=short).give(K.ACKNOWLEDGE, after(minutes=5))
    assert story.refusal(K.REQUEST_EXTENSION, after(minutes=6)) == "extension_unavailable"


def test_extension_is_refused_when_the_case_is_not_acknowledged() -> None:
    assert Story().refusal(K.REQUEST_EXTENSION, after(minutes=6)) == "transition_not_allowed"


@pytest.mark.parametrize("until", [AT_DUE, AT_DUE - MICRO, MONDAY])
def test_extension_is_refused_when_its_date_is_no_later(until: datetime) -> None:
    assert at_work().refusal(K.REQUEST_EXTENSION, after(days=1), until=until) == "extension_not_later"


def test_second_request_is_refused_when_the_first_still_waits() -> None:
    story = at_work().give(K.REQUEST_EXTENSION, after(days=1))
    assert story.refusal(K.REQUEST_EXTENSION, after(days=2)) == "extension_pending"
    assert [item.status for item in story.case.extensions] == [X.PENDING]


@pytest.mark.parametrize("kind", [K.SUSPEND, K.RETURN, K.DISPATCH])
def test_other_decisions_are_refused_when_a_request_waits(kind: CommandKind) -> None:
    story = at_work().give(K.REQUEST_EXTENSION, after(hours=1))
    assert story.refusal(kind, after(hours=2)) == "extension_pending"


def test_deadline_moves_to_the_asked_instant_when_a_request_is_granted() -> None:
    until = after(days=14)
    story = at_work().give(K.REQUEST_EXTENSION, after(days=3), until=until)
    assert story.case.promise == promise(), "asking moves nothing"
    story.give(K.DECIDE_EXTENSION, after(days=4))
    assert story.last(T.EXTENSION_GRANTED).data["due_at"] == to_plain(until)
    assert story.case.promise == promise(MONDAY, until)
    (extension,) = story.case.extensions
    assert (extension.status, extension.decided_at, extension.until) == (X.GRANTED, after(days=4), until)
    assert story.until(after(days=30)).at(T.TURNED_RED) == [until]


def test_light_is_green_again_and_yellow_a_second_time_when_granted_after_yellow() -> None:
    story = at_work().give(K.REQUEST_EXTENSION, after(days=8)).until(after(days=9, hours=1))
    assert story.case.yellow
    story.give(K.DECIDE_EXTENSION, after(days=9, hours=2))
    assert (story.case.yellow, story.case.red, story.case.round) == (False, False, 1)
    assert story.until(after(days=15)).at(T.TURNED_YELLOW) == [YELLOW, after(days=14)]


def test_clock_goes_on_and_nothing_moves_when_a_request_is_refused() -> None:
    story = at_work().give(K.REQUEST_EXTENSION, after(days=3)).give(K.DECIDE_EXTENSION, after(days=9), grant=False)
    assert story.case.promise == promise()
    assert story.case.extensions_used == 0
    assert story.until(AT_DUE).at(T.TURNED_RED) == [AT_DUE]


def test_a_new_request_is_taken_when_the_first_was_refused_inside_the_window() -> None:
    story = at_work().give(K.REQUEST_EXTENSION, after(days=1)).give(K.DECIDE_EXTENSION, after(days=2), grant=False)
    story.give(K.REQUEST_EXTENSION, WINDOW)
    assert [(item.id, item.status) for item in story.case.extensions] == [("1", X.REFUSED), ("2", X.PENDING)]


def test_request_lapses_before_the_card_falls_when_nobody_decides() -> None:
    story = at_work().give(K.REQUEST_EXTENSION, after(days=8)).until(AT_DUE)
    assert story.types[-5:] == [T.EXTENSION_LAPSED, *RED_CARD]
    assert story.case.extensions[0].status is X.LAPSED
    assert story.case.extensions[0].decided_at == AT_DUE


@pytest.mark.parametrize(("at", "granted"), [(AT_DUE - MICRO, True), (AT_DUE, False), (AT_DUE + MICRO, False)])
def test_decision_counts_until_the_deadline_when_a_request_waits(at: datetime, granted: bool) -> None:
    story = at_work().give(K.REQUEST_EXTENSION, after(days=8))
    if granted:
        assert not story.give(K.DECIDE_EXTENSION, at).case.red
    else:
        assert story.refusal(K.DECIDE_EXTENSION, at) == "extension_lapsed"


@pytest.mark.parametrize("grant", [True, False])
def test_decision_is_refused_when_one_was_taken(grant: bool) -> None:
    story = at_work().give(K.REQUEST_EXTENSION, after(days=1)).give(K.DECIDE_EXTENSION, after(days=2), grant=grant)
    assert story.refusal(K.DECIDE_EXTENSION, after(days=2)) == "extension_decided"
    assert story.refusal(K.DECIDE_EXTENSION, after(days=2), extension="7") == "extension_unknown"


def test_request_is_moot_when_the_unit_completes_meanwhile() -> None:
    story = at_work().give(K.REQUEST_EXTENSION, after(days=1)).give(K.COMPLETE, after(days=2))
    assert story.case.extensions[0].status is X.MOOT
    assert story.refusal(K.DECIDE_EXTENSION, after(days=2, hours=1)) == "extension_decided"


def extended_once() -> Story:
    """Due on day 15 now."""
    return at_work().give(K.REQUEST_EXTENSION, after(days=1)).give(K.DECIDE_EXTENSION, after(days=2))


def test_second_extension_needs_the_higher_approver_when_the_first_was_granted() -> None:
    story = extended_once().give(K.REQUEST_EXTENSION, after(days=3))
    assert story.case.pending_extension
    assert story.case.pending_extension.higher
    assert story.refusal(K.DECIDE_EXTENSION, after(days=4)) == "higher_approval_required"
    assert story.refusal(K.DECIDE_EXTENSION, after(days=4), grant=False) == "higher_approval_required"
    story.give(K.DECIDE_EXTENSION, after(days=4), roles=HIGHER)
    assert story.case.promise == promise(MONDAY, after(days=20))


def test_third_extension_is_refused_when_both_are_used_up() -> None:
    story = extended_once().give(K.REQUEST_EXTENSION, after(days=3))
    story.give(K.DECIDE_EXTENSION, after(days=4), roles=HIGHER)
    assert story.refusal(K.REQUEST_EXTENSION, after(days=5)) == "extension_limit_reached"
    assert T.EXTENSION_REMINDED not in story.until(after(days=19, hours=1)).types


def test_window_moves_with_the_deadline_when_an_extension_was_granted() -> None:
    assert extended_once().give(K.REQUEST_EXTENSION, after(days=13)).case.pending_extension
    assert extended_once().refusal(K.REQUEST_EXTENSION, after(days=13) + MICRO) == "extension_too_late"


def test_reaching_a_milestone_is_repeatable_when_nothing_is_applied() -> None:
    case = at_work().case
    milestone = Milestone(kind=MilestoneKind.DUE, at=AT_DUE)
    assert reach(case, milestone) == reach(case, milestone)
    assert instant(reach(case, milestone)[0].data["due_at"]) == AT_DUE
