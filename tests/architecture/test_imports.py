"""Who may import whom, and who may hold what."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from settings import ROOT
from tests.architecture.source import MODULES, PACKAGES, Lint, Source, imported, offences, product, source, under

OURS = frozenset({*PACKAGES, *(name.removesuffix(".py") for name in MODULES), "benchmarks", "tests"})
SQL = frozenset({"alembic", "psycopg", "sqlalchemy", "sqlite3", "sqlmodel"})
HOLDERS_OF_THE_CLIENT = ("api/desk.py", "worker.py", "launch/")
SHAPES_OF_SQL = frozenset({"sqlalchemy.Connection", "sqlalchemy.RowMapping"})
"""What a unit of work is given, and what a query gives: nothing to write SQL with."""


def beyond_the_standard_library(file: Source) -> Iterator[str]:
    """Imports of a domain file that are neither the standard library's nor the domain's."""
    for line, name in imported(file.tree):
        top = name.partition(".")[0]
        if top != "domain" and (top not in sys.stdlib_module_names or top in OURS):
            yield f"{line} imports {name}"


def client_of_the_engine(file: Source) -> Iterator[str]:
    """Imports of the engine's client by anybody else than its holders."""
    if not file.path.startswith(HOLDERS_OF_THE_CLIENT):
        yield from (f"{line} imports {name}" for line, name in imported(file.tree) if "temporalio.client" in name)


def replayed_code_reaches_out(file: Source) -> Iterator[str]:
    """Imports of replayed code other than the standard library, the domain, the engine's SDK and itself."""
    allowed = {"domain", "workflows", "temporalio"}
    for line, name in imported(file.tree):
        top = name.partition(".")[0]
        inner = name.startswith(("temporalio.client", "temporalio.worker", "temporalio.service"))
        if inner or (top not in allowed and top not in sys.stdlib_module_names) or top in SQL:
            yield f"{line} imports {name}"


def sql_outside_the_store(file: Source) -> Iterator[str]:
    """Imports of anything that SQL is written with, or of a table."""
    for line, name in imported(file.tree):
        if name in SHAPES_OF_SQL:
            continue
        if name.partition(".")[0] in SQL or name.startswith("db.tables"):
            yield f"{line} imports {name}"


def dialect_outside_the_store_s_edge(file: Source) -> Iterator[str]:
    """Imports of one database's own SQL by a query, a projection or the front desk."""
    for line, name in imported(file.tree):
        if name.startswith(("sqlalchemy.dialects", "psycopg", "sqlite3")):
            yield f"{line} imports {name}"


DIALECT_FREE = ("db/frontdesk/", "db/projections/", "db/queries/", "db/recorder.py", "db/scope.py", "db/seed.py")


def test_import_contracts_are_kept() -> None:
    command = Path(sys.executable).with_name("lint-imports")
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    linted = subprocess.run([command, "--no-cache"], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert linted.returncode == 0, linted.stdout + linted.stderr


def test_domain_imports_the_standard_library_and_itself_only() -> None:
    assert offences(beyond_the_standard_library, under("domain")) == []


def test_replayed_code_imports_the_domain_and_the_sdk_only() -> None:
    assert offences(replayed_code_reaches_out, under("workflows")) == []


def test_client_of_the_engine_is_held_by_desk_worker_and_command_line_only() -> None:
    assert offences(client_of_the_engine, product()) == []


def test_sql_is_written_in_the_store_only() -> None:
    assert offences(sql_outside_the_store, [file for file in product() if not file.path.startswith("db/")]) == []


def test_queries_speak_no_dialect() -> None:
    files = [file for file in product() if file.path.startswith(DIALECT_FREE)]
    assert offences(dialect_outside_the_store_s_edge, files) == []


@pytest.mark.parametrize(
    ("lint", "path", "line"),
    [
        (beyond_the_standard_library, "domain/case.py", "import pydantic"),
        (beyond_the_standard_library, "domain/case.py", "from db.tables import CaseRow"),
        (client_of_the_engine, "api/relay.py", "from temporalio.client import Client"),
        (client_of_the_engine, "activities/record.py", "from temporalio import client\nimport temporalio.client"),
        (replayed_code_reaches_out, "workflows/incident.py", "from db.recorder import record"),
        (replayed_code_reaches_out, "workflows/incident.py", "import sqlite3"),
        (replayed_code_reaches_out, "workflows/incident.py", "from temporalio.client import Client"),
        (sql_outside_the_store, "api/house.py", "from sqlalchemy import select"),
        (sql_outside_the_store, "api/house.py", "def f() -> None:\n    from db.tables import Grid"),
        (dialect_outside_the_store_s_edge, "db/queries/cases.py", "from sqlalchemy.dialects.sqlite import insert"),
    ],
)
def test_offence_is_found_when_there_is_one(lint: Lint, path: str, line: str) -> None:
    assert offences(lint, [source(path, line)])
