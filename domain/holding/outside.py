"""What runs for a step that is beyond our reach: reference times, watchdog, chase; no deadline and no card (B4, B8)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from domain.facts import Fact
from domain.messages import Event
from domain.plain import instant_or_none, to_plain
from domain.vocabulary import EventType, MilestoneKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """A step that was handed out.

    handoff        id of the hand-off; ``connector`` names the way it goes, None: by hand
    reference_from, reference_by   between these the answer may be expected; past the latter it is overdue
    stuck_by       until when somebody must have confirmed that it arrived
    chase          how often it is chased when it is overdue
    """

    handoff: str
    connector: str | None = None
    reference_from: datetime | None = None
    reference_by: datetime | None = None
    stuck_by: datetime | None = None
    chase: timedelta | None = None
    confirmed_at: datetime | None = None
    stuck: bool = False
    overdue: bool = False
    chases: int = 0
    chase_next: datetime | None = None


def handed_out(event: Event) -> Outside:
    """As it stands when it was handed out."""
    data = event.data
    return Outside(
        handoff=data["handoff"],
        connector=data["connector"],
        reference_from=instant_or_none(data["reference_from"]),
        reference_by=instant_or_none(data["reference_by"]),
        stuck_by=instant_or_none(data["stuck_by"]),
        chase=timedelta(seconds=data["chase"]) if data["chase"] else None,
    )


def pending(outside: Outside) -> Iterator[tuple[MilestoneKind, datetime | None]]:
    """What falls due by itself while it is outside."""
    if not outside.stuck and outside.confirmed_at is None:
        yield MilestoneKind.HANDOFF_STUCK, outside.stuck_by
    if not outside.overdue:
        yield MilestoneKind.OUTSIDE_OVERDUE, outside.reference_by
    yield MilestoneKind.OUTSIDE_CHASED, outside.chase_next


def changed(outside: Outside, event: Event) -> Outside:
    """After ``event``."""
    change = _CHANGES.get(event.type)
    return replace(outside, **change(outside, event)) if change else outside


def _chased_again(outside: Outside, event: Event) -> datetime | None:
    return event.at + outside.chase if outside.chase else None


REACH: Mapping[MilestoneKind, Callable[[Outside], Fact]] = {
    MilestoneKind.HANDOFF_STUCK: lambda outside: (EventType.HANDOFF_STUCK, {"handoff": outside.handoff}),
    MilestoneKind.OUTSIDE_OVERDUE: lambda outside: (
        EventType.OUTSIDE_OVERDUE,
        {"reference_by": to_plain(outside.reference_by)},
    ),
    MilestoneKind.OUTSIDE_CHASED: lambda outside: (EventType.OUTSIDE_CHASED, {"chase": outside.chases + 1}),
}
"""What happens when one of them falls due."""

_CHANGES: Mapping[EventType, Callable[[Outside, Event], dict[str, Any]]] = {
    EventType.HANDOFF_CONFIRMED: lambda outside, event: {"confirmed_at": event.at},
    EventType.HANDOFF_STUCK: lambda outside, event: {"stuck": True},
    EventType.OUTSIDE_OVERDUE: lambda outside, event: {"overdue": True, "chase_next": _chased_again(outside, event)},
    EventType.OUTSIDE_CHASED: lambda outside, event: {
        "chases": outside.chases + 1,
        "chase_next": _chased_again(outside, event),
    },
}
