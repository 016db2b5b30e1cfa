"""The table of transitions of a service request, written out by hand: what may be asked in which state."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from domain.service.commands import ALLOWED
from domain.service.materials import Materials
from domain.vocabulary import CaseStatus, CommandKind
from tests.unit.service_world import LINE, RECEIVED, Service, working_days

C, S = CommandKind, CaseStatus
SOON = RECEIVED + timedelta(minutes=5)

IN_STATE: dict[CaseStatus, Callable[[], Service]] = {
    S.AWAITING_MATERIALS: lambda: Service(LINE, materials=Materials(needed=("id",), optional=("letter",))),
    S.DISPATCHED: lambda: Service(LINE),
    S.IN_PROGRESS: lambda: Service(LINE).acknowledge("check", SOON),
    S.SUSPENDED: lambda: Service(LINE).give(C.SUSPEND, SOON, resume_at=working_days(4)),
    S.AWAITING_ANSWER: lambda: Service(LINE).through("check", SOON).through("issue", SOON),
    S.CLOSED: lambda: Service(LINE).through("check", SOON).through("issue", SOON).give(C.RATE, SOON, solved=True),
    S.WITHDRAWN: lambda: Service(LINE).give(C.WITHDRAW, SOON),
}

RUNNING = "dispatched in_progress"
UNDECIDED = f"{RUNNING} suspended awaiting_materials"
TABLE = {
    C.DISPATCH: RUNNING, C.ACKNOWLEDGE: RUNNING, C.PROGRESS: UNDECIDED, C.URGE: RUNNING, C.RETURN: RUNNING,
    C.RULE_RETURN: RUNNING, C.REQUEST_EXTENSION: RUNNING, C.COMPLETE_STEP: RUNNING, C.CONFIRM_HANDOFF: UNDECIDED,
    C.REQUEST_MATERIALS: RUNNING, C.BRING_MATERIALS: UNDECIDED, C.SUSPEND: RUNNING, C.RESUME: "suspended",
    C.REBASE: UNDECIDED, C.RATE: "awaiting_answer", C.WITHDRAW: UNDECIDED,
}  # fmt: skip
ANY = {C.DECIDE_EXTENSION, C.APPEAL, C.RULE_APPEAL}
"""Judged by the extension or card that they name, in every state."""

SAID = {
    "part": "check", "outcome": "passed", "codes": ["id", "letter"], "resume_at": working_days(9), "solved": True,
    "until": working_days(9), "to": "police", "calendar_version": "x", "extension": "1", "grant": True, "uphold": True,
    "accept": True, "handler": "handler",
}  # fmt: skip


def test_table_of_the_code_is_the_one_written_here() -> None:
    assert {kind: {status.value for status in states} for kind, states in ALLOWED.items() if kind not in ANY} == {
        kind: set(states.split()) for kind, states in TABLE.items()
    }
    assert all(ALLOWED[kind] == frozenset(S) for kind in ANY)


@pytest.mark.parametrize("status", IN_STATE, ids=lambda status: status.value)
@pytest.mark.parametrize("kind", [kind for kind in C if kind not in ANY], ids=lambda kind: kind.value)
def test_command_is_refused_and_changes_nothing_when_the_state_does_not_admit_it(
    kind: CommandKind, status: CaseStatus
) -> None:
    story = IN_STATE[status]()
    assert story.request.status is status
    if status.value not in TABLE.get(kind, "").split():
        assert story.refusal(kind, SOON, **SAID) == "transition_not_allowed"
