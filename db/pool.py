"""Units of work that each have a transaction of their own, on a few threads: all reads, and writes on PostgreSQL."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from db.errors import StoreUnavailable, is_unavailable, unavailable

T = TypeVar("T")


class TransactionPool:
    """Runs units of work on ``size`` threads, one transaction each."""

    def __init__(self, engine: Engine, *, size: int, name: str) -> None:
        self._engine = engine
        self._threads = ThreadPoolExecutor(size, thread_name_prefix=name)

    def submit(self, work: Callable[[Connection], T]) -> "asyncio.Future[T]":
        """Run ``work`` on a thread; the future of the running loop resolves once it is committed."""
        try:
            return asyncio.wrap_future(self._threads.submit(partial(self.submit_sync, work)))
        except RuntimeError as error:
            raise StoreUnavailable("the store is closed") from error

    def submit_sync(self, work: Callable[[Connection], T]) -> T:
        """Run ``work`` here; once more if its connection turns out to have died before anything was committed."""
        try:
            return self._attempt(work)
        except _DeadConnection:
            return self._attempt(work)

    def close(self) -> None:
        """Finish what was handed in."""
        self._threads.shutdown(wait=True)
        self._engine.dispose()

    def _attempt(self, work: Callable[[Connection], T]) -> T:
        committing = False
        try:
            with self._engine.begin() as connection:
                result = work(connection)
                committing = True
            return result
        except Exception as error:
            if not is_unavailable(error):
                raise
            if isinstance(error, DBAPIError) and error.connection_invalidated and not committing:
                raise _DeadConnection(str(error.orig)) from error
            raise unavailable(error) from error


class _DeadConnection(StoreUnavailable):
    """The connection broke before the commit was sent, so nothing was written."""
