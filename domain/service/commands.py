"""What may be asked of a service request: in which states, by whom, and what it makes happen.

One table of transitions (``ALLOWED``), one function a command. Each returns facts or raises; none changes anything.
What concerns one step alone (acknowledge, extend, return …) is in ``domain.holding.commands``.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from domain.errors import Conflict, Unprocessable
from domain.facts import Fact, number
from domain.holding import cards, parts
from domain.holding import commands as holding_commands
from domain.holding.state import Part
from domain.holding.values import RUNNING
from domain.messages import Command, Event
from domain.plain import instant, to_plain
from domain.service import asking, planning
from domain.vocabulary import CaseStatus, CommandKind, EventType, Outcome, Role

if TYPE_CHECKING:
    from domain.service.request import ServiceRequest

_S = CaseStatus
_UNDECIDED = RUNNING | {_S.SUSPENDED, _S.AWAITING_MATERIALS}
_BY_HAND = frozenset({Role.SUPERVISOR, Role.INTAKE_CLERK})

ALLOWED: Mapping[CommandKind, frozenset[CaseStatus]] = {
    CommandKind.DISPATCH: RUNNING,
    CommandKind.ACKNOWLEDGE: RUNNING,
    CommandKind.PROGRESS: _UNDECIDED,
    CommandKind.URGE: RUNNING,
    CommandKind.RETURN: RUNNING,
    CommandKind.RULE_RETURN: RUNNING,
    CommandKind.REQUEST_EXTENSION: RUNNING,
    CommandKind.DECIDE_EXTENSION: frozenset(_S),
    CommandKind.COMPLETE_STEP: RUNNING,
    CommandKind.CONFIRM_HANDOFF: _UNDECIDED,
    CommandKind.REQUEST_MATERIALS: RUNNING,
    CommandKind.BRING_MATERIALS: _UNDECIDED,
    CommandKind.SUSPEND: RUNNING,
    CommandKind.RESUME: frozenset({_S.SUSPENDED}),
    CommandKind.REBASE: _UNDECIDED,
    CommandKind.RATE: frozenset({_S.AWAITING_ANSWER}),
    CommandKind.WITHDRAW: _UNDECIDED,
    CommandKind.APPEAL: frozenset(_S),
    CommandKind.RULE_APPEAL: frozenset(_S),
}
"""The table of transitions: in which states of the whole a command may be given, to it or to one of its steps."""


def decide(request: "ServiceRequest", command: Command) -> tuple[Event, ...]:
    """The events of ``command``.

    Raises Conflict("stale_version") when the caller saw another version, Conflict("promise_changed") when what was
    resolved rests on deadlines that have moved since or lacks what is needed, Conflict("not_holder"),
    Conflict("transition_not_allowed"), and what the commands refuse.
    """
    if command.data.get("version") not in (None, request.version):
        raise Conflict("stale_version")
    to_step = command.kind in holding_commands.ALLOWED
    if not to_step and command.data.get("basis") not in (None, request.basis):
        raise Conflict("promise_changed")
    if request.status not in ALLOWED.get(command.kind, frozenset()):
        raise Conflict("transition_not_allowed")
    facts = parts.decide(request, command, {}) if to_step else _DECIDE[command.kind](request, command)
    return number(request, facts, at=command.at, actor=command.actor, command=command.id)


def _complete_step(request: "ServiceRequest", command: Command) -> Iterable[Fact]:
    part = _open_step(request, command)
    _may_complete(part, command)
    outcome = command.data["outcome"]
    plan = planning.after(request, part.key, outcome)
    goes_on = plan.decided is None and not plan.stands and request.frozen_at is not None
    data = {"outcome": outcome, "stands": plan.stands, "goes_on": goes_on}
    completed = (EventType.STEP_COMPLETED, {**data, **planning.whole_clock(request, command.data, runs=goes_on)})
    return [*parts.of(part, [completed]), *planning.going_on(request, plan, command.data, but=part.key)]


def _open_step(request: "ServiceRequest", command: Command) -> Part:
    """The step that the command names, or else the only open one of the actor's unit.

    Raises Unprocessable("step_unknown"), Conflict("step_not_open"), ("step_already_completed"), ("not_holder"),
    ("part_ambiguous").
    """
    key = command.data.get("part")
    if key is None:
        own = [part for part in request.open_parts if part.unit == command.unit]
        if len(own) != 1:
            raise Conflict("part_ambiguous" if own else "not_holder")
        return own[0]
    if request.flow.step(key) is None:
        raise Unprocessable("step_unknown", field="step")
    part = parts.latest(request.parts, key)
    if part is None or (part.finished and part.outcome is None):
        raise Conflict("step_not_open")
    if part.finished:
        raise Conflict("step_already_completed")
    return part


def _may_complete(part: Part, command: Command) -> None:
    """An inside step is completed by its holder; the answer to an outside one is also entered by desk and centre."""
    by_hand = command.actor is None or not _BY_HAND.isdisjoint(command.roles)
    if part.unit != command.unit and not (part.outside is not None and by_hand):
        raise Conflict("not_holder")
    if part.outside is None and part.status is not _S.IN_PROGRESS:
        raise Conflict("transition_not_allowed")
    if part.return_pending:
        raise Conflict("return_pending")


def _confirm_handoff(request: "ServiceRequest", command: Command) -> Iterable[Fact]:
    part = _open_step(request, command)
    if part.outside is None:
        raise Conflict("transition_not_allowed")
    if part.outside.confirmed_at is not None:
        raise Conflict("handoff_confirmed")
    return parts.of(part, [(EventType.HANDOFF_CONFIRMED, {"handoff": part.outside.handoff})])


def _suspend(request: "ServiceRequest", command: Command) -> Iterable[Fact]:
    """The whole, and every step that runs (A16). What is outside goes on there."""
    data = command.data
    if request.red:
        raise Conflict("deadline_passed")
    if request.frozen_at is not None:
        raise Conflict("clock_stands")
    if instant(data["resume_at"]) <= command.at:
        raise Unprocessable("resume_not_later", field="resume_at")
    whole = {"whole": True, "resume_at": data["resume_at"], **planning.whole_clock(request, data, runs=True)}
    return [(EventType.SUSPENDED, whole), *parts.pause_or_go_on(request, command)]


def _resume(request: "ServiceRequest", command: Command) -> Iterable[Fact]:
    whole = {"whole": True, **planning.whole_clock(request, command.data, runs=True), "by_clock": False}
    return [(EventType.RESUMED, whole), *parts.pause_or_go_on(request, command)]


def _rebase(request: "ServiceRequest", command: Command) -> Iterable[Fact]:
    """Another calendar (E2): the whole, then each step; what is under it already stays. A missed whole stays missed."""
    data, version = command.data, command.data["calendar_version"]
    stands = {"promise": request.promise, "resume_promise": request.resume_promise}
    moved = holding_commands.rebased(stands, data, version)
    legal = data.get("legal_due_at")
    moved["legal_due_at"] = None if legal == to_plain(request.legal_due_at) else legal
    if any(moved.values()) and not request.red:
        before = to_plain(request.promise.due_at if request.promise else None)
        due_at = moved["promise"]["due_at"] if moved["promise"] else before
        told = {"due_before": before, "due_at": due_at, "whole_moved": due_at != before}
        yield EventType.REBASED, {"calendar_version": version, **told, **moved}
    yield from parts.rebase(request, command)


def _rate(request: "ServiceRequest", command: Command) -> Iterable[Fact]:
    """Not solved takes it up again, so often; after that the head of the centre is told (D5)."""
    data = command.data
    rated = {"solved": data["solved"], "score": data.get("score")}
    if data["solved"]:
        return [(EventType.RATED, rated), (EventType.CLOSED, {"outcome": to_plain(request.decided)})]
    if request.redone >= request.redos:
        closed = (EventType.CLOSED, {"outcome": to_plain(request.decided)})
        return [(EventType.RATED, {**rated, "again": True}), closed]
    if data.get("promise") is None:
        raise Conflict("promise_changed")
    anew = {"round": request.round + 1, "promise": data["promise"], "legal_due_at": data.get("legal_due_at")}
    opened = planning.facts_of(request, planning.again(request), data)
    return [(EventType.RATED, rated), (EventType.REOPENED, anew), *opened]


def _withdraw(request: "ServiceRequest", command: Command) -> Iterable[Fact]:
    return [*parts.release(request), (EventType.WITHDRAWN, {"outcome": Outcome.WITHDRAWN.value})]


_DECIDE: Mapping[CommandKind, Callable[["ServiceRequest", Command], Iterable[Fact]]] = {
    CommandKind.COMPLETE_STEP: _complete_step,
    CommandKind.CONFIRM_HANDOFF: _confirm_handoff,
    CommandKind.REQUEST_MATERIALS: asking.request_materials,
    CommandKind.BRING_MATERIALS: asking.bring_materials,
    CommandKind.SUSPEND: _suspend,
    CommandKind.RESUME: _resume,
    CommandKind.REBASE: _rebase,
    CommandKind.RATE: _rate,
    CommandKind.WITHDRAW: _withdraw,
    CommandKind.APPEAL: cards.appeal,
    CommandKind.RULE_APPEAL: cards.rule_appeal,
}
