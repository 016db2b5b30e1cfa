"""The store: units of work on SQLite or PostgreSQL, awaited from an event loop or called from a thread.

    store = Database("sqlite:///var/bihuan.db")
    number = await store.write(lambda connection: accept(connection, report))
    rows = await store.read(lambda connection: board(connection, scope))

A unit of work is a function of a connection; it runs in a transaction of its own or, on SQLite, in a savepoint of one
transaction that commits for several (``db.writer``). It may be run again when the connection turns out to be dead
before anything was committed, so it must not do anything but database work.

Nothing here runs on the event loop's thread. Raises StoreUnavailable when the database is away, locked or closed.
"""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection, text

from db.connections import make_engine, store_url
from db.errors import StoreUnavailable
from db.pool import TransactionPool
from db.writer import GroupWriter

__all__ = ["Database", "StoreUnavailable", "migrated"]

T = TypeVar("T")
Work = Callable[[Connection], T]

READERS = 4
WRITERS = 8


class Database:
    """One store. ``readers`` and ``writers`` bound its connections; SQLite always has one writer."""

    def __init__(self, url: str, *, readers: int = READERS, writers: int = WRITERS) -> None:
        self.url = url
        self.dialect = store_url(url).get_backend_name()
        self._closed = False
        self._reader = TransactionPool(make_engine(url, writes=False, size=readers), size=readers, name="store-read")
        self._writer: GroupWriter | TransactionPool
        if self.dialect == "sqlite":
            self._writer = GroupWriter(make_engine(url, writes=True, size=1))
        else:
            engine = make_engine(url, writes=True, size=writers)
            self._writer = TransactionPool(engine, size=writers, name="store-write")

    async def write(self, work: Work[T]) -> T:
        """Run ``work`` as one unit of work that writes; what it returned, once it is committed."""
        self._check_open()
        return await self._writer.submit(work)

    async def read(self, work: Work[T]) -> T:
        """Run ``work`` on one snapshot of the database, without the right to write."""
        self._check_open()
        return await self._reader.submit(work)

    def write_sync(self, work: Work[T]) -> T:
        """As ``write``, from a thread that may block."""
        self._check_open()
        return self._writer.submit_sync(work)

    def read_sync(self, work: Work[T]) -> T:
        """As ``read``, from a thread that may block."""
        self._check_open()
        return self._reader.submit_sync(work)

    def close(self) -> None:
        """Finish what was handed in, then give all connections back. Harmless when repeated."""
        if not self._closed:
            self._closed = True
            self._writer.close()
            self._reader.close()

    async def aclose(self) -> None:
        """As ``close``, without holding up the event loop."""
        await asyncio.to_thread(self.close)

    def ping(self) -> None:
        """Raises StoreUnavailable unless the database answers."""
        self.read_sync(lambda connection: connection.execute(text("SELECT 1")))

    def _check_open(self) -> None:
        if self._closed:
            raise StoreUnavailable("the store is closed")


def migrated(url: str) -> bool:
    """Whether the database at ``url`` has the newest revision. Raises StoreUnavailable when it is away."""
    from db.migrations import current, head  # alembic takes 0.1 s to import; most who import the store never ask

    return current(url) == head()
