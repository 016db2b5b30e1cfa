"""Live pages: one look a second at what was written, told to everybody who waits in this process.

Nothing is told but that something happened: whoever may see it fetches it again. Every process watches for itself, so
none needs another, and a browser may come back to any of them.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final

from db.engine import Database, StoreUnavailable
from db.queries.changes import written_since

EVERY_S: Final = 1.0
LATE: Final = timedelta(seconds=10)
"""By how much a write may become visible after a later one."""

_LOOKED_BACK: Final = timedelta(minutes=1)

SILENCE_S: Final = 20.0
"""After this long without news a sign of life is given, so that nobody between closes the line."""

LONGEST_S: Final = 600.0
"""After this long whoever waits has to come again, and to show who it is."""

_log = logging.getLogger("bihuan.watch")


class Watch:
    """Looks while somebody waits, and only then."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: set[asyncio.Event] = set()
        self._looking: asyncio.Task[None] | None = None
        self._closed = False

    async def changes(self) -> AsyncIterator[bool]:
        """True whenever something happened, False as a sign of life; ends by itself."""
        clock = asyncio.get_running_loop().time
        ends = clock() + LONGEST_S
        news = asyncio.Event()
        self._waiting.add(news)
        self._begin()
        try:
            while clock() < ends:
                with suppress(TimeoutError):
                    await asyncio.wait_for(news.wait(), SILENCE_S)
                if self._closed:
                    break
                yield news.is_set()
                news.clear()
        finally:
            self._waiting.discard(news)

    def _begin(self) -> None:
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())

    async def _look(self) -> None:
        since = datetime.now(UTC) - LATE
        known = await self._written(since)
        while self._waiting:
            await asyncio.sleep(EVERY_S)
            seen = await self._written(since)
            if seen is None or seen == known:
                continue
            for news in self._waiting:
                news.set()
            latest, known = seen[0], seen
            if latest is not None and latest - since > _LOOKED_BACK:
                since = latest - LATE
                known = await self._written(since)

    async def _written(self, since: datetime) -> tuple[datetime | None, int] | None:
        try:
            return await self._database.read(lambda connection: written_since(connection, since))
        except StoreUnavailable:
            _log.warning("the store is away; live pages wait")
            return None

    async def aclose(self) -> None:
        """Let everybody go."""
        self._closed = True
        for news in self._waiting:
            news.set()
        if self._looking is not None:
            self._looking.cancel()
            with suppress(asyncio.CancelledError):
                await self._looking
