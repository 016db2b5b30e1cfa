"""What may be asked of a holding: in which states, by whom, and what it makes happen.

Each function returns facts or raises; none changes anything. Running numbers count over the whole dossier. Whether a
role may give a command at all is decided before, in ``domain.authority``.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from domain.errors import Conflict, Unprocessable
from domain.facts import Fact
from domain.holding.cards import Carded
from domain.holding.clock import may_extend
from domain.holding.state import Holding
from domain.holding.values import CLOCK_KEPT, RUNNING
from domain.messages import Command
from domain.plain import instant, to_plain
from domain.promise import Promise
from domain.vocabulary import CaseStatus, CommandKind, EventType, ExtensionStatus, Role

_S = CaseStatus

ALLOWED: Mapping[CommandKind, frozenset[CaseStatus]] = {
    CommandKind.DISPATCH: RUNNING | {_S.AWAITING_DISPATCH},
    CommandKind.ACKNOWLEDGE: frozenset({_S.DISPATCHED}),
    CommandKind.PROGRESS: frozenset({_S.IN_PROGRESS, _S.SUSPENDED}),
    CommandKind.URGE: RUNNING,
    CommandKind.RETURN: RUNNING,
    CommandKind.RULE_RETURN: RUNNING,
    CommandKind.REQUEST_EXTENSION: frozenset({_S.IN_PROGRESS}),
    CommandKind.DECIDE_EXTENSION: frozenset(_S),
    CommandKind.COMPLETE: frozenset({_S.IN_PROGRESS}),
}
"""In which states of a holding a command may be given to it."""

HOLDERS = frozenset(
    {
        CommandKind.ACKNOWLEDGE,
        CommandKind.PROGRESS,
        CommandKind.RETURN,
        CommandKind.REQUEST_EXTENSION,
        CommandKind.COMPLETE,
    }
)
"""Commands of the unit that holds it now, by its handlers and its leader."""


def admit(holding: Holding, command: Command) -> None:
    """Raises what stands against giving ``command`` to ``holding`` at all.

    Conflict("promise_changed") when what was resolved for it rests on a deadline that has moved since,
    Conflict("not_holder"), Conflict("already_acknowledged"), Conflict("transition_not_allowed").
    """
    check_basis(holding, command.data)
    if command.kind in HOLDERS and (command.unit is None or command.unit != holding.unit):
        raise Conflict("not_holder")
    if holding.status not in ALLOWED[command.kind]:
        if command.kind is CommandKind.ACKNOWLEDGE and holding.acknowledged_at and holding.status is _S.IN_PROGRESS:
            raise Conflict("already_acknowledged")
        raise Conflict("transition_not_allowed")


def check_basis(holding: Holding, data: Mapping[str, Any]) -> None:
    """Refuses what was resolved against another deadline: Conflict("promise_changed")."""
    if "basis" in data and data["basis"] != to_plain(holding.promise.due_at if holding.promise else None):
        raise Conflict("promise_changed")


def _dispatch(holding: Holding, command: Command, dossier: Carded) -> Iterable[Fact]:
    if holding.return_pending:
        raise Conflict("return_pending")
    if holding.pending_extension:
        raise Conflict("extension_pending")
    if command.data["unit"] == holding.unit:
        raise Conflict("already_holder")
    first = holding.status is _S.AWAITING_DISPATCH
    return [(EventType.DISPATCHED if first else EventType.REDISPATCHED, dispatched(holding, command.data, command.at))]


def dispatched(holding: Holding, data: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """The data of a dispatch to ``data["unit"]``. Never with a deadline that passed before: its card would fall on a
    unit that did not hold it then. Raises Conflict("promise_changed")."""
    kept = holding.promise.due_at if holding.promise else None
    due_at = instant(data["promise"]["due_at"]) if data.get("promise") else kept
    if due_at is None or (due_at <= at and not (holding.red and due_at == kept)):
        raise Conflict("promise_changed")
    return {"unit": data["unit"], "by_rule": None, "ack": data["ack"], "promise": data.get("promise")}


def _acknowledge(holding: Holding, command: Command, dossier: Carded) -> Iterable[Fact]:
    late = holding.ack is not None and command.at >= holding.ack.ack_by
    return [(EventType.ACKNOWLEDGED, {"unit": holding.unit, "handler": command.data["handler"], "late": late})]


def _progress(holding: Holding, command: Command, dossier: Carded) -> Iterable[Fact]:
    answers = command.data.get("answers")
    if answers is not None and answers not in {item.id for item in holding.urgings if not item.answered}:
        raise Unprocessable("urging_unknown", field="answers")
    return [(EventType.PROGRESSED, {"answers": answers})]


def _urge(holding: Holding, command: Command, dossier: Carded) -> Iterable[Fact]:
    urging = str(1 + sum(each.urgings_made for each in holdings(dossier)))
    return [(EventType.URGED, {"urging": urging, "answer_by": to_plain(command.at + dossier.terms.urge_within)})]


def _return(holding: Holding, command: Command, dossier: Carded) -> Iterable[Fact]:
    if holding.unit in holding.returned_by:
        raise Conflict("already_returned")
    if holding.dispatched_at is None or command.at > holding.dispatched_at + dossier.terms.return_within:
        raise Conflict("return_too_late")
    if holding.pending_extension:
        raise Conflict("extension_pending")
    return [(EventType.RETURNED, {"unit": holding.unit})]


def _rule_return(holding: Holding, command: Command, dossier: Carded) -> Iterable[Fact]:
    if not holding.return_pending:
        raise Conflict("no_return_pending")
    if not command.data["accept"]:
        return [(EventType.RETURN_REFUSED, {"unit": holding.unit})]
    accepted: Fact = (EventType.RETURN_ACCEPTED, {"unit": holding.unit})
    unit = command.data.get("unit")
    if unit is None:
        return [accepted]
    if unit == holding.unit:
        raise Unprocessable("unit_unchanged", field="unit")
    return [accepted, (EventType.REDISPATCHED, dispatched(holding, command.data, command.at))]


def _request_extension(holding: Holding, command: Command, dossier: Carded) -> Iterable[Fact]:
    promise = holding.promise
    if promise is None or promise.extension_by is None:
        raise Conflict("extension_unavailable")
    if command.at > promise.extension_by:
        raise Conflict("extension_too_late")
    nothing_waits(holding)
    if not may_extend(holding, dossier.terms):
        raise Conflict("extension_limit_reached")
    if instant(command.data["until"]) <= promise.due_at:
        raise Unprocessable("extension_not_later", field="until")
    data = {
        "extension": str(1 + sum(len(each.extensions) for each in holdings(dossier))),
        "until": command.data["until"],
        "higher": holding.extensions_used >= dossier.terms.extensions,
        "promise": command.data["promise"],
    }
    return [(EventType.EXTENSION_REQUESTED, data)]


def _decide_extension(holding: Holding, command: Command, dossier: Carded) -> Iterable[Fact]:
    extension = next((item for item in holding.extensions if item.id == command.data["extension"]), None)
    if extension is None:
        raise Conflict("extension_unknown")
    if extension.status is not ExtensionStatus.PENDING:
        lapsed = extension.status is ExtensionStatus.LAPSED
        raise Conflict("extension_lapsed" if lapsed else "extension_decided")
    if extension.higher and Role.UNIT_LEADER not in command.roles:
        raise Conflict("higher_approval_required")
    if not command.data["grant"]:
        return [(EventType.EXTENSION_REFUSED, {"extension": extension.id})]
    promise = to_plain(extension.promise)
    granted = {"extension": extension.id, "due_at": promise["due_at"], "promise": promise}
    return [(EventType.EXTENSION_GRANTED, granted)]


def _complete(holding: Holding, command: Command, dossier: Carded) -> Iterable[Fact]:
    if holding.return_pending:
        raise Conflict("return_pending")
    return [(EventType.COMPLETED, {})]


def suspend(holding: Holding, command: Command) -> Fact:
    """The clock stands (A16); a deadline that has passed stays. Raises as ``nothing_waits``, and
    Unprocessable("resume_not_later")."""
    nothing_waits(holding)
    data = command.data
    if instant(data["resume_at"]) <= command.at:
        raise Unprocessable("resume_not_later", field="resume_at")
    return EventType.SUSPENDED, {"resume_at": data["resume_at"], **_later(holding, data)}


def resume(holding: Holding, command: Command) -> Fact:
    """The clock goes on with what was left."""
    return EventType.RESUMED, {**_later(holding, command.data), "by_clock": False}


def _later(holding: Holding, data: Mapping[str, Any]) -> dict[str, Any]:
    """The clocks after a pause: a deadline that has passed stays, and so does what is no matter of the calendar."""
    ack = {"ack": data["ack"]} if data.get("ack") else {}
    return {"promise": None if holding.red else data["promise"], **ack}


def nothing_waits(holding: Holding) -> None:
    """Raises Conflict("extension_pending"), ("return_pending") while one waits for the centre's decision."""
    if holding.pending_extension:
        raise Conflict("extension_pending")
    if holding.return_pending:
        raise Conflict("return_pending")


def rebase(holding: Holding, command: Command, resolved: Mapping[str, Any]) -> list[Fact]:
    """What was resolved under another calendar takes the place of what stands (E2); twice is once.

    A missed deadline stays missed. Raises Conflict("promise_changed").
    """
    check_basis(holding, resolved)
    version = command.data["calendar_version"]
    stands = {"promise": holding.promise, "resume_promise": holding.resume_promise}
    asked = holding.pending_extension
    stands["asked_promise"] = asked.promise if asked else None
    moved = rebased(stands, resolved, version)
    if holding.red or holding.status not in CLOCK_KEPT or not any(moved.values()):
        return []
    before = to_plain(holding.promise.due_at if holding.promise else None)
    due_at = moved["promise"]["due_at"] if moved["promise"] else before
    told = {"calendar_version": version, "due_before": before, "due_at": due_at, "moved": due_at != before}
    return [(EventType.REBASED, {"unit": holding.unit, **told, **moved})]


def rebased(stands: Mapping[str, Promise | None], resolved: Mapping[str, Any], version: str) -> dict[str, Any]:
    """What was ``resolved`` of each promise that stands under another calendar than this; else None."""
    return {
        name: resolved.get(name) if promise is not None and promise.calendar_version != version else None
        for name, promise in stands.items()
    }


def holdings(dossier: Carded) -> Iterator[Holding]:
    """All holdings of a dossier: its lead, if it has one, then its parts in the order in which they were opened."""
    if dossier.lead is not None:
        yield dossier.lead
    yield from dossier.parts


DECIDE: Mapping[CommandKind, Callable[[Holding, Command, Carded], Iterable[Fact]]] = {
    CommandKind.DISPATCH: _dispatch,
    CommandKind.ACKNOWLEDGE: _acknowledge,
    CommandKind.PROGRESS: _progress,
    CommandKind.URGE: _urge,
    CommandKind.RETURN: _return,
    CommandKind.RULE_RETURN: _rule_return,
    CommandKind.REQUEST_EXTENSION: _request_extension,
    CommandKind.DECIDE_EXTENSION: _decide_extension,
    CommandKind.COMPLETE: _complete,
}
"""What a command to a holding makes happen, once it is admitted."""
