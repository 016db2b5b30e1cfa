"""A case whose history grows long continues as new, on the engine that is shipped, and its deadlines hold."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio.common import SearchAttributeKey
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment

from db.engine import Database
from domain.vocabulary import CommandKind, EventType
from tests.e2e.product import until
from tests.workflows.scenarios import acknowledge
from tests.workflows.stage import HANDLER, Stage, binary
from worker import make_worker
from workflows import options

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(120),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

EARLY = "limit.historyCount.suggestContinueAsNew=20"
ATTRIBUTES: tuple[SearchAttributeKey[Any], ...] = (
    options.KIND,
    options.UNIT,
    options.LIGHT,
    options.GRID,
    options.DUE,
)
LIMIT = timedelta(seconds=5)
ENTRIES = 8


@asynccontextmanager
async def impatient_stage(database: Database) -> AsyncIterator[Stage]:
    """A stage in real time, on an engine that suggests a new run after few events."""
    env = await WorkflowEnvironment.start_local(
        dev_server_existing_path=binary("temporal"),
        dev_server_extra_args=["--dynamic-config-value", EARLY],
        search_attributes=ATTRIBUTES,
        data_converter=pydantic_data_converter,
    )
    try:
        async with make_worker(env.client, database):
            yield Stage(env, env.client, database, datetime.now(UTC))
    finally:
        await env.shutdown()
        await asyncio.sleep(0.5)  # the engine's client may crash the interpreter when it exits right after closing


async def has_continued(stage: Stage) -> bool:
    """Whether the case's present run continues an earlier one."""
    begun = (await stage.handle().fetch_history()).events[0].workflow_execution_started_event_attributes
    return bool(begun.continued_execution_run_id)


async def test_deadline_holds_when_a_case_with_many_entries_continues_as_new(database: Database) -> None:
    async with impatient_stage(database) as stage:
        await stage.open(length=LIMIT)
        await acknowledge(stage)
        for _ in range(ENTRIES):
            await stage.give(CommandKind.PROGRESS, HANDLER)
        assert await has_continued(stage)

        async def red() -> list[Any] | None:
            events = await stage.events()
            return events if EventType.INTERVIEW_OPENED in [event.type for event in events] else None

        events = await until(red, "the red card")
        assert [event.seq for event in events] == list(range(1, len(events) + 1))
        kinds = [event.type for event in events]
        assert kinds.count(EventType.PROGRESSED) == ENTRIES
        assert kinds.count(EventType.RED_CARD_ISSUED) == 1
        assert events[kinds.index(EventType.RED_CARD_ISSUED)].at == stage.start + LIMIT
        await stage.give(CommandKind.PROGRESS, HANDLER)  # and the new run takes commands
