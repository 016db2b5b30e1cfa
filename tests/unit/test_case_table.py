"""The table of transitions, written out by hand: every command in every state, allowed or refused with which code."""

from dataclasses import replace

import pytest

from domain.case_commands import ALLOWED
from domain.vocabulary import CaseStatus, CommandKind
from tests.unit.case_world import Story, after

K, S = CommandKind, CaseStatus

NO, HOLDER = "transition_not_allowed", "not_holder"
STATES = (
    S.AWAITING_DISPATCH, S.DISPATCHED, S.IN_PROGRESS, S.SUSPENDED, S.AWAITING_MATERIALS, S.AWAITING_VERIFICATION,
    S.AWAITING_ANSWER, S.CLOSED, S.WITHDRAWN,
)  # fmt: skip
TABLE: dict[CommandKind, tuple[str, ...]] = {
    # ..................  triage  dispatch progress suspend material verify answer closed withdrawn
    K.DISPATCH:          ("ok",   "ok",   "ok",   NO,     NO,     NO,     NO,     NO,     NO),
    K.ACKNOWLEDGE:       (HOLDER, "ok",   "already_acknowledged", NO, NO, NO, NO, NO,     NO),
    K.PROGRESS:          (HOLDER, NO,     "ok",   "ok",   NO,     NO,     NO,     NO,     NO),
    K.URGE:              (NO,     "ok",   "ok",   NO,     NO,     NO,     NO,     NO,     NO),
    K.ASSIST:            (NO,     "ok",   "ok",   NO,     NO,     NO,     NO,     NO,     NO),
    K.TAKE_OVER:         (*["no_alarm"] * 7,                                      NO,     NO),
    K.RETURN:            (HOLDER, "ok",   "ok",   NO,     NO,     NO,     NO,     NO,     NO),
    K.RULE_RETURN:       (NO,     *["no_return_pending"] * 2, NO, NO, NO, NO,     NO,     NO),
    K.REQUEST_EXTENSION: (HOLDER, NO,     "ok",   NO,     NO,     NO,     NO,     NO,     NO),
    K.DECIDE_EXTENSION:  ("extension_unknown",) * 9,
    K.SUSPEND:           (NO,     NO,     "ok",   NO,     NO,     NO,     NO,     NO,     NO),
    K.RESUME:            (NO,     NO,     NO,     "ok",   NO,     NO,     NO,     NO,     NO),
    K.COMPLETE:          (HOLDER, NO,     "ok",   NO,     NO,     NO,     NO,     NO,     NO),
    K.VERIFY:            (NO,     NO,     NO,     NO,     NO,     "ok",   NO,     NO,     NO),
    K.RATE:              (NO,     NO,     NO,     NO,     NO,     NO,     "ok",   NO,     NO),
    K.APPEAL:            ("no_card_to_appeal",) * 9,
    K.RULE_APPEAL:       ("no_appeal_pending",) * 9,
    K.WITHDRAW:          (*["ok"] * 7,                                            NO,     NO),
    K.JOIN:              (*["ok"] * 7,                                            NO,     NO),
    K.REBASE:            ("none", "ok",   "ok",   "ok",   NO,     NO,     NO,     NO,     NO),
}  # fmt: skip

FOREIGN = tuple(kind for kind in K if kind not in ALLOWED)


def story_in(status: CaseStatus) -> Story:
    """A case in this state, less than an hour old, without anything that waits for a decision."""
    if status is S.AWAITING_DISPATCH:
        return Story(unit=None)
    story = Story()
    if status is S.DISPATCHED:
        return story
    if status is S.WITHDRAWN:
        return story.give(K.WITHDRAW, after(minutes=1))
    story.give(K.ACKNOWLEDGE, after(minutes=1))
    if status is S.SUSPENDED:
        return story.give(K.SUSPEND, after(minutes=2))
    if status is S.AWAITING_MATERIALS:  # of service requests; an incident never gets there by itself
        story.case = replace(story.case, status=status)
        return story
    for kind, reached in ((K.COMPLETE, S.AWAITING_VERIFICATION), (K.VERIFY, S.AWAITING_ANSWER), (K.RATE, S.CLOSED)):
        if story.case.status is not status and status in _FROM[kind]:
            story.give(kind, after(minutes=3))
            assert story.case.status is reached
    return story


_FROM = {
    K.COMPLETE: {S.AWAITING_VERIFICATION, S.AWAITING_ANSWER, S.CLOSED},
    K.VERIFY: {S.AWAITING_ANSWER, S.CLOSED},
    K.RATE: {S.CLOSED},
}


def test_every_state_and_every_command_of_a_case_is_in_the_table() -> None:
    assert set(STATES) == set(S)
    assert set(TABLE) == set(ALLOWED)
    assert all(len(row) == len(STATES) for row in TABLE.values())


@pytest.mark.parametrize("status", STATES)
@pytest.mark.parametrize("kind", TABLE)
def test_command_is_allowed_or_refused_as_the_table_says_when_given_in_this_state(
    kind: CommandKind, status: CaseStatus
) -> None:
    story = story_in(status)
    assert story.case.status is status
    expected = TABLE[kind][STATES.index(status)]
    if expected == "ok":
        before = story.case
        story.give(kind, after(minutes=10))
        assert story.case.version > before.version
    elif expected == "none":
        assert story.give(kind, after(minutes=10)).case.version == story.bare.version + 1, "only what was there before"
    else:
        assert story.refusal(kind, after(minutes=10)) == expected


@pytest.mark.parametrize("status", STATES)
@pytest.mark.parametrize("kind", FOREIGN)
def test_command_of_another_kind_of_dossier_is_refused_when_given_to_a_case(
    kind: CommandKind, status: CaseStatus
) -> None:
    assert story_in(status).refusal(kind, after(minutes=10)) == NO


def test_event_is_refused_when_it_does_not_follow_on_the_last_one() -> None:
    story = Story()
    with pytest.raises(ValueError, match="does not follow"):
        story.case.apply(story.events[-1])


def test_stale_version_comes_first_when_more_than_one_thing_is_wrong() -> None:
    story = Story()
    assert story.refusal(K.COMPLETE, after(minutes=1), unit="unit-z", version=1) == "stale_version"
    assert story.refusal(K.COMPLETE, after(minutes=1), unit="unit-z") == "not_holder"
