"""The opener: after a report is accepted, starts its workflow in the background of this process.

Acceptance comes first: while many reports come in at once, most starts wait, though not for long; danger never waits.
What is lost in a crash, or given up because the engine is away, is the relay's.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Iterator
from typing import Final

from api.desk import Desk, EngineAway, OutcomeUnknown
from api.relay import GRACE
from db.engine import StoreUnavailable
from db.frontdesk.starting import Start

ABREAST: Final = 24
URGENT_ABREAST: Final = 4
STEADY: Final = 3
"""So many go on starting while the others step back: an engine that idles during a burst is missed after it."""

PRESSED_BY: Final = 4
"""So many reports at once, and starting steps back …"""

PATIENCE_S: Final = 8.0
"""… for so long at most."""

MARK_EVERY_S: Final = 0.25
HELD: Final = 20_000
PAUSE_S: Final = 2.0

_log = logging.getLogger("bihuan.opener")

Waiting = tuple[float, Start]


class Opener:
    """Two queues of accepted dossiers, one for danger, and the tasks that start them."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._urgent: asyncio.Queue[Waiting] = asyncio.Queue()
        self._others: asyncio.Queue[Waiting] = asyncio.Queue()
        self._unpressed = asyncio.Event()
        self._unpressed.set()
        self._incoming = 0
        self._starting = 0
        self._started: list[str] = []
        self._away_until = 0.0
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def backlog(self) -> int:
        """How many wait to be started."""
        return self._urgent.qsize() + self._others.qsize() + self._starting

    @contextlib.contextmanager
    def accepting(self) -> Iterator[None]:
        """A report is being accepted."""
        self._incoming += 1
        if self._incoming > PRESSED_BY:
            self._unpressed.clear()
        try:
            yield
        finally:
            self._incoming -= 1
            if self._incoming <= PRESSED_BY:
                self._unpressed.set()

    def add(self, start: Start) -> None:
        """Start it soon. Beyond what is sensibly held in memory the relay will."""
        if start.urgent:
            self._urgent.put_nowait((time.monotonic(), start))
        elif self._others.qsize() < HELD:
            self._others.put_nowait((time.monotonic(), start))

    def begin(self) -> None:
        """Begin to work, on the running event loop."""
        self._tasks = [
            *(asyncio.create_task(self._work(self._urgent, yielding=False)) for _ in range(URGENT_ABREAST)),
            *(asyncio.create_task(self._work(self._others, yielding=lane >= STEADY)) for lane in range(ABREAST)),
            asyncio.create_task(self._mark_regularly()),
        ]

    async def end(self) -> None:
        """Stop at once; note what was started."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._mark()

    async def _work(self, queue: asyncio.Queue[Waiting], *, yielding: bool) -> None:
        while True:
            since, start = await queue.get()
            self._starting += 1
            try:
                if yielding:
                    await self._step_back(since)
                if not await self._relayed(since, start):
                    await self._start(start)
            finally:
                self._starting -= 1

    async def _step_back(self, since: float) -> None:
        left = since + PATIENCE_S - time.monotonic()
        if left > 0 and not self._unpressed.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._unpressed.wait(), left)

    async def _relayed(self, since: float, start: Start) -> bool:
        """Whether the relay was first: it helps with a long queue, and to start twice costs the engine a call."""
        if time.monotonic() - since < GRACE.total_seconds():
            return False
        try:
            return await self._desk.runs(start.dossier)
        except StoreUnavailable:
            return False

    async def _start(self, start: Start) -> None:
        if time.monotonic() < self._away_until and not start.urgent:
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

    async def _mark_regularly(self) -> None:
        while True:
            await asyncio.sleep(MARK_EVERY_S)
            await self._mark()

    async def _mark(self) -> None:
        """Note what was started. What cannot be noted, the relay starts once more, which is harmless."""
        started, self._started = self._started, []
        if not started:
            return
        try:
            await self._desk.note_started(started)
        except StoreUnavailable:
            _log.warning("%d started and not noted: the database is away", len(started))
        except Exception:
            _log.exception("%d started and not noted", len(started))
