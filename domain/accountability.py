"""The accountability file (A10): opened by the centre on a case with grave consequences, decided by authority."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from domain.errors import Conflict
from domain.messages import Command, Event, Milestone
from domain.plain import instant, to_plain
from domain.vocabulary import AccountabilityStatus, CommandKind, Consequence, DecisionFor, EventType, MilestoneKind

_S = AccountabilityStatus

ALLOWED: dict[CommandKind, frozenset[AccountabilityStatus]] = {
    CommandKind.RECORD_FINDINGS: frozenset({_S.OPENED, _S.INVESTIGATED}),
    CommandKind.DECIDE_ACCOUNTABILITY: frozenset({_S.INVESTIGATED, _S.DECIDED}),
    CommandKind.CLOSE_ACCOUNTABILITY: frozenset({_S.DECIDED}),
}
"""The table of transitions: in which states a command may be given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accountability:
    """One accountability file. ``decided_for`` names whom decisions were taken for, in order of the decisions."""

    id: str
    case: str
    consequence: Consequence
    unit: str | None
    opened_at: datetime
    findings_by: datetime
    status: AccountabilityStatus = AccountabilityStatus.OPENED
    version: int = 0
    findings_missed: bool = False
    decision_by: datetime | None = None
    decided_for: tuple[DecisionFor, ...] = ()
    closed_at: datetime | None = None

    @property
    def ended(self) -> bool:
        """Closed."""
        return self.status is _S.CLOSED

    def next_milestone(self) -> Milestone | None:
        """The clock of the findings, then that of the decision."""
        if self.status is _S.OPENED and not self.findings_missed:
            return Milestone(kind=MilestoneKind.FINDINGS_MISSED, at=self.findings_by)
        if self.status is _S.INVESTIGATED and self.decision_by is not None:
            return Milestone(kind=MilestoneKind.DECISION_MISSED, at=self.decision_by)
        return None

    def reach(self, milestone: Milestone) -> tuple[Event, ...]:
        """One event named as its milestone, dated with the instant it fell due."""
        return (Event(seq=self.version + 1, type=EventType(milestone.kind.value), at=milestone.at),)

    def decide(self, command: Command) -> tuple[Event, ...]:
        """The events of ``command``. Raises Conflict("stale_version"), Conflict("transition_not_allowed")."""
        if command.data.get("version") not in (None, self.version):
            raise Conflict("stale_version")
        if self.status not in ALLOWED.get(command.kind, frozenset()):
            raise Conflict("transition_not_allowed")
        return tuple(
            Event(seq=seq, type=kind, at=command.at, actor=command.actor, command=command.id, data=data)
            for seq, (kind, data) in enumerate(_facts(command), start=self.version + 1)
        )

    def apply(self, event: Event) -> Self:
        """The file after ``event``, which must carry the next sequence number."""
        if event.seq != self.version + 1:
            raise ValueError(f"{self.id}: event {event.seq} does not follow on {self.version}")
        return replace(self, version=event.seq, **_APPLY[event.type](self, event))


def open_accountability(file: Accountability, command: Command) -> tuple[Accountability, tuple[Event, ...]]:
    """The file after its opening by ``command`` (kind ``hold_accountable``), and its first event."""
    facts = {
        "case": file.case,
        "consequence": file.consequence.value,
        "unit": file.unit,
        "findings_by": to_plain(file.findings_by),
    }
    first = Event(seq=1, type=EventType.OPENED, at=file.opened_at, actor=command.actor, command=command.id, data=facts)
    return file.apply(first), (first,)


def _facts(command: Command) -> Iterable[tuple[EventType, dict[str, Any]]]:
    match command.kind:
        case CommandKind.RECORD_FINDINGS:
            yield EventType.FINDINGS_RECORDED, {"decision_by": command.data["decision_by"]}
        case CommandKind.DECIDE_ACCOUNTABILITY:
            yield EventType.DECIDED, {"for": command.data["for"]}
        case CommandKind.CLOSE_ACCOUNTABILITY:
            yield EventType.CLOSED, {}


def _decided(file: Accountability, event: Event) -> Mapping[str, Any]:
    decided_for = (*file.decided_for, DecisionFor(event.data["for"]))
    return {"status": _S.DECIDED, "decided_for": decided_for, "decision_by": None}


def _findings(file: Accountability, event: Event) -> Mapping[str, Any]:
    return {"status": _S.INVESTIGATED, "decision_by": instant(event.data["decision_by"])}


_APPLY: dict[EventType, Callable[[Accountability, Event], Mapping[str, Any]]] = {
    EventType.OPENED: lambda file, event: {},
    EventType.FINDINGS_RECORDED: _findings,
    EventType.FINDINGS_MISSED: lambda file, event: {"findings_missed": True},
    EventType.DECIDED: _decided,
    EventType.DECISION_MISSED: lambda file, event: {"decision_by": None},
    EventType.CLOSED: lambda file, event: {"status": _S.CLOSED, "closed_at": event.at},
}
