"""A case: its state and how each event changes it.

What may be asked of a case is in ``domain.case_commands``, what falls due by itself in ``domain.case_clock``, and what
it shares with everything that a unit holds in ``domain.holding``. A case is a frozen value; ``apply`` returns the next
one. Its whole state is one serialisable value (``domain.plain``).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from domain import case_clock, case_commands, case_events, facts
from domain.holding import cards
from domain.holding.state import Holding, Part
from domain.holding.values import RedCard
from domain.messages import Command, Event, Milestone
from domain.promise import AckClock, Promise, Terms
from domain.vocabulary import EventType, Outcome, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Case(Holding):
    """One incident: the holding of its lead unit, with its parts, and what only the whole has.

    version   sequence number of the last event
    parts     of the units that assist the lead (A18)
    joined    further reports of the same matter, by the numbers of their events (A19)
    answered  reports whose reporter has said in this round that it is solved
    """

    number: str
    category: str
    source: Source
    received_at: datetime
    terms: Terms
    danger: bool = False
    grid: str | None = None
    reporting_officer: str | None = None
    outcome: Outcome | None = None
    version: int = 0
    alarm_rungs: int = 0
    alarm_next: datetime | None = None
    parts: tuple[Part, ...] = ()
    red_cards: tuple[RedCard, ...] = ()
    verify_by: datetime | None = None
    answer_by: datetime | None = None
    joined: tuple[int, ...] = ()
    answered: tuple[int, ...] = ()
    closed_at: datetime | None = None
    archived: bool = False

    def apply(self, event: Event) -> Self:
        """The case after ``event``, which must carry the next sequence number."""
        return case_events.apply(self, event)

    def decide(self, command: Command) -> tuple[Event, ...]:
        """What ``command`` makes happen. Raises Refused(…) and changes nothing when the rules say no."""
        return case_commands.decide(self, command)

    def next_milestone(self) -> Milestone | None:
        """What falls due next if nobody does anything; None: nothing does."""
        return case_clock.next_milestone(self)

    def reach(self, milestone: Milestone) -> tuple[Event, ...]:
        """What happens when ``milestone`` falls due, dated with that instant."""
        return case_clock.reach(self, milestone)

    @property
    def lead(self) -> Holding:
        """The holding of the lead unit: the case itself."""
        return self

    @property
    def pending_appeal(self) -> RedCard | None:
        """The oldest red card whose appeal waits for a ruling."""
        return cards.pending_appeal(self)

    @property
    def windows_until(self) -> datetime | None:
        """Until when a red card of this finished case can still be appealed; None: no such window is open."""
        return cards.windows_until(self)

    @property
    def ended(self) -> bool:
        """Finished, answered, and every appeal and ruling window over: nothing can happen any more."""
        return self.finished and cards.settled(self)


def open_case(
    case: Case,
    *,
    by: str | None,
    unit: str | None,
    rule: str | None,
    ack: AckClock | None,
    promise: Promise | None,
) -> tuple[Case, tuple[Event, ...]]:
    """The opening of a case at its receipt (A1, A2, A11): received, then dispatched by rule or left to triage.

    ``case`` is the bare case. ``unit`` None means that no rule matches: the triage clock runs. Danger raises the alarm
    at once. Only the receipt names who acted: the unit reads the rest, and never learns from it who reported.
    Returns the case after its first events, and these events.
    """
    received = {"category": case.category, "grid": case.grid, "source": case.source.value, "danger": case.danger}
    opening = facts.number(case, [(EventType.RECEIVED, received)], at=case.received_at, actor=by)
    case = case.apply(opening[0])
    following: list[facts.Fact] = []
    if unit is not None and ack is not None:
        following.append((EventType.DISPATCHED, facts.dispatch_data(unit, ack, promise, rule)))
    if case.danger:
        following.append((EventType.ALARM_RAISED, facts.alarm_data(case.terms.danger_ladder, 0)))
    later = facts.number(case, following, at=case.received_at)
    for event in later:
        case = case.apply(event)
    return case, (*opening, *later)
