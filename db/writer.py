"""The one writer of an SQLite store: whatever is queued is committed together, each unit in a savepoint of its own.

One commit costs one flush of the disk, whoever shares it. A unit that raises is rolled back to its savepoint and takes
no other along; an outcome is told only after the commit. A group is bounded in units and in time, so that the first in
it does not wait for all that come later.
"""

import asyncio
import queue
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from db.errors import StoreUnavailable, is_unavailable, unavailable

T = TypeVar("T")

GROUP_UNITS = 128
GROUP_SECONDS = 0.02

Waiting = asyncio.Future[Any] | Future[Any]


@dataclass(slots=True)
class _Unit:
    """A piece of work, who waits for it, and how it went."""

    work: Callable[[Connection], Any]
    waiting: Waiting
    result: Any = None
    error: BaseException | None = None


class GroupWriter:
    """Runs units of work one after another on its own thread, and commits them in groups."""

    def __init__(self, engine: Engine, *, units: int = GROUP_UNITS, seconds: float = GROUP_SECONDS) -> None:
        self._engine = engine
        self._units = units
        self._seconds = seconds
        self._queue: queue.SimpleQueue[_Unit | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._serve, name="store-write", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[Connection], T]) -> "asyncio.Future[T]":
        """Queue ``work``; the future of the running loop resolves once it is committed, or carries what it raised."""
        waiting: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._put(_Unit(work, waiting))
        return waiting

    def submit_sync(self, work: Callable[[Connection], T]) -> T:
        """Queue ``work`` and wait until it is committed."""
        waiting: Future[T] = Future()
        self._put(_Unit(work, waiting))
        return waiting.result()

    def close(self) -> None:
        """Commit what is queued, then end the thread."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()
        self._engine.dispose()

    def _put(self, unit: _Unit) -> None:
        # The lock keeps every unit in front of the mark that ends the thread.
        with self._lock:
            if self._closed:
                raise StoreUnavailable("the store is closed")
            self._queue.put(unit)

    def _serve(self) -> None:
        while (first := self._queue.get()) is not None:
            group: list[_Unit] = []
            ends = False
            try:
                with self._engine.begin() as connection:
                    ends = self._run_group(connection, first, group)
            except BaseException as error:  # the thread outlives every failure, and tells it
                if not group:
                    ends = self._give_up_queue(first, group)
                _fail(group, error)
            _tell(group)
            if ends:
                return

    def _run_group(self, connection: Connection, first: _Unit, group: list[_Unit]) -> bool:
        """Run units until the group is full or nothing waits; whether the end mark was met."""
        until = time.monotonic() + self._seconds
        unit: _Unit | None = first
        while unit is not None:
            group.append(unit)
            _run_unit(connection, unit)
            if len(group) >= self._units or time.monotonic() >= until or self._queue.empty():
                return False
            unit = self._queue.get_nowait()
        return True

    def _give_up_queue(self, first: _Unit, group: list[_Unit]) -> bool:
        """The database is locked or away: whoever queued meanwhile has waited as long; whether the end mark was met."""
        unit: _Unit | None = first
        while unit is not None:
            group.append(unit)
            if self._queue.empty():
                return False
            unit = self._queue.get_nowait()
        return True


def _run_unit(connection: Connection, unit: _Unit) -> None:
    connection.exec_driver_sql("SAVEPOINT unit")
    try:
        unit.result = unit.work(connection)
    except Exception as error:
        unit.error = _translated(error)
        _undo(connection, error)
    connection.exec_driver_sql("RELEASE unit")


def _undo(connection: Connection, error: Exception) -> None:
    try:
        connection.exec_driver_sql("ROLLBACK TO unit")
    except DBAPIError:
        # A full or failing disk makes SQLite roll back everything: the whole group has to be told.
        raise unavailable(error) from error


def _translated(error: BaseException) -> BaseException:
    if isinstance(error, StoreUnavailable) or not is_unavailable(error):
        return error
    told = unavailable(error)
    told.__cause__ = error
    return told


def _fail(group: list[_Unit], error: BaseException) -> None:
    """Nothing of the group was committed: units that had not failed by themselves fail with it."""
    for unit in group:
        if unit.error is None:
            unit.error = _translated(error)


def _tell(group: list[_Unit]) -> None:
    """Give every outcome to whoever waits; one call per event loop, because each wakes it."""
    by_loop: dict[asyncio.AbstractEventLoop, list[_Unit]] = defaultdict(list)
    for unit in group:
        if isinstance(unit.waiting, Future):
            _resolve(unit)
        else:
            by_loop[unit.waiting.get_loop()].append(unit)
    for loop, units in by_loop.items():
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(_resolve_all, units)


def _resolve_all(units: list[_Unit]) -> None:
    for unit in units:
        _resolve(unit)


def _resolve(unit: _Unit) -> None:
    if unit.waiting.done():  # whoever waited was cancelled; the work stands all the same
        return
    if unit.error is not None:
        unit.waiting.set_exception(unit.error)
    else:
        unit.waiting.set_result(unit.result)
