"""Committed histories of every scenario are replayed: running cases must survive every change of the code.

A change that alters a workflow's commands goes behind ``workflow.patched``. Replaying notices most of it; the
fingerprint notices also what a lenient replay would let pass: the scenario is played anew, and the commands compared.
"""

from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from db.engine import Database
from tests.replay.fingerprint import fingerprint
from tests.replay.record import HISTORIES, play_and_fetch
from tests.workflows.plays import PLAYS
from tests.workflows.scenarios import Scenario
from worker import WORKFLOWS, sandbox
from workflows.converter import MESSAGES


def committed(name: str) -> WorkflowHistory:
    """The history that is kept under ``name``."""
    return WorkflowHistory.from_json(name, (HISTORIES / f"{name}.json").read_text(encoding="utf-8"))


FILES = sorted(HISTORIES.glob("*.json"))


@pytest.mark.replay
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
async def test_committed_history_is_replayed_when_the_code_has_changed(file: Path) -> None:
    replayer = Replayer(workflows=list(WORKFLOWS), data_converter=MESSAGES, workflow_runner=sandbox())
    await replayer.replay_workflow(committed(file.stem))


@pytest.mark.replay
def test_every_scenario_has_a_committed_history() -> None:
    assert {file.stem.partition(".")[0] for file in FILES} >= {scenario.name for scenario in PLAYS}


@pytest.mark.replay
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("scenario", PLAYS, ids=lambda scenario: scenario.name)
async def test_commands_are_those_of_the_committed_history_when_a_scenario_is_played_anew(
    scenario: Scenario, database: Database
) -> None:
    for name, history in (await play_and_fetch(scenario, database)).items():
        assert fingerprint(history) == fingerprint(committed(name)), name
