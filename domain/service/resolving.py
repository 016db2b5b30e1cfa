"""What calendar and rulebook say about a command to a service request: the data that goes with it, plain.

Asked by the API at the command's stamp; the request reads neither. Each rests on the deadlines that stand and names
them as ``basis``: when they have moved meanwhile the request refuses ``promise_changed``, and it is resolved again.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.holding.state import Part
from domain.holding.values import RUNNING
from domain.limits import Limit
from domain.plain import to_plain
from domain.promise import Promise
from domain.rulebook import Rulebook
from domain.service import planning, promising
from domain.service.planning import Plan
from domain.service.request import ServiceRequest
from domain.vocabulary import CaseStatus

Data = dict[str, Any]


def opening(rules: Rulebook, request: ServiceRequest) -> Data:
    """For ``domain.service.opening.open_request`` of a bare request: what runs from its receipt on."""
    at = request.received_at
    plan = planning.at_first(request)
    asked = {"materials_by": to_plain(promising.materials_by(rules, at))}
    return {**_beginning(rules, request, at), **_going_on(rules, plan, at), **asked}


def complete_step(rules: Rulebook, request: ServiceRequest, step: str, outcome: str, at: datetime) -> Data:
    """The steps that follow, or until when the applicant may answer. Raises as ``planning.after``."""
    plan = planning.after(request, step, outcome)
    whole = _whole(rules, request, request.frozen_at, at) if request.frozen_at and not plan.stands else {}
    data = {"part": step, "outcome": outcome, "basis": request.basis}
    return {**data, **whole, **_going_on(rules, plan, at)}


def request_materials(rules: Rulebook, codes: Iterable[str], at: datetime) -> Data:
    """Until when they are to be brought (B9)."""
    return {"codes": list(codes), "materials_by": to_plain(promising.materials_by(rules, at))}


def bring_materials(rules: Rulebook, request: ServiceRequest, codes: Iterable[str], at: datetime) -> Data:
    """What the clocks go on with when nothing is missing any more; at the beginning, what begins."""
    data: Data = {"codes": list(codes), "basis": request.basis}
    if request.status is not CaseStatus.AWAITING_MATERIALS:
        return data
    if not request.parts:
        plan = planning.at_first(request, data["codes"])
        return {**data, **_beginning(rules, request, at), **_going_on(rules, plan, at)}
    since = request.frozen_at or at
    return {**data, **_whole(rules, request, since, at), "parts": _standing(rules, request, at)}


def suspend(rules: Rulebook, request: ServiceRequest, resume_at: datetime, at: datetime) -> Data:
    """What is promised when the clocks go on by themselves (A16)."""
    running = [part for part in request.open_parts if part.status in RUNNING]
    parts = {part.key: _resumed(rules, part, at, resume_at) for part in running}
    data = {"resume_at": to_plain(resume_at), "parts": parts, "basis": request.basis}
    return {**data, **_whole(rules, request, at, resume_at)}


def resume(rules: Rulebook, request: ServiceRequest, at: datetime) -> Data:
    """What is promised from now on."""
    whole = _whole(rules, request, request.frozen_at or at, at)
    return {**whole, "parts": _standing(rules, request, at), "basis": request.basis}


def rate(rules: Rulebook, request: ServiceRequest, solved: bool, score: int | None, at: datetime) -> Data:
    """The clocks of the redo, if it was not solved (D5)."""
    data: Data = {"solved": solved, "score": score}
    if solved or request.redone >= request.redos:
        return data
    return {**data, **_beginning(rules, request, at), **_going_on(rules, planning.again(request), at)}


def dispatch(rules: Rulebook, part: Part, unit: str, at: datetime) -> Data:
    """Another unit for a step: a new acknowledgement clock, and the deadline that stands (A15).

    A missed one is the earlier unit's: the next gets its own. One that stood in triage goes on.
    """
    promise: Promise | None = None
    if part.promise is not None and part.red:
        promise = promising.promise(rules, Limit.parse(part.promise.rule), at)
    elif part.promise and part.frozen_at and part.status is CaseStatus.AWAITING_DISPATCH:
        promise = promising.resumed(rules, part.promise, part.frozen_at, at)
    ack = promising.ack_clock(rules, at)
    return {"part": part.key, "unit": unit, "ack": to_plain(ack), "promise": to_plain(promise), **_basis(part)}


def extend(rules: Rulebook, part: Part, until: datetime) -> Data:
    """What a step would be promised after an extension (A6). Raises Unprocessable for a date that cannot be one."""
    promise = promising.until(rules, part.promise, until) if part.promise else None
    return {"part": part.key, "until": to_plain(until), "promise": to_plain(promise), **_basis(part)}


def _basis(part: Part) -> Data:
    return {"basis": to_plain(part.promise.due_at if part.promise else None)}


def _beginning(rules: Rulebook, request: ServiceRequest, at: datetime) -> Data:
    """The whole, from ``at`` on: its promise and the limit of the law (B11)."""
    promise = promising.promise(rules, Limit.parse(request.promised), at)
    legal = Limit.parse(request.legal_rule) if request.legal_rule else None
    return {
        "promise": to_plain(promise),
        "legal_due_at": to_plain(promising.legal_due_at(rules, legal, at)),
    }


def _going_on(rules: Rulebook, plan: Plan, at: datetime) -> Data:
    if plan.decided is not None:
        return {"answer_by": to_plain(promising.answer_by(rules, at))}
    return {"handovers": promising.handovers(rules, plan.opens, at)}


def _whole(rules: Rulebook, request: ServiceRequest, since: datetime, until: datetime) -> Data:
    """What is left of the whole, and of the limit of the law, after its clock stood."""
    current = request.promise
    if current is None:
        return {}
    legal = request.legal_due_at
    if legal is not None and request.legal_rule is not None:
        by_law = replace(current, due_at=legal, rule=request.legal_rule, rest=None, granted=False, provisional=False)
        legal = promising.resumed(rules, by_law, since, until).due_at
    return {
        "promise": to_plain(promising.resumed(rules, current, since, until)),
        "legal_due_at": to_plain(legal),
    }


def _standing(rules: Rulebook, request: ServiceRequest, at: datetime) -> Data:
    standing = [part for part in request.open_parts if part.status is CaseStatus.SUSPENDED]
    return {part.key: _resumed(rules, part, part.frozen_at or at, at) for part in standing}


def _resumed(rules: Rulebook, part: Part, since: datetime, until: datetime) -> Data:
    promise = promising.resumed(rules, part.promise, since, until) if part.promise else None
    waits = part.ack if part.acknowledged_at is None else None
    ack = promising.ack_resumed(rules, waits, since, until) if waits is not None else None
    return {"promise": to_plain(promise), "ack": to_plain(ack), **_basis(part)}
