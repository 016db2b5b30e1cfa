"""Every scenario, on the time-skipping server and a real database: what stands in the record afterwards."""

import pytest

from db.engine import Database
from tests.workflows.plays import PLAYS
from tests.workflows.scenarios import Scenario
from tests.workflows.service_stage import handoffs
from tests.workflows.stage import stage


@pytest.mark.parametrize("scenario", PLAYS, ids=lambda scenario: scenario.name)
async def test_record_is_complete_and_in_order_when_a_scenario_has_been_played(
    scenario: Scenario, database: Database
) -> None:
    async with stage(database, handoffs) as on_stage:
        await scenario.play(on_stage)
        for dossier, expected in scenario.record.items():
            events = await on_stage.events(dossier)
            assert [event.type for event in events] == expected
            assert [event.seq for event in events] == list(range(1, len(expected) + 1))
