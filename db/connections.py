"""How connections to the two databases are made: URLs, pragmas, time limits.

Readers and writers have engines of their own: a reader cannot write, and on SQLite only a writer begins IMMEDIATE.
"""

from sqlite3 import Connection as SQLiteConnection
from typing import Any

from psycopg import Connection as PostgresConnection
from psycopg import IsolationLevel
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url

BUSY_TIMEOUT_MS = 3_000
CONNECT_TIMEOUT_S = 5
LOCK_TIMEOUT_MS = 3_000
POOL_TIMEOUT_S = 5
POOL_RECYCLE_S = 1_800


def store_url(url: str) -> URL:
    """The URL with its driver. Takes ``sqlite:///path`` and ``postgresql://…``; raises ValueError for others."""
    parsed = make_url(url)
    if parsed.drivername in ("sqlite", "sqlite+pysqlite"):
        if not parsed.database or parsed.database == ":memory:":
            raise ValueError("a store on SQLite needs a file: sqlite:///path")
        return parsed.set(drivername="sqlite+pysqlite")
    if parsed.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return parsed.set(drivername="postgresql+psycopg")
    raise ValueError(f"no store speaks {parsed.drivername}: sqlite:///path or postgresql://…")


def make_engine(url: str, *, writes: bool, size: int) -> Engine:
    """An engine of ``size`` pooled connections that writes, or that can only read."""
    target = store_url(url)
    sqlite = target.get_backend_name() == "sqlite"
    engine = create_engine(
        target,
        pool_size=size,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT_S,
        pool_recycle=-1 if sqlite else POOL_RECYCLE_S,
        pool_use_lifo=True,
        connect_args={"isolation_level": None, "timeout": BUSY_TIMEOUT_MS / 1000}
        if sqlite
        else {"connect_timeout": CONNECT_TIMEOUT_S},
    )
    if sqlite:
        _prepare_sqlite(engine, writes=writes)
    else:
        _prepare_postgres(engine, writes=writes)
    return engine


def _prepare_sqlite(engine: Engine, *, writes: bool) -> None:
    begin = "BEGIN IMMEDIATE" if writes else "BEGIN"

    @event.listens_for(engine, "connect")
    def configure(connection: SQLiteConnection, _: Any) -> None:
        # WAL is asked for by readers too: whoever comes first makes the file.
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-16000"):
            connection.execute(f"PRAGMA {pragma}")
        if not writes:
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)


def _prepare_postgres(engine: Engine, *, writes: bool) -> None:
    @event.listens_for(engine, "connect")
    def configure(connection: PostgresConnection[Any], _: Any) -> None:
        connection.execute(f"SET lock_timeout = {LOCK_TIMEOUT_MS}")
        connection.execute("SET timezone = 'UTC'")
        connection.commit()
        if not writes:
            connection.read_only = True
            connection.isolation_level = IsolationLevel.REPEATABLE_READ
