"""What a connector to an outside system is, and what it is given (B8). Shapes only; an example is ``loopback``.

A connector hands one outside step out and, where the other side can be asked, asks for its answer. All of it is done at
least once: the other side is to recognise a ``Handoff.id`` that it has seen. Form data is read from the database when
it is handed out, and is never in a history.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol


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


class Connector(Protocol):
    """A way to one outside system. What it raises is tried again, later and later, for days."""

    async def submit(self, handoff: Handoff) -> Submitted:
        """Hand it out; harmless when repeated."""
        ...

    async def ask(self, reference: str) -> Answered | timedelta:
        """The answer, or how long to wait before asking again."""
        ...


class Delivery(Protocol):
    """The way back into the product, given to the activities by the worker.

    Commands are the system's, without an actor, under ids that are made of the hand-off's: a repeat changes nothing.
    Raises Refused when the rules say no, and whatever else means "not now": it is tried again.
    """

    async def handoff(self, case: str, step: str, id: str) -> Handoff | None:
        """What is to be handed out; None when the step is not open (any more)."""
        ...

    async def confirm(self, handoff: Handoff, reference: str) -> None:
        """``confirm_handoff``: the other side has it, under ``reference`` (kept as the command's text)."""
        ...

    async def answer(self, handoff: Handoff, answered: Answered) -> None:
        """``complete_step`` with the outcome; the note is kept as the command's text."""
        ...
