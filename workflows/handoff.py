"""The hand-off of one outside step by a connector (B8): handed out, asked for its answer, until it is there."""

from temporalio import workflow
from temporalio.exceptions import ActivityError

from domain.messages import HandoffOrder, HandoffState
from workflows import declarations, options
from workflows.deadline import changed_before


@workflow.defn
class HandoffWorkflow:
    """Runs beside the request; what it brings back is a command like any other. Ends when the step is not open."""

    @workflow.run
    async def run(self, order: HandoffOrder, state: HandoffState | None = None) -> None:
        """Until the other side has answered, or there is nothing to ask it for."""
        try:
            await self._until_answered(order, state or await self._hand_out(order))
        except ActivityError:
            workflow.logger.warning("hand-off %s was given up: its answer comes by hand", order.id)

    async def _hand_out(self, order: HandoffOrder) -> HandoffState:
        return await workflow.execute_activity(declarations.hand_out, order, **options.HAND_OUT)

    async def _until_answered(self, order: HandoffOrder, state: HandoffState) -> None:
        while not state.over and state.ask_after is not None and state.reference is not None:
            await changed_before(workflow.now() + state.ask_after, lambda: False)
            state = await workflow.execute_activity(
                declarations.ask_outside, args=[order, state.reference], **options.HAND_OUT
            )
            if workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(args=[order, state])
