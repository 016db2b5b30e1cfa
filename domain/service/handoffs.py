"""What is handed to an outside system, and what comes back (B8). Values of one call: in no state, and in no history."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    """What is handed out.

    id         of this hand-off, equal in every repeat
    case       number of the service request; ``step`` the key of its step, ``item`` the code of its item
    unit       code of the unit outside
    outcomes   codes that an answer may have
    form       the filled form, with personal data
    materials  codes of the materials that are there
    """

    id: str
    case: str
    step: str
    item: str
    unit: str
    outcomes: tuple[str, ...] = ()
    form: Mapping[str, Any] = field(default_factory=dict)
    materials: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What the other side decided: one of the step's outcomes, with its words, and when (None: now)."""

    outcome: str
    note: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """The other side has it, under ``reference``.

    answered   it decided at once
    ask_after  how long to wait before it is asked for its answer; None: the answer comes by hand or by file
    """

    reference: str
    answered: Answered | None = None
    ask_after: timedelta | None = None
