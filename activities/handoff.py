"""Handing outside steps out by connectors, and bringing their answers back (B8)."""

from collections.abc import Mapping

from temporalio import activity

from activities.connectors import Answered, Connector, Delivery, Handoff
from domain.errors import Refused
from domain.messages import HandoffOrder, HandoffState

_OVER = HandoffState(over=True)
_FOR_GOOD = frozenset({"step_already_completed", "step_not_open", "handoff_confirmed"})
"""Somebody was faster: there is nothing left to bring back. Any other refusal may pass, and is tried again."""


class Handoffs:
    """What hand-offs do in the world. ``connectors``: by the name that a step of the catalogue gives."""

    def __init__(self, delivery: Delivery, connectors: Mapping[str, Connector]) -> None:
        self._delivery = delivery
        self._connectors = connectors

    @activity.defn(name="hand_out")
    async def hand_out(self, order: HandoffOrder) -> HandoffState:
        """Handed out, confirmed, and answered if the other side decided at once."""
        handoff = await self._delivery.handoff(order.case, order.step, order.id)
        if handoff is None:
            return _OVER
        submitted = await self._connector(order).submit(handoff)
        await self._confirm(handoff, submitted.reference)
        if submitted.answered is not None:
            return await self._deliver(handoff, submitted.answered)
        return HandoffState(reference=submitted.reference, ask_after=submitted.ask_after)

    @activity.defn(name="ask_outside")
    async def ask_outside(self, order: HandoffOrder, reference: str) -> HandoffState:
        """The other side's answer delivered, or when to ask again."""
        handoff = await self._delivery.handoff(order.case, order.step, order.id)
        if handoff is None:
            return _OVER
        found = await self._connector(order).ask(reference)
        if isinstance(found, Answered):
            return await self._deliver(handoff, found)
        return HandoffState(reference=reference, ask_after=found)

    async def _confirm(self, handoff: Handoff, reference: str) -> None:
        try:
            await self._delivery.confirm(handoff, reference)
        except Refused as refused:
            if refused.code not in _FOR_GOOD:
                raise

    async def _deliver(self, handoff: Handoff, answered: Answered) -> HandoffState:
        try:
            await self._delivery.answer(handoff, answered)
        except Refused as refused:
            if refused.code not in _FOR_GOOD:
                raise
        return _OVER

    def _connector(self, order: HandoffOrder) -> Connector:
        """Raises LookupError for a connector that nobody has configured: tried again until somebody does."""
        found = self._connectors.get(order.connector)
        if found is None:
            raise LookupError(f"no connector is called {order.connector}")
        return found
