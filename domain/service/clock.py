"""What falls due by itself in a service request beside what falls due to its steps, and what it brings about.

``reach`` dates its events with the instant due, however late it is carried out (E7).
"""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from domain.facts import Fact
from domain.holding import cards, parts
from domain.holding.clock import Pending
from domain.messages import Event, Milestone
from domain.plain import to_plain
from domain.vocabulary import CaseStatus, EventType, MilestoneKind, Outcome

if TYPE_CHECKING:
    from domain.service.request import ServiceRequest


def next_milestone(request: "ServiceRequest") -> Milestone | None:
    """The earliest milestone of the request and of its steps."""
    return parts.next_milestone(request, _pending(request))


def reach(request: "ServiceRequest", milestone: Milestone) -> tuple[Event, ...]:
    """The events of ``milestone``, dated with the instant it fell due."""
    return parts.reach(request, milestone, _REACH)


def _pending(request: "ServiceRequest") -> Iterator[Pending]:
    match request.status:
        case CaseStatus.CLOSED | CaseStatus.WITHDRAWN:
            yield MilestoneKind.RETIREMENT, cards.windows_until(request)
        case CaseStatus.AWAITING_ANSWER:
            yield MilestoneKind.ANSWER_WINDOW_END, request.answer_by
        case CaseStatus.SUSPENDED:
            yield MilestoneKind.RESUMPTION, request.resume_at
        case CaseStatus.AWAITING_MATERIALS:
            yield MilestoneKind.MATERIALS_LAPSED, request.materials.by
        case _:
            yield from _running(request)


def _running(request: "ServiceRequest") -> Iterator[Pending]:
    """The lights of the whole; no card falls on it, for each step has its own."""
    promise = request.promise
    if promise is None or request.frozen_at is not None or request.red:
        return
    if not request.yellow:
        yield MilestoneKind.YELLOW, promise.yellow_at
    yield MilestoneKind.DUE, promise.due_at


def _turned(kind: EventType) -> Callable[["ServiceRequest"], list[Fact]]:
    return lambda request: [
        (kind, {"whole": True, "due_at": to_plain(request.promise.due_at if request.promise else None)})
    ]


def _resumption(request: "ServiceRequest") -> list[Fact]:
    whole = {"promise": request.resume_promise, "legal_due_at": request.resume_legal}
    return [(EventType.RESUMED, {"whole": True, **to_plain(whole), "by_clock": True})]


def _lapsed(request: "ServiceRequest") -> list[Fact]:
    """Nobody brought what was asked for: it is closed without a decision (B9, B10)."""
    return [*parts.release(request), (EventType.CLOSED, {"outcome": Outcome.LAPSED.value})]


def _answer_window_end(request: "ServiceRequest") -> list[Fact]:
    return [(EventType.CLOSED, {"outcome": to_plain(request.decided)})]


_REACH: Mapping[MilestoneKind, Callable[["ServiceRequest"], list[Fact]]] = {
    MilestoneKind.YELLOW: _turned(EventType.TURNED_YELLOW),
    MilestoneKind.DUE: _turned(EventType.TURNED_RED),
    MilestoneKind.RESUMPTION: _resumption,
    MilestoneKind.MATERIALS_LAPSED: _lapsed,
    MilestoneKind.ANSWER_WINDOW_END: _answer_window_end,
    MilestoneKind.RETIREMENT: lambda request: [(EventType.ARCHIVED, {})],
}
