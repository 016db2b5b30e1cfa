"""What calendar and rulebook say about a command, worked out before it goes to the workflow, which reads neither.

A resolution that rests on the deadline that stands names it as ``basis``; the case refuses ``promise_changed`` when it
has moved meanwhile, and the command is resolved again.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from api.schemas import commands as given
from api.schemas import discipline
from api.schemas.public import RatingIn
from domain import promising
from domain.case import Case
from domain.errors import Unprocessable
from domain.holding.state import Holding
from domain.holding.values import RUNNING
from domain.plain import to_plain
from domain.promise import Promise
from domain.reports import FIRST
from domain.rulebook import Rulebook
from domain.vocabulary import CaseStatus
from domain.worktime import SHANGHAI

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Concerned:
    """What a command concerns: a case, and which of its holdings, that of the lead or a part."""

    case: Case
    holding: Holding


def whole(case: Case) -> Concerned:
    """The case as a whole, which is its lead's."""
    return Concerned(case, case)


def dispatch(rules: Rulebook, to: Concerned, body: given.DispatchIn, at: datetime) -> Data:
    """A new acknowledgement clock; a deadline if there is none, or the one there is, less the time in triage.

    Who assists gets clocks, too.
    """
    led = {"unit": body.unit, **_handed_over(rules, to, at), **_basis(to.holding)}
    if not body.assisting:
        return led
    promise = _promise_at_dispatch(rules, to, at) or to.holding.promise
    return {**led, "assisting": [_joining(rules, to.case, promise, unit, at) for unit in body.assisting]}


def assist(rules: Rulebook, to: Concerned, body: given.AssistanceIn, at: datetime) -> Data:
    """The clocks of a unit that joins (A18)."""
    return {**_joining(rules, to.case, to.case.promise, body.unit, at), **_basis(to.case)}


def rule_return(rules: Rulebook, to: Concerned, body: given.ReturnRulingIn, at: datetime) -> Data:
    """As a dispatch when it goes to another unit at once."""
    data: Data = {"accept": body.accept, "unit": body.unit if body.accept else None, **_basis(to.holding)}
    return data | _handed_over(rules, to, at) if data["unit"] else data


def _handed_over(rules: Rulebook, to: Concerned, at: datetime) -> Data:
    return {"ack": _ack(rules, to.case, at), "promise": to_plain(_promise_at_dispatch(rules, to, at))}


def _joining(rules: Rulebook, case: Case, led: Promise | None, unit: str, at: datetime) -> Data:
    promise = promising.promise_joined(rules, case.category, led, at)
    return {"unit": unit, "ack": _ack(rules, case, at), "promise": to_plain(promise)}


def _ack(rules: Rulebook, case: Case, at: datetime) -> Any:
    return to_plain(promising.ack_clock(rules, case.category, at, danger=case.danger))


def _promise_at_dispatch(rules: Rulebook, to: Concerned, at: datetime) -> Promise | None:
    """None: the deadline that stands is kept (A15). A missed one is the earlier unit's: the next gets its own."""
    holding, category = to.holding, to.case.category
    if holding.promise is None or holding.red:
        return promising.promise_anew(rules, category, holding.promise, at)
    if holding.status is CaseStatus.AWAITING_DISPATCH and holding.frozen_at is not None:
        return promising.promise_resumed(rules, category, holding.promise, holding.frozen_at, at)
    return None


def request_extension(rules: Rulebook, to: Concerned, body: given.ExtensionIn, at: datetime) -> Data:
    """What would be promised if it were granted. Raises Unprocessable for a date that cannot be one."""
    current, category = to.holding.promise, to.case.category
    promise = promising.promise_until(rules, category, current, body.until) if current else None
    return {"until": to_plain(body.until), "promise": to_plain(promise), **_basis(to.holding)}


def suspend(rules: Rulebook, to: Concerned, body: given.SuspensionIn, at: datetime) -> Data:
    """What will be promised to each unit when the clock goes on by itself (A16).

    Raises Unprocessable("resume_not_later").
    """
    if body.resume_at <= at:
        raise Unprocessable("resume_not_later", field="resume_at")
    standing = [part for part in to.case.parts if part.status in RUNNING]
    parts = {part.key: _resumed(rules, to.case, part, at, body.resume_at) for part in standing}
    return {
        "resume_at": to_plain(body.resume_at),
        **_resumed(rules, to.case, to.case, at, body.resume_at),
        **_of(parts),
    }


def resume(rules: Rulebook, to: Concerned, body: given.Nothing, at: datetime) -> Data:
    """What is promised from now on to each unit."""
    stood = [part for part in to.case.parts if part.status is CaseStatus.SUSPENDED]
    parts = {part.key: _resumed(rules, to.case, part, part.frozen_at or at, at) for part in stood}
    return {**_resumed(rules, to.case, to.case, to.case.frozen_at or at, at), **_of(parts)}


def _resumed(rules: Rulebook, case: Case, holding: Holding, since: datetime, until: datetime) -> Data:
    if holding.promise is None:
        return {"promise": None, **_basis(holding)}
    promise = promising.promise_resumed(rules, case.category, holding.promise, since, until)
    return {"promise": to_plain(promise), **_basis(holding)}


def _of(parts: dict[str, Data]) -> Data:
    return {"parts": parts} if parts else {}


def complete(rules: Rulebook, to: Concerned, body: given.CompletionIn, at: datetime) -> Data:
    """Until when it is to be verified; what a unit did to assist is not."""
    if to.holding is not to.case:
        return {}
    return {"verify_by": to_plain(promising.verify_by(rules, to.case.category, at))}


def verify(rules: Rulebook, to: Concerned, body: given.VerificationIn, at: datetime) -> Data:
    """Until when the reporter may answer, or the clock of the redo."""
    if body.solved:
        return {"solved": True, "answer_by": to_plain(promising.answer_by(rules, to.case.category, at))}
    return {"solved": False, **redo(rules, to.case, at)}


def rate(rules: Rulebook, to: Concerned, body: given.AnswerIn | RatingIn, at: datetime) -> Data:
    """The clock of the redo, if it was not solved."""
    report = body.report if isinstance(body, given.AnswerIn) else FIRST
    data: Data = {"solved": body.solved, "score": body.score, "report": report}
    return data if body.solved else data | redo(rules, to.case, at)


def redo(rules: Rulebook, case: Case, at: datetime) -> Data:
    """A new clock from now on (A12)."""
    return {"promise": to_plain(promising.promise_anew(rules, case.category, case.promise, at))}


def _basis(holding: Holding) -> Data:
    return {"basis": to_plain(holding.promise.due_at if holding.promise else None)}


def convene(rules: Rulebook, category: str, body: discipline.ConvocationIn, at: datetime) -> Data:
    """Until when minutes are to be kept. Raises Unprocessable("instant_in_past")."""
    if body.at <= at:
        raise Unprocessable("instant_in_past", field="at")
    return {"at": to_plain(body.at), "minutes_by": to_plain(promising.minutes_by(rules, category, body.at))}


def rectify(rules: Rulebook, category: str, body: discipline.RectificationIn, at: datetime) -> Data:
    """Until when it is to be checked. A day ends with its office hours. Raises Unprocessable("instant_in_past")."""
    due = body.due_on if isinstance(body.due_on, datetime) else _end_of(rules, body.due_on)
    if due <= at:
        raise Unprocessable("instant_in_past", field="due_on")
    return {"due_on": to_plain(due), "check_by": to_plain(promising.check_by(rules, category, due))}


def _end_of(rules: Rulebook, day: date) -> datetime:
    closes: time = rules.hours.periods[-1][1]
    return datetime.combine(day, closes, SHANGHAI).astimezone(UTC)


def record_findings(rules: Rulebook, category: str, body: discipline.FindingsIn, at: datetime) -> Data:
    """Until when it is to be decided (A10)."""
    return {"decision_by": to_plain(promising.decision_by(rules, category, at))}
