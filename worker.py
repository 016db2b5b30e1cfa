"""Composition root of the worker: what the workflows run on, and who starts what was not started.

Started by ``launch worker``; stops gracefully on SIGTERM (none of its cases then waits for another worker).
"""

import asyncio
import gc
import signal
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from temporalio.client import Client
from temporalio.converter import StorageDriverStoreContext
from temporalio.worker import PollerBehaviorAutoscaling, Worker, WorkflowInstance, WorkflowInstanceDetails
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from activities.handoff import Handoffs
from activities.loopback import NAME as LOOPBACK
from activities.loopback import Loopback
from activities.rebase import Put, Rebaser, Unanswered
from activities.record import Recorder
from api.auth import now
from api.delivery import ConnectorDelivery
from api.desk import Desk, EngineAway, OutcomeUnknown, connect, register_searched
from api.in_force import InForce, Rules
from api.rebase import Rebase
from api.relay import Relay
from db.engine import Database
from domain.messages import Command
from rulebook.load import open_rulebook
from settings import Settings
from workflows.accountability import AccountabilityWorkflow
from workflows.handoff import HandoffWorkflow
from workflows.incident import IncidentWorkflow
from workflows.interview import InterviewWorkflow
from workflows.options import TASK_QUEUE
from workflows.rebase import RebaseWorkflow
from workflows.service_request import ServiceRequestWorkflow

WORKFLOWS = (IncidentWorkflow, ServiceRequestWorkflow, InterviewWorkflow, AccountabilityWorkflow, HandoffWorkflow,
             RebaseWorkflow)  # fmt: skip

PURE = ("domain", "workflows", "pydantic", "pydantic_core")
"""Passed through the sandbox: without state, and a third of a cached case's memory."""

CACHED_DOSSIERS = 500
"""Python's collector walks every cached workflow: at 2,000 it stopped the worker for 0.75 s. A replay costs 4 ms."""

COLLECT = (5_000, 10, 30)
"""Thresholds of the collector: whole-heap collections are rare, and what was imported at the start is left out."""

CALENDAR_S = 3.0
"""Every process reads of a new calendar within a second."""

GRACE = timedelta(seconds=10)

_NO_STORE = StorageDriverStoreContext()


class _WithoutContexts(WorkflowInstance):
    """A workflow that is not asked for the context of each payload.

    The SDK asks six times a payload, each time entering the sandbox: a fifth of the worker's time. The answer is for
    converters and stores that depend on it; ours (``workflows.converter``) does not.
    """

    def __init__(self, inner: WorkflowInstance) -> None:
        self._inner = inner

    def activate(self, act: Any) -> Any:
        return self._inner.activate(act)

    def get_info(self) -> Any:
        return self._inner.get_info()

    def get_thread_id(self) -> int | None:
        return self._inner.get_thread_id()

    def get_serialization_context(self, command_info: Any) -> None:
        return None

    def get_external_store_context(self, command_info: Any) -> StorageDriverStoreContext:
        return _NO_STORE


class _Sandbox(SandboxedWorkflowRunner):
    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        return _WithoutContexts(super().create_instance(det))


def sandbox() -> SandboxedWorkflowRunner:
    """The sandbox in which workflow code runs, here and in replays."""
    return _Sandbox(restrictions=SandboxRestrictions.default.with_passthrough_modules(*PURE))


def make_worker(
    client: Client, database: Database, handoffs: Handoffs | None = None, rebaser: Rebaser | None = None
) -> Worker:
    """A worker on ``client`` whose records go to ``database``.

    ``handoffs`` None: steps go out by hand only; ``rebaser`` None: another worker carries calendars into cases.
    """
    going_out: list[Callable[..., Any]] = [handoffs.hand_out, handoffs.ask_outside] if handoffs is not None else []
    if rebaser is not None:
        going_out.append(rebaser.rebase_page)
    return Worker(
        client,
        task_queue=TASK_QUEUE,
        workflows=list(WORKFLOWS),
        activities=[Recorder(database).record, *going_out],
        workflow_runner=sandbox(),
        max_cached_workflows=CACHED_DOSSIERS,
        max_concurrent_workflow_tasks=100,
        workflow_task_poller_behavior=PollerBehaviorAutoscaling(),
        graceful_shutdown_timeout=GRACE,
    )


def handoffs(database: Database, desk: Desk, rules: Rules) -> Handoffs:
    """The connectors that there are (B8), by the names that steps of the catalogue give; the way back is ``desk``."""
    return Handoffs(ConnectorDelivery(database, desk, rules), {LOOPBACK: Loopback(now)})


def answered(desk: Desk) -> Put:
    """Commands by ``desk``, for activities, which know neither the engine's absence nor the API."""

    async def put(dossier: str, command: Command) -> Any:
        try:
            return await desk.command(dossier, command)
        except (EngineAway, OutcomeUnknown) as error:
            raise Unanswered(dossier) from error

    return put


async def serve(settings: Settings) -> None:
    """Works until SIGTERM or SIGINT. Waits for the engine while it is away."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signum in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signum, stop.set)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT)
    database = Database(settings.database_url)
    client = await connect(settings)
    await register_searched(client)
    in_force, desk = InForce(database, open_rulebook(settings.rulebook)), Desk(client, database)
    await in_force.begin()
    rules, rebase = in_force.rulebook, Rebase(database, desk, lambda: in_force.rulebook().calendar)
    beside = [asyncio.create_task(one.run()) for one in (Relay(database, desk), rebase)]
    try:
        going_out, rebaser = (
            handoffs(database, desk, rules),
            Rebaser(database, rules, answered(desk), patience_s=CALENDAR_S),
        )
        async with make_worker(client, database, going_out, rebaser):
            await stop.wait()
    finally:
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
        await in_force.aclose()
        await database.aclose()
        await asyncio.sleep(0.5)  # the engine's client may crash the interpreter when it exits right after closing
