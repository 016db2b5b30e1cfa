"""Plays every scenario and writes the histories of its workflows: ``python -m tests.replay.record [scenario …]``.

Run it when a scenario is new, or when workflow code has changed behind ``workflow.patched``; then keep the old history
under another name, for it is still running somewhere.
"""

import asyncio
import re
import sys
import tempfile
from pathlib import Path

from temporalio.client import WorkflowHistory

from db.engine import Database
from db.migrations import upgrade
from tests.workflows.plays import PLAYS
from tests.workflows.scenarios import Scenario
from tests.workflows.service_stage import handoffs
from tests.workflows.stage import stage

HISTORIES = Path(__file__).parent / "histories"


async def play_and_fetch(scenario: Scenario, database: Database) -> dict[str, WorkflowHistory]:
    """Plays ``scenario``; the histories of its workflows by name of their file."""
    async with stage(database, handoffs) as on_stage:
        await scenario.play(on_stage)
        return {
            f"{scenario.name}.{_role(dossier)}": (await on_stage.handle(dossier).fetch_history())
            for dossier in on_stage.started
        }


def _role(workflow: str) -> str:
    """What a workflow was in its scenario, by its id."""
    if workflow.startswith("rebase-"):
        return "rebase"
    if workflow.endswith("-I"):
        return "interview"
    return "handoff" if "-H" in workflow else "main"


async def record(scenario: Scenario, directory: Path) -> None:
    """Plays ``scenario`` and writes one file a workflow, without the names of machine and process."""
    url = f"sqlite:///{directory / f'{scenario.name}.db'}"
    upgrade(url)
    database = Database(url)
    for name, history in (await play_and_fetch(scenario, database)).items():
        plain = re.sub(r'"identity": "[^"]*"', '"identity": "recorded"', history.to_json())
        (HISTORIES / f"{name}.json").write_text(plain + "\n", encoding="utf-8")
    database.close()


async def main(names: list[str]) -> None:
    """Records the named scenarios, or all."""
    with tempfile.TemporaryDirectory() as directory:
        for scenario in PLAYS:
            if not names or scenario.name in names:
                await record(scenario, Path(directory))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
