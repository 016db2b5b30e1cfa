"""What may be asked of a case: in which states, by whom, and what it makes happen.

One table of transitions (``ALLOWED``), one function a command. Each returns facts or raises; none changes anything.
Whether a role may give a command at all is decided before, in ``domain.authority``.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from domain.case_clock import may_extend
from domain.case_facts import Fact, number
from domain.case_parts import RedCard
from domain.errors import Conflict, Unprocessable
from domain.messages import Command, Event
from domain.plain import instant, to_plain
from domain.vocabulary import AppealStatus, CaseStatus, CommandKind, EventType, ExtensionStatus, Outcome, Role

if TYPE_CHECKING:
    from domain.case import Case

_S = CaseStatus
_RUNNING = frozenset({_S.DISPATCHED, _S.IN_PROGRESS})
_UNFINISHED = frozenset(_S) - {_S.CLOSED, _S.WITHDRAWN}

ALLOWED: dict[CommandKind, frozenset[CaseStatus]] = {
    CommandKind.DISPATCH: _RUNNING | {_S.AWAITING_DISPATCH},
    CommandKind.ACKNOWLEDGE: frozenset({_S.DISPATCHED}),
    CommandKind.PROGRESS: frozenset({_S.IN_PROGRESS, _S.SUSPENDED}),
    CommandKind.URGE: _RUNNING,
    CommandKind.TAKE_OVER: _UNFINISHED,
    CommandKind.RETURN: _RUNNING,
    CommandKind.RULE_RETURN: _RUNNING,
    CommandKind.REQUEST_EXTENSION: frozenset({_S.IN_PROGRESS}),
    CommandKind.DECIDE_EXTENSION: frozenset(_S),
    CommandKind.SUSPEND: frozenset({_S.IN_PROGRESS}),
    CommandKind.RESUME: frozenset({_S.SUSPENDED}),
    CommandKind.COMPLETE: frozenset({_S.IN_PROGRESS}),
    CommandKind.VERIFY: frozenset({_S.AWAITING_VERIFICATION}),
    CommandKind.RATE: frozenset({_S.AWAITING_ANSWER}),
    CommandKind.APPEAL: frozenset(_S),
    CommandKind.RULE_APPEAL: frozenset(_S),
    CommandKind.WITHDRAW: _UNFINISHED,
}
"""The table of transitions: in which states a command may be given."""

HOLDERS = frozenset(
    {
        CommandKind.ACKNOWLEDGE,
        CommandKind.PROGRESS,
        CommandKind.RETURN,
        CommandKind.REQUEST_EXTENSION,
        CommandKind.COMPLETE,
    }
)
"""Commands of the unit that holds the case now, by its handlers and its leader."""


def decide(case: "Case", command: Command) -> tuple[Event, ...]:
    """The events of ``command``.

    Raises Conflict("stale_version") when the caller saw another version, Conflict("promise_changed") when what was
    resolved for the command rests on a deadline that has moved since, Conflict("not_holder"),
    Conflict("already_acknowledged"), Conflict("transition_not_allowed"), and what the commands below refuse.
    """
    check_basis(case, command)
    if command.kind in HOLDERS and (command.unit is None or command.unit != case.unit):
        raise Conflict("not_holder")
    if case.status not in ALLOWED.get(command.kind, frozenset()):
        if command.kind is CommandKind.ACKNOWLEDGE and case.acknowledged_at and case.status is _S.IN_PROGRESS:
            raise Conflict("already_acknowledged")
        raise Conflict("transition_not_allowed")
    facts = _DECIDE[command.kind](case, command)
    return number(case, facts, at=command.at, actor=command.actor, command=command.id)


def check_basis(case: "Case", command: Command) -> None:
    """Refuses a command that was made for another version, or resolved against another deadline."""
    data = command.data
    if data.get("version") is not None and data["version"] != case.version:
        raise Conflict("stale_version")
    if "basis" in data and data["basis"] != to_plain(case.promise.due_at if case.promise else None):
        raise Conflict("promise_changed")


def _dispatch(case: "Case", command: Command) -> Iterable[Fact]:
    if case.return_pending:
        raise Conflict("return_pending")
    if case.pending_extension:
        raise Conflict("extension_pending")
    if command.data["unit"] == case.unit:
        raise Conflict("already_holder")
    first = case.status is _S.AWAITING_DISPATCH
    return [(EventType.DISPATCHED if first else EventType.REDISPATCHED, _dispatched(case, command))]


def _dispatched(case: "Case", command: Command) -> dict[str, Any]:
    """Never with a deadline that passed before: its card would fall on a unit that did not hold the case then."""
    data = command.data
    kept = case.promise.due_at if case.promise else None
    due_at = instant(data["promise"]["due_at"]) if data.get("promise") else kept
    if due_at is None or (due_at <= command.at and not (case.red and due_at == kept)):
        raise Conflict("promise_changed")
    return {"unit": data["unit"], "by_rule": None, "ack": data["ack"], "promise": data.get("promise")}


def _acknowledge(case: "Case", command: Command) -> Iterable[Fact]:
    late = case.ack is not None and command.at >= case.ack.ack_by
    facts: list[Fact] = [
        (EventType.ACKNOWLEDGED, {"unit": case.unit, "handler": command.data["handler"], "late": late})
    ]
    if case.alarm_next is not None:
        facts.append((EventType.ALARM_TAKEN_OVER, {}))
    return facts


def _progress(case: "Case", command: Command) -> Iterable[Fact]:
    answers = command.data.get("answers")
    if answers is not None and answers not in {item.id for item in case.urgings if not item.answered}:
        raise Unprocessable("urging_unknown", field="answers")
    return [(EventType.PROGRESSED, {"answers": answers})]


def _urge(case: "Case", command: Command) -> Iterable[Fact]:
    urging = str(case.urgings_made + 1)
    return [(EventType.URGED, {"urging": urging, "answer_by": to_plain(command.at + case.terms.urge_within)})]


def _take_over(case: "Case", command: Command) -> Iterable[Fact]:
    if case.alarm_next is None:
        raise Conflict("no_alarm")
    return [(EventType.ALARM_TAKEN_OVER, {})]


def _return(case: "Case", command: Command) -> Iterable[Fact]:
    if case.unit in case.returned_by:
        raise Conflict("already_returned")
    if case.dispatched_at is None or command.at > case.dispatched_at + case.terms.return_within:
        raise Conflict("return_too_late")
    if case.pending_extension:
        raise Conflict("extension_pending")
    return [(EventType.RETURNED, {"unit": case.unit})]


def _rule_return(case: "Case", command: Command) -> Iterable[Fact]:
    if not case.return_pending:
        raise Conflict("no_return_pending")
    if not command.data["accept"]:
        return [(EventType.RETURN_REFUSED, {"unit": case.unit})]
    accepted: Fact = (EventType.RETURN_ACCEPTED, {"unit": case.unit})
    unit = command.data.get("unit")
    if unit is None:
        return [accepted]
    if unit == case.unit:
        raise Unprocessable("unit_unchanged", field="unit")
    return [accepted, (EventType.REDISPATCHED, _dispatched(case, command))]


def _request_extension(case: "Case", command: Command) -> Iterable[Fact]:
    promise = case.promise
    if promise is None or promise.extension_by is None:
        raise Conflict("extension_unavailable")
    if command.at > promise.extension_by:
        raise Conflict("extension_too_late")
    if case.pending_extension:
        raise Conflict("extension_pending")
    if case.return_pending:
        raise Conflict("return_pending")
    if not may_extend(case):
        raise Conflict("extension_limit_reached")
    if instant(command.data["until"]) <= promise.due_at:
        raise Unprocessable("extension_not_later", field="until")
    data = {
        "extension": str(len(case.extensions) + 1),
        "until": command.data["until"],
        "higher": case.extensions_used >= case.terms.extensions,
        "promise": command.data["promise"],
    }
    return [(EventType.EXTENSION_REQUESTED, data)]


def _decide_extension(case: "Case", command: Command) -> Iterable[Fact]:
    extension = next((item for item in case.extensions if item.id == command.data["extension"]), None)
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


def _suspend(case: "Case", command: Command) -> Iterable[Fact]:
    if case.red:
        raise Conflict("deadline_passed")
    if case.pending_extension:
        raise Conflict("extension_pending")
    if case.return_pending:
        raise Conflict("return_pending")
    if instant(command.data["resume_at"]) <= command.at:
        raise Unprocessable("resume_not_later", field="resume_at")
    return [(EventType.SUSPENDED, {"resume_at": command.data["resume_at"], "promise": command.data["promise"]})]


def _resume(case: "Case", command: Command) -> Iterable[Fact]:
    return [(EventType.RESUMED, {"promise": command.data["promise"], "by_clock": False})]


def _complete(case: "Case", command: Command) -> Iterable[Fact]:
    if case.return_pending:
        raise Conflict("return_pending")
    return [(EventType.COMPLETED, {"verify_by": command.data["verify_by"]})]


def _verify(case: "Case", command: Command) -> Iterable[Fact]:
    of_solver = command.unit == case.unit and Role.SUPERVISOR not in command.roles  # the centre checks its own work
    if command.actor == case.completed_by or of_solver:
        raise Conflict("solver_cannot_verify")
    if not command.data["solved"]:
        return [(EventType.VERIFIED, {"solved": False}), _reopened(case, command)]
    return [(EventType.VERIFIED, {"solved": True, "answer_by": command.data["answer_by"]})]


def _rate(case: "Case", command: Command) -> Iterable[Fact]:
    solved = command.data["solved"]
    rated: Fact = (EventType.RATED, {"solved": solved, "score": command.data.get("score")})
    if not solved:
        return [rated, _reopened(case, command)]
    return [rated, (EventType.CLOSED, {"outcome": Outcome.SOLVED.value})]


def _reopened(case: "Case", command: Command) -> Fact:
    return EventType.REOPENED, {"round": case.round + 1, "promise": command.data["promise"]}


def _appeal(case: "Case", command: Command) -> Iterable[Fact]:
    card = _card_of(case, command)
    if card.appeal is AppealStatus.PENDING:
        raise Conflict("appeal_pending")
    if card.appeal is not None:
        raise Conflict("already_appealed")
    if command.at > card.appeal_by or case.archived:
        raise Conflict("appeal_too_late")
    return [(EventType.APPEALED, {"card": card.id, "unit": card.unit})]


def _card_of(case: "Case", command: Command) -> RedCard:
    """The card that is meant: the one named, else the unit's latest."""
    named = command.data.get("card")
    cards = [card for card in case.red_cards if card.unit == command.unit and named in (None, card.id)]
    if not cards:
        raise Conflict("no_card_to_appeal")
    return cards[-1]


def _rule_appeal(case: "Case", command: Command) -> Iterable[Fact]:
    """On the card that is named, else on the oldest appeal that waits."""
    named = command.data.get("card")
    pending = [card for card in case.red_cards if card.appeal is AppealStatus.PENDING and named in (None, card.id)]
    if not pending:
        raise Conflict("no_appeal_pending")
    card = pending[0]
    if not command.data["uphold"]:
        return [(EventType.APPEAL_DISMISSED, {"card": card.id, "unit": card.unit})]
    return [
        (EventType.APPEAL_UPHELD, {"card": card.id, "unit": card.unit}),
        (EventType.POINTS_RESTORED, {"card": card.id, "unit": card.unit, "points": -card.points}),
    ]


def _withdraw(case: "Case", command: Command) -> Iterable[Fact]:
    return [(EventType.WITHDRAWN, {"outcome": Outcome.WITHDRAWN.value})]


_DECIDE: dict[CommandKind, Callable[["Case", Command], Iterable[Fact]]] = {
    CommandKind.DISPATCH: _dispatch,
    CommandKind.ACKNOWLEDGE: _acknowledge,
    CommandKind.PROGRESS: _progress,
    CommandKind.URGE: _urge,
    CommandKind.TAKE_OVER: _take_over,
    CommandKind.RETURN: _return,
    CommandKind.RULE_RETURN: _rule_return,
    CommandKind.REQUEST_EXTENSION: _request_extension,
    CommandKind.DECIDE_EXTENSION: _decide_extension,
    CommandKind.SUSPEND: _suspend,
    CommandKind.RESUME: _resume,
    CommandKind.COMPLETE: _complete,
    CommandKind.VERIFY: _verify,
    CommandKind.RATE: _rate,
    CommandKind.APPEAL: _appeal,
    CommandKind.RULE_APPEAL: _rule_appeal,
    CommandKind.WITHDRAW: _withdraw,
}
