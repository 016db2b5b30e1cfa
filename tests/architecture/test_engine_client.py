"""Few hold a client of the engine, and only one place is a worker: what import-linter cannot say of foreign modules."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from settings import ROOT

ALLOWED = {
    "temporalio.client": ("api/desk.py", "worker.py", "launch/"),
    "temporalio.worker": ("worker.py",),
}
OURS = ("activities", "api", "db", "domain", "launch", "rulebook", "web", "workflows")


def sources() -> Iterator[Path]:
    yield from ROOT.glob("*.py")
    for package in OURS:
        yield from (ROOT / package).rglob("*.py")


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("module", ALLOWED)
def test_module_of_the_engine_is_imported_where_it_is_allowed_only(module: str) -> None:
    found = {
        file.relative_to(ROOT).as_posix()
        for file in sources()
        if any(f"{name}.".startswith(f"{module}.") for name in imported(file))
    }
    assert found, "nobody imports it: the check looks in the wrong place"
    assert {name for name in found if not name.startswith(ALLOWED[module])} == set()
