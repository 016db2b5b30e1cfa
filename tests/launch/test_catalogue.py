"""``launch catalogue``: what a person at the terminal gets to see, and with which exit code."""

import csv
import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from launch.__main__ import app
from settings import ROOT

LIST = (
    "department,item_name,item_code,task_type\n"
    "区茶务局,茶馆登记,T-1,行政许可\n区茶务局,茶馆登记,T-1,行政许可\n民政局,茶费给付,T-2,行政给付\n"
)


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A rulebook that may be written."""
    return shutil.copytree(ROOT / "rulebook" / "default", tmp_path / "rules")


def launch(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["catalogue", *map(str, arguments)])


def test_catalogue_is_summed_up_when_nothing_is_wrong() -> None:
    told = launch("check", "--rulebook", ROOT / "rulebook" / "default")
    assert told.exit_code == 0
    older, newer = told.stdout.splitlines()
    assert older.startswith("2025+")
    assert older.endswith("2025-01-01 – 2025-12-31  70 items")
    assert newer.endswith("2026-01-01 – …  71 items")


def test_faults_are_told_by_file_and_line_when_there_are_some(rules: Path) -> None:
    file = rules / "catalogue" / "2025" / "health.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("after: [site, sampling]", "after: [issue]"), encoding="utf-8"
    )
    told = launch("check", "--rulebook", rules)
    assert told.exit_code == 1
    assert f"{file}:" in told.stderr
    assert "expected steps without a circle, found issue → decide → issue" in told.stderr


def test_differences_are_told_line_by_line_or_as_json() -> None:
    told = launch("diff", "2025", "2026").stdout.splitlines()
    assert "- elderly-discount-card  老年人优待证" in told
    assert "+ childcare-subsidy  育儿补贴申领" in told
    assert "    promised: 22 working days → 20 working days" in told
    assert json.loads(launch("diff", "2025", "2026", "--json").stdout)["to"].startswith("2026+")


def test_version_that_is_not_there_is_told() -> None:
    told = launch("diff", "2025", "2031")
    assert told.exit_code == 1
    assert "No such version; there are 2025+" in told.stderr


def test_chart_is_written_where_it_is_wanted(tmp_path: Path) -> None:
    drawing = tmp_path / "chart.svg"
    assert launch("chart", "lift-retrofit", "--version", "2026", "-o", drawing).exit_code == 0
    assert drawing.read_text(encoding="utf-8").startswith("<svg ")
    assert "flowchart TD" in launch("chart", "lift-retrofit", "--version", "2025", "-f", "mermaid").stdout
    assert launch("chart", "no-such-item", "--version", "2026").exit_code == 1


def test_list_becomes_drafts_that_the_rulebook_takes(tmp_path: Path, rules: Path) -> None:
    source, out, report = tmp_path / "list.csv", rules / "catalogue" / "2026" / "drafts.yaml", tmp_path / "report.csv"
    source.write_bytes(LIST.encode("gb18030"))
    told = launch("import", source, "-o", out, "--report", report, "--rulebook", rules, "--line", "区茶务局=housing")
    assert told.exit_code == 2
    assert "3 rows, 2 drafts" in told.stdout
    assert "line 3 left out: code_twice" in told.stdout
    rows = list(csv.DictReader(report.read_text(encoding="utf-8-sig").splitlines()))
    assert [(row["line"], row["taken"], row["notes"], row["elsewhere"]) for row in rows] == [
        ("2", "yes", "limit_missing", ""),
        ("3", "no", "code_twice", "2"),
        ("4", "yes", "limit_missing", ""),
    ]
    checked = launch("check", "--rulebook", rules)
    assert "2 drafts without limit or steps, which cannot be accepted: T-1, T-2" in checked.stdout


@pytest.mark.parametrize(
    ("content", "options", "told"),
    [
        (b"one,two\n1,2\n", (), "No column is recognised"),
        (b"\x00\x01", (), "neither CSV nor .xlsx"),
        (b"", (), "The file is empty"),
        (LIST.encode(), ("--column", "colour=red"), "is none of"),
        (LIST.encode(), ("--line", "housing"), "is not NAME=VALUE"),
    ],
)
def test_list_is_refused_with_a_sentence(tmp_path: Path, content: bytes, options: tuple[str, ...], told: str) -> None:
    source = tmp_path / "list.csv"
    source.write_bytes(content)
    result = launch("import", source, "-o", tmp_path / "out.yaml", *options)
    assert result.exit_code in (1, 2)
    assert told in " ".join(result.stderr.replace("│", " ").split())
    assert not (tmp_path / "out.yaml").exists()


@pytest.mark.parametrize("command", [("chart", "lift-retrofit", "--version", "2026"), ("import", "list.csv")])
def test_file_that_cannot_be_written_is_told_with_a_sentence(tmp_path: Path, command: tuple[str, ...]) -> None:
    (tmp_path / "list.csv").write_text(LIST, encoding="utf-8")
    nowhere = tmp_path / "no such directory" / "file"
    result = launch(*(str(tmp_path / word) if word == "list.csv" else word for word in command), "-o", nowhere)
    assert result.exit_code == 1
    assert f"{nowhere}: No such file or directory" in result.stderr
