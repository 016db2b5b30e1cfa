"""``launch rulebook``: checked, put in force and listed from where the files are."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from db.engine import Database
from db.seed import seed
from launch.rulebook import app
from rulebook.load import open_rulebook
from settings import ROOT

RULES = ROOT / "rulebook"
runner = CliRunner()


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """The rehearsal's rules with another name."""
    shutil.copytree(RULES / "default", tmp_path / "default")
    directory = shutil.copytree(RULES / "rehearsal", tmp_path / "rehearsal")
    file = directory / "rulebook.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("2026.1-rehearsal", "2026.9"), encoding="utf-8")
    return directory


@pytest.fixture
def installed(database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A seeded store that the settings name."""
    seed(database, open_rulebook(RULES / "rehearsal"), lambda: "made-up-password")
    monkeypatch.setenv("BIHUAN_DATABASE_URL", database.url)
    return database


def test_faults_are_told_by_file_and_line(rules: Path) -> None:
    good = runner.invoke(app, ["check", str(rules)])
    assert (good.exit_code, "no fault" in good.output) == (0, True)
    file = rules / "categories.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("40 seconds", "soon"), encoding="utf-8")
    bad = runner.invoke(app, ["check", str(rules)])
    assert bad.exit_code == 1
    assert "categories.yaml:9: categories." in bad.output


def test_version_is_scheduled_and_listed(installed: Database, rules: Path) -> None:
    answer = runner.invoke(app, ["schedule", str(rules), "--from", "2027-03-01"])
    assert answer.exit_code == 0, answer.output
    assert "2026.9+" in answer.output
    assert "2027-03-01T00:00:00+08:00" in answer.output
    first, second = runner.invoke(app, ["list"]).output.splitlines()
    assert "in_force" in first
    assert first.endswith("files")
    assert "scheduled" in second
    assert second.endswith("launch")
    again = runner.invoke(app, ["schedule", str(rules), "--from", "2020-01-01"])
    assert (again.exit_code, "effective_from_past" in again.output) == (1, True)
