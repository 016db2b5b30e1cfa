"""The life of a dispatched incident (A1-A17), from receipt to the end of its last window."""

from typing import Any

from temporalio import workflow
from temporalio.common import SearchAttributeUpdate

from domain.case import Case
from domain.messages import Opening
from domain.vocabulary import Light
from workflows import options
from workflows.carded import CardedWorkflow


@workflow.defn
class IncidentWorkflow(CardedWorkflow[Case]):
    """Acknowledged, extended or not, yellow, red, completed, verified, answered, closed."""

    shape = Case

    @workflow.init
    def __init__(self, opening: Opening) -> None:
        super().__init__(opening)

    @workflow.run
    async def run(self, opening: Opening) -> None:
        """Until the case is closed and its answer, appeal and ruling windows are over."""
        await self.live()

    def attributes(self, dossier: Case) -> tuple[SearchAttributeUpdate[Any], ...]:
        """Unit, light and due instant, as of the last event."""
        due = dossier.promise.due_at if dossier.promise else None
        return (
            options.UNIT.value_set(dossier.unit) if dossier.unit else options.UNIT.value_unset(),
            options.LIGHT.value_set(_light(dossier).value),
            options.DUE.value_set(due) if due else options.DUE.value_unset(),
        )

    def details(self, dossier: Case) -> str:
        """Status, light, unit, due instant, round."""
        due = dossier.promise.due_at.isoformat() if dossier.promise else "no deadline yet"
        return (
            f"**{dossier.status.value}** · {_light(dossier).value} · unit `{dossier.unit}` · due {due} · "
            f"round {dossier.round} · {len(dossier.red_cards)} red cards · event {dossier.version}"
        )


def _light(case: Case) -> Light:
    if case.red:
        return Light.RED
    return Light.YELLOW if case.yellow else Light.GREEN
