"""Several units on one incident: a lead, and those who assist it under clocks of their own (A18)."""

from datetime import datetime

from domain.holding.parts import latest
from domain.holding.state import Part
from domain.vocabulary import CaseStatus, CommandKind, EventType, Role
from tests.unit.case_world import DUE, MICRO, MONDAY, Story, ack_clock, after, promise

K, T, S = CommandKind, EventType, CaseStatus
JOINED = after(minutes=10)


def assisted(*units: str, at: datetime = JOINED) -> Story:
    """A lead that has acknowledged, and units that assist it from ten minutes on."""
    story = Story().give(K.ACKNOWLEDGE, after(minutes=5))
    for unit in units or ("unit-c",):
        story.give(K.ASSIST, at, to=unit)
    return story


def part(story: Story, key: str = "unit-c") -> Part:
    found = latest(story.case.parts, key)
    assert found
    return found


def test_assisting_unit_has_its_own_acknowledgement_and_the_deadline_of_the_case() -> None:
    story = assisted()
    assert story.last(T.DISPATCHED).data["part"] == "unit-c"
    assert (part(story).ack, part(story).promise) == (ack_clock(after(minutes=10)), promise())
    story.until(after(minutes=40))
    missed = story.last(T.ACK_MISSED)
    assert (missed.at, missed.data["part"], missed.data["unit"]) == (after(minutes=40), "unit-c", "unit-c")
    assert (part(story).ack_missed, story.case.ack_missed) == (True, False)


def test_units_assist_from_the_beginning_when_the_dispatch_names_them() -> None:
    story = Story(unit=None)
    joining = [
        {"unit": unit, "ack": ack_clock(after(minutes=1)), "promise": promise()} for unit in ("unit-c", "unit-d")
    ]
    story.give(K.DISPATCH, after(minutes=1), assisting=joining)
    assert story.types[-3:] == [T.DISPATCHED] * 3
    assert [(each.key, each.status) for each in story.case.parts] == [
        ("unit-c", S.DISPATCHED),
        ("unit-d", S.DISPATCHED),
    ]
    assert story.case.unit == "unit-b"


def test_unit_is_refused_when_it_leads_or_assists_already() -> None:
    story = assisted("unit-c")
    for unit in ("unit-a", "unit-c"):
        assert story.refusal(K.ASSIST, after(minutes=11), to=unit) == "already_holder"
    assert story.refusal(K.DISPATCH, after(minutes=11), to="unit-c") == "already_holder"
    twice = [{"unit": "unit-d", "ack": ack_clock(MONDAY), "promise": promise()}] * 2
    assert story.refusal(K.DISPATCH, after(minutes=11), to="unit-e", assisting=twice) == "already_holder"
    story.give(K.RETURN, after(minutes=12))
    assert story.refusal(K.RULE_RETURN, after(minutes=13), to="unit-c") == "already_holder"


def test_each_works_on_its_own_when_both_report_and_the_assistant_completes() -> None:
    story = assisted().give(K.ACKNOWLEDGE, after(minutes=15), unit="unit-c")
    story.give(K.PROGRESS, after(minutes=20), unit="unit-c").give(K.PROGRESS, after(minutes=21))
    story.give(K.COMPLETE, after(minutes=30), unit="unit-c")
    assert (part(story).status, story.case.status) == (S.CLOSED, S.IN_PROGRESS)
    assert "verify_by" not in story.last(T.COMPLETED).data, "what a unit does to assist is not verified"
    assert story.refusal(K.COMPLETE, after(minutes=31), unit="unit-c") == "transition_not_allowed"
    assert story.refusal(K.COMPLETE, after(minutes=31), unit="unit-z") == "not_holder"


def test_red_card_falls_on_the_unit_that_is_late_when_the_other_was_granted_more_time() -> None:
    story = assisted().give(K.ACKNOWLEDGE, after(minutes=15), unit="unit-c")
    story.give(K.REQUEST_EXTENSION, after(days=1)).give(K.DECIDE_EXTENSION, after(days=2))
    story.until(MONDAY + DUE)
    assert [(card.unit, card.part, card.at) for card in story.case.red_cards] == [("unit-c", "unit-c", MONDAY + DUE)]
    assert (story.case.red, part(story).red) == (False, True)
    story.until(after(days=15))
    assert [(card.id[-3:], card.unit, card.part) for card in story.case.red_cards] == [
        ("-R1", "unit-c", "unit-c"),
        ("-R2", "unit-a", None),
    ]


def test_assistant_gets_its_own_extension_when_it_asks_in_time() -> None:
    story = assisted().give(K.ACKNOWLEDGE, after(minutes=15), unit="unit-c")
    story.give(K.REQUEST_EXTENSION, after(days=8), unit="unit-c", part="unit-c")
    assert story.case.pending_extension is None
    story.give(K.DECIDE_EXTENSION, after(days=9), extension="1")
    due = part(story).promise
    assert due
    assert (due.due_at, story.case.promise) == (after(days=15), promise())
    assert story.refusal(K.REQUEST_EXTENSION, after(days=9)) == "extension_too_late", "the lead has missed its own"


def test_open_assistants_are_released_when_the_lead_completes_and_their_cards_stay() -> None:
    story = assisted("unit-c", "unit-d").give(K.ACKNOWLEDGE, after(minutes=15), unit="unit-c")
    story.until(MONDAY + DUE).give(K.COMPLETE, after(days=11))
    assert story.types[-3:] == [T.COMPLETED, T.RELEASED, T.RELEASED]
    assert {each.status for each in story.case.parts} == {S.WITHDRAWN}
    assert [card.unit for card in story.case.red_cards] == ["unit-a", "unit-c", "unit-d"]
    assert story.refusal(K.PROGRESS, after(days=11), unit="unit-c") == "transition_not_allowed"
    story.give(K.APPEAL, after(days=11), unit="unit-d")
    assert story.last(T.APPEALED).data["card"] == story.case.red_cards[2].id


def test_redo_opens_no_part_and_a_unit_can_be_asked_to_assist_again() -> None:
    story = assisted().give(K.COMPLETE, after(days=1)).give(K.VERIFY, after(days=2), solved=False)
    assert [each.status for each in story.case.parts] == [S.WITHDRAWN]
    story.give(K.ASSIST, after(days=3))
    assert [(each.key, each.round, each.status) for each in story.case.parts] == [
        ("unit-c", 1, S.WITHDRAWN),
        ("unit-c", 2, S.DISPATCHED),
    ]


def test_assistant_returns_it_once_and_another_takes_its_part() -> None:
    story = assisted().give(K.RETURN, after(hours=1), unit="unit-c")
    assert (story.case.return_pending, part(story).return_pending) == (False, True)
    assert story.refusal(K.COMPLETE, after(hours=2), unit="unit-c", part="unit-c") == "transition_not_allowed"
    story.give(K.RULE_RETURN, after(hours=2), part="unit-c")
    assert (part(story).status, part(story).unit) == (S.AWAITING_DISPATCH, None)
    story.until(after(hours=4))
    assert story.last(T.TRIAGE_MISSED).data["part"] == "unit-c"
    story.give(K.DISPATCH, after(hours=5), part="unit-c", to="unit-d")
    assert (part(story).unit, part(story).status, story.case.unit) == ("unit-d", S.DISPATCHED, "unit-a")
    stood = part(story).promise
    assert stood
    assert stood.due_at == MONDAY + DUE + (after(hours=5) - after(hours=2)), "its clock stood in triage"
    story.give(K.ASSIST, after(hours=6), to="unit-c")
    assert [each.key for each in story.case.parts] == ["unit-c", "unit-c-2"]


def test_suspension_pauses_every_part_and_each_goes_on_with_what_was_left() -> None:
    story = assisted("unit-c", "unit-d").give(K.ACKNOWLEDGE, after(minutes=15), unit="unit-c")
    story.give(K.SUSPEND, after(minutes=20))
    assert {each.status for each in story.case.parts} == {S.SUSPENDED}
    assert story.types[-3:] == [T.SUSPENDED] * 3
    story.until(after(days=3, minutes=20))
    assert (part(story, "unit-c").status, part(story, "unit-d").status) == (S.IN_PROGRESS, S.DISPATCHED)
    for each in story.case.parts:
        assert each.promise
        assert each.promise.due_at == MONDAY + DUE + (after(days=3) - MONDAY)
    story.until(after(days=3, minutes=40))
    assert story.last(T.ACK_MISSED).data["part"] == "unit-d", "20 of its 30 minutes were left"


def test_part_in_triage_waits_when_the_case_is_suspended() -> None:
    story = assisted().give(K.RETURN, after(hours=1), unit="unit-c").give(K.RULE_RETURN, after(hours=2), part="unit-c")
    story.give(K.SUSPEND, after(hours=3))
    assert story.refusal(K.DISPATCH, after(hours=4), part="unit-c", to="unit-d") == "transition_not_allowed"
    assert story.refusal(K.ASSIST, after(hours=4), to="unit-d") == "transition_not_allowed"
    story.give(K.RESUME, after(hours=5)).give(K.DISPATCH, after(hours=6), part="unit-c", to="unit-d")
    assert part(story).unit == "unit-d"


def test_suspension_is_refused_when_the_centre_has_something_of_a_part_to_decide() -> None:
    story = assisted().give(K.ACKNOWLEDGE, after(minutes=15), unit="unit-c")
    story.give(K.REQUEST_EXTENSION, after(minutes=20), part="unit-c")
    assert story.refusal(K.SUSPEND, after(minutes=21)) == "extension_pending"
    story.give(K.DECIDE_EXTENSION, after(minutes=22), extension="1", grant=False)
    story.give(K.RETURN, after(minutes=23), unit="unit-c")
    assert story.refusal(K.SUSPEND, after(minutes=24)) == "return_pending"


def test_withdrawal_releases_every_part_and_nothing_falls_due_any_more() -> None:
    story = assisted("unit-c", "unit-d").give(K.WITHDRAW, after(hours=1))
    assert story.types[-3:] == [T.RELEASED, T.RELEASED, T.WITHDRAWN]
    assert (story.case.ended, story.case.next_milestone()) == (True, None)


def test_unit_that_joins_late_is_not_yellow_before_it_joined() -> None:
    story = assisted(at=MONDAY + DUE - MICRO)
    story.until(MONDAY + DUE)
    turned = [event for event in story.events if event.type is T.TURNED_YELLOW and event.data.get("part")]
    assert [event.at for event in turned] == [MONDAY + DUE - MICRO]


def test_unit_that_joins_after_the_deadline_gets_a_clock_of_its_own() -> None:
    story = assisted(at=MONDAY + DUE)
    assert (story.case.red, part(story).red) == (True, False)
    assert part(story).promise == promise(MONDAY + DUE)


def test_what_a_unit_did_to_assist_is_not_verified_by_itself() -> None:
    story = assisted().give(K.ACKNOWLEDGE, after(minutes=15), unit="unit-c")
    story.give(K.COMPLETE, after(minutes=20), unit="unit-c", by="helper").give(K.COMPLETE, after(minutes=21))
    asked = after(minutes=22)
    assert story.refusal(K.VERIFY, asked, by="officer", unit="unit-c", roles=(Role.GRID_OFFICER,)) == (
        "solver_cannot_verify"
    )
    assert story.refusal(K.VERIFY, asked, by="helper") == "solver_cannot_verify"


def test_alarm_is_taken_by_the_lead_not_by_whoever_assists() -> None:
    story = Story(danger=True).give(K.ASSIST, after(seconds=5), to="unit-c")
    story.give(K.ACKNOWLEDGE, after(seconds=10), unit="unit-c")
    assert story.case.alarm_next is not None
    story.give(K.ACKNOWLEDGE, after(seconds=20))
    assert story.case.alarm_next is None


def test_urging_of_a_part_is_answered_by_it_alone() -> None:
    story = assisted().give(K.ACKNOWLEDGE, after(minutes=15), unit="unit-c")
    story.give(K.URGE, after(minutes=20)).give(K.URGE, after(minutes=21), part="unit-c")
    assert story.refusal(K.PROGRESS, after(minutes=30), answers="2") == "urging_unknown"
    story.give(K.PROGRESS, after(minutes=30), unit="unit-c", answers="2")
    story.until(after(hours=5))
    assert [event.data["urging"] for event in story.events if event.type is T.URGING_UNANSWERED] == ["1"]
