"""Asking for materials, once and completely, and bringing them (B9). The clock stands in between."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from domain.errors import Conflict
from domain.facts import Fact
from domain.holding.commands import nothing_waits
from domain.messages import Command
from domain.service import planning
from domain.vocabulary import CaseStatus, EventType

if TYPE_CHECKING:
    from domain.service.request import ServiceRequest


def request_materials(request: "ServiceRequest", command: Command) -> Iterable[Fact]:
    """By the unit of an inside step that has acknowledged.

    Raises Conflict("not_holder"), ("transition_not_allowed"), ("extension_pending"), ("return_pending"),
    ("materials_requested_before"), Unprocessable("material_unknown"), ("material_given").
    """
    named = command.data.get("part")
    inside = [part for part in request.open_parts if part.outside is None]
    own = [part for part in inside if part.unit == command.unit and named in (None, part.key)]
    if not own:
        raise Conflict("not_holder")
    asking = next((part for part in own if part.status is CaseStatus.IN_PROGRESS), None)
    if asking is None:
        raise Conflict("transition_not_allowed")
    for part in inside:
        nothing_waits(part)
    codes = request.materials.check_request(command.data["codes"])
    return [asked_for(codes, command.data["materials_by"], step=asking.key, units=_units(request))]


def asked_for(codes: Iterable[str], by: str, *, step: str | None = None, units: Iterable[str] = ()) -> Fact:
    """The applicant is asked for these; ``step`` None: at the desk, when the request came in.

    ``units`` hold steps that stand now, and are told.
    """
    data = {"codes": list(codes), "materials_by": by, "step": step, "units": list(units)}
    return EventType.MATERIALS_REQUESTED, data


def _units(request: "ServiceRequest") -> list[str]:
    held = (part.unit for part in request.open_parts if part.outside is None)
    return list(dict.fromkeys(unit for unit in held if unit is not None))


def bring_materials(request: "ServiceRequest", command: Command) -> Iterable[Fact]:
    """When nothing is outstanding any more, the clocks go on; at the beginning the first steps are handed over.

    Raises Unprocessable("material_unknown"), ("material_given"), Conflict("promise_changed").
    """
    data = command.data
    codes = request.materials.check(data["codes"])
    complete = request.materials.complete_with(codes)
    goes_on = complete and request.status is CaseStatus.AWAITING_MATERIALS
    received = {
        "codes": list(codes),
        "complete": complete,
        "goes_on": goes_on,
        "units": _units(request),
        **planning.whole_clock(request, data, runs=goes_on),
        "parts": _resumed(request, data.get("parts", {})) if goes_on else {},
    }
    if not goes_on or request.parts:
        return [(EventType.MATERIALS_RECEIVED, received)]
    plan = planning.at_first(request, codes)
    return [(EventType.MATERIALS_RECEIVED, received), *planning.going_on(request, plan, data)]


def _resumed(request: "ServiceRequest", resolved: dict[str, dict[str, object]]) -> dict[str, dict[str, object]]:
    """What each step that stands goes on with; a deadline that had passed stays."""
    found = {}
    for part in request.open_parts:
        if part.status is CaseStatus.SUSPENDED:
            if part.key not in resolved:
                raise Conflict("promise_changed")
            data = resolved[part.key]
            found[part.key] = {"promise": None if part.red else data["promise"], "ack": data.get("ack")}
    return found
