"""How each event changes a case: one function an event, one table. Nothing here decides or refuses."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from domain import case_parts as parts
from domain.messages import Event
from domain.plain import instant, of_plain
from domain.promise import AckClock, Promise
from domain.vocabulary import AppealStatus, CaseStatus, EventType, ExtensionStatus, Outcome

if TYPE_CHECKING:
    from domain.case import Case

C = TypeVar("C", bound="Case")


def apply(case: C, event: Event) -> C:
    """The case after ``event``. Raises ValueError when the event does not follow on the last one."""
    if event.seq != case.version + 1:
        raise ValueError(f"{case.number}: event {event.seq} does not follow on {case.version}")
    change = _APPLY.get(event.type)
    return replace(case, version=event.seq, **(change(case, event) if change else {}))


Change = Callable[["Case", Event], Mapping[str, Any]]


def _new_promise(promise: Promise, event: Event) -> dict[str, Any]:
    reminded = _too_late_to_remind(promise, event)
    return {"promise": promise, "reminded": reminded, "yellow": False, "red": False, "frozen_at": None}


def _too_late_to_remind(promise: Promise | None, event: Event) -> bool:
    """A reminder that would be dated before the event that calls for it reminds of nothing."""
    return promise is not None and promise.remind_at is not None and promise.remind_at < event.at


def _received(case: "Case", event: Event) -> Mapping[str, Any]:
    return {"triage_by": event.at + case.terms.triage_within}


def _dispatched(case: "Case", event: Event) -> Mapping[str, Any]:
    promise = _renewed(case, event)
    clock = _new_promise(promise, event) if promise else {"frozen_at": None}
    anew = promise is not None and case.red
    return clock | {
        "round": case.round + anew,
        "extensions_used": 0 if anew else case.extensions_used,
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
        "pauses": _paused_until(case, event, promise),
    }


def _renewed(case: "Case", event: Event) -> Promise | None:
    """The promise of a dispatch; None: the deadline is kept, with its light and the card that it may have cost."""
    promise = of_plain(Promise, event.data["promise"]) if event.data["promise"] else None
    kept = promise is not None and case.promise is not None and promise.due_at == case.promise.due_at
    return None if kept else promise


def _paused_until(case: "Case", event: Event, promise: Promise | None) -> tuple[parts.Pause, ...]:
    if case.frozen_at in (None, event.at) or case.promise is None or promise is None:
        return case.pauses
    since, due_before = case.frozen_at, case.promise.due_at
    return (*case.pauses, parts.Pause(since=since, until=event.at, due_before=due_before, due_after=promise.due_at))


def _alarm_raised(case: "Case", event: Event) -> Mapping[str, Any]:
    rungs = case.alarm_rungs + 1
    return {"alarm_rungs": rungs, "alarm_next": event.at + case.terms.danger_ladder.rung(rungs).after}


def _ack_missed(case: "Case", event: Event) -> Mapping[str, Any]:
    return {"ack_missed": True, "ack_next": event.at + case.terms.ack_ladder.rung(0).after}


def _ack_escalated(case: "Case", event: Event) -> Mapping[str, Any]:
    rungs = case.ack_rungs + 1
    return {"ack_rungs": rungs, "ack_next": event.at + case.terms.ack_ladder.rung(rungs).after}


def _acknowledged(case: "Case", event: Event) -> Mapping[str, Any]:
    taken = {"handler": event.data["handler"], "acknowledged_at": event.at}
    return {"status": CaseStatus.IN_PROGRESS, "ack_next": None, **taken}


def _progressed(case: "Case", event: Event) -> Mapping[str, Any]:
    return _urging(case, event.data.get("answers"), answered=True)


def _urged(case: "Case", event: Event) -> Mapping[str, Any]:
    urging = parts.Urging(id=event.data["urging"], answer_by=instant(event.data["answer_by"]))
    return {"urgings": (*case.urgings, urging), "urgings_made": case.urgings_made + 1}


def _urging(case: "Case", key: str | None, **change: Any) -> Mapping[str, Any]:
    return {"urgings": tuple(replace(item, **change) if item.id == key else item for item in case.urgings)}


def _extension_requested(case: "Case", event: Event) -> Mapping[str, Any]:
    extension = parts.Extension(
        id=event.data["extension"],
        requested_at=event.at,
        until=instant(event.data["until"]),
        command=event.command or "",
        higher=event.data["higher"],
        promise=of_plain(Promise, event.data["promise"]),
    )
    return {"extensions": (*case.extensions, extension)}


def _extension_granted(case: "Case", event: Event) -> Mapping[str, Any]:
    return {
        **_new_promise(of_plain(Promise, event.data["promise"]), event),
        **_settled(case, event, ExtensionStatus.GRANTED),
        "extensions_used": case.extensions_used + 1,
    }


def _extension_refused(case: "Case", event: Event) -> Mapping[str, Any]:
    reminded = case.reminded or _too_late_to_remind(case.promise, event)
    return {**_settled(case, event, ExtensionStatus.REFUSED), "reminded": reminded}


def _settled(case: "Case", event: Event, status: ExtensionStatus) -> Mapping[str, Any]:
    return {
        "extensions": tuple(
            replace(item, status=status, decided_at=event.at, decision=event.command)
            if item.status is ExtensionStatus.PENDING else item
            for item in case.extensions
        )
    }  # fmt: skip


def _red_card_issued(case: "Case", event: Event) -> Mapping[str, Any]:
    data = event.data
    card = parts.RedCard(
        id=data["card"],
        unit=data["unit"],
        handler=data["handler"],
        at=event.at,
        due_at=instant(data["due_at"]),
        points=data["points"],
        interview=data["interview"],
        appeal_by=instant(data["appeal_by"]),
    )
    return {"red_cards": (*case.red_cards, card)}


def _appeal(status: AppealStatus) -> Change:
    def change(case: "Case", event: Event) -> Mapping[str, Any]:
        return {
            "red_cards": tuple(
                replace(card, appeal=status) if card.id == event.data["card"] else card for card in case.red_cards
            )
        }

    return change


def _suspended(case: "Case", event: Event) -> Mapping[str, Any]:
    return {
        "status": CaseStatus.SUSPENDED,
        "frozen_at": event.at,
        "resume_at": instant(event.data["resume_at"]),
        "resume_promise": of_plain(Promise, event.data["promise"]),
    }


def _resumed(case: "Case", event: Event) -> Mapping[str, Any]:
    promise = of_plain(Promise, event.data["promise"])
    return {
        **_new_promise(promise, event),
        "status": CaseStatus.IN_PROGRESS,
        "resume_at": None,
        "resume_promise": None,
        "pauses": _paused_until(case, event, promise),
    }


def _returned(case: "Case", event: Event) -> Mapping[str, Any]:
    return {"return_pending": True, "returned_by": (*case.returned_by, event.data["unit"])}


def _return_accepted(case: "Case", event: Event) -> Mapping[str, Any]:
    return {
        "status": CaseStatus.AWAITING_DISPATCH,
        "return_pending": False,
        "unit": None,
        "handler": None,
        "ack_next": None,
        "frozen_at": event.at,
        "triage_by": event.at + case.terms.triage_within,
    }


def _completed(case: "Case", event: Event) -> Mapping[str, Any]:
    return {
        **_settled(case, event, ExtensionStatus.MOOT),
        "status": CaseStatus.AWAITING_VERIFICATION,
        "completed_at": event.at,
        "completed_by": event.actor,
        "frozen_at": event.at,
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


def _reopened(case: "Case", event: Event) -> Mapping[str, Any]:
    return {
        **_new_promise(of_plain(Promise, event.data["promise"]), event),
        "status": CaseStatus.IN_PROGRESS,
        "round": event.data["round"],
        "extensions_used": 0,
        "completed_at": None,
        "completed_by": None,
        "answer_by": None,
        "urgings": (),
    }


def _finished(status: CaseStatus) -> Change:
    def change(case: "Case", event: Event) -> Mapping[str, Any]:
        return {
            **_settled(case, event, ExtensionStatus.MOOT),
            "status": status,
            "outcome": Outcome(event.data["outcome"]),
            "closed_at": event.at,
            "frozen_at": case.frozen_at or event.at,
            "alarm_next": None,
            "ack_next": None,
            "return_pending": False,
        }

    return change


_APPLY: dict[EventType, Change] = {
    EventType.RECEIVED: _received,
    EventType.TRIAGE_MISSED: lambda case, event: {"triage_by": None},
    EventType.DISPATCHED: _dispatched,
    EventType.REDISPATCHED: _dispatched,
    EventType.ALARM_RAISED: _alarm_raised,
    EventType.ALARM_TAKEN_OVER: lambda case, event: {"alarm_next": None},
    EventType.ACK_MISSED: _ack_missed,
    EventType.ACK_ESCALATED: _ack_escalated,
    EventType.ACKNOWLEDGED: _acknowledged,
    EventType.PROGRESSED: _progressed,
    EventType.URGED: _urged,
    EventType.URGING_UNANSWERED: lambda case, event: _urging(case, event.data["urging"], missed=True),
    EventType.EXTENSION_REMINDED: lambda case, event: {"reminded": True},
    EventType.EXTENSION_REQUESTED: _extension_requested,
    EventType.EXTENSION_GRANTED: _extension_granted,
    EventType.EXTENSION_REFUSED: _extension_refused,
    EventType.EXTENSION_LAPSED: lambda case, event: _settled(case, event, ExtensionStatus.LAPSED),
    EventType.TURNED_YELLOW: lambda case, event: {"yellow": True},
    EventType.TURNED_RED: lambda case, event: {"red": True, "yellow": True},
    EventType.RED_CARD_ISSUED: _red_card_issued,
    EventType.SUSPENDED: _suspended,
    EventType.RESUMED: _resumed,
    EventType.RETURNED: _returned,
    EventType.RETURN_REFUSED: lambda case, event: {"return_pending": False},
    EventType.RETURN_ACCEPTED: _return_accepted,
    EventType.COMPLETED: _completed,
    EventType.VERIFICATION_MISSED: lambda case, event: {"verify_by": None},
    EventType.VERIFIED: _verified,
    EventType.REOPENED: _reopened,
    EventType.CLOSED: _finished(CaseStatus.CLOSED),
    EventType.WITHDRAWN: _finished(CaseStatus.WITHDRAWN),
    EventType.ARCHIVED: lambda case, event: {"archived": True},
    EventType.APPEALED: _appeal(AppealStatus.PENDING),
    EventType.APPEAL_UPHELD: _appeal(AppealStatus.UPHELD),
    EventType.APPEAL_DISMISSED: _appeal(AppealStatus.DISMISSED),
}
