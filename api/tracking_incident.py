"""The way of an incident, as its reporter is shown it.

Of a protected category neither the category is shown, nor the unit, nor the result (A14).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from api import tracking_words as words
from db.queries.events import RecordedEvent, list_events
from db.queries.places import unit_names
from domain import tracking
from domain.case import Case
from domain.rulebook import Category, Rulebook
from domain.tracking import Passage
from domain.vocabulary import CaseStatus, DossierKind, EventType

_ANSWERED: Final = frozenset({CaseStatus.AWAITING_ANSWER, CaseStatus.CLOSED})
_HELD: Final = frozenset({CaseStatus.DISPATCHED, CaseStatus.IN_PROGRESS, CaseStatus.SUSPENDED})


def way(connection: Connection, rules: Rulebook, case: Case, desk: str | None, at: datetime) -> dict[str, Any]:
    """The incident for the moment ``at``."""
    recorded = list_events(connection, case.number)
    category = rules.categories.get(case.category)
    protected = category is not None and category.protected
    names = unit_names(connection, [code for code in (case.unit, desk) if code])
    unit = None if protected else names.get(case.unit or "")
    stood: list[tracking.Pause] = [*case.pauses, *tracking.answered(item.event for item in recorded)]
    running = tracking.clock(rules.worktime, case.promise, stood, received_at=case.received_at, at=case.frozen_at or at)
    return {
        "number": case.number,
        "kind": DossierKind.INCIDENT,
        "status": case.status,
        "outcome": case.outcome,
        "decision": None,
        **subject(category),
        "unit": unit,
        "holders": [{"unit": unit, "step": None, "since": case.dispatched_at}] if unit and case.status in _HELD else [],
        "desk": names.get(desk or ""),
        "received_at": case.received_at,
        **promise(case),
        **words.timed(running),
        **_stages(case, recorded),
        "waits_for": words.waiting(tracking.wait_of(case.status), _until(case)),
        "answer_by": case.answer_by,
        "result": None if protected or case.status not in _ANSWERED else _result(recorded),
        "materials": [],
        "events": words.told(recorded, assisted=True),
    }


def subject(category: Category | None) -> dict[str, Any]:
    """What it is about, unless that is protected."""
    if category is None or category.protected:
        return {"category": None, "category_name": None, "category_name_en": None}
    return {"category": category.code, "category_name": category.name, "category_name_en": category.name_en}


def promise(case: Case) -> dict[str, Any]:
    """What was promised. No law sets a limit of its own for an incident."""
    due_at = case.promise.due_at if case.promise else None
    return {"due_at": due_at, "legal_due_at": None, "promise": words.promised(case.promise)}


def _stages(case: Case, recorded: Sequence[RecordedEvent]) -> dict[str, Any]:
    passed = tracking.stages(case, _verified_at(recorded))
    return {
        "steps": [{**words.stage(step.stage), "state": step.passage, "at": step.at} for step in passed],
        "next": [words.stage(step.stage) for step in passed if step.passage is Passage.AHEAD][:1],
    }


def _until(case: Case) -> datetime | None:
    return {
        CaseStatus.SUSPENDED: case.resume_at,
        CaseStatus.AWAITING_VERIFICATION: case.verify_by,
        CaseStatus.AWAITING_ANSWER: case.answer_by,
    }.get(case.status)


def _verified_at(recorded: Sequence[RecordedEvent]) -> datetime | None:
    found = [item.event for item in recorded if item.event.type is EventType.VERIFIED and item.event.data.get("solved")]
    return found[-1].at if found else None


def _result(recorded: Sequence[RecordedEvent]) -> str | None:
    """What the unit answered; what assisting units wrote is the unit's business."""
    own = [item for item in recorded if not item.event.data.get("part")]
    return words.said_last(own, EventType.COMPLETED, "result")
