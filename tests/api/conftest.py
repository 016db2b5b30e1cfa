"""A seeded district for each test, on both databases, and one with engine and worker for the whole run."""

import contextlib
import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import psycopg
import pytest
from sqlalchemy import Connection, select

from api.auth import digest
from db.engine import Database
from db.frontdesk.sessions import credentials, open_session
from db.seed import seed
from db.tables import Account, core
from rulebook.load import open_rulebook
from settings import ROOT
from tests.api.served import PASSWORD, Served, engine, served, settings_for
from tests.conftest import BOTH, SQLITE, postgres_url

PEOPLE = {
    "intake_clerk", "grid_officer", "handler", "unit_leader", "supervisor", "organization_officer",
    "discipline_officer", "statistician", "auditor", "administrator", "rehearsal.handler", "rehearsal.leader",
    "rehearsal-partner.handler", "rehearsal-partner.leader", "rehearsal-higher.handler",
}  # fmt: skip

As = Callable[[str], httpx.Client]


def token_of(username: str) -> str:
    """The token of the session that everybody has in the template."""
    return f"bhs_test-session-of-{username}"


def furnish(url: str) -> None:
    """Seed the rehearsal district, with one person a role, each of whom has signed in."""
    opened = open_rulebook(ROOT / "rulebook" / "rehearsal")
    people = tuple(person for person in opened.district.people if person.username in PEOPLE)
    store = Database(url)
    seed(store, replace(opened, district=replace(opened.district, people=people)), lambda: PASSWORD)
    store.write_sync(_sign_in)
    store.close()


def _sign_in(connection: Connection) -> None:
    now = datetime.now(UTC)
    for username in connection.scalars(select(core(Account).c.username)).all():
        found = credentials(connection, username)
        assert found is not None
        until = now + timedelta(days=1)
        open_session(
            connection, username, digest(token_of(username)), checked=found.password_hash, now=now, until=until
        )


@pytest.fixture(scope="session")
def sqlite_district(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A seeded SQLite file to copy from."""
    path = tmp_path_factory.mktemp("district") / "store.db"
    shutil.copy(sqlite_template, path)
    furnish(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_district(postgres_server: str, postgres_template: str) -> str:
    """Name of a seeded PostgreSQL database to copy from."""
    name = "template_district"
    _copy(postgres_server, postgres_template, name)
    furnish(postgres_url(postgres_server, name))
    return name


def _copy(server: str, template: str, name: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")


def _district(kind: str, request: pytest.FixtureRequest, directory: Path) -> str:
    if kind == SQLITE:
        path = directory / "store.db"
        shutil.copy(request.getfixturevalue("sqlite_district"), path)
        return f"sqlite:///{path}"
    server: str = request.getfixturevalue("postgres_server")
    name = f"api_{uuid.uuid4().hex}"
    _copy(server, request.getfixturevalue("postgres_district"), name)
    return postgres_url(server, name)


@pytest.fixture(params=BOTH)
def district_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of a seeded database of this test's own."""
    return _district(request.param, request, tmp_path)


@pytest.fixture
def api(district_url: str, tmp_path: Path) -> Iterator[Served]:
    """The API on a database of this test's own. Its engine is away."""
    with served(settings_for(district_url, tmp_path)) as running:
        yield running


@pytest.fixture(scope="session")
def calm(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The API for tests in which nothing changes: on SQLite, for the whole run, its engine away."""
    directory = tmp_path_factory.mktemp("calm")
    with served(settings_for(_district(SQLITE, request, directory), directory)) as running:
        yield running


@pytest.fixture
def in_calm(calm: Served) -> Iterator[As]:
    """As ``as_``, where nothing changes."""
    with contextlib.ExitStack() as clients:
        yield lambda username: clients.enter_context(calm.client(token_of(username)))


@pytest.fixture
def as_(api: Served) -> Iterator[As]:
    """``as_("handler")``: a client of somebody who has signed in."""
    with contextlib.ExitStack() as clients:
        yield lambda username: clients.enter_context(api.client(token_of(username)))


@pytest.fixture(scope="session", params=BOTH)
def town(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The API with an engine and a worker, for the whole run: every test brings its own cases."""
    directory = tmp_path_factory.mktemp("town")
    url = _district(request.param, request, directory)
    with engine() as address, served(settings_for(url, directory, address), worker=True) as running:
        yield running


@pytest.fixture
def in_town(town: Served) -> Iterator[As]:
    """As ``as_``, in the town."""
    with contextlib.ExitStack() as clients:
        yield lambda username: clients.enter_context(town.client(token_of(username)))
