"""The bare engine: the least that workflows must do for the same promise. No rules, no database, no text.

Replayed code only; the worker that runs it is ``benchmarks.bareworker``.
"""

from datetime import datetime, timedelta

from temporalio import activity, workflow

BARE_QUEUE = "benchmark-bare"
LONG = timedelta(days=30)

_LOCAL = timedelta(seconds=5)


@activity.defn
async def nothing() -> None:
    """A local activity that does nothing."""


@activity.defn
async def carried_out(workflow_id: str, due: str) -> None:
    """Notes how late it was. Implemented by ``bareworker.Notes``."""
    raise AssertionError(f"{workflow_id} {due}")


@workflow.defn
class BareCase:
    """Start → timer. Answers one update with one local activity."""

    @workflow.run
    async def run(self) -> None:
        """Waits on one durable timer."""
        await workflow.sleep(LONG)

    @workflow.update
    async def command(self) -> None:
        """A local activity that does nothing."""
        await workflow.execute_local_activity(nothing, start_to_close_timeout=_LOCAL)


@workflow.defn
class BareDue:
    """Timer → local activity → child start; then waits, as a case does."""

    @workflow.run
    async def run(self, due: str) -> None:
        """Carried out at ``due`` (RFC 3339)."""
        own = workflow.info().workflow_id
        await workflow.sleep(datetime.fromisoformat(due) - workflow.now())
        await workflow.execute_local_activity(carried_out, args=[own, due], start_to_close_timeout=_LOCAL)
        await workflow.start_child_workflow(
            BareCase.run, id=f"{own}-I", parent_close_policy=workflow.ParentClosePolicy.ABANDON
        )
        await workflow.wait_condition(lambda: False)
