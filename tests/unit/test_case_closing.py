"""Completion, verification, answer (A12), withdrawal, appeal (A17), and life after closing."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.vocabulary import AppealStatus, CaseStatus, CommandKind, EventType, MilestoneKind, Outcome, Role
from tests.unit.case_world import DUE, MICRO, MONDAY, Story, after, promise

K, T, S = CommandKind, EventType, CaseStatus

AT_DUE = MONDAY + DUE
APPEAL_BY = AT_DUE + timedelta(days=7)


def completed() -> Story:
    """Completed on day 2, to be verified until day 4."""
    return Story().give(K.ACKNOWLEDGE, after(minutes=5)).give(K.COMPLETE, after(days=2))


def carded() -> Story:
    """In progress, with one red card of ``unit-a``."""
    return Story().give(K.ACKNOWLEDGE, after(minutes=5)).until(AT_DUE)


def carded_and_closed() -> Story:
    """Closed on day 14; the card may be appealed until day 17."""
    story = carded().give(K.COMPLETE, after(days=11)).give(K.VERIFY, after(days=12))
    return story.give(K.RATE, after(days=14))


# verification and answer (A12)


def test_light_is_frozen_when_the_unit_completes() -> None:
    story = completed().until(after(days=90))
    assert (story.case.yellow, story.case.red, story.case.red_cards) == (False, False, ())
    assert story.case.frozen_at == after(days=2)


def test_centre_is_told_once_when_nobody_verifies() -> None:
    story = completed().until(after(days=90))
    assert story.at(T.VERIFICATION_MISSED) == [after(days=4)]
    assert story.give(K.VERIFY, after(days=91)).case.status is S.AWAITING_ANSWER


@pytest.mark.parametrize(
    ("by", "unit", "role", "allowed"),
    [
        ("supervisor", "centre", Role.SUPERVISOR, True),
        ("officer", "community", Role.GRID_OFFICER, True),
        ("handler", "centre", Role.SUPERVISOR, False),
        ("handler", "unit-a", Role.HANDLER, False),
        ("colleague", "unit-a", Role.GRID_OFFICER, False),
        ("another-supervisor", "unit-a", Role.SUPERVISOR, True),  # the centre held it: a second person there checks
    ],
)
def test_verification_is_refused_when_the_solver_or_its_unit_gives_it(
    by: str, unit: str, role: Role, allowed: bool
) -> None:
    story = completed()
    who: dict[str, Any] = {"by": by, "unit": unit, "roles": (role,)}
    if allowed:
        assert story.give(K.VERIFY, after(days=3), **who).case.status is S.AWAITING_ANSWER
    else:
        assert story.refusal(K.VERIFY, after(days=3), **who) == "solver_cannot_verify"


def test_reporter_is_waited_for_when_it_was_verified() -> None:
    case = completed().give(K.VERIFY, after(days=3)).case
    assert (case.status, case.answer_by, case.outcome) == (S.AWAITING_ANSWER, after(days=6), None)


def test_case_closes_unanswered_at_that_second_when_the_answer_window_ends() -> None:
    story = completed().give(K.VERIFY, after(days=3)).until(after(days=80))
    assert (story.types[-1], story.at(T.CLOSED)) == (T.CLOSED, [after(days=6)])
    assert (story.case.outcome, story.case.closed_at) == (Outcome.UNANSWERED, after(days=6))
    assert story.case.ended


@pytest.mark.parametrize(("at", "taken"), [(after(days=6) - MICRO, True), (after(days=6), False)])
def test_answer_is_taken_until_its_window_ends(at: datetime, taken: bool) -> None:
    story = completed().give(K.VERIFY, after(days=3))
    if taken:
        story.give(K.RATE, at, score=4)
        assert (story.types[-2:], story.case.outcome) == ([T.RATED, T.CLOSED], Outcome.SOLVED)
        assert story.last(T.RATED).data == {"solved": True, "score": 4}
    else:
        assert story.refusal(K.RATE, at) == "transition_not_allowed"


@pytest.mark.parametrize("kind", [K.VERIFY, K.RATE])
def test_a_new_round_with_a_new_clock_begins_when_it_was_not_solved(kind: CommandKind) -> None:
    story = completed()
    if kind is K.RATE:
        story.give(K.VERIFY, after(days=2, hours=1))
    story.give(kind, after(days=3), solved=False)
    case = story.case
    assert (story.types[-1], case.status, case.round) == (T.REOPENED, S.IN_PROGRESS, 2)
    assert (case.promise, case.handler, case.unit) == (promise(after(days=3)), "handler", "unit-a")
    assert (case.completed_at, case.completed_by, case.frozen_at, case.answer_by) == (None, None, None, None)
    assert story.until(after(days=13)).at(T.TURNED_RED) == [after(days=13)]


def test_a_second_card_falls_when_the_redo_is_late_too() -> None:
    story = carded().give(K.COMPLETE, after(days=11)).give(K.VERIFY, after(days=12), solved=False)
    assert (story.case.red, story.case.yellow) == (False, False)
    story.until(after(days=30))
    number = story.case.number
    assert [(card.id, card.due_at) for card in story.case.red_cards] == [
        (f"{number}-R1", AT_DUE),
        (f"{number}-R2", after(days=22)),
    ]


def test_extensions_are_counted_anew_when_a_new_round_begins() -> None:
    story = Story().give(K.ACKNOWLEDGE, after(minutes=5)).give(K.REQUEST_EXTENSION, after(days=1))
    story.give(K.DECIDE_EXTENSION, after(days=1)).give(K.COMPLETE, after(days=2))
    story.give(K.VERIFY, after(days=3), solved=False).give(K.REQUEST_EXTENSION, after(days=4))
    assert story.case.pending_extension
    assert (story.case.pending_extension.id, story.case.pending_extension.higher) == ("2", False)


# withdrawal and closing


def test_nothing_falls_due_any_more_when_a_case_is_withdrawn() -> None:
    story = Story().give(K.WITHDRAW, after(minutes=10)).until(after(days=99))
    assert story.types == [T.RECEIVED, T.DISPATCHED, T.WITHDRAWN]
    assert (story.case.outcome, story.case.ended) == (Outcome.WITHDRAWN, True)
    assert story.case.next_milestone() is None


def test_waiting_decisions_are_settled_when_a_case_is_withdrawn() -> None:
    story = Story().give(K.RETURN, after(minutes=10)).give(K.WITHDRAW, after(minutes=20))
    assert not story.case.return_pending
    story = Story().give(K.ACKNOWLEDGE, after(minutes=5)).give(K.REQUEST_EXTENSION, after(minutes=6))
    assert story.give(K.WITHDRAW, after(minutes=20)).case.pending_extension is None


@pytest.mark.parametrize("kind", [kind for kind in K if kind not in (K.APPEAL, K.RULE_APPEAL)])
def test_a_finished_case_refuses_everything_but_appeals(kind: CommandKind) -> None:
    code = carded_and_closed().refusal(kind, after(days=15))
    assert code == ("extension_unknown" if kind is K.DECIDE_EXTENSION else "transition_not_allowed")


# appeal (A17)


def test_points_come_back_and_the_card_stays_when_an_appeal_is_upheld() -> None:
    story = carded().give(K.APPEAL, after(days=11)).give(K.RULE_APPEAL, after(days=12))
    assert story.types[-3:] == [T.APPEALED, T.APPEAL_UPHELD, T.POINTS_RESTORED]
    (card,) = story.case.red_cards
    assert (card.appeal, card.reversed) == (AppealStatus.UPHELD, True)
    assert story.last(T.POINTS_RESTORED).data == {"card": card.id, "unit": "unit-a", "points": 2}
    assert story.last(T.POINTS_DEDUCTED).data["points"] == -2
    assert story.case.red, "the light is no reward"


def test_points_stay_away_when_an_appeal_is_dismissed() -> None:
    story = carded().give(K.APPEAL, after(days=11)).give(K.RULE_APPEAL, after(days=12), uphold=False)
    assert story.types[-1] is T.APPEAL_DISMISSED
    assert not story.case.red_cards[0].reversed
    assert story.refusal(K.APPEAL, after(days=13)) == "already_appealed"


@pytest.mark.parametrize(("at", "code"), [(AT_DUE, None), (APPEAL_BY, None), (APPEAL_BY + MICRO, "appeal_too_late")])
def test_appeal_is_taken_until_its_window_ends(at: datetime, code: str | None) -> None:
    story = carded()
    if code:
        assert story.refusal(K.APPEAL, at) == code
    else:
        assert story.give(K.APPEAL, at).case.pending_appeal


def test_appeal_is_refused_when_it_has_no_card_or_waits_already() -> None:
    assert Story().refusal(K.APPEAL, after(days=1)) == "no_card_to_appeal"
    assert carded().refusal(K.APPEAL, after(days=11), unit="unit-b") == "no_card_to_appeal"
    assert carded().refusal(K.APPEAL, after(days=11), card="SJ-R9") == "no_card_to_appeal"
    assert carded().refusal(K.RULE_APPEAL, after(days=11)) == "no_appeal_pending"
    assert carded().give(K.APPEAL, after(days=11)).refusal(K.APPEAL, after(days=11)) == "appeal_pending"


def two_cards() -> Story:
    """The first against ``unit-a`` on day 10, the second against ``unit-b`` on day 21."""
    story = carded().give(K.DISPATCH, after(days=11), promise=promise(after(days=11)))
    return story.until(after(days=21))


def test_one_unit_may_appeal_when_the_appeal_of_another_still_waits() -> None:
    """Else the centre's delay with one unit's appeal would cost the other unit its window."""
    story = carded().give(K.DISPATCH, after(days=11), promise=promise(after(days=11), after(days=13)))
    story.give(K.APPEAL, after(days=12), unit="unit-a").give(K.APPEAL, after(days=14), unit="unit-b")
    assert [card.appeal for card in story.case.red_cards] == [AppealStatus.PENDING, AppealStatus.PENDING]
    story.give(K.RULE_APPEAL, after(days=15), card=f"{story.case.number}-R2")
    assert [card.reversed for card in story.case.red_cards] == [False, True]
    story.give(K.RULE_APPEAL, after(days=15), uphold=False)
    assert story.case.red_cards[0].appeal is AppealStatus.DISMISSED
    assert story.refusal(K.RULE_APPEAL, after(days=15)) == "no_appeal_pending"


def test_a_unit_appeals_its_own_card_when_another_unit_has_one_too() -> None:
    story = two_cards().give(K.APPEAL, after(days=22), unit="unit-b")
    assert story.last(T.APPEALED).data == {"card": f"{story.case.number}-R2", "unit": "unit-b"}
    assert story.refusal(K.APPEAL, after(days=22), unit="unit-a") == "appeal_too_late"


# life after closing


def test_case_waits_for_the_appeal_window_when_it_closes_with_a_card() -> None:
    story = carded_and_closed()
    assert (story.case.finished, story.case.ended) == (True, False)
    milestone = story.case.next_milestone()
    assert milestone
    assert (milestone.kind, milestone.at) == (MilestoneKind.RETIREMENT, APPEAL_BY)
    story.until(after(days=200))
    assert (story.types[-1], story.at(T.ARCHIVED), story.case.ended) == (T.ARCHIVED, [APPEAL_BY], True)


def test_case_lives_until_the_ruling_when_it_was_appealed_after_closing() -> None:
    story = carded_and_closed().give(K.APPEAL, after(days=16)).until(after(days=100))
    assert not story.case.ended
    story.give(K.RULE_APPEAL, after(days=101))
    assert (story.types[-1], story.case.ended, story.case.status) == (T.POINTS_RESTORED, True, S.CLOSED)
    assert story.case.next_milestone() is None


def test_the_last_window_closes_at_its_instant_when_another_appeal_still_waits() -> None:
    """Not after the ruling, dated before it: what falls due is carried out in due order (E7)."""
    story = carded().give(K.DISPATCH, after(days=11), promise=promise(after(days=11), after(days=13)))
    story.give(K.APPEAL, after(days=12), unit="unit-a").until(after(days=13)).give(K.WITHDRAW, after(days=14))
    story.give(K.RULE_APPEAL, after(days=40))
    assert story.types[-3:] == [T.ARCHIVED, T.APPEAL_UPHELD, T.POINTS_RESTORED]
    assert story.at(T.ARCHIVED) == [after(days=20)]
    assert story.case.ended


def test_case_ends_at_closing_when_every_window_is_over() -> None:
    story = carded().give(K.COMPLETE, after(days=30)).give(K.VERIFY, after(days=31)).give(K.RATE, after(days=32))
    assert (story.types[-1], story.case.ended) == (T.CLOSED, True)


def test_case_ends_at_closing_when_its_card_was_ruled_on_before() -> None:
    story = carded().give(K.APPEAL, after(days=11)).give(K.RULE_APPEAL, after(days=11), uphold=False)
    assert story.give(K.WITHDRAW, after(days=12)).case.ended


def test_an_archived_case_never_moves_again_when_an_appeal_comes_at_that_very_instant() -> None:
    story = carded_and_closed()
    assert story.refusal(K.APPEAL, APPEAL_BY) == "appeal_too_late"
    assert story.case.ended
