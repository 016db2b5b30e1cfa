"""The service request as the contract shows it, from its value, its item in its own catalogue version, and texts.

What of a single unit stands at its top is that of the step that falls due first, as in the list.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from api.holding_view import Texts, card_view, part_view, pause_view, promise_view, step_status
from domain.catalogue.items import Item
from domain.holding.parts import latest
from domain.holding.state import Part
from domain.lights import case_light
from domain.promise import Promise
from domain.service.flow import USUAL_OUTCOMES, Step
from domain.service.request import ServiceRequest
from domain.vocabulary import DossierKind, Light, MaterialState, StepStatus


def request_view(
    request: ServiceRequest, now: datetime, *, item: Item | None = None, texts: Texts | None = None, **more: Any
) -> dict[str, Any]:
    """The request for the moment ``now``. Without ``item`` nothing has a name, without ``texts`` nothing a reason."""
    first, words = request.leading, texts or {}
    step = part_view(first, now, words) if first else _NOBODY
    return {
        "number": request.number,
        "kind": DossierKind.SERVICE_REQUEST,
        **{name: getattr(request, name) for name in ("status", "outcome")},
        "result": request.decided,
        "light": _light(request, now),
        "ack_light": step["ack_light"],
        **_named(request, item),
        **{name: step[name] for name in ("unit", "handler", "dispatched_at", "acknowledged_at", "ack_by")},
        "grid": request.grid,
        "round": request.round,
        "received_at": request.received_at,
        **promise_view(request.promise),
        "extension_by": step["extension_by"],
        "legal_due_at": request.legal_due_at,
        "resume_at": request.resume_at,
        **{name: getattr(request, name) for name in ("answer_by", "completed_at", "closed_at")},
        "version": request.version,
        "red_cards": [card_view(card) for card in request.red_cards],
        "extensions": _gathered(request, "extensions", now, words),
        "urgings": _gathered(request, "urgings", now, words),
        "pauses": [pause_view(line) for line in request.pauses],
        "steps": [_step(request, each, item, now, words) for each in request.flow.steps],
        "materials": list(_materials(request, item)),
        "materials_by": request.materials.by,
        **more,
    }


def _named(request: ServiceRequest, item: Item | None) -> dict[str, Any]:
    return {
        "item": request.item,
        "item_name": item.name if item else None,
        "item_name_en": item.name_en if item else None,
        "catalogue_version": request.catalogue_version,
    }


_NOBODY: Mapping[str, Any] = {
    **dict.fromkeys(("unit", "handler", "dispatched_at", "acknowledged_at", "ack_by", "extension_by")),
    "ack_light": Light.GREEN,
}
"""At the top of a request of which nothing has been handed over."""


def _gathered(request: ServiceRequest, name: str, now: datetime, texts: Texts) -> list[dict[str, Any]]:
    """What gathered in its steps, in the order in which they were handed over, each with the key of its step."""
    return [{**each, "step": part.key} for part in request.parts for each in part_view(part, now, texts)[name]]


def _light(request: ServiceRequest, now: datetime) -> Light:
    """By the earliest of the whole and of its open steps."""
    running: list[Promise] = [part.promise for part in request.open_parts if part.promise]
    if request.promise:
        running.append(request.promise)
    yellow_at = min((promise.yellow_at for promise in running), default=None)
    return case_light(yellow_at, min((promise.due_at for promise in running), default=None), request.frozen_at, now)


def _step(request: ServiceRequest, step: Step, item: Item | None, now: datetime, texts: Texts) -> dict[str, Any]:
    """One step of the flow, as its latest part has it."""
    part, rule = latest(request.parts, step.key), item.step(step.key) if item else None
    outside = part.outside if part else None
    shown = part_view(part or Part(key=step.key, unit=step.unit), now, texts)  # of one that waits, nothing runs
    return {
        "key": step.key,
        "name": rule.name if rule else None,
        "name_en": rule.name_en if rule else None,
        "kind": step.kind,
        "limit": step.limit,
        "after": list(step.after),
        "outcomes": [known.code for known in step.outcomes or USUAL_OUTCOMES],
        **shown,
        "status": _status(request, step, part),
        "reference_from": outside.reference_from if outside else None,
        "reference_by": outside.reference_by if outside else None,
        "overdue": part is not None and _overdue(part, now),
        "confirmed_at": outside.confirmed_at if outside else None,
        "outcome": part.outcome if part else None,
    }


def _overdue(part: Part, now: datetime) -> bool:
    """Past its reference time, which costs nobody anything (B4)."""
    by = part.outside.reference_by if part.outside else None
    return by is not None and not part.finished and now >= by


def _status(request: ServiceRequest, step: Step, part: Part | None) -> StepStatus:
    if part is not None:
        return step_status(part)
    over = step.key in request.skipped or request.decided is not None or request.finished
    return StepStatus.SKIPPED if over else StepStatus.WAITING


def _materials(request: ServiceRequest, item: Item | None) -> Iterator[dict[str, Any]]:
    materials = request.materials
    for code in (*materials.needed, *materials.may_follow, *materials.optional):
        rule = item.material(code) if item else None
        yield {
            "code": code,
            "name": rule.name if rule else None,
            "name_en": rule.name_en if rule else None,
            "required": code not in materials.optional,
            "may_follow": code in materials.may_follow,
            "state": _material_state(request, code),
        }


def _material_state(request: ServiceRequest, code: str) -> MaterialState:
    if code in request.materials.given:
        return MaterialState.GIVEN
    return MaterialState.ASKED if code in request.materials.asked else MaterialState.MISSING
