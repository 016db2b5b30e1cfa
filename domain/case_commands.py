"""What may be asked of a case as a whole, and what its lead does otherwise than any other holding.

One table of transitions (``ALLOWED``), one function a command. Each returns facts or raises; none changes anything.
Whether a role may give a command at all is decided before, in ``domain.authority``.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from itertools import chain, count
from typing import TYPE_CHECKING, Any

from domain import reports
from domain.errors import Conflict
from domain.facts import Fact, number
from domain.holding import cards, parts
from domain.holding import commands as holding_commands
from domain.holding.commands import holdings
from domain.holding.state import Part
from domain.holding.values import CLOCK_KEPT, RUNNING
from domain.messages import Command, Event
from domain.vocabulary import CaseStatus, CommandKind, EventType, Outcome, Role

if TYPE_CHECKING:
    from domain.case import Case

_S = CaseStatus
_UNFINISHED = frozenset(_S) - {_S.CLOSED, _S.WITHDRAWN}

ALLOWED: Mapping[CommandKind, frozenset[CaseStatus]] = {
    **holding_commands.ALLOWED,
    CommandKind.ASSIST: RUNNING,
    CommandKind.TAKE_OVER: _UNFINISHED,
    CommandKind.SUSPEND: frozenset({_S.IN_PROGRESS}),
    CommandKind.RESUME: frozenset({_S.SUSPENDED}),
    CommandKind.VERIFY: frozenset({_S.AWAITING_VERIFICATION}),
    CommandKind.RATE: frozenset({_S.AWAITING_ANSWER}),
    CommandKind.APPEAL: frozenset(_S),
    CommandKind.RULE_APPEAL: frozenset(_S),
    CommandKind.WITHDRAW: _UNFINISHED,
    CommandKind.JOIN: _UNFINISHED,
    CommandKind.REBASE: CLOCK_KEPT,
}
"""The table of transitions: in which states a command may be given, to the case or to the holding that it concerns."""


def decide(case: "Case", command: Command) -> tuple[Event, ...]:
    """The events of ``command``.

    Raises Conflict("stale_version") when the caller saw another version, Conflict("promise_changed") when what was
    resolved for the command rests on a deadline that has moved since, Conflict("not_holder"),
    Conflict("already_acknowledged"), Conflict("transition_not_allowed"), and what the commands below refuse.
    """
    seen = command.data.get("version")
    if seen is not None and seen != case.version:
        raise Conflict("stale_version")
    to_one = command.kind in holding_commands.ALLOWED
    facts = tuple(_decide_one(case, command) if to_one else _decide_whole(case, command))
    _one_holding_each(case, facts)
    return number(case, facts, at=command.at, actor=command.actor, command=command.id)


def _decide_one(case: "Case", command: Command) -> Iterable[Fact]:
    if command.kind is CommandKind.DISPATCH and case.status not in ALLOWED[CommandKind.DISPATCH]:
        raise Conflict("transition_not_allowed")  # of a case that stands, no part goes to another unit either
    return parts.decide(case, command, _OF_LEAD)


def _one_holding_each(case: "Case", facts: Iterable[Fact]) -> None:
    """A unit that leads does not assist, nor does one assist twice: its lateness would cost it two cards."""
    units = [each.unit for each in holdings(case) if not each.finished]
    for kind, data in facts:
        if kind in (EventType.DISPATCHED, EventType.REDISPATCHED):
            if data["unit"] in units:
                raise Conflict("already_holder")
            units.append(data["unit"])


def _decide_whole(case: "Case", command: Command) -> Iterable[Fact]:
    holding_commands.check_basis(case, command.data)
    if case.status not in ALLOWED.get(command.kind, frozenset()):
        raise Conflict("transition_not_allowed")
    return _DECIDE[command.kind](case, command)


def _dispatch(case: "Case", command: Command) -> Iterable[Fact]:
    """To the lead, and to those who assist it from the beginning (A18)."""
    led = holding_commands.DECIDE[CommandKind.DISPATCH](case, command, case)
    return [*led, *(_joined(case, data, command.at) for data in command.data.get("assisting", ()))]


def _assist(case: "Case", command: Command) -> Iterable[Fact]:
    return [_joined(case, command.data, command.at)]


def _joined(case: "Case", data: Mapping[str, Any], at: datetime) -> Fact:
    """A unit assists under clocks of its own. The key of its part is its code, unless that part has gone to another."""
    taken = {part.key for part in case.parts if not part.finished}
    unit = data["unit"]
    names = chain([unit], (f"{unit}-{more}" for more in count(2)))
    part = Part(key=next(name for name in names if name not in taken))
    return EventType.DISPATCHED, {**part.mark, **holding_commands.dispatched(part, data, at)}


def _acknowledge(case: "Case", command: Command) -> Iterable[Fact]:
    """The lead unit has taken the alarm, too (A11)."""
    acknowledged = holding_commands.DECIDE[CommandKind.ACKNOWLEDGE](case, command, case)
    return acknowledged if case.alarm_next is None else [*acknowledged, (EventType.ALARM_TAKEN_OVER, {})]


def _complete(case: "Case", command: Command) -> Iterable[Fact]:
    """To be verified (A12); whoever assisted is released (A18)."""
    completed = holding_commands.DECIDE[CommandKind.COMPLETE](case, command, case)
    verify_by = {"verify_by": command.data["verify_by"]}
    return [*((kind, {**data, **verify_by}) for kind, data in completed), *parts.release(case)]


def _take_over(case: "Case", command: Command) -> Iterable[Fact]:
    if case.alarm_next is None:
        raise Conflict("no_alarm")
    return [(EventType.ALARM_TAKEN_OVER, {})]


def _suspend(case: "Case", command: Command) -> Iterable[Fact]:
    if case.red:
        raise Conflict("deadline_passed")
    return [holding_commands.suspend(case, command), *parts.pause_or_go_on(case, command)]


def _resume(case: "Case", command: Command) -> Iterable[Fact]:
    return [holding_commands.resume(case, command), *parts.pause_or_go_on(case, command)]


def _verify(case: "Case", command: Command) -> Iterable[Fact]:
    solvers = [each for each in holdings(case) if each.completed_at is not None]
    of_solver = command.unit in {each.unit for each in solvers}
    checks_own_work = Role.SUPERVISOR in command.roles  # the centre does, by a second person
    if command.actor in {each.completed_by for each in solvers} or (of_solver and not checks_own_work):
        raise Conflict("solver_cannot_verify")
    if not command.data["solved"]:
        return [(EventType.VERIFIED, {"solved": False}), _reopened(case, command)]
    return [(EventType.VERIFIED, {"solved": True, "answer_by": command.data["answer_by"]})]


def _rate(case: "Case", command: Command) -> Iterable[Fact]:
    """One of the reporters answers: not solved for one is not solved; it is over when all have said that it is."""
    report, solved = reports.answering(case, command), command.data["solved"]
    which = {} if report == reports.FIRST else {"report": report}
    rated: Fact = (EventType.RATED, {"solved": solved, "score": command.data.get("score"), **which})
    if not solved:
        return [rated, _reopened(case, command)]
    if not reports.all_answered(case, report):
        return [rated]
    return [rated, (EventType.CLOSED, {"outcome": Outcome.SOLVED.value})]


def _reopened(case: "Case", command: Command) -> Fact:
    return EventType.REOPENED, {"round": case.round + 1, "promise": command.data["promise"]}


def _withdraw(case: "Case", command: Command) -> Iterable[Fact]:
    reports.check_withdrawal(case, command)
    return [*parts.release(case), (EventType.WITHDRAWN, {"outcome": Outcome.WITHDRAWN.value})]


Decide = Callable[["Case", Command], Iterable[Fact]]

_OF_LEAD: Mapping[CommandKind, Decide] = {
    CommandKind.DISPATCH: _dispatch,
    CommandKind.ACKNOWLEDGE: _acknowledge,
    CommandKind.COMPLETE: _complete,
}

_DECIDE: Mapping[CommandKind, Decide] = {
    CommandKind.ASSIST: _assist,
    CommandKind.TAKE_OVER: _take_over,
    CommandKind.SUSPEND: _suspend,
    CommandKind.RESUME: _resume,
    CommandKind.VERIFY: _verify,
    CommandKind.RATE: _rate,
    CommandKind.APPEAL: cards.appeal,
    CommandKind.RULE_APPEAL: cards.rule_appeal,
    CommandKind.WITHDRAW: _withdraw,
    CommandKind.JOIN: reports.join,
    CommandKind.REBASE: parts.rebase,
}
