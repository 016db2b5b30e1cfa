"""What a connector to an outside system is (B8): ``domain.service.handoffs`` is what it gets, ``loopback`` an example.

A connector hands one outside step out and, where the other side can be asked, asks for its answer. All of it is done at
least once: the other side is to recognise a ``Handoff.id`` that it has seen. Form data is read from the database when
it is handed out, and is never in a history.
"""

from datetime import timedelta
from typing import Protocol

from domain.service.handoffs import Answered, Handoff, Submitted


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


__all__ = ["Answered", "Connector", "Delivery", "Handoff", "Submitted"]
