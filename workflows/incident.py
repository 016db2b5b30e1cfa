"""The life of a dispatched incident (A1-A17), from receipt to the end of its last window."""

from typing import Any

from temporalio import workflow
from temporalio.common import Priority, SearchAttributeUpdate
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError

from domain.case import Case
from domain.interview import plain_interview
from domain.messages import Event, Opening
from domain.vocabulary import DossierKind, EventType, Light
from workflows import options
from workflows.dossier import DossierWorkflow
from workflows.interview import InterviewWorkflow


@workflow.defn
class IncidentWorkflow(DossierWorkflow[Case]):
    """Acknowledged, extended or not, yellow, red, completed, verified, answered, closed."""

    shape = Case

    @workflow.init
    def __init__(self, opening: Opening) -> None:
        super().__init__(opening)

    @workflow.run
    async def run(self, opening: Opening) -> None:
        """Until the case is closed and its answer, appeal and ruling windows are over."""
        await self.live()

    async def carry_out(self, event: Event) -> None:
        """A red card's interview file runs on its own; an upheld appeal withdraws it (A9, A17)."""
        if event.type is EventType.INTERVIEW_OPENED:
            await self._open_interview(event)
        elif event.type is EventType.APPEAL_UPHELD:
            await self._withdraw_interview(event)

    async def _open_interview(self, event: Event) -> None:
        state, _ = plain_interview(event)
        interview = event.data["interview"]
        try:
            await workflow.start_child_workflow(
                InterviewWorkflow.run,
                Opening(dossier=interview, kind=DossierKind.INTERVIEW, state=state),
                id=interview,
                parent_close_policy=workflow.ParentClosePolicy.ABANDON,
                static_summary=f"interview · {event.data['unit']}",
                priority=Priority(priority_key=4),
            )
        except WorkflowAlreadyStartedError:
            workflow.logger.info("interview file %s runs already", interview)

    async def _withdraw_interview(self, event: Event) -> None:
        card = next(card for card in self.ledger.confirmed.red_cards if card.id == event.data["card"])
        interview = workflow.get_external_workflow_handle(card.interview)
        try:
            await interview.signal(options.WITHDRAW_INTERVIEW, event)
        except ApplicationError:
            workflow.logger.info("interview file %s has ended before its card was reversed", card.interview)

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
