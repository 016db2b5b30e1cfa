"""What falls due by itself to a holding: the list of its milestones, and what each one brings about.

Deadlines are a list, not branches: whoever moves a deadline changes the list.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from domain.facts import Fact, alarm_data
from domain.holding import cards
from domain.holding.cards import Carded
from domain.holding.state import Holding
from domain.holding.values import RUNNING
from domain.plain import to_plain
from domain.promise import Terms
from domain.vocabulary import CaseStatus, EventType, MilestoneKind

Pending = tuple[MilestoneKind, datetime | None]


def pending(holding: Holding, terms: Terms) -> Iterator[Pending]:
    """Everything that would fall due to ``holding`` if nobody did anything, in no order."""
    match holding.status:
        case CaseStatus.AWAITING_DISPATCH:
            yield MilestoneKind.TRIAGE_MISSED, holding.triage_by
        case CaseStatus.SUSPENDED:
            yield MilestoneKind.RESUMPTION, holding.resume_at
    if holding.status in RUNNING or holding.status is CaseStatus.SUSPENDED:
        for urging in holding.urgings:
            if urging.open:
                yield MilestoneKind.URGING_UNANSWERED, urging.answer_by
    if holding.status in RUNNING:
        yield from _running(holding, terms)


def _running(holding: Holding, terms: Terms) -> Iterator[Pending]:
    if holding.status is CaseStatus.DISPATCHED and holding.ack is not None:
        if not holding.ack_missed:
            yield MilestoneKind.ACK_MISSED, holding.ack.ack_by
        yield MilestoneKind.ACK_ESCALATED, holding.ack_next
    promise = holding.promise
    if promise is None or holding.red:
        return
    if not holding.reminded and holding.pending_extension is None and may_extend(holding, terms):
        yield MilestoneKind.EXTENSION_REMINDER, promise.remind_at
    if not holding.yellow:
        yield MilestoneKind.YELLOW, promise.yellow_at
    yield MilestoneKind.DUE, promise.due_at


def may_extend(holding: Holding, terms: Terms) -> bool:
    """Whether the number of extensions of this round is not used up (A6)."""
    return holding.extensions_used < terms.extensions + terms.higher_extensions


def _due(holding: Holding, dossier: Carded) -> list[Fact]:
    """The request that was not decided in time lapses, and the card falls (A6, A8)."""
    extension = holding.pending_extension
    lapsed: list[Fact] = [(EventType.EXTENSION_LAPSED, {"extension": extension.id})] if extension else []
    return [*lapsed, *cards.missed(holding, dossier)]


def _ack_missed(holding: Holding, dossier: Carded) -> list[Fact]:
    ack_by = to_plain(holding.ack.ack_by) if holding.ack else None
    return [(EventType.ACK_MISSED, {"unit": holding.unit, "ack_by": ack_by})]


def _ack_escalated(holding: Holding, dossier: Carded) -> list[Fact]:
    rung = alarm_data(dossier.terms.ack_ladder, holding.ack_rungs)
    return [(EventType.ACK_ESCALATED, {"unit": holding.unit, **rung})]


def _urging_unanswered(holding: Holding, dossier: Carded) -> list[Fact]:
    first = min((item for item in holding.urgings if item.open), key=lambda item: item.answer_by)
    return [(EventType.URGING_UNANSWERED, {"urging": first.id, "unit": holding.unit})]


def _reminder(holding: Holding, dossier: Carded) -> list[Fact]:
    by = holding.promise.extension_by if holding.promise else None
    return [(EventType.EXTENSION_REMINDED, {"extension_by": to_plain(by)})]


def _yellow(holding: Holding, dossier: Carded) -> list[Fact]:
    return [(EventType.TURNED_YELLOW, {"due_at": to_plain(holding.promise.due_at) if holding.promise else None})]


def _resumption(holding: Holding, dossier: Carded) -> list[Fact]:
    ack = {"ack": to_plain(holding.resume_ack)} if holding.resume_ack else {}
    return [(EventType.RESUMED, {"promise": to_plain(holding.resume_promise), "by_clock": True, **ack})]


REACH: Mapping[MilestoneKind, Callable[[Holding, Carded], list[Fact]]] = {
    MilestoneKind.TRIAGE_MISSED: lambda holding, dossier: [(EventType.TRIAGE_MISSED, {})],
    MilestoneKind.ACK_MISSED: _ack_missed,
    MilestoneKind.ACK_ESCALATED: _ack_escalated,
    MilestoneKind.URGING_UNANSWERED: _urging_unanswered,
    MilestoneKind.EXTENSION_REMINDER: _reminder,
    MilestoneKind.RESUMPTION: _resumption,
    MilestoneKind.YELLOW: _yellow,
    MilestoneKind.DUE: _due,
}
"""What happens when a milestone of a holding falls due."""
