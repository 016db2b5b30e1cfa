"""Sees to it that the calendar in force is carried into the running cases (E2), once for each version."""

import asyncio
import logging
import math
from collections.abc import Callable
from typing import Final

from api.desk import Desk, EngineAway, OutcomeUnknown
from db.engine import Database, StoreUnavailable
from db.queries.rebasing import provisional_within
from domain.calendar import Calendar
from domain.messages import Rebasing

PAUSE_S: Final = 5.0
LOOK_S: Final = 1.0
STRAGGLERS_S: Final = 30.0
"""By then every process has the new calendar, and what was promised before it had is visited."""

_log = logging.getLogger("bihuan.rebase")


class Rebase:
    """Begins ``RebaseWorkflow`` for each calendar. Beginning twice is harmless: its id is the calendar's version."""

    def __init__(self, database: Database, desk: Desk, calendar: Callable[[], Calendar]) -> None:
        self._database = database
        self._desk = desk
        self._calendar = calendar

    async def run(self) -> None:
        """Begin it as soon as engine and database are there, and again whenever another calendar comes into force.

        A while after each beginning it is begun once more if another process went on with the calendar before.
        """
        begun: str | None = None
        clock = asyncio.get_running_loop().time
        again_at = math.inf
        while True:
            wanted = self._calendar().version
            try:
                if wanted != begun or clock() >= again_at:
                    await self.begin()
                    again_at = clock() + STRAGGLERS_S if wanted != begun else math.inf
                    begun = wanted
            except (EngineAway, OutcomeUnknown, StoreUnavailable) as error:
                _log.warning("the calendar is carried into the cases later: %s", type(error).__name__)
            except Exception:
                _log.exception("the calendar is carried into the cases later")
            await asyncio.sleep(LOOK_S if wanted == begun else PAUSE_S)

    async def begin(self, *, anew: bool = False) -> None:
        """Begin it, also once more when cases are provisional that need not be, or ``anew`` says so.

        Such come from a process that still had the calendar before. Raises EngineAway, OutcomeUnknown.
        """
        calendar = self._calendar()
        last_year = max(calendar.years)
        missed = await self._database.read(lambda connection: provisional_within(connection, last_year))
        await self._desk.rebase(Rebasing(calendar_version=calendar.version), anew=anew or missed)
