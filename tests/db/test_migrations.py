"""Revisions: up, down, and the same as the tables, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from db.connections import make_engine
from db.engine import Database, StoreUnavailable, migrated
from db.migrations import current, downgrade, head, upgrade
from db.tables import metadata
from tests.conftest import BOTH


def tables_of(url: str) -> set[str]:
    engine = make_engine(url, writes=False, size=1)
    try:
        with engine.connect() as connection:
            return set(inspect(connection).get_table_names())
    finally:
        engine.dispose()


def test_revisions_and_tables_agree_when_newest(database: Database) -> None:
    engine = make_engine(database.url, writes=False, size=1)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, metadata)
    engine.dispose()
    assert differences == []


@pytest.mark.parametrize("blank_url", BOTH, indirect=True)
def test_database_is_empty_again_when_taken_down(blank_url: str) -> None:
    assert current(blank_url) is None
    assert not migrated(blank_url)
    upgrade(blank_url)
    assert current(blank_url) == head()
    assert migrated(blank_url)
    downgrade(blank_url)
    assert tables_of(blank_url) == {"alembic_version"}
    upgrade(blank_url)
    assert migrated(blank_url)


@pytest.mark.parametrize("blank_url", BOTH, indirect=True)
def test_each_revision_goes_up_and_down_when_taken_alone(blank_url: str) -> None:
    upgrade(blank_url, "0001")
    assert "red_card" not in tables_of(blank_url)
    upgrade(blank_url)
    downgrade(blank_url, "0001")
    assert "red_card" not in tables_of(blank_url)
    assert not migrated(blank_url)


@pytest.mark.parametrize("blank_url", [BOTH[1]], indirect=True)
def test_both_succeed_when_two_processes_migrate_at_once(blank_url: str) -> None:
    from subprocess import run
    from sys import executable

    program = f"from db.migrations import upgrade; upgrade({blank_url!r})"
    root = Path(__file__).parents[2]
    with ThreadPoolExecutor(2) as threads:
        done = list(threads.map(lambda _: run([executable, "-c", program], cwd=root, check=False), range(2)))
    assert [process.returncode for process in done] == [0, 0]
    assert migrated(blank_url)


def test_store_is_unavailable_when_its_directory_is_missing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'missing' / 'store.db'}"
    with pytest.raises(StoreUnavailable):
        upgrade(url)
    with pytest.raises(StoreUnavailable):
        migrated(url)


@pytest.mark.parametrize("blank_url", BOTH, indirect=True)
def test_cases_that_stand_keep_their_deadline_as_light_when_service_requests_come(blank_url: str) -> None:
    upgrade(blank_url, "0002")
    store = Database(blank_url)
    store.write_sync(_stand)
    upgrade(blank_url, "0003")
    for _ in range(2):
        lights = "SELECT light_yellow_at, light_due_at, yellow_at, due_at FROM cases"
        (row,) = store.read_sync(lambda connection, lights=lights: connection.execute(text(lights)).all())  # type: ignore[misc]
        assert row[:2] == row[2:]
        assert None not in row
        downgrade(blank_url, "0002")
        assert store.read_sync(lambda connection: connection.scalar(text("SELECT count(*) FROM report"))) == 1
        upgrade(blank_url, "0003")
    store.close()


@pytest.mark.parametrize("blank_url", BOTH, indirect=True)
def test_version_that_never_counted_does_not_count_after_going_down_and_up(blank_url: str) -> None:
    upgrade(blank_url, "0011")
    store = Database(blank_url)
    store.write_sync(_schedule)
    for move, revision in ((downgrade, "0010"), (upgrade, "0011")):
        move(blank_url, revision)
        kept = "SELECT version FROM rulebook_version"
        assert store.read_sync(lambda connection, kept=kept: connection.scalars(text(kept)).all()) == ["counts"]  # type: ignore[misc]
    entered = "SELECT version FROM rulebook_schedule"
    assert store.read_sync(lambda connection: connection.scalars(text(entered)).all()) == ["counts"]
    store.close()


def _schedule(connection: Connection) -> None:
    """A version in force, a draft, one that waits and one that was taken back."""
    since = {"counts": 2026, "draft": None, "waits": 2199, "gone": 2025}
    for number, (version, year) in enumerate(since.items()):
        at = f"2026-01-01 00:00:0{number}.000000+00:00"
        known = {"version": version, "number": number, "at": at, "from": f"{year}-01-01 00:00:00.000000+00:00"}
        for statement in _VERSION if year else _VERSION[:2]:
            connection.execute(text(statement), known | {"gone": at if version == "gone" else None})


_VERSION = (
    (
        "INSERT INTO rulebook_version (version, name, effective_from, loaded_at, content)"
        " VALUES (:version, 'made-up', :at, :at, '{}')"
    ),
    (
        "INSERT INTO rulebook_package (version, digest, layers, catalogues, added_at)"
        " VALUES (:version, 'made-up', '[]', '[]', :at)"
    ),
    (
        "INSERT INTO rulebook_schedule (id, version, effective_from, scheduled_at, withdrawn_at)"
        " VALUES (:number, :version, :from, :at, :gone)"
    ),
)


def _stand(connection: Connection) -> None:
    """A case with its report, as the revision before left them."""
    for statement in _STANDING:
        connection.execute(text(statement.replace("AT", "'2026-11-23 01:00:00.000000+00:00'")))


_STANDING = (
    (
        "INSERT INTO dossier (id, kind, case_number, version, opened_at, urgent)"
        " VALUES ('SJ1', 'incident', 'SJ1', 2, AT, false)"
    ),
    (
        "INSERT INTO cases (number, id, kind, category, source, danger, status, version, round, received_at, yellow_at,"
        " due_at, provisional, state) VALUES ('SJ1', 1, 'incident', 'burst-pipe', 'desk', false, 'dispatched', 2, 1,"
        " AT, AT, AT, false, '{}')"
    ),
    (
        'INSERT INTO report ("case", description, anonymous, disclose, tracking_hash)'
        " VALUES ('SJ1', 'made-up', false, false, 'made-up')"
    ),
)
