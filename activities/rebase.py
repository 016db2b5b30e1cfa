"""One page of running cases, each counted again under the calendar that is loaded (E2)."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, datetime
from enum import Enum, auto
from typing import Any, Final

from temporalio import activity

from db.engine import Database
from db.queries.rebasing import Running, running_cases
from domain.case import Case
from domain.errors import Refused
from domain.messages import Command, Rebasing, Visited
from domain.plain import of_plain
from domain.rebasing import Data, rebasing_of_case, rebasing_of_request
from domain.rulebook import Rulebook
from domain.service.request import ServiceRequest
from domain.vocabulary import CommandKind, DossierKind

PAGE: Final = 50
ABREAST: Final = 4
"""People's commands come first: only so many cases at a time."""

ATTEMPTS: Final = 3
BEAT_S: Final = 3.0
LOOK_S: Final = 0.25

Put = Callable[[str, Command], Awaitable[Any]]
"""Puts a command to a case. Raises Refused, Unanswered."""


class Unanswered(Exception):
    """The case gave no answer: it may have taken the command or not."""


class _Became(Enum):
    MOVED = auto()
    STANDS = auto()
    LEFT = auto()


@contextlib.asynccontextmanager
async def _alive() -> AsyncIterator[None]:
    """Tells the engine every now and then that this worker lives."""

    async def beat() -> None:
        while True:
            activity.heartbeat()
            await asyncio.sleep(BEAT_S)

    beating = asyncio.create_task(beat())
    try:
        yield
    finally:
        beating.cancel()


class Rebaser:
    """Visits cases, ``page`` at a time. ``rules`` hold the new calendar; ``clock`` stamps what ``put`` carries.

    ``patience_s``: how long a calendar is waited for that this worker does not have yet.
    """

    def __init__(
        self,
        database: Database,
        rules: Callable[[], Rulebook],
        put: Put,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        page: int = PAGE,
        patience_s: float = 0.0,
    ) -> None:
        self._database = database
        self._rules = rules
        self._put = put
        self._clock = clock
        self._size = page
        self._patience_s = patience_s

    @activity.defn(name="rebase_page")
    async def rebase_page(self, rebasing: Rebasing) -> Visited:
        """The cases after ``rebasing.after``. A repeat finds those that it has moved moved, and passes them by.

        Under another calendar than the one asked for nothing is visited, and all of it is left for another round.
        """
        if not await self._has(rebasing.calendar_version):
            return Visited(last=None, left=1)
        page = await self._page(rebasing.after)
        if not page:
            return Visited(last=None)
        gate = asyncio.Semaphore(ABREAST)
        async with _alive():
            became = await asyncio.gather(*(self._visit(gate, running) for running in page))
        return Visited(
            last=page[-1].number,
            visited=len(page),
            moved=became.count(_Became.MOVED),
            left=became.count(_Became.LEFT),
        )

    async def _has(self, version: str) -> bool:
        """Whether this worker has that calendar, or has read of it within its patience: another one may be ahead."""
        ends = asyncio.get_running_loop().time() + self._patience_s
        async with _alive():
            while version != self._rules().calendar.version:
                if asyncio.get_running_loop().time() >= ends:
                    return False
                await asyncio.sleep(LOOK_S)
        return True

    async def _page(self, after: str, number: str | None = None) -> Sequence[Running]:
        years = self._rules().calendar.years
        return await self._database.read(
            lambda connection: running_cases(connection, max(years), after=after, limit=self._size, number=number)
        )

    async def _visit(self, gate: asyncio.Semaphore, running: Running) -> _Became:
        async with gate:
            for _ in range(ATTEMPTS):
                now = self._clock()
                data = self._resolved(running, now)
                if data is None:
                    return _Became.STANDS
                try:
                    await self._put(running.number, self._command(running, data, now))
                    return _Became.MOVED
                except Unanswered:
                    return _Became.LEFT
                except Refused as refused:
                    if refused.code != "promise_changed":
                        return _Became.STANDS  # it was finished meanwhile
                again = await self._page("", running.number)
                if not again:
                    return _Became.STANDS
                running = again[0]
            return _Became.LEFT

    def _resolved(self, running: Running, now: datetime) -> Data | None:
        if running.kind is DossierKind.SERVICE_REQUEST:
            return rebasing_of_request(self._rules(), of_plain(ServiceRequest, running.state), now)
        return rebasing_of_case(self._rules(), of_plain(Case, running.state), now)

    def _command(self, running: Running, data: Data, now: datetime) -> Command:
        """One and the same for a case as it stands, so that a repeat is known by its id."""
        version = self._rules().calendar.version
        return Command(
            id=f"{running.number}:{CommandKind.REBASE.value}:{version}:{running.version}",
            kind=CommandKind.REBASE,
            at=now,
            actor=None,
            unit=None,
            data=data,
            seen=running.version,
        )
