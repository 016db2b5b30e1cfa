"""Facts: events before they have a number. What decides and what reaches makes them, and both number them here."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

from domain.messages import Event
from domain.plain import to_plain
from domain.promise import AckClock, Ladder, Promise
from domain.vocabulary import EventType

Fact = tuple[EventType, dict[str, Any]]
"""An event that has no number, instant or actor yet."""


class Versioned(Protocol):
    """What events follow on."""

    @property
    def version(self) -> int:
        """Sequence number of the last event."""
        ...


def number(
    dossier: Versioned, facts: Iterable[Fact], *, at: datetime, actor: str | None = None, command: str | None = None
) -> tuple[Event, ...]:
    """Facts as events that follow on the dossier's last one."""
    return tuple(
        Event(seq=seq, type=kind, at=at, actor=actor, command=command, data=data)
        for seq, (kind, data) in enumerate(facts, start=dossier.version + 1)
    )


def dispatch_data(unit: str, ack: AckClock, promise: Promise | None, rule: str | None = None) -> dict[str, Any]:
    """Data of a dispatch. ``promise`` None keeps the deadline; ``rule`` names the routing rule, if one decided."""
    return {"unit": unit, "by_rule": rule, "ack": to_plain(ack), "promise": to_plain(promise)}


def alarm_data(ladder: Ladder, index: int) -> dict[str, Any]:
    """Data of a rung that is told: its number (1-based), its name, and whom it tells."""
    rung = ladder.rung(index)
    return {"rung": index + 1, "name": rung.name, "tell": [audience.value for audience in rung.tell]}
