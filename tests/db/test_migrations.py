"""Revisions: up, down, and the same as the tables, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

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
