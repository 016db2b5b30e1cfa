"""The opener: after a report is accepted, starts its workflow in the background of this process.

Acceptance comes first: while reports come in, few starts are under way. What is lost in a crash, or given up because
the engine is away, is the relay's.
"""

import asyncio
import contextlib
import itertools
import logging
import time
from typing import Final

from api.desk import Desk, EngineAway, OutcomeUnknown
from db.engine import StoreUnavailable
from db.frontdesk.starting import Start

WIDE: Final = 24
NARROW: Final = 1
QUIET_S: Final = 0.05
MARKED_TOGETHER: Final = 100
MARK_EVERY_S: Final = 0.25
HELD: Final = 20_000
PAUSE_S: Final = 2.0

_log = logging.getLogger("bihuan.opener")


class Opener:
    """A queue of accepted dossiers, danger first, and the tasks that start them."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._queue: asyncio.PriorityQueue[tuple[bool, int, Start]] = asyncio.PriorityQueue()
        self._order = itertools.count()
        self._started: list[str] = []
        self._busy_until = 0.0
        self._away_until = 0.0
        self._running = 0
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def backlog(self) -> int:
        """How many wait to be started."""
        return self._queue.qsize() + self._running

    def busy(self) -> None:
        """A report is coming in: starts other than urgent ones step back for a moment."""
        self._busy_until = time.monotonic() + QUIET_S

    def add(self, start: Start) -> None:
        """Start it soon. Beyond what is sensibly held in memory, or while the engine is away, the relay will."""
        if self._queue.qsize() < HELD or start.urgent:
            self._queue.put_nowait((not start.urgent, next(self._order), start))

    def begin(self) -> None:
        """Begin to work, on the running event loop."""
        self._tasks = [asyncio.create_task(self._work(index)) for index in range(WIDE)]
        self._tasks.append(asyncio.create_task(self._mark_regularly()))

    async def end(self) -> None:
        """Stop at once; note what was started."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with contextlib.suppress(StoreUnavailable):
            await self._mark()

    async def _work(self, index: int) -> None:
        while True:
            if index >= NARROW:
                await self._until_quiet()
            later, order, start = await self._queue.get()
            if later and index >= NARROW and time.monotonic() < self._busy_until:
                self._queue.put_nowait((later, order, start))
                continue
            self._running += 1
            try:
                await self._start(start)
            finally:
                self._running -= 1

    async def _until_quiet(self) -> None:
        while (wait := self._busy_until - time.monotonic()) > 0:  # noqa: ASYNC110 - time passes, nobody sets it
            await asyncio.sleep(wait)

    async def _start(self, start: Start) -> None:
        if time.monotonic() < self._away_until:
            return  # the relay's
        try:
            await self._desk.open(start)
        except (EngineAway, OutcomeUnknown) as error:
            self._away_until = time.monotonic() + PAUSE_S
            _log.warning("%s not started, left to the relay: %s", start.dossier, type(error).__name__)
            return
        except Exception:
            _log.exception("%s not started, left to the relay", start.dossier)
            return
        self._started.append(start.dossier)
        if len(self._started) >= MARKED_TOGETHER:
            await self._mark()

    async def _mark_regularly(self) -> None:
        while True:
            await asyncio.sleep(MARK_EVERY_S)
            with contextlib.suppress(StoreUnavailable):
                await self._mark()

    async def _mark(self) -> None:
        started, self._started = self._started, []
        if started:
            await self._desk.note_started(started)
