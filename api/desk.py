"""The desk: the one holder of the engine's client in the API. Starts dossiers and carries commands.

A refusal of the rules comes back as ``Refused`` with the code it was given in the workflow.
"""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from temporalio.api.enums.v1 import IndexedValueType, TaskQueueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import (
    Client,
    RPCError,
    WorkflowExecutionStatus,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import Priority, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RetryConfig, RPCStatusCode

from api.labels import Progress, attributes, summary
from db.engine import Database
from db.frontdesk.starting import Start, mark_started, start_of, was_started
from domain.errors import Conflict, Forbidden, Refused, Unprocessable
from domain.messages import Command, Opening, Rebasing
from domain.vocabulary import DossierKind
from settings import Settings
from workflows import options
from workflows.accountability import AccountabilityWorkflow
from workflows.converter import MESSAGES
from workflows.incident import IncidentWorkflow
from workflows.interview import InterviewWorkflow
from workflows.rebase import RebaseWorkflow
from workflows.service_request import ServiceRequestWorkflow

CALL_TIMEOUT: Final = timedelta(seconds=5)
COMMAND_TIMEOUT: Final = timedelta(seconds=12)
"""Longer than the ten seconds for which a killed worker's cases wait for another one."""

UNDELIVERED_PAUSES_S: Final = (0.2, 0.6)
"""An engine that restarts is back within a second."""

POLLED_WITHIN: Final = timedelta(seconds=90)
RECONNECT_S: Final = 1.0

_WORKFLOWS: Final[Mapping[DossierKind, Any]] = {
    DossierKind.INCIDENT: IncidentWorkflow.run,
    DossierKind.SERVICE_REQUEST: ServiceRequestWorkflow.run,
    DossierKind.INTERVIEW: InterviewWorkflow.run,
    DossierKind.ACCOUNTABILITY: AccountabilityWorkflow.run,
}
_UNPROCESSABLE: Final = frozenset(
    {"urging_unknown", "unit_unchanged", "extension_not_later", "resume_not_later", "step_unknown",
     "step_outcome_unknown", "material_unknown", "material_given", "report_unknown"}
)  # fmt: skip
"""What workflows refuse because of a field; a refusal crosses the engine as its code alone."""

_FORBIDDEN: Final = frozenset({"not_allowed"})
_log = logging.getLogger("bihuan.desk")


class EngineAway(Exception):
    """The engine could not be reached: surely nothing was delivered."""


class OutcomeUnknown(Exception):
    """It was delivered, or may have been, and no answer came. Asking again under the same id tells."""


async def lazy_client(settings: Settings) -> Client:
    """A client that connects at its first call."""
    # One attempt: after a retry nobody could say whether the first was delivered, and an engine that is away would
    # hold every command up for ten seconds. (0 would not mean none: the client then tries for ten seconds.)
    return await Client.connect(
        settings.engine_address,
        namespace=settings.temporal_namespace,
        data_converter=MESSAGES,
        retry_config=RetryConfig(max_retries=1),
        lazy=True,
    )


async def connect(settings: Settings) -> Client:
    """A connected client, for the worker. Waits as long as the engine is away."""
    told = False
    while True:
        try:
            return await Client.connect(
                settings.engine_address,
                namespace=settings.temporal_namespace,
                data_converter=MESSAGES,
            )
        except (RPCError, RuntimeError):
            if not told:
                _log.warning("waiting for the engine at %s", settings.engine_address)
            told = True
            await asyncio.sleep(RECONNECT_S)


async def register_searched(client: Client) -> None:
    """Make the engine know our search attributes, if it does not; without them it refuses every start.

    An engine whose operator keeps this right has them from its operator: then it is said, and nothing is changed.
    """
    wanted = {key.name: IndexedValueType.ValueType(key.indexed_value_type.value) for key in options.SEARCHED}
    operator = client.operator_service
    try:
        known = await operator.list_search_attributes(ListSearchAttributesRequest(namespace=client.namespace))
        missing = {name: kind for name, kind in wanted.items() if name not in known.custom_attributes}
        if missing:
            await operator.add_search_attributes(
                AddSearchAttributesRequest(namespace=client.namespace, search_attributes=missing)
            )
    except RPCError as error:
        if error.status is not RPCStatusCode.ALREADY_EXISTS:
            _log.warning("the engine's search attributes could not be looked after: %s", error.status.name)


class Desk:
    """What may be asked of the engine. ``database`` tells how a dossier that was not started yet is to be started.

    patience  how long a command may take before its outcome counts as unknown
    """

    def __init__(self, client: Client, database: Database, *, patience: timedelta = COMMAND_TIMEOUT) -> None:
        self._client = client
        self._database = database
        self._patience = patience

    async def open(self, start: Start, *, anew: bool = False) -> None:
        """Start the dossier's workflow. Starting twice is harmless. Raises EngineAway, OutcomeUnknown.

        ``anew``: also when one ran under this id and ended although the dossier has not.
        """
        reuse = WorkflowIDReusePolicy.ALLOW_DUPLICATE if anew else WorkflowIDReusePolicy.REJECT_DUPLICATE
        try:
            await self._client.start_workflow(
                _WORKFLOWS[start.kind],
                Opening(dossier=start.dossier, kind=start.kind, state=start.state),
                id=start.dossier,
                task_queue=options.TASK_QUEUE,
                id_reuse_policy=reuse,
                static_summary=summary(start),
                search_attributes=attributes(start),
                priority=Priority(priority_key=1 if start.urgent else 3),
                rpc_timeout=CALL_TIMEOUT,
            )
        except WorkflowAlreadyStartedError:
            _log.debug("%s runs already", start.dossier)
        except (RPCError, RuntimeError) as error:
            raise _broken(error) from error

    async def rebase(self, rebasing: Rebasing, *, anew: bool) -> None:
        """Begin to carry a calendar into the running cases. Harmless while that runs. Raises as ``open``.

        ``anew``: also when it has been done before.
        """
        reuse = WorkflowIDReusePolicy.ALLOW_DUPLICATE if anew else WorkflowIDReusePolicy.REJECT_DUPLICATE
        try:
            await self._client.start_workflow(
                RebaseWorkflow.run,
                rebasing,
                id=options.rebase_id(rebasing.calendar_version),
                task_queue=options.TASK_QUEUE,
                id_reuse_policy=reuse,
                static_summary=f"calendar {rebasing.calendar_version}",
                priority=Priority(priority_key=5),
                rpc_timeout=CALL_TIMEOUT,
            )
        except WorkflowAlreadyStartedError:
            _log.debug("calendar %s is or was carried into the cases", rebasing.calendar_version)
        except (RPCError, RuntimeError) as error:
            raise _broken(error) from error

    async def rebased(self, calendar_version: str) -> Progress:
        """How far the carrying of a calendar has come. Raises EngineAway, OutcomeUnknown."""
        handle = self._client.get_workflow_handle(options.rebase_id(calendar_version), result_type=Rebasing)
        try:
            described = await handle.describe(rpc_timeout=CALL_TIMEOUT)
            if described.status is not WorkflowExecutionStatus.RUNNING:
                ended = described.status is WorkflowExecutionStatus.COMPLETED
                return Progress(running=False, reached=await handle.result(rpc_timeout=CALL_TIMEOUT) if ended else None)
            reached = await handle.query(RebaseWorkflow.progress, rpc_timeout=CALL_TIMEOUT)
            return Progress(running=True, reached=reached)
        except WorkflowQueryFailedError:
            return Progress(running=True, reached=None)
        except (RPCError, RuntimeError) as error:
            if isinstance(error, RPCError) and error.status is RPCStatusCode.NOT_FOUND:
                return Progress(running=False, reached=None)
            raise _broken(error) from error

    async def note_started(self, dossiers: Iterable[str]) -> None:
        """Note in the database that these run."""
        ids = tuple(dossiers)
        await self._database.write(lambda connection: mark_started(connection, ids, datetime.now(UTC)))

    async def runs(self, dossier: str) -> bool:
        """Whether the database says that it was started."""
        return await self._database.read(lambda connection: was_started(connection, dossier))

    async def command(self, dossier: str, command: Command) -> Mapping[str, Any]:
        """Put ``command`` to the dossier, starting it first if it was not started yet; its plain state after.

        Raises Refused with the code of the rules, EngineAway, OutcomeUnknown, and Conflict("transition_not_allowed")
        for a dossier that has ended.
        """
        state = await self._update(dossier, command)
        if state is None:
            await self._start_first(dossier)
            state = await self._update(dossier, command)
        if state is None:
            raise Conflict("transition_not_allowed")
        return state

    async def _update(self, dossier: str, command: Command) -> Mapping[str, Any] | None:
        """The answer of the workflow; None when there is none that runs. What was not delivered is tried again."""
        for pause in UNDELIVERED_PAUSES_S:
            try:
                return await self._update_once(dossier, command)
            except EngineAway:
                await asyncio.sleep(pause)
        return await self._update_once(dossier, command)

    async def _update_once(self, dossier: str, command: Command) -> Mapping[str, Any] | None:
        handle = self._client.get_workflow_handle(dossier)
        try:
            async with asyncio.timeout(self._patience.total_seconds()):
                state: dict[str, Any] = await handle.execute_update(
                    options.COMMAND, command, id=command.id, result_type=dict[str, Any], rpc_timeout=self._patience
                )
                return state
        except WorkflowUpdateFailedError as error:
            raise _refusal(error) from error
        except (WorkflowUpdateRPCTimeoutOrCancelledError, TimeoutError) as error:
            raise OutcomeUnknown(command.id) from error
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return None
            raise _broken(error) from error
        except RuntimeError as error:
            raise _broken(error) from error

    async def _start_first(self, dossier: str) -> None:
        start = await self._database.read(lambda connection: start_of(connection, dossier))
        if start is None:
            raise Conflict("transition_not_allowed")
        await self.open(start)
        await self.note_started((dossier,))

    async def missing(self) -> str | None:
        """What of the engine is missing: ``engine``, ``worker``, or None when it answers and a worker polls."""
        request = DescribeTaskQueueRequest(
            namespace=self._client.namespace,
            task_queue=TaskQueue(name=options.TASK_QUEUE),
            task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
        )
        try:
            described = await self._client.workflow_service.describe_task_queue(request, timeout=CALL_TIMEOUT)
        except (RPCError, RuntimeError):
            return "engine"
        since = datetime.now(UTC) - POLLED_WITHIN
        polled = any(poller.last_access_time.ToDatetime(UTC) >= since for poller in described.pollers)
        return None if polled else "worker"


def refusal_of(code: str, field: str | None = None) -> Refused:
    """The refusal that a code stands for."""
    if code in _FORBIDDEN:
        return Forbidden(code)
    return Unprocessable(code, field=field) if code in _UNPROCESSABLE else Conflict(code, field=field)


def _refusal(error: WorkflowUpdateFailedError) -> Exception:
    cause = error.cause
    if isinstance(cause, ApplicationError) and cause.type:
        field = cause.details[0] if cause.details and isinstance(cause.details[0], str) else None
        return refusal_of(cause.type, field)
    return OutcomeUnknown(str(cause))


def _broken(error: Exception) -> Exception:
    """A connection that could not be made delivered nothing; of any other failure nobody can say."""
    text = str(error).lower()
    busy = isinstance(error, RPCError) and error.status is RPCStatusCode.RESOURCE_EXHAUSTED
    unreached = busy or "connect error" in text or "failed client connect" in text or "connection refused" in text
    return EngineAway(text) if unreached else OutcomeUnknown(text)
