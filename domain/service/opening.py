"""How a service request begins: received, and handed over or its materials asked for (B1, B9, B11)."""

from collections.abc import Mapping
from typing import Any

from domain.facts import number
from domain.messages import Event
from domain.service import planning
from domain.service.asking import asked_for
from domain.service.request import ServiceRequest
from domain.vocabulary import EventType


def open_request(
    request: ServiceRequest, resolved: Mapping[str, Any], *, by: str | None
) -> tuple[ServiceRequest, tuple[Event, ...]]:
    """The request after its first events, and these events.

    ``request`` is the bare one; ``resolved`` is what ``domain.service.resolving.opening`` says about it. When materials
    are missing, nothing is handed over and the promise has not begun. Only the receipt names who acted.
    """
    complete = not request.materials.missing
    received = {
        "item": request.item,
        "catalogue_version": request.catalogue_version,
        "grid": request.grid,
        "complete": complete,
        "promise": resolved["promise"] if complete else None,
        "legal_due_at": resolved["legal_due_at"] if complete else None,
    }
    opening = number(request, [(EventType.RECEIVED, received)], at=request.received_at, actor=by)
    request = request.apply(opening[0])
    facts = (
        planning.going_on(request, planning.at_first(request), resolved)
        if complete
        else [asked_for(request.materials.missing, resolved["materials_by"])]
    )
    following = number(request, facts, at=request.received_at)
    for event in following:
        request = request.apply(event)
    return request, (*opening, *following)
