"""What calendar and rulebook say about a command, worked out before it goes to the workflow, which reads neither.

A resolution that rests on the deadline that stands names it as ``basis``; the case refuses ``promise_changed`` when it
has moved meanwhile, and the command is resolved again.
"""

from datetime import UTC, date, datetime, time
from typing import Any

from api.schemas import commands as given
from api.schemas import discipline
from api.schemas.public import RatingIn
from domain import promising
from domain.case import Case
from domain.errors import Unprocessable
from domain.plain import to_plain
from domain.promise import Promise
from domain.rulebook import Rulebook
from domain.vocabulary import CaseStatus
from domain.worktime import SHANGHAI

Data = dict[str, Any]


def dispatch(rules: Rulebook, case: Case, body: given.DispatchIn, at: datetime) -> Data:
    """A new acknowledgement clock; a deadline if there is none, or the one there is, less the time in triage."""
    return {"unit": body.unit, **_handed_over(rules, case, at), **_basis(case)}


def rule_return(rules: Rulebook, case: Case, body: given.ReturnRulingIn, at: datetime) -> Data:
    """As a dispatch when it goes to another unit at once."""
    data: Data = {"accept": body.accept, "unit": body.unit if body.accept else None, **_basis(case)}
    return data | _handed_over(rules, case, at) if data["unit"] else data


def _handed_over(rules: Rulebook, case: Case, at: datetime) -> Data:
    ack = promising.ack_clock(rules, case.category, at, danger=case.danger)
    return {"ack": to_plain(ack), "promise": to_plain(_promise_at_dispatch(rules, case, at))}


def _promise_at_dispatch(rules: Rulebook, case: Case, at: datetime) -> Promise | None:
    """None: the deadline that stands is kept (A15). A missed one is the earlier unit's: the next gets its own."""
    if case.promise is None or case.red:
        return promising.promise_anew(rules, case.category, case.promise, at)
    if case.status is CaseStatus.AWAITING_DISPATCH and case.frozen_at is not None:
        return promising.promise_resumed(rules, case.category, case.promise, case.frozen_at, at)
    return None


def request_extension(rules: Rulebook, case: Case, body: given.ExtensionIn, at: datetime) -> Data:
    """What would be promised if it were granted. Raises Unprocessable for a date that cannot be one."""
    promise = promising.promise_until(rules, case.category, case.promise, body.until) if case.promise else None
    return {"until": to_plain(body.until), "promise": to_plain(promise), **_basis(case)}


def suspend(rules: Rulebook, case: Case, body: given.SuspensionIn, at: datetime) -> Data:
    """What will be promised when the clock goes on by itself (A16). Raises Unprocessable("resume_not_later")."""
    if body.resume_at <= at:
        raise Unprocessable("resume_not_later", field="resume_at")
    return {"resume_at": to_plain(body.resume_at), "promise": _resumed(rules, case, at, body.resume_at), **_basis(case)}


def resume(rules: Rulebook, case: Case, body: given.Nothing, at: datetime) -> Data:
    """What is promised from now on."""
    return {"promise": _resumed(rules, case, case.frozen_at or at, at), **_basis(case)}


def _resumed(rules: Rulebook, case: Case, since: datetime, until: datetime) -> Any:
    if case.promise is None:
        return None
    return to_plain(promising.promise_resumed(rules, case.category, case.promise, since, until))


def complete(rules: Rulebook, case: Case, body: given.CompletionIn, at: datetime) -> Data:
    """Until when it is to be verified."""
    return {"verify_by": to_plain(promising.verify_by(rules, case.category, at))}


def verify(rules: Rulebook, case: Case, body: given.VerificationIn, at: datetime) -> Data:
    """Until when the reporter may answer, or the clock of the redo."""
    if body.solved:
        return {"solved": True, "answer_by": to_plain(promising.answer_by(rules, case.category, at))}
    return {"solved": False, **redo(rules, case, at)}


def rate(rules: Rulebook, case: Case, body: given.AnswerIn | RatingIn, at: datetime) -> Data:
    """The clock of the redo, if it was not solved."""
    data: Data = {"solved": body.solved, "score": body.score}
    return data if body.solved else data | redo(rules, case, at)


def redo(rules: Rulebook, case: Case, at: datetime) -> Data:
    """A new clock from now on (A12)."""
    return {"promise": to_plain(promising.promise_anew(rules, case.category, case.promise, at))}


def _basis(case: Case) -> Data:
    return {"basis": to_plain(case.promise.due_at if case.promise else None)}


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
