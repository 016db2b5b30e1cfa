"""What falls due by itself in a case: the list of its milestones, and what each one brings about.

Deadlines are a list, not branches: whoever moves a deadline changes the list. ``reach`` dates its events with the
instant due, however late it is carried out (E7).
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from domain.case_facts import Fact, alarm_data, number
from domain.case_parts import CLOCK_RUNS
from domain.messages import Event, Milestone
from domain.plain import to_plain
from domain.vocabulary import CaseStatus, EventType, MilestoneKind, Outcome

if TYPE_CHECKING:
    from domain.case import Case

_ORDER = {kind: order for order, kind in enumerate(MilestoneKind)}

Pending = tuple[MilestoneKind, datetime | None]


def next_milestone(case: "Case") -> Milestone | None:
    """The earliest milestone; members of ``MilestoneKind`` in their order where instants are equal."""
    pending = [(at, _ORDER[kind], kind) for kind, at in _pending(case) if at is not None]
    if not pending:
        return None
    at, _, kind = min(pending)
    return Milestone(kind=kind, at=at)


def reach(case: "Case", milestone: Milestone) -> tuple[Event, ...]:
    """The events of ``milestone``, dated with the instant it fell due."""
    return number(case, _REACH[milestone.kind](case), at=milestone.at)


def _pending(case: "Case") -> Iterator[Pending]:
    if case.finished:
        yield MilestoneKind.RETIREMENT, case.windows_until
        return
    yield MilestoneKind.ALARM, case.alarm_next
    match case.status:
        case CaseStatus.AWAITING_DISPATCH:
            yield MilestoneKind.TRIAGE_MISSED, case.triage_by
        case CaseStatus.SUSPENDED:
            yield MilestoneKind.RESUMPTION, case.resume_at
        case CaseStatus.AWAITING_VERIFICATION:
            yield MilestoneKind.VERIFICATION_MISSED, case.verify_by
        case CaseStatus.AWAITING_ANSWER:
            yield MilestoneKind.ANSWER_WINDOW_END, case.answer_by
    if case.status in CLOCK_RUNS or case.status is CaseStatus.SUSPENDED:
        for urging in case.urgings:
            if urging.open:
                yield MilestoneKind.URGING_UNANSWERED, urging.answer_by
    if case.status in CLOCK_RUNS:
        yield from _running(case)


def _running(case: "Case") -> Iterator[Pending]:
    if case.status is CaseStatus.DISPATCHED and case.ack is not None:
        if not case.ack_missed:
            yield MilestoneKind.ACK_MISSED, case.ack.ack_by
        yield MilestoneKind.ACK_ESCALATED, case.ack_next
    promise = case.promise
    if promise is None or case.red:
        return
    if not case.reminded and case.pending_extension is None and may_extend(case):
        yield MilestoneKind.EXTENSION_REMINDER, promise.remind_at
    if not case.yellow:
        yield MilestoneKind.YELLOW, promise.yellow_at
    yield MilestoneKind.DUE, promise.due_at


def may_extend(case: "Case") -> bool:
    """Whether the number of extensions of this round is not used up (A6)."""
    return case.extensions_used < case.terms.extensions + case.terms.higher_extensions


def _due(case: "Case") -> list[Fact]:
    """Unfinished at the deadline (A8, A9): in this order, at this second."""
    promise = case.promise
    if promise is None:
        return []
    card = f"{case.number}-R{len(case.red_cards) + 1}"
    interview = f"{card}-I"
    against = {"card": card, "unit": case.unit}
    due_at, convene_by, appeal_by = (to_plain(at) for at in (promise.due_at, promise.convene_by, promise.appeal_by))
    extension = case.pending_extension
    lapsed: list[Fact] = [(EventType.EXTENSION_LAPSED, {"extension": extension.id})] if extension else []
    return [
        *lapsed,
        (EventType.TURNED_RED, {"due_at": due_at, "unit": case.unit}),
        (EventType.RED_CARD_ISSUED, {**against, "handler": case.handler, "due_at": due_at,
                                     "points": -case.terms.points, "interview": interview, "appeal_by": appeal_by}),
        (EventType.POINTS_DEDUCTED, {**against, "points": -case.terms.points}),
        (EventType.INTERVIEW_OPENED, {**against, "interview": interview, "convene_by": convene_by}),
    ]  # fmt: skip


def _ack_escalated(case: "Case") -> list[Fact]:
    return [(EventType.ACK_ESCALATED, {"unit": case.unit, **alarm_data(case.terms.ack_ladder, case.ack_rungs)})]


def _alarm(case: "Case") -> list[Fact]:
    return [(EventType.ALARM_RAISED, alarm_data(case.terms.danger_ladder, case.alarm_rungs))]


def _urging_unanswered(case: "Case") -> list[Fact]:
    first = min((item for item in case.urgings if item.open), key=lambda item: item.answer_by)
    return [(EventType.URGING_UNANSWERED, {"urging": first.id, "unit": case.unit})]


def _ack_missed(case: "Case") -> list[Fact]:
    return [(EventType.ACK_MISSED, {"unit": case.unit, "ack_by": to_plain(case.ack.ack_by) if case.ack else None})]


def _reminder(case: "Case") -> list[Fact]:
    by = case.promise.extension_by if case.promise else None
    return [(EventType.EXTENSION_REMINDED, {"extension_by": to_plain(by)})]


def _yellow(case: "Case") -> list[Fact]:
    return [(EventType.TURNED_YELLOW, {"due_at": to_plain(case.promise.due_at) if case.promise else None})]


def _resumption(case: "Case") -> list[Fact]:
    return [(EventType.RESUMED, {"promise": to_plain(case.resume_promise), "by_clock": True})]


_REACH: dict[MilestoneKind, Callable[["Case"], list[Fact]]] = {
    MilestoneKind.ALARM: _alarm,
    MilestoneKind.TRIAGE_MISSED: lambda case: [(EventType.TRIAGE_MISSED, {})],
    MilestoneKind.ACK_MISSED: _ack_missed,
    MilestoneKind.ACK_ESCALATED: _ack_escalated,
    MilestoneKind.URGING_UNANSWERED: _urging_unanswered,
    MilestoneKind.EXTENSION_REMINDER: _reminder,
    MilestoneKind.RESUMPTION: _resumption,
    MilestoneKind.YELLOW: _yellow,
    MilestoneKind.DUE: _due,
    MilestoneKind.VERIFICATION_MISSED: lambda case: [(EventType.VERIFICATION_MISSED, {})],
    MilestoneKind.ANSWER_WINDOW_END: lambda case: [(EventType.CLOSED, {"outcome": Outcome.UNANSWERED.value})],
    MilestoneKind.RETIREMENT: lambda case: [(EventType.ARCHIVED, {})],
}
