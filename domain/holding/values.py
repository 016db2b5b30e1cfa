"""What gathers in a holding: extensions, urgings, pauses; and the red cards of its dossier. Values only."""

from dataclasses import dataclass
from datetime import datetime

from domain.promise import Promise, Rest
from domain.vocabulary import AppealStatus, CaseStatus, ExtensionStatus

FINISHED = frozenset({CaseStatus.CLOSED, CaseStatus.WITHDRAWN})
"""What is finished never moves again; only the windows of its cards (appeal, ruling) may still be open."""

RUNNING = frozenset({CaseStatus.DISPATCHED, CaseStatus.IN_PROGRESS})
"""In these states only a unit works on it, and the deadline runs against the unit."""

CLOCK_KEPT = RUNNING | {CaseStatus.SUSPENDED, CaseStatus.AWAITING_DISPATCH}
"""There is a deadline that runs, or stands and will go on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """A request for more time (A6). ``until`` becomes the deadline when granted; ``promise`` is what it would be."""

    id: str
    requested_at: datetime
    until: datetime
    command: str
    higher: bool
    promise: Promise
    status: ExtensionStatus = ExtensionStatus.PENDING
    decided_at: datetime | None = None
    decision: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RedCard:
    """Evidence of one missed deadline (A8). It stays; an upheld appeal only marks it reversed (A17).

    part   whose deadline it was; None: that of the lead
    """

    id: str
    unit: str
    handler: str | None
    at: datetime
    due_at: datetime
    points: int
    interview: str
    appeal_by: datetime
    appeal: AppealStatus | None = None
    part: str | None = None

    @property
    def reversed(self) -> bool:
        """An appeal against it was upheld."""
        return self.appeal is AppealStatus.UPHELD


@dataclass(frozen=True, slots=True, kw_only=True)
class Urging:
    """A reminder by the centre that wants an answer within its own clock (A4)."""

    id: str
    answer_by: datetime
    answered: bool = False
    missed: bool = False

    @property
    def open(self) -> bool:
        """Neither answered nor already told to the leader."""
        return not self.answered and not self.missed


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A line of the pause ledger (A16, E5): the clock stood from ``since`` to ``until``, and the deadline moved.

    left  what was left at ``since`` and is left again at ``until``; None: lines that were written before it was noted,
          and clocks that began anew
    """

    since: datetime
    until: datetime
    due_before: datetime
    due_after: datetime
    left: Rest | None = None
