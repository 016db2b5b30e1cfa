"""What comes with the commands of interview files and accountability files (A9, A10)."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, TypeAdapter

from api.fields import Code, Contract, Label, Moment, Name, Note, Story, Words, fault
from api.schemas.queries import Cursor, Limit
from domain.vocabulary import AccountabilityStatus, Consequence, DecisionFor, InterviewStatus, TalkKind

_MOMENT: TypeAdapter[datetime] = TypeAdapter(Moment)


class ConvocationIn(Contract):
    """When and where the leader is to come."""

    at: Moment
    place: Label


class WaiverIn(Contract):
    """Why there will be no interview."""

    reason: Words


class MinutesIn(Contract):
    """The minutes of one talk."""

    kind: TalkKind
    person: Name
    text: Story


def _day(value: Any) -> Any:
    """A day stays a day; anything else has to be an instant."""
    if isinstance(value, str) and len(value) == len("2026-01-31"):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            raise fault("instant_malformed") from None
        _MOMENT.validate_python(f"{day}T00:00:00Z")  # within the same bounds
        return day
    return _MOMENT.validate_python(value)


class RectificationIn(Contract):
    """What is to be put right, and by when: an instant, or a day, which ends with its office hours."""

    measures: Story
    due_on: Annotated[date | datetime, BeforeValidator(_day)]


class CheckIn(Contract):
    """Whether it was put right."""

    passed: bool
    note: Note


class AccountabilityIn(Contract):
    """Which grave consequence."""

    consequence: Consequence
    note: Note


class FindingsIn(Contract):
    """What was found."""

    note: Story


class AccountabilityDecisionIn(Contract):
    """For whom which measure."""

    decided_for: Annotated[DecisionFor, Field(alias="for")]
    measure: Words
    note: Note


class ClosureIn(Contract):
    """The end of the file."""

    note: Note = ""


class InterviewsQuery(Contract):
    """Which interview files."""

    status: InterviewStatus | None = None
    unit: Code | None = None
    cursor: Cursor | None = None
    limit: Limit | None = None


class AccountabilityQuery(Contract):
    """Which accountability files."""

    status: AccountabilityStatus | None = None
    unit: Code | None = None
    case: Code | None = None
    cursor: Cursor | None = None
    limit: Limit | None = None
