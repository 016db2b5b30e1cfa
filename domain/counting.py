"""What of a case counts for which unit: its events, told as figures (D6). Pure; the whole history is read anew.

A figure is a fact about a unit in a case, with the instant at which it counts. Each counts a case once for a unit,
however often it happened: every number is a number of cases. Outside steps hold nobody of ours to account (B4).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol

from domain.vocabulary import EventType, Figure

_E = EventType
_LEAD: Final = ""

Figures = dict[tuple[str, Figure], datetime]
"""(unit, figure) → the instant at which it counts."""


class Happened(Protocol):
    """What of an event is counted."""

    @property
    def type(self) -> EventType: ...
    @property
    def at(self) -> datetime: ...
    @property
    def data(self) -> Mapping[str, Any]: ...


@dataclass(slots=True)
class _Record:
    """What a unit did in one case.

    seen   facts that count once they have happened, at their first time
    held   what it holds open: the lead, or keys of parts
    cards  red card → when it fell; ``reversed`` those whose appeal was upheld, ``appealed`` → since when one waits
    """

    seen: dict[Figure, datetime] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)
    finished_at: datetime | None = None
    deferred_at: datetime | None = None
    cards: dict[str, datetime] = field(default_factory=dict)
    reversed: set[str] = field(default_factory=set)
    appealed: dict[str, datetime] = field(default_factory=dict)

    def note(self, figure: Figure, at: datetime) -> None:
        self.seen.setdefault(figure, at)

    def let_go(self, key: str, at: datetime | None) -> None:
        """It holds this no more; ``at``: because it has done it."""
        if key in self.held:
            self.held.discard(key)
            if at is not None and not self.held:
                self.finished_at = at

    def figures(self) -> dict[Figure, datetime]:
        found = dict(self.seen)
        if self.finished_at is not None:
            found[Figure.FINISHED] = self.finished_at
        if self.cards:
            found[Figure.CARDED] = min(self.cards.values())
        if self.appealed:
            found[Figure.APPEALING] = min(self.appealed.values())
        judged = self._judged()
        return found if judged is None else found | {judged[0]: judged[1]}

    def _judged(self) -> tuple[Figure, datetime] | None:
        """Deferred before it was decided: out of the rate, whatever came after (A16). Later it excuses nothing."""
        missed = min(self.cards.values(), default=None)
        decided = self.finished_at if missed is None else missed
        if decided is None:
            return None
        if self.deferred_at is not None and self.deferred_at <= decided:
            return Figure.DEFERRED, decided
        standing = [at for card, at in self.cards.items() if card not in self.reversed]
        if standing:
            return Figure.LATE, min(standing)
        return (Figure.ON_TIME if missed is None else Figure.EXCUSED), decided


@dataclass(slots=True)
class _Case:
    """The units of a case, and who holds what: lead and parts. ``lead``: who led last; ``again``: it was reopened."""

    records: dict[str, _Record] = field(default_factory=dict)
    holders: dict[str, str] = field(default_factory=dict)
    lead: str | None = None
    again: bool = False

    def of(self, event: Happened) -> _Record | None:
        """Whom the event concerns: the unit that it names, else whoever leads."""
        unit = event.data.get("unit") or (None if event.data.get("part") else self.holders.get(_LEAD))
        return None if unit is None else self.records.setdefault(unit, _Record())

    def hold(self, key: str, unit: str) -> None:
        """The unit holds the lead or a part, and has not finished."""
        record = self.records.setdefault(unit, _Record())
        record.held.add(key)
        record.finished_at = None
        self.holders[key] = unit
        if key == _LEAD:
            self.lead = unit

    def release(self, key: str, at: datetime | None = None) -> None:
        holder = self.holders.pop(key, None)
        if holder is not None:
            self.records[holder].let_go(key, at)


def figures_of(events: Iterable[Happened]) -> Figures:
    """What counts of a case after these events, which are all that happened to it, in order."""
    case = _Case()
    for event in events:
        counts = _COUNTS.get(event.type)
        if counts is not None:
            counts(case, event)
    return {(unit, figure): at for unit, record in case.records.items() for figure, at in record.figures().items()}


def _handed(case: _Case, event: Happened) -> None:
    key, unit = event.data.get("part") or _LEAD, event.data["unit"]
    case.release(key)
    case.hold(key, unit)
    case.records[unit].note(Figure.CAME, event.at)
    if case.again:
        case.records[unit].note(Figure.REDONE, event.at)


def _answered(case: _Case, event: Happened) -> None:
    record = case.of(event)
    if record is not None and not event.data.get("late"):
        record.note(Figure.ANSWERED, event.at)


def _deferred(case: _Case, event: Happened) -> None:
    record = case.of(event)
    if record is not None and record.deferred_at is None:
        record.deferred_at = event.at


def _carded(case: _Case, event: Happened) -> None:
    record = case.of(event)
    if record is not None:
        record.cards.setdefault(event.data["card"], event.at)


def _appealed(case: _Case, event: Happened) -> None:
    record = case.of(event)
    if record is not None:
        record.appealed[event.data["card"]] = event.at


def _ruled(case: _Case, event: Happened) -> None:
    record = case.of(event)
    if record is not None:
        record.appealed.pop(event.data["card"], None)
        if event.type == _E.APPEAL_UPHELD:
            record.reversed.add(event.data["card"])


def _done(case: _Case, event: Happened) -> None:
    case.release(event.data.get("part") or _LEAD, event.at)


def _reopened(case: _Case, event: Happened) -> None:
    """An incident goes back to whoever led it; the steps of a request are handed over anew."""
    case.again = True
    if case.lead is not None:
        case.hold(_LEAD, case.lead)
        case.records[case.lead].note(Figure.REDONE, event.at)


def _noted(figure: Figure) -> Callable[[_Case, Happened], None]:
    def counts(case: _Case, event: Happened) -> None:
        record = case.of(event)
        if record is not None:
            record.note(figure, event.at)

    return counts


def _withdrawn(case: _Case, event: Happened) -> None:
    for key in tuple(case.holders):
        case.release(key)


_COUNTS: Final[Mapping[EventType, Callable[[_Case, Happened], None]]] = {
    _E.DISPATCHED: _handed,
    _E.REDISPATCHED: _handed,
    _E.HANDED_OUT: lambda case, event: case.release(event.data.get("part") or _LEAD),
    _E.ACKNOWLEDGED: _answered,
    _E.ACK_MISSED: _noted(Figure.UNANSWERED),
    _E.EXTENSION_GRANTED: _noted(Figure.EXTENDED),
    _E.RETURNED: _noted(Figure.RETURNED),
    _E.RETURN_ACCEPTED: lambda case, event: case.release(event.data.get("part") or _LEAD),
    _E.URGED: _noted(Figure.URGED),
    _E.SUSPENDED: _deferred,
    _E.RED_CARD_ISSUED: _carded,
    _E.APPEALED: _appealed,
    _E.APPEAL_UPHELD: _ruled,
    _E.APPEAL_DISMISSED: _ruled,
    _E.COMPLETED: _done,
    _E.STEP_COMPLETED: _done,
    _E.RELEASED: lambda case, event: case.release(event.data.get("part") or _LEAD),
    _E.REOPENED: _reopened,
    _E.WITHDRAWN: _withdrawn,
}
COUNTED: Final = frozenset(_COUNTS)
"""Events that count. All others change no figure."""
