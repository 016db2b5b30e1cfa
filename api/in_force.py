"""The rulebook in a process: the version that counts at an instant, each process going over by itself, without restart.

A task reads once a second what was put in force: a few rows. What comes next is opened ahead of its instant, so that
going over is a comparison of two instants and nothing else; nobody who brings a report waits for it.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from api.auth import now
from api.catalogue import Shelf
from db.engine import Database
from db.frontdesk.rulebooks import digests, entries, layers_of
from db.queries.administration import calendar_notices, last_notice
from domain.calendar import Calendar
from domain.rulebook import Rulebook
from domain.rulebook_versions import Entry, in_force, upcoming
from domain.worktime import shanghai_date
from rulebook.calendars import overlaid
from rulebook.load import Opened, open_package
from rulebook.packed import of_plain
from rulebook.problems import RulebookInvalid

EVERY_S: Final = 1.0
"""Less than ``domain.rulebook_versions.SOONEST``: what is put in force has been read before it begins."""

RETRY_S: Final = 60.0
"""How long a version that cannot be opened is left alone."""

UNDER_WAY: Final = timedelta(minutes=1)
"""No request takes longer."""

_log = logging.getLogger("bihuan.rulebook")

Notices = Mapping[int, Mapping[date, bool]]
"""Year → which of its days are off, or worked after all."""

Rules = Callable[[], Rulebook]
"""The rulebook of this moment."""


@dataclass(frozen=True, slots=True)
class Book:
    """One version as a process works with it; ``stated`` is the calendar as its files have it."""

    version: str
    digest: str
    opened: Opened
    rulebook: Rulebook
    shelf: Shelf
    stated: Calendar

    def under(self, notices: Notices) -> "Book":
        """With the notices of years that were loaded here laid over its calendar."""
        calendar = overlaid(self.stated, notices)
        if calendar.version == self.rulebook.calendar.version:
            return self
        return replace(self, rulebook=replace(self.rulebook, calendar=calendar))


@dataclass(frozen=True, slots=True)
class _Placed:
    """A book and from when on it counts; None: always before."""

    since: datetime | None
    book: Book


@dataclass(frozen=True, slots=True)
class _Schedule:
    entries: tuple[Entry, ...] = ()
    digests: dict[str, str] | None = None
    notice: int = 0


class InForce:
    """The versions that count now and next. ``opened`` are the files of the installation: the first version."""

    def __init__(self, database: Database, opened: Opened, *, clock: Callable[[], datetime] = now) -> None:
        self._database = database
        self._clock = clock
        self._files = self._book(opened, None)
        self._placed: tuple[_Placed, ...] = (_Placed(None, self._files),)
        self._broken: dict[tuple[str, str], float] = {}
        self._reading: asyncio.Task[None] | None = None
        self._complaint = ""
        self._notice = 0
        self._notices: Notices = {}
        self.behind: str | None = None
        """The version that should count, and could not be opened."""

    def at(self, instant: datetime) -> Book:
        """The version that counts at an instant, which is now or was a moment ago."""
        for placed in reversed(self._placed):
            if placed.since is None or placed.since <= instant:
                return placed.book
        return self._placed[0].book

    @property
    def book(self) -> Book:
        """The version of this moment."""
        return self.at(self._clock())

    def rulebook(self) -> Rulebook:
        """The rules of this moment."""
        return self.book.rulebook

    async def begin(self) -> None:
        """Follow what is put in force, until ``aclose``; the first time before this returns, if the store is there."""
        await self._look()
        self._reading = asyncio.create_task(self._follow())

    async def aclose(self) -> None:
        """Stop following."""
        if self._reading is not None:
            self._reading.cancel()
            with suppress(asyncio.CancelledError):
                await self._reading

    async def refresh(self) -> None:
        """Read what was put in force, and open what counts now and what comes next. Raises StoreUnavailable."""
        schedule, moment = await self._database.read(_read), self._clock()
        if schedule.notice != self._notice:
            self._notices = await self._database.read(_read_notices)
            self._notice = schedule.notice
        await self._place(schedule, moment)
        self._placed = tuple(_Placed(placed.since, placed.book.under(self._notices)) for placed in self._placed)

    async def _place(self, schedule: _Schedule, moment: datetime) -> None:
        current, following = in_force(schedule.entries, moment), upcoming(schedule.entries, moment)
        if current is None:
            return
        book, before = await self._opened(schedule, current), self.at(moment)
        self.behind = None if book is not None else current.version
        placed = [_Placed(None, before)]
        if book is not None:
            placed = [*self._just_past(schedule, current, moment), _Placed(current.effective_from, book)]
        if following is not None and (coming := await self._opened(schedule, following)) is not None:
            placed.append(_Placed(following.effective_from, coming))
        self._placed = tuple(placed)

    def _just_past(self, schedule: _Schedule, current: Entry, moment: datetime) -> list[_Placed]:
        """The version before, while something may still be worked out that came in under it."""
        last = in_force(schedule.entries, current.effective_from - timedelta(microseconds=1))
        if last is None or moment - current.effective_from > UNDER_WAY:
            return []
        return [_Placed(None, placed.book) for placed in self._placed if placed.book.version == last.version][:1]

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(EVERY_S)
            await self._look()

    async def _look(self) -> None:
        """What goes wrong is said once: the store may be away for long, or not migrated yet."""
        try:
            await self.refresh()
            self._complaint = ""
        except Exception as error:
            said = type(error).__name__
            if said != self._complaint:
                _log.warning("the rulebook stays as it is: %s", said)
            self._complaint = said

    async def _opened(self, schedule: _Schedule, entry: Entry) -> Book | None:
        """The version of an entry: one that is known, or opened beside the loop; None when it cannot be."""
        digest = (schedule.digests or {}).get(entry.version, "")
        known = (self._files, *(placed.book for placed in self._placed))
        for book in known:
            if book.version == entry.version and digest in (book.digest, ""):
                return book
        clock = asyncio.get_running_loop().time()
        if self._broken.get((entry.version, digest), -RETRY_S) + RETRY_S > clock:
            return None
        layers = await self._database.read(lambda connection: layers_of(connection, entry.version))
        try:
            if layers is None:
                raise LookupError(f"no files of {entry.version} are kept")
            return self._book(await asyncio.to_thread(open_package, of_plain(layers)), entry)
        except (RulebookInvalid, LookupError) as fault:
            self._broken[(entry.version, digest)] = clock
            _log.error("version %s of the rulebook cannot be opened: %s", entry.version, fault)
            return None

    def _book(self, opened: Opened, entry: Entry | None) -> Book:
        rules = opened.rulebook
        if entry is not None:
            rules = replace(rules, effective_from=shanghai_date(entry.effective_from))
        shelf = Shelf(opened.catalogue, opened.district, self._database)
        return Book(rules.version, opened.package.digest, opened, rules, shelf, rules.calendar)


def _read(connection: Connection) -> _Schedule:
    return _Schedule(entries(connection), digests(connection), last_notice(connection))


def _read_notices(connection: Connection) -> Notices:
    return {
        row["year"]: {date.fromisoformat(day): off for day, off in row["days"].items()}
        for row in calendar_notices(connection)
    }
