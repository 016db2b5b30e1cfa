"""What a case was promised, and the terms it lives under. Shapes only; ``domain.promising`` makes them.

A promise is data, frozen when it is made (E4): instants together with the rule and the versions that produced them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.vocabulary import Audience


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """What was left of a limit when its clock stopped, and is left again when it goes on (E5).

    working  it is working time; else elapsed time
    """

    length: timedelta
    working: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One deadline and the instants that hang on it. All instants are aware UTC.

    start         when the clock began (receipt, dispatch from triage, redo, resumption)
    due_at        the deadline; unfinished at this instant is a red card (A8)
    yellow_at     nearly due (A7); always before ``due_at``
    extension_by  last instant at which the unit may ask for an extension; None: it may not (A6)
    remind_at     when the unit is told that the extension window closes; None: no reminder
    appeal_by     until when a red card of this deadline may be appealed (A17)
    convene_by    until when the interview that it opens is to be convened (A9)
    provisional   the deadline reaches a year whose notice is not out yet (E2)
    rule          the limit in words of the rulebook ("5 working days")
    rest          what of the limit runs from ``start`` on, after a pause; None: all of it
    granted       the deadline is the date of an extension, not an end of the limit (A6)
    """

    start: datetime
    due_at: datetime
    yellow_at: datetime
    extension_by: datetime | None
    remind_at: datetime | None
    appeal_by: datetime
    convene_by: datetime
    provisional: bool
    rule: str
    rulebook_version: str
    calendar_version: str
    rest: Rest | None = None
    granted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AckClock:
    """The clock of one dispatch: day and night, elapsed time (A3)."""

    dispatched_at: datetime
    yellow_at: datetime
    ack_by: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One rung of an alarm ladder: whom to tell, and how long after the rung before."""

    name: str
    after: timedelta
    tell: tuple[Audience, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """Rungs in order; past the last one it is told again every ``repeat``."""

    rungs: tuple[Rung, ...]
    repeat: timedelta

    def rung(self, index: int) -> Rung:
        """The rung with this index (0-based); past the end the last one, at the repeating interval."""
        if index < len(self.rungs):
            return self.rungs[index]
        last = self.rungs[-1]
        return Rung(name=last.name, after=self.repeat, tell=last.tell)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The numbers of the rulebook that a case lives under, frozen at its opening (E4).

    points             deducted for a red card (positive number of points)
    extensions         how many extensions the supervision centre may grant
    higher_extensions  how many more the higher approver may grant
    return_within      how long after dispatch a unit may say "not ours" (A15)
    urge_within        how long an urging may stay unanswered (A4)
    triage_within      how long a case may lie in triage (A2)
    ack_ladder         whom to tell after a missed acknowledgement (A3)
    danger_ladder      whom to alarm for danger to life until somebody takes it (A11)
    """

    points: int
    extensions: int
    higher_extensions: int
    return_within: timedelta
    urge_within: timedelta
    triage_within: timedelta
    ack_ladder: Ladder
    danger_ladder: Ladder
