"""How each event changes a service request, beside what it changes in its steps. Nothing here decides or refuses."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from domain.holding import events as holding_events
from domain.holding import parts
from domain.holding.state import Part
from domain.holding.values import RUNNING
from domain.messages import Event
from domain.plain import instant, instant_or_none, of_plain, of_plain_or_none
from domain.promise import Promise
from domain.vocabulary import CaseStatus, EventType, Outcome

if TYPE_CHECKING:
    from domain.service.request import ServiceRequest

R = TypeVar("R", bound="ServiceRequest")
Change = Callable[["ServiceRequest", Event], Mapping[str, Any]]


def apply(request: R, event: Event) -> R:
    """The request after ``event``. Raises ValueError when the event does not follow on the last one."""
    after = replace(request, version=event.seq, **parts.changes(request, event, CHANGES))
    return replace(after, **_of_whole(after, event))


def _of_whole(request: "ServiceRequest", event: Event) -> Mapping[str, Any]:
    """What an event of a step changes in the whole: its clock, and where it stands."""
    clock: Mapping[str, Any] = {}
    match event.type:
        case EventType.STEP_COMPLETED if event.data["goes_on"]:
            clock = _goes_on(request, event)
        case EventType.STEP_COMPLETED | EventType.HANDED_OUT if event.data["stands"]:
            clock = {"frozen_at": request.frozen_at or event.at}
        case EventType.STEP_SKIPPED:
            clock = {"skipped": (*request.skipped, event.data["part"])}
    return {**clock, "status": _status(request)} if request.status in RUNNING else clock


def _status(request: "ServiceRequest") -> CaseStatus:
    """Dispatched as long as nobody who works on it has acknowledged."""
    inside = [part for part in request.open_parts if part.outside is None]
    waits = inside and all(part.acknowledged_at is None for part in inside)
    return CaseStatus.DISPATCHED if waits else CaseStatus.IN_PROGRESS


def _goes_on(request: "ServiceRequest", event: Event) -> dict[str, Any]:
    """The clock of the whole goes on, with what was left (a promise that is None: it had passed, and stays)."""
    promise = of_plain_or_none(Promise, event.data["promise"])
    legal = instant_or_none(event.data.get("legal_due_at"))
    found: dict[str, Any] = {"frozen_at": None, "resume_at": None, "resume_promise": None, "resume_legal": None}
    if promise is not None:
        pauses = holding_events.paused_until(request, event.at, promise)
        found |= {"promise": promise, "yellow": False, "red": False, "pauses": pauses}
    return found | {"legal_due_at": legal} if legal else found


def _received(request: "ServiceRequest", event: Event) -> Mapping[str, Any]:
    return {
        "legal_due_at": instant_or_none(event.data["legal_due_at"]),
        "promise": of_plain_or_none(Promise, event.data["promise"]),
        "status": CaseStatus.IN_PROGRESS if event.data["complete"] else CaseStatus.AWAITING_MATERIALS,
    }


def _materials_requested(request: "ServiceRequest", event: Event) -> Mapping[str, Any]:
    """Every step that runs stands until they are brought (B9)."""
    codes, by = event.data["codes"], instant(event.data["materials_by"])
    by_step = event.data["step"] is not None
    return {
        "status": CaseStatus.AWAITING_MATERIALS,
        "materials": request.materials.with_asked(codes, by, requested=by_step),
        "frozen_at": request.frozen_at or event.at,
        "parts": tuple(_stands(part, event) if part.status in RUNNING else part for part in request.parts),
    }


def _stands(part: Part, event: Event) -> Part:
    return replace(part, status=CaseStatus.SUSPENDED, frozen_at=event.at, resume_at=None, resume_promise=None)


def _materials_received(request: "ServiceRequest", event: Event) -> Mapping[str, Any]:
    materials = request.materials.with_given(event.data["codes"])
    if not event.data["goes_on"]:
        return {"materials": materials}
    return {
        **_goes_on(request, event),
        "status": CaseStatus.IN_PROGRESS,
        "materials": materials,
        "parts": tuple(
            _runs(request, part, event) if part.status is CaseStatus.SUSPENDED else part for part in request.parts
        ),
    }


def _runs(request: "ServiceRequest", part: Part, event: Event) -> Part:
    resumed = replace(event, type=EventType.RESUMED, data={"promise": None, **event.data["parts"].get(part.key, {})})
    return replace(part, **holding_events.changes(part, resumed, request.terms))


def _suspended(request: "ServiceRequest", event: Event) -> Mapping[str, Any]:
    data = event.data
    return {
        "status": CaseStatus.SUSPENDED,
        "frozen_at": event.at,
        "resume_at": instant(data["resume_at"]),
        "resume_promise": of_plain(Promise, data["promise"]),
        "resume_legal": instant_or_none(data["legal_due_at"]),
    }


def _completed(request: "ServiceRequest", event: Event) -> Mapping[str, Any]:
    return {
        "status": CaseStatus.AWAITING_ANSWER,
        "decided": Outcome(event.data["outcome"]),
        "completed_at": event.at,
        "answer_by": instant(event.data["answer_by"]),
        "frozen_at": request.frozen_at or event.at,
    }


def _reopened(request: "ServiceRequest", event: Event) -> Mapping[str, Any]:
    return {
        **_goes_on(replace(request, frozen_at=None), event),
        "status": CaseStatus.IN_PROGRESS,
        "round": event.data["round"],
        "redone": request.redone + 1,
        "decided": None,
        "completed_at": None,
        "answer_by": None,
    }


def _rebased(request: "ServiceRequest", event: Event) -> Mapping[str, Any]:
    """The notice of a year was loaded: the clock of the whole is the same, its instants are not (E2)."""
    promise, resumed = (of_plain_or_none(Promise, event.data[name]) for name in ("promise", "resume_promise"))
    legal = instant_or_none(event.data["legal_due_at"])
    change: dict[str, Any] = {"legal_due_at": legal} if legal else {}
    if promise is not None:
        change |= {"promise": promise, "yellow": request.yellow and promise.yellow_at <= event.at}
    return change | {"resume_promise": resumed} if resumed is not None else change


def _finished(status: CaseStatus) -> Change:
    def change(request: "ServiceRequest", event: Event) -> Mapping[str, Any]:
        return {
            "status": status,
            "outcome": Outcome(event.data["outcome"]),
            "closed_at": event.at,
            "frozen_at": request.frozen_at or event.at,
        }

    return change


CHANGES: Mapping[EventType, Change] = {
    EventType.RECEIVED: _received,
    EventType.MATERIALS_REQUESTED: _materials_requested,
    EventType.MATERIALS_RECEIVED: _materials_received,
    EventType.TURNED_YELLOW: lambda request, event: {"yellow": True},
    EventType.TURNED_RED: lambda request, event: {"yellow": True, "red": True},
    EventType.SUSPENDED: _suspended,
    EventType.RESUMED: lambda request, event: {**_goes_on(request, event), "status": CaseStatus.IN_PROGRESS},
    EventType.COMPLETED: _completed,
    EventType.REOPENED: _reopened,
    EventType.REBASED: _rebased,
    EventType.CLOSED: _finished(CaseStatus.CLOSED),
    EventType.WITHDRAWN: _finished(CaseStatus.WITHDRAWN),
}
"""A request's own; those of its steps are in ``domain.holding.events``."""
