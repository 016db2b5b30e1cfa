"""What comes with each command of a case. Texts are kept beside; codes and instants go to the workflow."""

from typing import Annotated

from pydantic import Field

from api.fields import Code, Contract, Moment, Note, Words

Score = Annotated[int, Field(ge=1, le=5)]


class Nothing(Contract):
    """No fields."""


class DispatchIn(Contract):
    """To which unit (A2)."""

    unit: Code
    note: Note = ""


class AcknowledgementIn(Contract):
    """Who does the work, and how (A3)."""

    handler: Code
    plan: Words


class ProgressIn(Contract):
    """What was done. ``answers``: the urging that this answers (A4)."""

    note: Note
    answers: Code | None = None


class NoteIn(Contract):
    """A note, which may be empty."""

    note: Note


class ReasonIn(Contract):
    """A reason."""

    reason: Words


class ReturnRulingIn(Contract):
    """Whether "not ours" is accepted, and to which unit it goes then; without one, to triage (A15)."""

    accept: bool
    unit: Code | None = None
    note: Note


class ExtensionIn(Contract):
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


class CompletionIn(Contract):
    """What was done. Whether it says anything is ``domain.answers`` (A12)."""

    result: str


class VerificationIn(Contract):
    """What somebody other than the solver found (A12)."""

    solved: bool
    note: Note


class AnswerIn(Contract):
    """What the reporter said when asked by telephone (A12)."""

    solved: bool
    note: Note
    score: Score | None = None


class AppealIn(Contract):
    """Against which red card (default: the unit's latest), and why (A17)."""

    reason: Words
    card: Code | None = None


class AppealRulingIn(Contract):
    """The centre's ruling on an appeal."""

    uphold: bool
    note: Note
