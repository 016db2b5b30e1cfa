"""A case: its state and how each event changes it.

What may be asked of a case is in ``domain.case_commands``, what falls due by itself in ``domain.case_clock``. A case is
a frozen value; ``apply`` returns the next one. Its whole state is one serialisable value (``domain.plain``).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from domain import case_clock, case_commands, case_events, case_facts
from domain.case_parts import FINISHED, Extension, Pause, RedCard, Urging
from domain.messages import Command, Event, Milestone
from domain.promise import AckClock, Promise, Terms
from domain.vocabulary import AppealStatus, CaseStatus, EventType, ExtensionStatus, Outcome, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One incident. Codes, usernames and instants only; its words are kept beside it in the database.

    version   sequence number of the last event
    round     1, then one more for every redo (A12); lights never go back from red within a round
    yellow, red   the current deadline has turned so
    urgings       of the unit and the round that are current; urgings_made counts all, so that ids never repeat
    frozen_at     the light is shown as of this instant (completed, suspended, in triage, finished); None: it runs
    """

    number: str
    category: str
    source: Source
    received_at: datetime
    terms: Terms
    danger: bool = False
    grid: str | None = None
    reporting_officer: str | None = None
    status: CaseStatus = CaseStatus.AWAITING_DISPATCH
    outcome: Outcome | None = None
    version: int = 0
    round: int = 1
    unit: str | None = None
    handler: str | None = None
    dispatched_at: datetime | None = None
    ack: AckClock | None = None
    acknowledged_at: datetime | None = None
    ack_missed: bool = False
    ack_rungs: int = 0
    ack_next: datetime | None = None
    alarm_rungs: int = 0
    alarm_next: datetime | None = None
    triage_by: datetime | None = None
    promise: Promise | None = None
    reminded: bool = False
    yellow: bool = False
    red: bool = False
    urgings: tuple[Urging, ...] = ()
    urgings_made: int = 0
    extensions: tuple[Extension, ...] = ()
    extensions_used: int = 0
    red_cards: tuple[RedCard, ...] = ()
    return_pending: bool = False
    returned_by: tuple[str, ...] = ()
    resume_at: datetime | None = None
    resume_promise: Promise | None = None
    pauses: tuple[Pause, ...] = ()
    frozen_at: datetime | None = None
    completed_at: datetime | None = None
    completed_by: str | None = None
    verify_by: datetime | None = None
    answer_by: datetime | None = None
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
    def finished(self) -> bool:
        """Closed or withdrawn."""
        return self.status in FINISHED

    @property
    def pending_extension(self) -> Extension | None:
        """The request that waits for a decision."""
        return next((item for item in self.extensions if item.status is ExtensionStatus.PENDING), None)

    @property
    def pending_appeal(self) -> RedCard | None:
        """The oldest red card whose appeal waits for a ruling."""
        return next((card for card in self.red_cards if card.appeal is AppealStatus.PENDING), None)

    @property
    def windows_until(self) -> datetime | None:
        """Until when a red card of this finished case can still be appealed; None: no such window is open."""
        open_cards = [card.appeal_by for card in self.red_cards if card.appeal is None]
        latest = max(open_cards, default=None)
        if latest is None or self.archived or (self.closed_at is not None and latest < self.closed_at):
            return None
        return latest

    @property
    def ended(self) -> bool:
        """Finished, answered, and every appeal and ruling window over: nothing can happen any more."""
        return self.finished and self.pending_appeal is None and self.windows_until is None


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
    opening = case_facts.number(case, [(EventType.RECEIVED, received)], at=case.received_at, actor=by)
    case = case.apply(opening[0])
    facts: list[case_facts.Fact] = []
    if unit is not None and ack is not None:
        facts.append((EventType.DISPATCHED, case_facts.dispatch_data(unit, ack, promise, rule)))
    if case.danger:
        facts.append((EventType.ALARM_RAISED, case_facts.alarm_data(case.terms.danger_ladder, 0)))
    following = case_facts.number(case, facts, at=case.received_at)
    for event in following:
        case = case.apply(event)
    return case, (*opening, *following)
