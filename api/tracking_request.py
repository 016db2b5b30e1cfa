"""The way of a service request, as its applicant is shown it: steps, who holds them, materials, the result."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from api import tracking_words as words
from db.queries.events import RecordedEvent, list_events
from db.queries.places import unit_names
from domain import tracking
from domain.catalogue.items import Item
from domain.rulebook import Rulebook
from domain.service import tracking as service_tracking
from domain.service.request import ServiceRequest
from domain.service.tracking import Standing
from domain.tracking import Passage, Wait
from domain.vocabulary import CaseStatus, DossierKind, EventType


def way(
    connection: Connection, rules: Rulebook, request: ServiceRequest, item: Item | None, desk: str | None, at: datetime
) -> dict[str, Any]:
    """The request for the moment ``at``. ``item`` as the version has it under which the request runs."""
    recorded = list_events(connection, request.number)
    standing = service_tracking.steps(request)
    names = unit_names(connection, [code for code in (*(step.unit for step in standing), desk) if code])
    holders = [_holder(step, names) for step in standing if step.passage is Passage.NOW]
    return {
        "number": request.number,
        "kind": DossierKind.SERVICE_REQUEST,
        "status": request.status,
        "outcome": request.outcome,
        "decision": request.decided,
        **subject(request, item),
        "unit": holders[0]["unit"] if holders else None,
        "holders": holders,
        "desk": names.get(desk or ""),
        "received_at": request.received_at,
        **promise(request),
        **words.timed(_clock(rules, request, recorded, at)),
        "steps": [_step(step, item, names) for step in standing],
        "next": [_named_step(key, item) for key in service_tracking.next_steps(request, standing)],
        "waits_for": _waits_for(request, standing, item),
        "answer_by": request.answer_by,
        "result": _result(request, recorded),
        "materials": materials(request, item),
        "events": words.told(recorded),
    }


def subject(request: ServiceRequest, item: Item | None) -> dict[str, Any]:
    """What was applied for."""
    return {
        "item": request.item,
        "item_name": item.name if item else None,
        "item_name_en": item.name_en if item else None,
    }


def promise(request: ServiceRequest) -> dict[str, Any]:
    """What was promised, and the limit of the law beside it (B11)."""
    return {
        "due_at": request.promise.due_at if request.promise else None,
        "legal_due_at": request.legal_due_at,
        "promise": words.promised(request.promise),
    }


def materials(request: ServiceRequest, item: Item | None) -> list[dict[str, Any]]:
    """Which materials are there, missing, or asked for."""
    return [
        {**_named_material(code, item), "state": state} for code, state in service_tracking.materials(request).items()
    ]


def _clock(rules: Rulebook, request: ServiceRequest, recorded: Sequence[RecordedEvent], at: datetime) -> tracking.Clock:
    """The clock of the whole. It begins with the first step: waiting for what was missing is nobody's day."""
    as_of = request.frozen_at or at
    begun = service_tracking.began_at(request) or as_of
    stood: list[tracking.Pause] = [*request.pauses, *tracking.answered(item.event for item in recorded)]
    return tracking.clock(rules.worktime, request.promise, stood, received_at=begun, at=as_of)


def _holder(step: Standing, names: dict[str, str]) -> dict[str, Any]:
    return {"unit": names.get(step.unit or ""), "step": step.key, "since": step.since}


def _step(step: Standing, item: Item | None, names: dict[str, str]) -> dict[str, Any]:
    return {
        **_named_step(step.key, item),
        "kind": step.kind,
        "state": step.passage,
        "unit": names.get(step.unit or ""),
        "since": step.since,
        "at": step.at,
        "reference_from": step.reference_from,
        "reference_by": step.reference_by,
        "overdue": step.overdue,
    }


def _named_step(key: str, item: Item | None) -> dict[str, Any]:
    rule = item.step(key) if item else None
    return words.named(key, rule.name if rule else key, rule.name_en if rule else key)


def _named_material(code: str, item: Item | None) -> dict[str, Any]:
    rule = item.material(code) if item else None
    return {"code": code, "name": rule.name if rule else code, "name_en": rule.name_en if rule else code}


def _waits_for(request: ServiceRequest, standing: Sequence[Standing], item: Item | None) -> dict[str, Any] | None:
    reason = service_tracking.wait(request)
    match reason:
        case Wait.MATERIALS:
            asked = request.materials.outstanding or request.materials.missing
            named = [_named_material(code, item) for code in asked]
            return words.waiting(reason, request.materials.by, materials=named)
        case Wait.OUTSIDE_STEP:
            outside = [step for step in standing if step.passage is Passage.NOW]
            ends = [step.reference_by for step in outside if step.reference_by is not None]
            first = [step.reference_from for step in outside if step.reference_from is not None]
            reference = {"reference_from": max(first, default=None), "reference_by": max(ends, default=None)}
            return words.waiting(reason, **reference, overdue=any(step.overdue for step in outside))
        case Wait.SUSPENSION:
            return words.waiting(reason, request.resume_at)
        case Wait.ANSWER:
            return words.waiting(reason, request.answer_by)
    return words.waiting(reason)


def _result(request: ServiceRequest, recorded: Sequence[RecordedEvent]) -> str | None:
    """What was written to the decision: of a refusal the reason, and the remedy (B10). Nothing of earlier steps."""
    if request.decided is None or request.status is CaseStatus.WITHDRAWN:
        return None
    return words.said_last(recorded, EventType.STEP_COMPLETED, "note")
