"""What crosses Temporal: ids, codes and instants. Never a name, a phone, an address or free text about a person.

Text that belongs to a command is committed beside it, in the database, under the command's id.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from domain.vocabulary import CommandKind, DossierKind, EventType, MilestoneKind, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened to a dossier.

    seq      1, 2, 3 … without gaps within the dossier
    at       for a milestone the instant it fell due, else the command's stamp
    actor    username, or None when the clock did it
    command  id of the command that caused it, under which its text is kept
    data     codes and instants; ``part`` names the part of the dossier that it happened to, if it was one
    """

    seq: int
    type: EventType
    at: datetime
    actor: str | None = None
    command: str | None = None
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What a person asks of a dossier, stamped when it came in. ``id`` is also the update's id.

    ``unit`` and ``roles`` are the actor's at that moment; ``data`` carries codes and what the calendar and the
    rulebook say about it, resolved beforehand. ``seen`` is the version of the dossier on record at that moment: a
    history that is behind it has lost what stands, and catches up before it judges.
    """

    id: str
    kind: CommandKind
    at: datetime
    actor: str | None
    unit: str | None
    roles: tuple[Role, ...] = ()
    data: dict[str, Any] = field(default_factory=dict)
    seen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """Something that falls due by itself at ``at``, in the dossier or, if ``part`` names one, in that part of it."""

    kind: MilestoneKind
    at: datetime
    part: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a dossier's workflow starts with: its plain state, as the database holds it at that moment."""

    dossier: str
    kind: DossierKind
    state: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A batch for the recorder: ``events`` follow on one another; ``state`` is the dossier after the last of them.

    A batch without events asks what stands after ``state``.
    """

    dossier: str
    kind: DossierKind
    events: tuple[Event, ...]
    state: dict[str, Any]
    ended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What stands in the database from the first sequence of the batch on, when it is not the batch (else empty)."""

    standing: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebasing:
    """How far the carrying of a calendar into the running cases has come (E2).

    after    the last case that was visited in this round; empty: none yet
    visited  how many were looked at, in all rounds; ``moved``: how many were counted again
    left     cases of this round that gave no answer; another ``round`` comes back for them
    """

    calendar_version: str
    after: str = ""
    visited: int = 0
    moved: int = 0
    left: int = 0
    round: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Visited:
    """One page of cases that were visited: the last of them (None: there are no more), and what became of them."""

    last: str | None
    visited: int = 0
    moved: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffOrder:
    """What hands one outside step out (B8): ``id`` is that of the hand-off, ``connector`` names the way."""

    id: str
    case: str
    step: str
    connector: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffState:
    """How far a hand-off is: the other side's ``reference``, and when it is to be asked.

    ask_after  None: it is not asked, the answer comes by another way
    over       answered, or the step is not open any more
    """

    reference: str | None = None
    ask_after: timedelta | None = None
    over: bool = False
