"""How the events of a step change its part, beside those of every holding: handed out, chased, done (B3, B4, B8)."""

from collections.abc import Callable, Mapping
from typing import Any

from domain.holding import events, outside
from domain.holding.state import Part
from domain.messages import Event
from domain.vocabulary import CaseStatus, EventType

Change = Callable[[Part, Event], Mapping[str, Any]]


def _handed_out(part: Part, event: Event) -> Mapping[str, Any]:
    return {
        "status": CaseStatus.AWAITING_ANSWER,
        "unit": event.data["unit"],
        "dispatched_at": event.at,
        "outside": outside.handed_out(event),
    }


def _outside(part: Part, event: Event) -> Mapping[str, Any]:
    return {"outside": outside.changed(part.outside, event) if part.outside is not None else None}


def _completed(part: Part, event: Event) -> Mapping[str, Any]:
    done = {"completed_at": event.at, "completed_by": event.actor, "frozen_at": event.at}
    return {**events.over(part, event, CaseStatus.CLOSED), **done, "outcome": event.data["outcome"]}


CHANGES: Mapping[EventType, Change] = {
    EventType.HANDED_OUT: _handed_out,
    EventType.HANDOFF_CONFIRMED: _outside,
    EventType.HANDOFF_STUCK: _outside,
    EventType.OUTSIDE_OVERDUE: _outside,
    EventType.OUTSIDE_CHASED: _outside,
    EventType.STEP_COMPLETED: _completed,
}
