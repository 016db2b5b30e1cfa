"""The store: groups, savepoints, snapshots, and what a database that is away looks like."""

import asyncio
import sqlite3
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, func, insert, select, text
from sqlalchemy.exc import IntegrityError

from db.connections import store_url
from db.engine import Database, StoreUnavailable
from db.numbers import next_running
from db.tables import Dossier, Notice, Unit, core
from domain.vocabulary import DossierKind, EventType, UnitKind
from tests.conftest import POSTGRESQL, SQLITE

_units = core(Unit)


def add(connection: Connection, code: str) -> str:
    connection.execute(insert(_units).values(code=code, name=code, kind=UnitKind.DEPARTMENT))
    return code


def codes(connection: Connection) -> set[str]:
    return set(connection.scalars(select(_units.c.code)))


async def test_only_the_failing_units_are_undone_when_many_are_written_together(database: Database) -> None:
    def work(number: int) -> Any:
        def unit(connection: Connection) -> str:
            add(connection, str(number))
            if number % 10 == 3:
                raise KeyError(number)
            return str(number)

        return unit

    answers = await asyncio.gather(*(database.write(work(i)) for i in range(300)), return_exceptions=True)
    kept = {str(i) for i in range(300) if i % 10 != 3}
    assert {answer for answer in answers if isinstance(answer, str)} == kept
    assert sum(isinstance(answer, KeyError) for answer in answers) == 30
    assert await database.read(codes) == kept


async def test_unit_is_undone_alone_when_the_database_refuses_a_row(database: Database) -> None:
    first, second, third = await asyncio.gather(
        database.write(lambda connection: add(connection, "a")),
        database.write(lambda connection: [add(connection, "b"), add(connection, "b")]),
        database.write(lambda connection: add(connection, "c")),
        return_exceptions=True,
    )
    assert (first, third) == ("a", "c")
    assert isinstance(second, IntegrityError)
    assert await database.read(codes) == {"a", "c"}


async def test_work_stands_when_whoever_waited_was_cancelled(database: Database) -> None:
    running = threading.Event()
    go_on = threading.Event()

    def slow(connection: Connection) -> str:
        running.set()
        go_on.wait(10)
        return add(connection, "a")

    task = asyncio.create_task(database.write(slow))
    await asyncio.to_thread(running.wait, 10)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    go_on.set()
    await database.write(lambda connection: add(connection, "b"))
    await database.aclose()
    reopened = Database(database.url)
    assert await reopened.read(codes) == {"a", "b"}
    await reopened.aclose()


def test_write_is_refused_when_a_reader_tries(database: Database) -> None:
    with pytest.raises(Exception, match=r"(?i)read.?only"):
        database.read_sync(lambda connection: add(connection, "a"))
    assert database.read_sync(codes) == set()


async def test_reader_sees_one_snapshot_when_something_is_written_meanwhile(database: Database) -> None:
    def look_twice(connection: Connection) -> tuple[set[str], set[str]]:
        before = codes(connection)
        database.write_sync(lambda writer: add(writer, "meanwhile"))
        return before, codes(connection)

    assert await database.read(look_twice) == (set(), set())
    assert await database.read(codes) == {"meanwhile"}


def test_what_was_handed_in_is_committed_when_the_store_closes(database: Database) -> None:
    async def hand_in() -> None:
        writes = [asyncio.ensure_future(database.write(lambda c, i=i: add(c, str(i)))) for i in range(50)]  # type: ignore[misc]
        await asyncio.sleep(0)
        await database.aclose()
        await asyncio.gather(*writes)

    asyncio.run(hand_in())
    reopened = Database(database.url)
    assert len(reopened.read_sync(codes)) == 50
    reopened.close()


async def test_store_is_unavailable_when_closed(database: Database) -> None:
    database.close()
    database.close()
    with pytest.raises(StoreUnavailable):
        await database.write(codes)
    with pytest.raises(StoreUnavailable):
        await database.read(codes)
    with pytest.raises(StoreUnavailable):
        database.write_sync(codes)
    with pytest.raises(StoreUnavailable):
        database.ping()


@pytest.mark.parametrize("database_url", [SQLITE], indirect=True)
async def test_writers_are_told_together_when_another_process_holds_the_file(database: Database) -> None:
    path = store_url(database.url).database
    assert path is not None
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    answers = await asyncio.gather(
        *(database.write(lambda c, i=i: add(c, str(i))) for i in range(5)),  # type: ignore[misc]
        return_exceptions=True,
    )
    assert all(isinstance(answer, StoreUnavailable) for answer in answers)
    assert await database.read(codes) == set()
    holder.execute("ROLLBACK")
    holder.close()
    assert await database.write(lambda connection: add(connection, "after")) == "after"


@pytest.mark.parametrize("database_url", [SQLITE], indirect=True)
async def test_all_of_a_group_are_told_when_the_disk_is_full(database: Database) -> None:
    def fill(connection: Connection) -> None:
        pages = connection.scalar(text("PRAGMA page_count")) or 0
        connection.execute(text(f"PRAGMA max_page_count={pages + 1}"))

    await database.write(fill)
    big = "x" * 100_000
    answers = await asyncio.gather(
        database.write(lambda connection: add(connection, "small")),
        database.write(lambda connection: add(connection, big)),
        return_exceptions=True,
    )
    stored = await database.read(codes)
    assert isinstance(answers[1], StoreUnavailable)
    assert stored == {answer for answer in answers if isinstance(answer, str)}


@pytest.mark.parametrize("database_url", [POSTGRESQL], indirect=True)
@pytest.mark.postgres
def test_store_goes_on_when_the_server_dropped_its_connections(database: Database, postgres_server: str) -> None:
    database.write_sync(lambda connection: add(connection, "before"))
    database.ping()
    name = store_url(database.url).database
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
    assert database.read_sync(codes) == {"before"}
    assert database.write_sync(lambda connection: add(connection, "after")) == "after"


@pytest.mark.parametrize("url", ["postgresql://nobody@127.0.0.1:1/none", "sqlite:////nowhere/at/all.db"])
def test_store_is_unavailable_when_there_is_no_database(url: str) -> None:
    store = Database(url)
    with pytest.raises(StoreUnavailable):
        store.ping()
    with pytest.raises(StoreUnavailable):
        store.write_sync(codes)
    store.close()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://host/name"])
def test_url_is_refused_when_no_store_speaks_it(url: str) -> None:
    with pytest.raises(ValueError, match="sqlite"):
        Database(url)


@pytest.mark.parametrize("database_url", [SQLITE], indirect=True)
def test_connections_are_set_up_when_on_sqlite(database: Database) -> None:
    def pragmas(connection: Connection) -> list[Any]:
        names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        return [connection.scalar(text(f"PRAGMA {name}")) for name in names]

    assert database.write_sync(pragmas) == ["wal", 2, 1, 3000]
    assert database.read_sync(pragmas) == ["wal", 2, 1, 3000]


def test_instant_is_the_same_when_read_back(database: Database) -> None:
    shanghai = datetime.fromisoformat("2026-02-13T16:20:00.000001+08:00")

    def work(connection: Connection) -> datetime | None:
        row = {"key": "k", "recipient": "r", "type": EventType.CLOSED, "at": shanghai, "recorded_at": shanghai}
        connection.execute(insert(core(Notice)), {**row, "data": {}})
        return connection.scalar(select(core(Notice).c.at))

    read = database.write_sync(work)
    assert read == shanghai
    assert read is not None
    assert read.tzinfo is UTC


def test_instant_is_refused_when_naive(database: Database) -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001
    with pytest.raises(Exception, match="without a time zone"):
        database.read_sync(lambda connection: connection.scalar(select(func.count()).where(core(Notice).c.at < naive)))


def test_code_is_refused_when_it_is_no_member(database: Database) -> None:
    with pytest.raises(Exception, match="department-of-magic"):
        database.write_sync(
            lambda connection: connection.execute(insert(_units).values(code="x", name="x", kind="department-of-magic"))
        )


async def test_running_numbers_never_repeat_when_many_ask_at_once(database: Database) -> None:
    from db.projections.opening import running_id
    from tests.db.stories import begin

    def accept(connection: Connection) -> int:
        number = next_running(connection)
        return running_id(begin(connection, number).number)

    numbers = await asyncio.gather(*(database.write(accept) for _ in range(40)))
    assert sorted(numbers) == list(range(1, 41))


def test_row_is_refused_when_its_dossier_is_missing(database: Database) -> None:
    from db.projections.events import append_events
    from domain.messages import Event

    now = datetime.now(UTC)
    with pytest.raises(IntegrityError):
        database.write_sync(
            lambda connection: append_events(connection, "nothing", [Event(seq=1, type=EventType.OPENED, at=now)], now)
        )
    head = {"id": "d", "kind": DossierKind.INCIDENT, "case_number": "d", "opened_at": now}
    database.write_sync(lambda connection: connection.execute(insert(core(Dossier)), head))


def test_file_is_made_when_first_migrated(tmp_path: Path) -> None:
    from db.engine import migrated
    from db.migrations import upgrade

    url = f"sqlite:///{tmp_path / 'new.db'}"
    upgrade(url)
    assert migrated(url)
