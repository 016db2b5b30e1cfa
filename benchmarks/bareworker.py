"""The worker of the bare engine, set up as the product's is: same SDK, sandbox, pollers and cache.

``python -m benchmarks.bareworker ADDRESS NAMESPACE FILE``; ``FILE`` receives a line for each due case that was carried
out: its workflow id and how late its local activity ran, in milliseconds.
"""

import asyncio
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

import uvloop
from temporalio import activity
from temporalio.client import Client
from temporalio.worker import PollerBehaviorAutoscaling, Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from benchmarks.bare import BARE_QUEUE, BareCase, BareDue, nothing
from worker import CACHED_DOSSIERS, GRACE, PURE


class Notes:
    """Writes how late each due case was. The one thing a bare case does: about 10 µs."""

    def __init__(self, file: Path) -> None:
        self._file = file.open("a", encoding="utf-8", buffering=1)

    @activity.defn(name="carried_out")
    async def carried_out(self, workflow_id: str, due: str) -> None:
        """One line for one case."""
        late = datetime.now(UTC) - datetime.fromisoformat(due)
        self._file.write(f"{workflow_id} {late.total_seconds() * 1000:.1f}\n")


def make_worker(client: Client, notes: Notes) -> Worker:
    """A worker set up as the product's is."""
    restrictions = SandboxRestrictions.default.with_passthrough_modules(*PURE, "benchmarks")
    return Worker(
        client,
        task_queue=BARE_QUEUE,
        workflows=[BareCase, BareDue],
        activities=[nothing, notes.carried_out],
        workflow_runner=SandboxedWorkflowRunner(restrictions=restrictions),
        max_cached_workflows=CACHED_DOSSIERS,
        max_concurrent_workflow_tasks=100,
        workflow_task_poller_behavior=PollerBehaviorAutoscaling(),
        graceful_shutdown_timeout=GRACE,
    )


async def serve(address: str, namespace: str, file: Path) -> None:
    """Works until SIGTERM."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    client = await Client.connect(address, namespace=namespace)
    async with make_worker(client, Notes(file)):
        await stop.wait()
    await asyncio.sleep(0.5)  # the engine's client may crash the interpreter when it exits right after closing


if __name__ == "__main__":
    uvloop.run(serve(sys.argv[1], sys.argv[2], Path(sys.argv[3])))
