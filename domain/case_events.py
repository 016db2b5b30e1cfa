"""How the events of a case change it, beside those that change its holdings alone. Nothing here decides or refuses."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from domain import reports
from domain.holding import events as holding_events
from domain.holding import parts
from domain.messages import Event
from domain.plain import instant, of_plain
from domain.promise import Promise
from domain.vocabulary import CaseStatus, EventType, Outcome

if TYPE_CHECKING:
    from domain.case import Case

C = TypeVar("C", bound="Case")


def apply(case: C, event: Event) -> C:
    """The case after ``event``. Raises ValueError when the event does not follow on the last one."""
    return replace(case, version=event.seq, **parts.changes(case, event, CHANGES))


Change = Callable[["Case", Event], Mapping[str, Any]]


def _alarm_raised(case: "Case", event: Event) -> Mapping[str, Any]:
    rungs = case.alarm_rungs + 1
    return {"alarm_rungs": rungs, "alarm_next": event.at + case.terms.danger_ladder.rung(rungs).after}


def _completed(case: "Case", event: Event) -> Mapping[str, Any]:
    """What a unit has completed, somebody else is to verify (A12)."""
    return {
        **holding_events.changes(case, event, case.terms),
        "status": CaseStatus.AWAITING_VERIFICATION,
        "verify_by": instant(event.data["verify_by"]),
    }


def _verified(case: "Case", event: Event) -> Mapping[str, Any]:
    if not event.data["solved"]:
        return {"verify_by": None}
    return {
        "verify_by": None,
        "status": CaseStatus.AWAITING_ANSWER,
        "answer_by": instant(event.data["answer_by"]),
    }


def _rated(case: "Case", event: Event) -> Mapping[str, Any]:
    """That it is not solved takes the case up again, and nobody's answer is left."""
    if not event.data["solved"]:
        return {}
    return {"answered": (*case.answered, event.data.get("report", reports.FIRST))}


def _reopened(case: "Case", event: Event) -> Mapping[str, Any]:
    return {
        **holding_events.clock(of_plain(Promise, event.data["promise"]), event.at),
        "status": CaseStatus.IN_PROGRESS,
        "round": event.data["round"],
        "extensions_used": 0,
        "completed_at": None,
        "completed_by": None,
        "answer_by": None,
        "answered": (),
        "urgings": (),
    }


def _finished(status: CaseStatus) -> Change:
    def change(case: "Case", event: Event) -> Mapping[str, Any]:
        ended = {"outcome": Outcome(event.data["outcome"]), "closed_at": event.at, "alarm_next": None}
        return {**holding_events.over(case, event, status), **ended}

    return change


CHANGES: Mapping[EventType, Change] = {
    EventType.RECEIVED: lambda case, event: {"triage_by": event.at + case.terms.triage_within},
    EventType.ALARM_RAISED: _alarm_raised,
    EventType.ALARM_TAKEN_OVER: lambda case, event: {"alarm_next": None},
    EventType.COMPLETED: _completed,
    EventType.VERIFICATION_MISSED: lambda case, event: {"verify_by": None},
    EventType.VERIFIED: _verified,
    EventType.REPORT_JOINED: lambda case, event: {"joined": (*case.joined, event.seq)},
    EventType.RATED: _rated,
    EventType.REOPENED: _reopened,
    EventType.CLOSED: _finished(CaseStatus.CLOSED),
    EventType.WITHDRAWN: _finished(CaseStatus.WITHDRAWN),
}
"""A case's own; those of its lead unit's holding are in ``domain.holding.events``."""
