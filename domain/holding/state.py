"""A holding: what ONE unit holds and answers for, with all the clocks that run against it (A3-A8, A15, A16).

An incident's lead unit, each unit that assists it (A18) and each step of a service request (B3) are holdings, and one
set of rules moves them all: ``domain.holding.clock`` (what falls due), ``domain.holding.commands`` (what may be asked)
and ``domain.holding.events`` (how an event changes one). None of them knows what it is a holding of.

How a dossier is composed of holdings:
- It has what ``cards.Carded`` names: ``number, version, terms, red_cards, closed_at, archived``, its ``parts``, and
  ``lead``, the holding that it is itself (a ``Case`` is that of its lead unit; None where there are parts only).
- An event whose ``data["part"]`` is a key happened to that part; the first event of a key that nobody holds open opens
  a part. Events without it are the dossier's own. So with milestones (``Milestone.part``) and commands; a command that
  names no part goes to the holding of the actor's unit, one of the centre to the lead.
- Its four functions are one call each into ``parts``, with the table of what is the dossier's own:
      apply           replace(self, version=event.seq, **parts.changes(self, event, OWN_CHANGES))
      next_milestone  parts.next_milestone(self, own_pending(self))
      reach           parts.reach(self, milestone, OWN_REACH)
      decide          number(self, parts.decide(self, command, OF_LEAD), …) for ``commands.ALLOWED``,
                      an own table for the rest (``parts.pause_or_go_on`` and ``parts.release`` serve all parts at once)
- Running numbers (cards, extensions, urgings) count over the whole dossier, and its cards lie on it.
``domain.case_*`` is the example with a lead, ``tests/unit/test_parts.py`` holds one without.
"""

from dataclasses import dataclass
from datetime import datetime

from domain.holding.outside import Outside
from domain.holding.values import FINISHED, Extension, Pause, Urging
from domain.promise import AckClock, Promise
from domain.vocabulary import CaseStatus, ExtensionStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What one unit holds. Codes, usernames and instants only.

    round     1, then one more for every new deadline after a redo or a red card; lights never go back within a round
    yellow, red   the current deadline has turned so
    urgings       of the unit and the round that are current; urgings_made counts all, so that ids never repeat
    resume_promise, resume_ack   the clocks with which a pause will end by itself; no resume_ack: so much elapsed time
                  later as it stood
    frozen_at     the light is shown as of this instant (completed, suspended, in triage, finished); None: it runs
    """

    status: CaseStatus = CaseStatus.AWAITING_DISPATCH
    round: int = 1
    unit: str | None = None
    handler: str | None = None
    dispatched_at: datetime | None = None
    ack: AckClock | None = None
    acknowledged_at: datetime | None = None
    ack_missed: bool = False
    ack_rungs: int = 0
    ack_next: datetime | None = None
    triage_by: datetime | None = None
    promise: Promise | None = None
    reminded: bool = False
    yellow: bool = False
    red: bool = False
    urgings: tuple[Urging, ...] = ()
    urgings_made: int = 0
    extensions: tuple[Extension, ...] = ()
    extensions_used: int = 0
    return_pending: bool = False
    returned_by: tuple[str, ...] = ()
    resume_at: datetime | None = None
    resume_promise: Promise | None = None
    resume_ack: AckClock | None = None
    pauses: tuple[Pause, ...] = ()
    frozen_at: datetime | None = None
    completed_at: datetime | None = None
    completed_by: str | None = None

    @property
    def finished(self) -> bool:
        """Closed or withdrawn: nothing falls due to it any more."""
        return self.status in FINISHED

    @property
    def pending_extension(self) -> Extension | None:
        """The request that waits for a decision."""
        return next((item for item in self.extensions if item.status is ExtensionStatus.PENDING), None)

    @property
    def mark(self) -> dict[str, str | None]:
        """What its events and milestones carry, so that they find back to it. A dossier's own carry nothing."""
        return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part(Holding):
    """A holding inside a dossier: of an assisting unit (A18), or of a step that was handed over (B3).

    key      names it within the dossier; a part that is opened again has the same key and a higher round
    status   closed when its unit has completed it, withdrawn when it was released before; awaiting_answer while it is
             outside, so that nothing of a holder is asked of it
    outside  of a step that is beyond our reach; None: a unit of ours holds it
    outcome  how the step ended
    """

    key: str
    outside: Outside | None = None
    outcome: str | None = None

    @property
    def mark(self) -> dict[str, str | None]:
        """Its key, and the unit that holds it: the readers of its events need not look the part up."""
        return {"part": self.key, "unit": self.unit}
