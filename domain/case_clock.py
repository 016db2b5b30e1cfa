"""What falls due by itself in a case beside what falls due to its holdings, and what it brings about.

``reach`` dates its events with the instant due, however late it is carried out (E7).
"""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from domain.facts import Fact, alarm_data
from domain.holding import clock as holding_clock
from domain.holding import parts
from domain.holding.clock import Pending
from domain.messages import Event, Milestone
from domain.vocabulary import CaseStatus, EventType, MilestoneKind, Outcome

if TYPE_CHECKING:
    from domain.case import Case


def next_milestone(case: "Case") -> Milestone | None:
    """The earliest milestone of the case and of its parts."""
    return parts.next_milestone(case, _pending(case))


def reach(case: "Case", milestone: Milestone) -> tuple[Event, ...]:
    """The events of ``milestone``, dated with the instant it fell due."""
    return parts.reach(case, milestone, _REACH)


def _pending(case: "Case") -> Iterator[Pending]:
    if case.finished:
        yield MilestoneKind.RETIREMENT, case.windows_until
        return
    yield MilestoneKind.ALARM, case.alarm_next
    match case.status:
        case CaseStatus.AWAITING_VERIFICATION:
            yield MilestoneKind.VERIFICATION_MISSED, case.verify_by
        case CaseStatus.AWAITING_ANSWER:
            yield MilestoneKind.ANSWER_WINDOW_END, case.answer_by
    yield from holding_clock.pending(case, case.terms)


def _unanswered(case: "Case") -> list[Fact]:
    """The answer window ends: solved if one of the reporters has said so, and none that it is not."""
    outcome = Outcome.SOLVED if case.answered else Outcome.UNANSWERED
    return [(EventType.CLOSED, {"outcome": outcome.value})]


def _alarm(case: "Case") -> list[Fact]:
    return [(EventType.ALARM_RAISED, alarm_data(case.terms.danger_ladder, case.alarm_rungs))]


_REACH: Mapping[MilestoneKind, Callable[["Case"], list[Fact]]] = {
    MilestoneKind.ALARM: _alarm,
    MilestoneKind.VERIFICATION_MISSED: lambda case: [(EventType.VERIFICATION_MISSED, {})],
    MilestoneKind.ANSWER_WINDOW_END: _unanswered,
    MilestoneKind.RETIREMENT: lambda case: [(EventType.ARCHIVED, {})],
}
