"""``launch doctor``: compares the database with the engine, dossier by dossier, and can mend what differs.

The record in the database is what counts: a workflow that is missing or differs is started from it, one without an open
dossier is ended. Both stores move on while they are compared, so a finding counts only if a second look, a moment
later, finds the same.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final, TypeVar

from temporalio.client import Client, WorkflowQueryFailedError, WorkflowQueryRejectedError
from temporalio.common import QueryRejectCondition
from temporalio.service import RPCError, RPCStatusCode

from api.desk import Desk
from db.engine import Database
from db.frontdesk.starting import Start
from db.queries.dossiers import Head, dossier_head, open_dossiers
from domain.accountability import Accountability
from domain.case import Case
from domain.interview import Interview
from domain.plain import of_plain
from domain.service.request import ServiceRequest
from domain.vocabulary import DossierKind
from workflows import options
from workflows.accountability import AccountabilityWorkflow
from workflows.incident import IncidentWorkflow
from workflows.interview import InterviewWorkflow
from workflows.service_request import ServiceRequestWorkflow

ABREAST: Final = 16
PAGE: Final = 500
SETTLE_S: Final = 2.0
"""Seconds between the two looks: longer than a record, or the start of an accepted report, takes."""

_ASK: Final = timedelta(seconds=10)
_SHAPES: Final[dict[DossierKind, type[Any]]] = {
    DossierKind.INCIDENT: Case,
    DossierKind.SERVICE_REQUEST: ServiceRequest,
    DossierKind.INTERVIEW: Interview,
    DossierKind.ACCOUNTABILITY: Accountability,
}
_OF_DOSSIERS: Final = (IncidentWorkflow, ServiceRequestWorkflow, InterviewWorkflow, AccountabilityWorkflow)
_TYPES: Final = ", ".join(f"'{kind.__name__}'" for kind in _OF_DOSSIERS)
_RUNNING: Final = f"ExecutionStatus = 'Running' AND WorkflowType IN ({_TYPES})"

T = TypeVar("T")


class Discrepancy(StrEnum):
    """How database and engine may differ about a dossier."""

    MISSING = "missing"  # open in the database, no workflow runs
    STRAY = "stray"  # a workflow runs, the database knows no such dossier
    OUTLIVED = "outlived"  # a workflow runs, the dossier has ended
    DIFFERENT = "different"  # both, in different states
    SILENT = "silent"  # the workflow does not answer, so nothing can be said


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What is wrong with one dossier. ``detail`` has versions and codes only."""

    dossier: str
    what: Discrepancy
    detail: str


class Doctor:
    """``settle``: seconds between the two looks."""

    def __init__(self, client: Client, database: Database, *, settle: float = SETTLE_S) -> None:
        self._client = client
        self._database = database
        self._desk = Desk(client, database)
        self._settle = settle

    async def examine(self) -> list[Finding]:
        """Everything that differs, by dossier. Raises RPCError: engine away; StoreUnavailable: database away."""
        seen = {head.id async for head in self._open_heads()}
        seen |= {run.id async for run in self._client.list_workflows(_RUNNING, page_size=PAGE)}
        first = set(await self._look_at(seen))
        if not first:
            return []
        await asyncio.sleep(self._settle)
        again = await self._look_at(finding.dossier for finding in first)
        return [finding for finding in again if finding in first]

    async def mend(self, finding: Finding) -> bool:
        """Bring the engine to what the database says; whether anything could be done."""
        if finding.what is Discrepancy.SILENT:
            return False
        if finding.what is not Discrepancy.MISSING:
            await self._end(finding)
        head = await self._head(finding.dossier)
        if head is not None and head.ended_at is None:
            start = Start(dossier=head.id, kind=head.kind, state=head.state, urgent=head.urgent)
            await self._desk.open(start, anew=True)
            await self._desk.note_started([head.id])
        return True

    async def _open_heads(self) -> AsyncIterator[Head]:
        after = ""
        while heads := await self._database.read(_page(after)):
            for head in heads:
                yield head
            after = heads[-1].id

    async def _look_at(self, dossiers: Iterable[str]) -> list[Finding]:
        found = await _abreast(self._look, sorted(dossiers))
        return [finding for finding in found if finding is not None]

    async def _look(self, dossier: str) -> Finding | None:
        """The engine first: what it confirms is in the database already."""
        try:
            running = await self._state(dossier)
        except (RPCError, WorkflowQueryFailedError, TimeoutError) as error:
            return Finding(dossier=dossier, what=Discrepancy.SILENT, detail=type(error).__name__)
        head = await self._head(dossier)
        what, detail = compare(head, running)
        return None if what is None else Finding(dossier=dossier, what=what, detail=detail)

    async def _state(self, dossier: str) -> dict[str, Any] | None:
        """The state that a running workflow tells; None when none runs."""
        try:
            state: dict[str, Any] = await self._client.get_workflow_handle(dossier).query(
                options.STATE,
                result_type=dict[str, Any],
                reject_condition=QueryRejectCondition.NOT_OPEN,
                rpc_timeout=_ASK,
            )
        except WorkflowQueryRejectedError:
            return None
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return None
            raise
        return state

    async def _head(self, dossier: str) -> Head | None:
        return await self._database.read(lambda connection: dossier_head(connection, dossier))

    async def _end(self, finding: Finding) -> None:
        try:
            await self._client.get_workflow_handle(finding.dossier).terminate(reason=f"doctor: {finding.what.value}")
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise


def compare(head: Head | None, running: dict[str, Any] | None) -> tuple[Discrepancy | None, str]:
    """What differs between a dossier of the database and the state of a running workflow; None: nothing."""
    if head is None:
        return (Discrepancy.STRAY, "not in the database") if running is not None else (None, "")
    if head.ended_at is not None:
        return (Discrepancy.OUTLIVED, f"ended {head.ended_at:%Y-%m-%d}") if running is not None else (None, "")
    if running is None:
        started = "never started" if head.started_at is None else f"started {head.started_at:%Y-%m-%d}"
        return Discrepancy.MISSING, f"{head.kind.value}, {started}"
    shape = _SHAPES[head.kind]
    kept, told = of_plain(shape, head.state), of_plain(shape, running)
    if kept == told and kept.version == head.version:
        return None, ""
    return Discrepancy.DIFFERENT, f"database at event {head.version}, engine at {told.version}"


def _page(after: str) -> Callable[[Any], Any]:
    return lambda connection: open_dossiers(connection, after=after, limit=PAGE)


async def _abreast(work: Callable[[str], Awaitable[T]], items: list[str]) -> list[T]:
    gate = asyncio.Semaphore(ABREAST)

    async def one(item: str) -> T:
        async with gate:
            return await work(item)

    return [
        result for at in range(0, len(items), PAGE) for result in await asyncio.gather(*map(one, items[at : at + PAGE]))
    ]


async def visit(doctor: Doctor, *, mend: bool, say: Callable[[str], None]) -> int:
    """Examine, tell, mend if asked to; how many discrepancies are left."""
    findings = await doctor.examine()
    left = 0
    for finding in findings:
        mended = mend and await doctor.mend(finding)
        left += not mended
        say(f"{finding.dossier}: {finding.what.value} ({finding.detail}){' — mended' if mended else ''}")
    say(f"{len(findings)} discrepancies, {len(findings) - left} mended; looked {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}")
    return left
