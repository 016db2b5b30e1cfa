"""How each event changes a holding: one function an event, one table. Nothing here decides or refuses."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from domain.holding.state import Holding
from domain.holding.values import Extension, Pause, Urging
from domain.messages import Event
from domain.plain import instant, of_plain, of_plain_or_none
from domain.promise import AckClock, Promise, Terms
from domain.vocabulary import CaseStatus, EventType, ExtensionStatus

Change = Callable[[Holding, Event, Terms], Mapping[str, Any]]


def changes(holding: Holding, event: Event, terms: Terms) -> Mapping[str, Any]:
    """The fields that ``event`` changes, with their new values."""
    change = CHANGES.get(event.type)
    return change(holding, event, terms) if change else {}


def over(holding: Holding, event: Event, status: CaseStatus) -> Mapping[str, Any]:
    """Nothing runs against it any more; a request that waits is moot."""
    return {
        **_settled(holding, event, ExtensionStatus.MOOT),
        "status": status,
        "frozen_at": holding.frozen_at or event.at,
        "ack_next": None,
        "return_pending": False,
    }


def clock(promise: Promise | None, at: datetime) -> dict[str, Any]:
    """The clock runs from ``at`` on: with a new promise and all lights off, or (None) as it ran before."""
    if promise is None:
        return {"frozen_at": None}
    reminded = _too_late_to_remind(promise, at)
    return {"promise": promise, "reminded": reminded, "yellow": False, "red": False, "frozen_at": None}


class Pausing(Protocol):
    """Whatever has a clock that may stand: a holding, or the whole of a service request."""

    @property
    def promise(self) -> Promise | None: ...
    @property
    def frozen_at(self) -> datetime | None: ...
    @property
    def pauses(self) -> tuple[Pause, ...]: ...


def paused_until(pausing: Pausing, at: datetime, promise: Promise | None) -> tuple[Pause, ...]:
    """The pause ledger, when the clock that stood until ``at`` goes on with ``promise`` (None: none was kept)."""
    since, before = pausing.frozen_at, pausing.promise
    if since is None or since == at or before is None or promise is None:
        return pausing.pauses
    line = Pause(since=since, until=at, due_before=before.due_at, due_after=promise.due_at, left=promise.rest)
    return (*pausing.pauses, line)


def _too_late_to_remind(promise: Promise | None, at: datetime) -> bool:
    """A reminder that would be dated before the event that calls for it reminds of nothing."""
    return promise is not None and promise.remind_at is not None and promise.remind_at < at


def _dispatched(holding: Holding, event: Event, terms: Terms) -> Mapping[str, Any]:
    promise = _renewed(holding, event)
    anew = promise is not None and holding.red
    return clock(promise, event.at) | {
        "round": holding.round + anew,
        "extensions_used": 0 if anew else holding.extensions_used,
        "status": CaseStatus.DISPATCHED,
        "unit": event.data["unit"],
        "handler": None,
        "dispatched_at": event.at,
        "ack": of_plain(AckClock, event.data["ack"]),
        "acknowledged_at": None,
        "ack_missed": False,
        "ack_rungs": 0,
        "ack_next": None,
        "triage_by": None,
        "return_pending": False,
        "urgings": (),
        "pauses": paused_until(holding, event.at, promise),
    }


def _renewed(holding: Holding, event: Event) -> Promise | None:
    """The promise of a dispatch; None: the deadline is kept, with its light and the card that it may have cost."""
    promise = of_plain_or_none(Promise, event.data["promise"])
    kept = promise is not None and holding.promise is not None and promise.due_at == holding.promise.due_at
    return None if kept else promise


def _ack_missed(holding: Holding, event: Event, terms: Terms) -> Mapping[str, Any]:
    return {"ack_missed": True, "ack_next": event.at + terms.ack_ladder.rung(0).after}


def _ack_escalated(holding: Holding, event: Event, terms: Terms) -> Mapping[str, Any]:
    rungs = holding.ack_rungs + 1
    return {"ack_rungs": rungs, "ack_next": event.at + terms.ack_ladder.rung(rungs).after}


def _acknowledged(holding: Holding, event: Event, terms: Terms) -> Mapping[str, Any]:
    taken = {"handler": event.data["handler"], "acknowledged_at": event.at}
    return {"status": CaseStatus.IN_PROGRESS, "ack_next": None, **taken}


def _urged(holding: Holding, event: Event, terms: Terms) -> Mapping[str, Any]:
    urging = Urging(id=event.data["urging"], answer_by=instant(event.data["answer_by"]))
    return {"urgings": (*holding.urgings, urging), "urgings_made": holding.urgings_made + 1}


def _urging(holding: Holding, key: str | None, **change: Any) -> Mapping[str, Any]:
    return {"urgings": tuple(replace(item, **change) if item.id == key else item for item in holding.urgings)}


def _extension_requested(holding: Holding, event: Event, terms: Terms) -> Mapping[str, Any]:
    extension = Extension(
        id=event.data["extension"],
        requested_at=event.at,
        until=instant(event.data["until"]),
        command=event.command or "",
        higher=event.data["higher"],
        promise=of_plain(Promise, event.data["promise"]),
    )
    return {"extensions": (*holding.extensions, extension)}


def _extension_granted(holding: Holding, event: Event, terms: Terms) -> Mapping[str, Any]:
    return {
        **clock(of_plain(Promise, event.data["promise"]), event.at),
        **_settled(holding, event, ExtensionStatus.GRANTED),
        "extensions_used": holding.extensions_used + 1,
    }


def _extension_refused(holding: Holding, event: Event, terms: Terms) -> Mapping[str, Any]:
    reminded = holding.reminded or _too_late_to_remind(holding.promise, event.at)
    return {**_settled(holding, event, ExtensionStatus.REFUSED), "reminded": reminded}


def _settled(holding: Holding, event: Event, status: ExtensionStatus) -> Mapping[str, Any]:
    return {
        "extensions": tuple(
            replace(item, status=status, decided_at=event.at, decision=event.command)
            if item.status is ExtensionStatus.PENDING else item
            for item in holding.extensions
        )
    }  # fmt: skip


def _suspended(holding: Holding, event: Event, terms: Terms) -> Mapping[str, Any]:
    return {
        "status": CaseStatus.SUSPENDED,
        "frozen_at": event.at,
        "resume_at": instant(event.data["resume_at"]),
        "resume_promise": of_plain_or_none(Promise, event.data["promise"]),
        "resume_ack": of_plain_or_none(AckClock, event.data.get("ack")),
    }


def _resumed(holding: Holding, event: Event, terms: Terms) -> Mapping[str, Any]:
    promise = of_plain_or_none(Promise, event.data["promise"])
    return {
        **clock(promise, event.at),
        **(_still_to_acknowledge(holding, event) if holding.acknowledged_at is None else {}),
        "status": CaseStatus.IN_PROGRESS if holding.acknowledged_at else CaseStatus.DISPATCHED,
        "resume_at": None,
        "resume_promise": None,
        "resume_ack": None,
        "pauses": paused_until(holding, event.at, promise),
    }


def _still_to_acknowledge(holding: Holding, event: Event) -> Mapping[str, Any]:
    """What was left of the acknowledgement clock when the holding was paused is left again.

    Where it is elapsed time (A3) it moves by as much as it stood; where it runs within office hours (B3), the event
    brings it, worked out with the calendar. One that was missed stays where it was missed; its alarm goes on.
    """
    ack, stood = holding.ack, event.at - (holding.frozen_at or event.at)
    if ack is not None and not holding.ack_missed:
        resumed = of_plain_or_none(AckClock, event.data.get("ack"))
        ack = resumed or replace(ack, yellow_at=ack.yellow_at + stood, ack_by=ack.ack_by + stood)
    return {"ack": ack, "ack_next": holding.ack_next + stood if holding.ack_next else None}


def _rebased(holding: Holding, event: Event, terms: Terms) -> Mapping[str, Any]:
    """Counted under another calendar (E2): a clock that stands goes on standing, what was yellow may be green again."""
    promise, resumed, asked = (
        of_plain_or_none(Promise, event.data[name]) for name in ("promise", "resume_promise", "asked_promise")
    )
    moved: dict[str, Any] = {}
    if promise is not None:
        yellow = holding.yellow and promise.yellow_at <= event.at
        moved = {**clock(promise, event.at), "yellow": yellow, "frozen_at": holding.frozen_at}
    if resumed is not None:
        moved["resume_promise"] = resumed
    if asked is not None:
        moved["extensions"] = tuple(
            replace(item, promise=asked, until=asked.due_at) if item is holding.pending_extension else item
            for item in holding.extensions
        )
    return moved


def _returned(holding: Holding, event: Event, terms: Terms) -> Mapping[str, Any]:
    return {"return_pending": True, "returned_by": (*holding.returned_by, event.data["unit"])}


def _return_accepted(holding: Holding, event: Event, terms: Terms) -> Mapping[str, Any]:
    return {
        "status": CaseStatus.AWAITING_DISPATCH,
        "return_pending": False,
        "unit": None,
        "handler": None,
        "ack_next": None,
        "frozen_at": event.at,
        "triage_by": event.at + terms.triage_within,
    }


def _completed(holding: Holding, event: Event, terms: Terms) -> Mapping[str, Any]:
    done = {"completed_at": event.at, "completed_by": event.actor, "frozen_at": event.at}
    return {**over(holding, event, CaseStatus.CLOSED), **done}


CHANGES: Mapping[EventType, Change] = {
    EventType.TRIAGE_MISSED: lambda holding, event, terms: {"triage_by": None},
    EventType.DISPATCHED: _dispatched,
    EventType.REDISPATCHED: _dispatched,
    EventType.ACK_MISSED: _ack_missed,
    EventType.ACK_ESCALATED: _ack_escalated,
    EventType.ACKNOWLEDGED: _acknowledged,
    EventType.PROGRESSED: lambda holding, event, terms: _urging(holding, event.data.get("answers"), answered=True),
    EventType.URGED: _urged,
    EventType.URGING_UNANSWERED: lambda holding, event, terms: _urging(holding, event.data["urging"], missed=True),
    EventType.EXTENSION_REMINDED: lambda holding, event, terms: {"reminded": True},
    EventType.EXTENSION_REQUESTED: _extension_requested,
    EventType.EXTENSION_GRANTED: _extension_granted,
    EventType.EXTENSION_REFUSED: _extension_refused,
    EventType.EXTENSION_LAPSED: lambda holding, event, terms: _settled(holding, event, ExtensionStatus.LAPSED),
    EventType.TURNED_YELLOW: lambda holding, event, terms: {"yellow": True},
    EventType.TURNED_RED: lambda holding, event, terms: {"red": True, "yellow": True},
    EventType.SUSPENDED: _suspended,
    EventType.RESUMED: _resumed,
    EventType.REBASED: _rebased,
    EventType.RETURNED: _returned,
    EventType.RETURN_REFUSED: lambda holding, event, terms: {"return_pending": False},
    EventType.RETURN_ACCEPTED: _return_accepted,
    EventType.COMPLETED: _completed,
    EventType.RELEASED: lambda holding, event, terms: over(holding, event, CaseStatus.WITHDRAWN),
}
"""How the events of a holding change it. An event that is not in the table changes none."""
