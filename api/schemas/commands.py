"""What comes with each command of a case. Texts are kept beside; codes and instants go to the workflow."""

from typing import Annotated, Final

from pydantic import Field, ValidationInfo, field_validator

from api.fields import Code, Contract, Moment, Note, Words, fault
from domain.reports import FIRST

MOST_ASSISTING: Final = 20

Score = Annotated[int, Field(ge=1, le=5)]


class OfPart(Contract):
    """What may be said of one part of a case. ``step`` names it; without it, it is the part of the own unit (A18)."""

    step: Code | None = None


class Nothing(Contract):
    """No fields."""


class DispatchIn(OfPart):
    """To which unit (A2), and which units assist it (A18)."""

    unit: Code
    assisting: Annotated[tuple[Code, ...], Field(max_length=MOST_ASSISTING)] = ()
    note: Note = ""

    @field_validator("assisting")
    @classmethod
    def _only_the_lead_is_assisted(cls, units: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if units and info.data.get("step") is not None:
            raise fault("part_not_assisted")
        return units


class AssistanceIn(Contract):
    """Which unit assists the lead from now on (A18)."""

    unit: Code
    note: Note = ""


class AcknowledgementIn(OfPart):
    """Who does the work, and how (A3)."""

    handler: Code
    plan: Words


class ProgressIn(OfPart):
    """What was done. ``answers``: the urging that this answers (A4)."""

    note: Note
    answers: Code | None = None


class NoteIn(Contract):
    """A note, which may be empty."""

    note: Note


class UrgingIn(OfPart):
    """A note, which may be empty (A4)."""

    note: Note


class ReasonIn(Contract):
    """A reason."""

    reason: Words


class ReturnIn(OfPart):
    """Why it is not ours (A15)."""

    reason: Words


class ReturnRulingIn(OfPart):
    """Whether "not ours" is accepted, and to which unit it goes then; without one, to triage (A15)."""

    accept: bool
    unit: Code | None = None
    note: Note


class ExtensionIn(OfPart):
    """Until when, and why (A6)."""

    until: Moment
    reason: Words


class DecisionIn(Contract):
    """The centre's decision on an extension."""

    grant: bool
    note: Note


class SuspensionIn(Contract):
    """Why, and when the clock goes on by itself (A16)."""

    reason: Words
    resume_at: Moment


class CompletionIn(OfPart):
    """What was done. Whether it says anything is ``domain.answers`` (A12)."""

    result: str


class VerificationIn(Contract):
    """What somebody other than the solver found (A12)."""

    solved: bool
    note: Note


class AnswerIn(Contract):
    """What a reporter said when asked by telephone (A12). ``report``: of several reports, whose it was (A19)."""

    solved: bool
    report: Annotated[int, Field(ge=1, le=1_000_000)] = FIRST
    note: Note
    score: Score | None = None


class AppealIn(Contract):
    """Against which red card (default: the unit's latest), and why (A17)."""

    reason: Words
    card: Code | None = None


class AppealRulingIn(Contract):
    """The centre's ruling on the appeal against this red card (default: the one that has waited longest)."""

    uphold: bool
    note: Note
    card: Code | None = None
