"""The relay, run by the worker: starts what was accepted and never started, whoever died or was away."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from typing import Final

from api.desk import Desk, EngineAway, OutcomeUnknown
from db.engine import Database, StoreUnavailable
from db.frontdesk.starting import Start, not_started

EVERY_S: Final = 2.0
GRACE: Final = timedelta(seconds=10)
URGENT_GRACE: Final = timedelta(seconds=2)
BATCH: Final = 200
ABREAST: Final = 16
LONGEST_PAUSE_S: Final = 5.0

_log = logging.getLogger("bihuan.relay")


class Relay:
    """Looks every ``every`` seconds for dossiers older than ``grace`` that were never started, danger first."""

    def __init__(
        self,
        database: Database,
        desk: Desk,
        *,
        every: float = EVERY_S,
        grace: timedelta = GRACE,
        urgent_grace: timedelta = URGENT_GRACE,
    ) -> None:
        self._database = database
        self._desk = desk
        self._every = every
        self._grace = grace
        self._urgent_grace = urgent_grace

    async def run(self) -> None:
        """Until it is cancelled. Waits longer and longer while engine or database are away."""
        pause = self._every
        while True:
            try:
                found = await self.once()
                pause = 0.0 if found == BATCH else self._every
            except (EngineAway, OutcomeUnknown, StoreUnavailable) as error:
                pause = min(max(pause, self._every) * 2, LONGEST_PAUSE_S)
                _log.warning("relay waits %.0f s: %s", pause, type(error).__name__)
            except Exception:
                pause = LONGEST_PAUSE_S
                _log.exception("relay waits %.0f s", pause)
            await asyncio.sleep(pause)

    async def once(self) -> int:
        """Start one batch of what was not started; how many there were. Raises EngineAway, OutcomeUnknown."""
        now = datetime.now(UTC)
        batch = await self._database.read(
            lambda connection: not_started(
                connection, before=now - self._grace, urgent_before=now - self._urgent_grace, limit=BATCH
            )
        )
        for first in range(0, len(batch), ABREAST):
            await self._start(batch[first : first + ABREAST])
        return len(batch)

    async def _start(self, starts: list[Start]) -> None:
        outcomes = await asyncio.gather(*(self._desk.open(start) for start in starts), return_exceptions=True)
        started = [start.dossier for start, outcome in zip(starts, outcomes, strict=True) if outcome is None]
        await self._desk.note_started(started)
        for outcome in outcomes:
            if outcome is not None:
                raise outcome
