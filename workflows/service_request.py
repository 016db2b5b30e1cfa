"""The life of a service request (B1-B11), from receipt to the end of its last window."""

from datetime import datetime
from typing import Any

from temporalio import workflow
from temporalio.common import SearchAttributeUpdate

from domain.messages import Event, HandoffOrder, Opening
from domain.service.request import ServiceRequest
from domain.vocabulary import EventType, Light
from workflows import options
from workflows.carded import CardedWorkflow
from workflows.handoff import HandoffWorkflow


@workflow.defn
class ServiceRequestWorkflow(CardedWorkflow[ServiceRequest]):
    """Accepted, its materials complete or asked for, step after step and side by side, decided, answered, closed."""

    shape = ServiceRequest

    @workflow.init
    def __init__(self, opening: Opening) -> None:
        super().__init__(opening)

    @workflow.run
    async def run(self, opening: Opening) -> None:
        """Until the request is closed and its answer, appeal and ruling windows are over."""
        await self._hand_out_first()
        await self.live()

    async def _hand_out_first(self) -> None:
        """What was handed out before this workflow began: when the request was opened, or before the engine lost it."""
        for part in self.ledger.confirmed.open_parts:
            if part.outside is not None and part.outside.connector is not None:
                await self._hand_out(part.outside.handoff, part.key, part.outside.connector)

    async def carry_out(self, event: Event) -> None:
        """Beside what a card brings about: a step that goes out by a connector is handed out (B8)."""
        await super().carry_out(event)
        if event.type is EventType.HANDED_OUT and event.data["connector"] is not None:
            await self._hand_out(event.data["handoff"], event.data["part"], event.data["connector"])

    async def _hand_out(self, handoff: str, step: str, connector: str) -> None:
        order = HandoffOrder(id=handoff, case=self.opening.dossier, step=step, connector=connector)
        await self.start_beside(HandoffWorkflow.run, order, id=handoff, summary=f"hand-off · {connector}")

    def attributes(self, dossier: ServiceRequest) -> tuple[SearchAttributeUpdate[Any], ...]:
        """Unit and due instant of the step that falls due first; the worst light of the whole and of all steps."""
        due, unit = _first_due(dossier)
        return (
            options.UNIT.value_set(unit) if unit else options.UNIT.value_unset(),
            options.LIGHT.value_set(_light(dossier).value),
            options.DUE.value_set(due) if due else options.DUE.value_unset(),
        )

    def details(self, dossier: ServiceRequest) -> str:
        """Status, light, the steps that are open with their units, due instant, round."""
        due, _ = _first_due(dossier)
        steps = ", ".join(f"`{part.key}` at `{part.unit}`" for part in dossier.open_parts) or "none"
        return (
            f"**{dossier.status.value}** · {_light(dossier).value} · open steps: {steps} · "
            f"due {due.isoformat() if due else 'not'} · round {dossier.round} · {len(dossier.red_cards)} red cards · "
            f"event {dossier.version}"
        )


def _first_due(request: ServiceRequest) -> tuple[datetime | None, str | None]:
    running = [(part.promise.due_at, part.unit) for part in request.open_parts if part.promise is not None]
    whole = request.promise.due_at if request.promise is not None else None
    return min(running, key=lambda found: found[0], default=(whole, None))


def _light(request: ServiceRequest) -> Light:
    """The worst of the whole and of the steps that are open."""
    if request.red or any(part.red for part in request.open_parts):
        return Light.RED
    yellow = request.yellow or any(part.yellow for part in request.open_parts)
    return Light.YELLOW if yellow else Light.GREEN
