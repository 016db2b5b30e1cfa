"""What a new calendar makes of a dossier's deadlines (E2, E5): worked out outside, carried in by one command.

How a single promise is counted again is ``domain.promising.promise_rebased``; what the dossier does with the answer is
``domain.holding.parts.rebase``, and for the whole of a service request ``domain.service.commands``.
"""

from datetime import datetime
from typing import Any

from domain import promising
from domain.case import Case
from domain.holding.cards import Carded
from domain.holding.state import Holding
from domain.holding.values import CLOCK_KEPT
from domain.limits import Limit
from domain.plain import to_plain
from domain.promise import Promise
from domain.rulebook import Rulebook
from domain.service import promising as service_promising
from domain.service.request import ServiceRequest

Data = dict[str, Any]

_NO_CATEGORY = ""


def rebasing_of_case(rulebook: Rulebook, case: Case, now: datetime) -> Data | None:
    """The data of the command that carries this rulebook's calendar into ``case``; None: nothing changes."""
    lead, parts = _holding(rulebook, case.category, case, now), _parts(rulebook, case.category, case, now)
    if lead is None and not parts:
        return None
    return {"calendar_version": rulebook.calendar.version, **(lead or {}), "parts": parts}


def rebasing_of_request(rulebook: Rulebook, request: ServiceRequest, now: datetime) -> Data | None:
    """The same for a service request: the whole, under both its limits, and every step that is open."""
    rules = service_promising.rules_of(rulebook)
    whole, parts = _whole(rules, request, now), _parts(rules, _NO_CATEGORY, request, now)
    if not whole and not parts:
        return None
    return {"calendar_version": rules.calendar.version, **whole, "parts": parts, "basis": request.basis}


def _parts(rulebook: Rulebook, category: str, dossier: Carded, now: datetime) -> dict[str, Data]:
    found = {part.key: _holding(rulebook, category, part, now) for part in dossier.parts if not part.finished}
    return {key: data for key, data in found.items() if data is not None}


def _holding(rulebook: Rulebook, category: str, holding: Holding, now: datetime) -> Data | None:
    """Of one holding: its deadline, the one with which a pause will end, the one that an extension would bring."""
    promise = holding.promise
    if promise is None or holding.red or holding.status not in CLOCK_KEPT:
        return None
    clocks, at = rulebook.clocks_of(category), holding.frozen_at or now
    again = promising.promise_rebased(rulebook, clocks, promise, at)
    asked = holding.pending_extension
    found = {
        "promise": again,
        "resume_promise": _resumed(rulebook, category, holding, moved=again is not None),
        "asked_promise": promising.promise_rebased(rulebook, clocks, asked.promise, at) if asked else None,
    }
    return {**to_plain(found), "basis": to_plain(promise.due_at)} if any(found.values()) else None


def _resumed(rulebook: Rulebook, category: str, clock: Holding | ServiceRequest, *, moved: bool) -> Promise | None:
    """The planned end of a pause: anew when what is left is counted otherwise, or where it leads to was uncertain."""
    planned, promise = clock.resume_promise, clock.promise
    if planned is None or promise is None or clock.frozen_at is None or clock.resume_at is None:
        return None
    if planned.calendar_version == rulebook.calendar.version or not (moved or planned.provisional):
        return None
    made = promising.promise_resumed(rulebook, category, promise, clock.frozen_at, clock.resume_at)
    return None if made.provisional else made


def _whole(rules: Rulebook, request: ServiceRequest, now: datetime) -> Data:
    promise = request.promise
    if promise is None or request.red or request.decided is not None or request.finished:
        return {}
    again = promising.promise_rebased(rules, rules.clocks, promise, request.frozen_at or now)
    found = {
        "promise": again,
        "resume_promise": _resumed(rules, _NO_CATEGORY, request, moved=again is not None),
        "legal_due_at": _legal(rules, request, promise),
    }
    plain: Data = to_plain(found)
    return plain if any(found.values()) else {}


def _legal(rules: Rulebook, request: ServiceRequest, promise: Promise) -> datetime | None:
    """The end of the law's limit, as long as it runs from its beginning; it is shown, and nobody is carded by it."""
    if request.legal_due_at is None or request.legal_rule is None or promise.rest is not None or promise.granted:
        return None
    legal = rules.worktime.deadline(Limit.parse(request.legal_rule), promise.start)
    return None if legal.provisional or legal.at == request.legal_due_at else legal.at
