"""Two stores, one truth: what a dossier has decided, and what of it the record confirms.

A record commits before the engine's history does, so after a crash the database may be ahead. When another event stands
where ours should, the ledger adopts what stands, decides again what it had decided, and renumbers. A conflict is never
ignored. Pure: the workflow carries the batches to the recorder and brings back what stands there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, Self, TypeVar

from domain.errors import Refused
from domain.messages import Command, Event, Milestone


class Dossier(Protocol):
    """Anything that runs on clocks of its own: a case, an interview file, an accountability file."""

    @property
    def version(self) -> int:
        """Sequence number of the last event."""
        ...

    @property
    def ended(self) -> bool:
        """Nothing can happen any more."""
        ...

    def apply(self, event: Event) -> Self:
        """The dossier after ``event``."""
        ...

    def decide(self, command: Command) -> tuple[Event, ...]:
        """What ``command`` makes happen. Raises Refused."""
        ...

    def next_milestone(self) -> Milestone | None:
        """What falls due next by itself."""
        ...

    def reach(self, milestone: Milestone) -> tuple[Event, ...]:
        """What happens when it does."""
        ...


D = TypeVar("D", bound=Dossier)


def fold(dossier: D, events: Iterable[Event]) -> D:
    """The dossier after ``events``."""
    for event in events:
        dossier = dossier.apply(event)
    return dossier


def catch_up(dossier: D, at: datetime) -> tuple[D, tuple[Event, ...]]:
    """The dossier after every milestone due at or before ``at``, in the order of their instants, and these events."""
    reached: list[Event] = []
    while (milestone := dossier.next_milestone()) is not None and milestone.at <= at:
        events = dossier.reach(milestone)
        dossier = fold(dossier, events)
        reached.extend(events)
    return dossier, tuple(reached)


@dataclass(frozen=True, slots=True)
class Decision:
    """Events that were decided together, and the command behind them (None: the clock)."""

    command: Command | None
    events: tuple[Event, ...]


class Ledger(Generic[D]):
    """The confirmed dossier, and decisions on their way to the record."""

    def __init__(self, confirmed: D) -> None:
        self.confirmed = confirmed
        self.current = confirmed
        self._pending: list[Decision] = []
        self._commands: set[str] = set()
        self._refused: dict[str, Refused] = {}

    def is_behind(self, command: Command) -> bool:
        """Whether the record was ahead of what it confirmed here when ``command`` came in: no judging yet."""
        return command.seen > self.confirmed.version

    def judge(self, command: Command) -> None:
        """Raises what ``command`` would be refused with, on a copy: nothing changes. Says nothing while behind."""
        if command.id not in self._commands and not self.is_behind(command):
            dossier, _ = catch_up(self.current, command.at)
            dossier.decide(command)

    def decide(self, command: Command) -> None:
        """Reaches what fell due before the command's stamp, then decides it. A repeat of its id changes nothing.

        Raises Refused; the milestones that fell due before stay reached.
        """
        if command.id in self._commands:
            return
        self.reach_until(command.at)
        self._take(command, self.current.decide(command))
        self._commands.add(command.id)

    def reach_until(self, at: datetime) -> None:
        """Reaches every milestone due at or before ``at``."""
        _, events = catch_up(self.current, at)
        self._take(None, events)

    def batch(self) -> tuple[Event, ...]:
        """What the record does not confirm yet, in order."""
        return tuple(event for decision in self._pending for event in decision.events)

    def settle(self, batch: tuple[Event, ...], standing: tuple[Event, ...]) -> tuple[Event, ...]:
        """Takes the recorder's answer on ``batch``: confirmed when nothing else stands, else adopted.

        Returns the events that became part of the record for this dossier.
        """
        if standing:
            self._adopt(standing)
            return standing
        self.confirmed = fold(self.confirmed, batch)
        through = self.confirmed.version
        self._pending = [item for item in self._pending if item.events and item.events[-1].seq > through]
        return batch

    def refusal(self, command: str) -> Refused | None:
        """Why a command that had been decided was refused after all, when another event turned out to stand."""
        return self._refused.get(command)

    def _take(self, command: Command | None, events: tuple[Event, ...]) -> None:
        if events:
            self.current = fold(self.current, events)
            self._pending.append(Decision(command, events))

    def _adopt(self, standing: tuple[Event, ...]) -> None:
        decisions, self._pending = self._pending, []
        self.confirmed = self.current = fold(self.confirmed, standing)
        self._commands.update(event.command for event in standing if event.command)
        stood = {event.command for event in standing}
        for decision in decisions:
            if decision.command is not None and decision.command.id not in stood:
                self._decide_again(decision.command)

    def _decide_again(self, command: Command) -> None:
        self.reach_until(command.at)
        try:
            self._take(command, self.current.decide(command))
        except Refused as refused:
            self._refused[command.id] = refused
