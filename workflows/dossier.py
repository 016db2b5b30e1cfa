"""What every dossier's workflow does: wait for time or change, decide, record, carry out. One mechanism, not copies.

The rules are in ``domain``; the database is written by the ``record`` activity alone. State and sequence change before
the first ``await`` of a handler, and one recorder writes in order.
"""

import asyncio
from datetime import datetime
from typing import Any, Generic, TypeVar

from temporalio import workflow
from temporalio.common import Priority, SearchAttributeUpdate
from temporalio.exceptions import ApplicationError, FailureError, WorkflowAlreadyStartedError

from domain.errors import Refused
from domain.ledger import Dossier, Ledger
from domain.messages import Command, Event, Opening, Recorded, Recording
from domain.plain import of_plain, to_plain
from workflows import declarations, options
from workflows.deadline import changed_before

D = TypeVar("D", bound=Dossier)


class DossierWorkflow(Generic[D]):
    """Base of the workflows of one kind of dossier. Subclasses name the state and carry out consequences."""

    shape: type[D]

    def __init__(self, opening: Opening) -> None:
        self.opening = opening
        self.ledger: Ledger[D] = Ledger(of_plain(self.shape, opening.state))
        self.recording = asyncio.Lock()
        self.shown: Any = self.attributes(self.ledger.confirmed)
        workflow.set_current_details(self.details(self.ledger.confirmed))

    # for subclasses

    def attributes(self, dossier: D) -> tuple[SearchAttributeUpdate[Any], ...]:
        """What the engine's lists are searched by. Codes only."""
        return ()

    def details(self, dossier: D) -> str:
        """Where it stands, for an engineer who reads the engine's own page. Codes and instants only."""
        return f"event {dossier.version}"

    async def carry_out(self, event: Event) -> None:
        """What a recorded event brings about outside of this dossier. Must bear being repeated."""

    async def start_beside(self, run: Any, argument: object, *, id: str, summary: str) -> None:
        """Starts a workflow that lives on its own, whatever becomes of this one. Harmless when it runs already."""
        try:
            await workflow.start_child_workflow(
                run,
                argument,
                id=id,
                parent_close_policy=workflow.ParentClosePolicy.ABANDON,
                static_summary=summary,
                priority=Priority(priority_key=4),
            )
        except WorkflowAlreadyStartedError:
            workflow.logger.info("%s runs already", id)

    # life

    async def live(self) -> None:
        """Runs the dossier's clocks to its end: until it is closed and all its windows are over."""
        while not self.ledger.current.ended:
            milestone = self.ledger.current.next_milestone()
            if not await self._changed_before(milestone.at if milestone else None):
                self.ledger.reach_until(workflow.now())
            await self._record()
            self._continue_when_long()
        await workflow.wait_condition(workflow.all_handlers_finished)
        await self._record()

    async def _changed_before(self, at: datetime | None) -> bool:
        seen = self.ledger.current.version
        return await changed_before(at, lambda: self.ledger.current.version != seen)

    def _continue_when_long(self) -> None:
        if workflow.info().is_continue_as_new_suggested() and workflow.all_handlers_finished():
            state = to_plain(self.ledger.confirmed)
            workflow.continue_as_new(Opening(dossier=self.opening.dossier, kind=self.opening.kind, state=state))

    # commands

    @workflow.update(name=options.COMMAND)
    async def command(self, command: Command) -> dict[str, Any]:
        """Decides and records; answers the plain state after. Refused with ``ApplicationError(type=code)``."""
        await self._catch_up(command)
        try:
            self.ledger.decide(command)
        except Refused as refused:
            await self._record()
            raise _refusal(refused) from refused
        await self._record()
        if refused_after_all := self.ledger.refusal(command.id):
            raise _refusal(refused_after_all)
        state: dict[str, Any] = to_plain(self.ledger.confirmed)
        return state

    @command.validator
    def judge(self, command: Command) -> None:
        """Refuses before anything is in history, judging on a copy."""
        try:
            self.ledger.judge(command)
        except Refused as refused:
            raise _refusal(refused) from refused

    @workflow.query(name=options.STATE)
    def state(self) -> dict[str, Any]:
        """The plain state that the record confirms."""
        plain: dict[str, Any] = to_plain(self.ledger.confirmed)
        return plain

    # the record

    async def _record(self) -> None:
        async with self.recording:
            while batch := self.ledger.batch():
                await self._settle(batch, self.ledger.current)

    async def _catch_up(self, command: Command) -> None:
        """When the engine lost history that the record has, an empty batch brings back what stands."""
        if self.ledger.is_behind(command):
            async with self.recording:
                if self.ledger.is_behind(command):  # a record on its way may have been all
                    await self._settle((), self.ledger.confirmed)

    async def _settle(self, batch: tuple[Event, ...], after: D) -> None:
        recorded = await self._write(batch, after)
        for event in self.ledger.settle(batch, recorded.standing):
            await self.carry_out(event)
        self._show()

    async def _write(self, batch: tuple[Event, ...], after: D) -> Recorded:
        recording = Recording(
            dossier=self.opening.dossier,
            kind=self.opening.kind,
            events=batch,
            state=to_plain(after),
            ended=bool(batch) and after.ended,
        )
        try:
            return await workflow.execute_local_activity(declarations.record, recording, **options.RECORD_NEAR)
        except FailureError:  # a local activity's failure arrives without the ActivityError around it
            return await workflow.execute_activity(declarations.record, recording, **options.RECORD_FAR)

    def _show(self) -> None:
        confirmed = self.ledger.confirmed
        workflow.set_current_details(self.details(confirmed))
        attributes = self.attributes(confirmed)
        if attributes != self.shown:
            self.shown = attributes
            workflow.upsert_search_attributes(attributes)


def _refusal(refused: Refused) -> ApplicationError:
    return ApplicationError(refused.code, refused.field, type=refused.code, non_retryable=True)
