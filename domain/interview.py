"""The interview file that a red card opens (A9): convene, hold, minutes, rectification, check.

An authorised officer convenes or waives with a reason; the system never decides guilt.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from domain.errors import Conflict
from domain.messages import Command, Event, Milestone
from domain.plain import instant, to_plain
from domain.vocabulary import CommandKind, EventType, InterviewStatus, MilestoneKind, Role, TalkKind

_S = InterviewStatus
_FINISHED = frozenset({_S.CLOSED, _S.WAIVED, _S.WITHDRAWN})
_OPEN = frozenset(_S) - _FINISHED
_OFFICERS = frozenset({Role.ORGANIZATION_OFFICER, Role.DISCIPLINE_OFFICER})
"""Who may set a date for the rectification again; the unit's leader sets it once."""

ALLOWED: dict[CommandKind, frozenset[InterviewStatus]] = {
    CommandKind.CONVENE: frozenset({_S.TO_CONVENE, _S.CONVENED}),
    CommandKind.WAIVE: frozenset({_S.TO_CONVENE, _S.CONVENED}),
    CommandKind.KEEP_MINUTES: frozenset({_S.CONVENED, _S.HELD, _S.RECTIFYING}),
    CommandKind.RECTIFY: frozenset({_S.HELD, _S.RECTIFYING}),
    CommandKind.CHECK: frozenset({_S.RECTIFYING}),
    CommandKind.WITHDRAW_INTERVIEW: _OPEN,
}
"""The table of transitions: in which states a command may be given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interview:
    """One interview file. Codes and instants only; place, minutes and measures are kept beside it.

    talks     kinds of talk whose minutes are kept
    """

    id: str
    card: str
    case: str
    unit: str
    opened_at: datetime
    convene_by: datetime
    status: InterviewStatus = InterviewStatus.TO_CONVENE
    version: int = 0
    convene_missed: bool = False
    meeting_at: datetime | None = None
    minutes_by: datetime | None = None
    due_on: datetime | None = None
    check_by: datetime | None = None
    talks: tuple[TalkKind, ...] = ()
    checks_failed: int = 0
    closed_at: datetime | None = None

    @property
    def ended(self) -> bool:
        """Closed, waived or withdrawn."""
        return self.status in _FINISHED

    def next_milestone(self) -> Milestone | None:
        """The clock of the state it is in: convening, minutes, rectification, check."""
        pending = [Milestone(kind=kind, at=at) for kind, at in self._pending() if at is not None]
        return min(pending, key=lambda item: item.at, default=None)

    def _pending(self) -> list[tuple[MilestoneKind, datetime | None]]:
        match self.status:
            case _S.TO_CONVENE if not self.convene_missed:
                return [(MilestoneKind.CONVENE_MISSED, self.convene_by)]
            case _S.CONVENED:
                return [(MilestoneKind.MINUTES_MISSED, self.minutes_by)]
            case _S.RECTIFYING:
                return [(MilestoneKind.RECTIFICATION_DUE, self.due_on), (MilestoneKind.CHECK_MISSED, self.check_by)]
        return []

    def reach(self, milestone: Milestone) -> tuple[Event, ...]:
        """One event named as its milestone, dated with the instant it fell due."""
        return (Event(seq=self.version + 1, type=EventType(milestone.kind.value), at=milestone.at),)

    def decide(self, command: Command) -> tuple[Event, ...]:
        """The events of ``command``. Raises Conflict("stale_version"), Conflict("transition_not_allowed")."""
        if command.data.get("version") not in (None, self.version):
            raise Conflict("stale_version")
        if self.status not in ALLOWED.get(command.kind, frozenset()):
            raise Conflict("transition_not_allowed")
        again = command.kind is CommandKind.RECTIFY and self.status is _S.RECTIFYING
        if again and _OFFICERS.isdisjoint(command.roles):
            raise Conflict("transition_not_allowed")
        return tuple(
            Event(seq=seq, type=kind, at=command.at, actor=command.actor, command=command.id, data=data)
            for seq, (kind, data) in enumerate(_facts(self, command), start=self.version + 1)
        )

    def apply(self, event: Event) -> Self:
        """The file after ``event``, which must carry the next sequence number."""
        if event.seq != self.version + 1:
            raise ValueError(f"{self.id}: event {event.seq} does not follow on {self.version}")
        return replace(self, version=event.seq, **_APPLY[event.type](self, event))


def open_interview(opened: Event) -> tuple[Interview, Event]:
    """The file that an ``interview_opened`` event of a case opens, and its own first event.

    Both the recorder and the workflow make it from the same event, so they cannot differ.
    """
    data = opened.data
    interview = Interview(
        id=data["interview"],
        card=data["card"],
        case=data["card"].rpartition("-")[0],
        unit=data["unit"],
        opened_at=opened.at,
        convene_by=instant(data["convene_by"]),
    )
    facts = {"card": interview.card, "case": interview.case, "unit": interview.unit, "convene_by": data["convene_by"]}
    first = Event(seq=1, type=EventType.OPENED, at=opened.at, data=facts)
    return interview.apply(first), first


def _facts(file: Interview, command: Command) -> Iterable[tuple[EventType, dict[str, Any]]]:
    data = command.data
    match command.kind:
        case CommandKind.CONVENE:
            yield EventType.CONVENED, {"at": data["at"], "minutes_by": data["minutes_by"]}
        case CommandKind.WAIVE:
            yield EventType.WAIVED, {}
        case CommandKind.KEEP_MINUTES:
            yield EventType.MINUTES_KEPT, {"kind": data["kind"]}
            if file.status is _S.CONVENED and data["kind"] == TalkKind.LEADER_INTERVIEW:
                yield EventType.HELD, {}
        case CommandKind.RECTIFY:
            yield EventType.RECTIFICATION_SET, {"due_on": data["due_on"], "check_by": data["check_by"]}
        case CommandKind.CHECK:
            yield EventType.CHECKED, {"passed": data["passed"]}
            if data["passed"]:
                yield EventType.CLOSED, {}
        case CommandKind.WITHDRAW_INTERVIEW:
            yield EventType.WITHDRAWN, {}


def _ended(status: InterviewStatus) -> Callable[[Interview, Event], Mapping[str, Any]]:
    return lambda file, event: {"status": status, "closed_at": event.at}


def _convened(file: Interview, event: Event) -> Mapping[str, Any]:
    return {
        "status": _S.CONVENED,
        "meeting_at": instant(event.data["at"]),
        "minutes_by": instant(event.data["minutes_by"]),
    }


def _minutes_kept(file: Interview, event: Event) -> Mapping[str, Any]:
    kind = TalkKind(event.data["kind"])
    return {"talks": file.talks if kind in file.talks else (*file.talks, kind)}


def _rectification_set(file: Interview, event: Event) -> Mapping[str, Any]:
    due_on, check_by = instant(event.data["due_on"]), instant(event.data["check_by"])
    return {"status": _S.RECTIFYING, "due_on": due_on, "check_by": check_by}


def _checked(file: Interview, event: Event) -> Mapping[str, Any]:
    if event.data["passed"]:
        return {}
    return {"status": _S.HELD, "checks_failed": file.checks_failed + 1, "due_on": None, "check_by": None}


_APPLY: dict[EventType, Callable[[Interview, Event], Mapping[str, Any]]] = {
    EventType.OPENED: lambda file, event: {},
    EventType.CONVENE_MISSED: lambda file, event: {"convene_missed": True},
    EventType.CONVENED: _convened,
    EventType.MINUTES_KEPT: _minutes_kept,
    EventType.MINUTES_MISSED: lambda file, event: {"minutes_by": None},
    EventType.HELD: lambda file, event: {"status": _S.HELD, "minutes_by": None},
    EventType.RECTIFICATION_SET: _rectification_set,
    EventType.RECTIFICATION_DUE: lambda file, event: {"due_on": None},
    EventType.CHECKED: _checked,
    EventType.CHECK_MISSED: lambda file, event: {"check_by": None},
    EventType.WAIVED: _ended(_S.WAIVED),
    EventType.WITHDRAWN: _ended(_S.WITHDRAWN),
    EventType.CLOSED: _ended(_S.CLOSED),
}


def plain_interview(opened: Event) -> tuple[dict[str, Any], Event]:
    """``open_interview`` with the file as plain JSON, as the database and the workflow's input hold it."""
    interview, first = open_interview(opened)
    return to_plain(interview), first
