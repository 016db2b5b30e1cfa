"""How a service request ends: rated, taken up again once, withdrawn, silent; what may still be appealed (B10, D5)."""

from datetime import timedelta

import pytest

from domain.vocabulary import CaseStatus, CommandKind, EventType, Outcome
from tests.unit.rulebooks import written
from tests.unit.service_world import FIVE, LINE, RECEIVED, Service, local, working_days

C, E, S = CommandKind, EventType, CaseStatus
SOON = RECEIVED + timedelta(minutes=5)


def decided() -> Service:
    """Approved, and waiting for the applicant's answer."""
    return Service(LINE).through("check", SOON).through("issue", SOON)


def test_request_is_closed_as_decided_when_the_applicant_is_content() -> None:
    story = decided().give(C.RATE, SOON, solved=True, score=5)
    assert story.types[-2:] == [E.RATED, E.CLOSED]
    assert (story.request.status, story.request.outcome) == (S.CLOSED, Outcome.APPROVED)
    assert story.request.ended
    assert story.request.next_milestone() is None


def test_request_is_closed_as_decided_when_the_applicant_says_nothing() -> None:
    story = decided().until(local("2026-03-17 17:29"))
    assert not story.request.finished
    story.until(local("2026-03-17 17:30"))
    assert (story.request.outcome, story.request.closed_at) == (Outcome.APPROVED, local("2026-03-17 17:30"))


def test_last_inside_step_is_done_again_once_when_it_is_not_solved() -> None:
    story = decided().give(C.RATE, local("2026-03-05 10:00"), solved=False, score=1)
    assert story.types[-3:] == [E.RATED, E.REOPENED, E.DISPATCHED]
    assert (story.request.status, story.request.round, story.request.decided) == (S.DISPATCHED, 2, None)
    part = story.part("issue")
    assert part is not None
    assert (part.round, part.unit, part.outcome) == (2, "civil", None)
    assert story.request.promise is not None
    assert written(story.request.promise.due_at) == "Thu 2026-04-02 17:30:00"
    assert story.request.frozen_at is None
    story.through("issue", local("2026-03-05 11:00"))
    assert story.types[-1] is E.COMPLETED
    story.give(C.RATE, local("2026-03-05 12:00"), solved=False, score=1)
    assert story.types[-2:] == [E.RATED, E.CLOSED]
    assert story.last(E.RATED).data["again"], "the head of the centre is told"


def test_refusal_from_outside_is_asked_for_again_when_the_request_is_taken_up_again() -> None:
    later = SOON + timedelta(minutes=1)
    story = Service().through("check", SOON).through("police", SOON).through("survey", later)
    story.complete("county", later, "refused")
    assert story.last(E.COMPLETED).data["outcome"] == Outcome.REFUSED
    story.give(C.RATE, later, solved=False)
    assert [part.key for part in story.request.open_parts] == ["survey"], "of two at a time the one done last"
    story.through("survey", later)
    assert story.last(E.HANDED_OUT).data["handoff"] == "BJ260302-0000001-county-H2"
    story.complete("county", later).through("issue", later)
    assert story.request.decided == Outcome.APPROVED
    assert [(part.key, part.round) for part in story.request.parts][3:] == [
        ("county", 1), ("survey", 2), ("county", 2), ("issue", 1),
    ]  # fmt: skip


def test_withdrawal_releases_everybody_and_nothing_moves_any_more() -> None:
    story = Service(FIVE).through("check", SOON).give(C.WITHDRAW, SOON)
    assert story.types[-3:] == [E.RELEASED, E.RELEASED, E.WITHDRAWN]
    assert (story.request.status, story.request.outcome) == (S.WITHDRAWN, Outcome.WITHDRAWN)
    before = story.request
    assert story.until(working_days(200)).request == before


def test_nothing_is_withdrawn_when_it_is_decided() -> None:
    assert decided().refusal(C.WITHDRAW, SOON) == "transition_not_allowed"


def test_card_is_appealed_by_its_unit_when_the_request_is_closed_and_the_window_ends() -> None:
    story = Service(LINE).acknowledge("check", SOON).until(working_days(3)).complete("check", working_days(3))
    story.through("issue", working_days(3)).give(C.RATE, working_days(3), solved=True)
    assert story.request.next_milestone() is not None
    assert story.refusal(C.APPEAL, working_days(4), unit="village") == "no_card_to_appeal"
    story.give(C.APPEAL, working_days(4), unit="civil").give(C.RULE_APPEAL, working_days(5), uphold=True)
    assert story.types[-2:] == [E.APPEAL_UPHELD, E.POINTS_RESTORED]
    assert story.request.ended
    late = Service(LINE).acknowledge("check", SOON).until(working_days(3)).give(C.WITHDRAW, working_days(3))
    late.until(working_days(12))
    assert late.types[-1] is E.ARCHIVED
    assert late.request.ended
    assert late.refusal(C.APPEAL, working_days(12), unit="civil") == "appeal_too_late"


@pytest.mark.parametrize("kind", [kind for kind in C if kind not in (C.APPEAL, C.RULE_APPEAL, C.DECIDE_EXTENSION)])
def test_finished_request_refuses_every_command(kind: CommandKind) -> None:
    story = decided().give(C.RATE, SOON, solved=True)
    said = {"part": "issue", "outcome": "passed", "codes": ["letter"], "resume_at": working_days(9), "solved": True,
            "until": working_days(9), "to": "police", "calendar_version": "x"}  # fmt: skip
    assert story.refusal(kind, SOON, **said) == "transition_not_allowed"
