"""What a process of the API is made of: settings, store, rulebook, desk. One value, reached from every request."""

import asyncio
import hashlib
import hmac
from dataclasses import dataclass, field

from fastapi import Request

from api.catalogue import Shelf
from api.desk import Desk
from api.ground import Ground
from api.in_force import InForce
from api.metrics import Metrics
from api.opener import Opener
from api.pace import Pace
from api.passwords import Passwords, Throttle
from api.places import Places
from api.watch import Watch
from db.engine import Database
from domain.catalogue.holders import Holders
from domain.reports import FIRST
from domain.rulebook import Rulebook
from settings import Settings

EXPORTS_ABREAST = 1
"""Tables that a process writes at a time: they are patient, pages are not."""

_TRACKING_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_TRACKING_LENGTH = 10
_PREFIX_LENGTH = 4


@dataclass(slots=True)
class House:
    """Everything that a request may need. Nothing in it is needed by another process."""

    settings: Settings
    database: Database
    in_force: InForce
    desk: Desk
    opener: Opener
    watch: Watch
    secret: bytes
    passwords: Passwords = field(default_factory=Passwords)
    logins: Throttle = field(default_factory=Throttle)
    trackings: Throttle = field(default_factory=lambda: Throttle(free=10))
    addresses: Throttle = field(default_factory=lambda: Throttle(free=100))
    pace: Pace = field(default_factory=Pace)
    metrics: Metrics = field(default_factory=Metrics)
    exports: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(EXPORTS_ABREAST))
    ground: Ground = field(init=False)

    def __post_init__(self) -> None:
        self.ground = Ground(self.database)

    @property
    def rulebook(self) -> Rulebook:
        """The rules of this moment."""
        return self.in_force.rulebook()

    @property
    def shelf(self) -> Shelf:
        """The catalogue of this moment."""
        return self.in_force.book.shelf

    async def places(self) -> Places:
        """The grids."""
        return await self.ground.places()

    async def holders(self) -> Holders:
        """The units among which those who hold steps are found."""
        return await self.ground.holders()

    def tracking_code(self, number: str, report: int = FIRST) -> str:
        """The code with which a reporter follows the case: derived from the number, so that it is kept nowhere.

        That of a joined report begins with the number by which the case knows it.
        """
        which = "" if report == FIRST else f"+{report}"
        mac = hmac.digest(self.secret, f"tracking:{number}{which}".encode(), hashlib.sha256)
        own = "".join(_TRACKING_ALPHABET[byte & 31] for byte in mac[:_TRACKING_LENGTH])
        return f"{_spelt(report)}{own}" if which else own

    def tracked_report(self, number: str, code: str) -> int | None:
        """Whose code this is of the reports of this number; None: nobody's."""
        typed = code.strip().upper()
        report = _read(typed[:_PREFIX_LENGTH]) if len(typed) == _PREFIX_LENGTH + _TRACKING_LENGTH else FIRST
        fits = hmac.compare_digest(self.tracking_code(number, report).encode(), typed.encode())
        return report if fits else None


def _spelt(report: int) -> str:
    """A number in the letters of codes."""
    return "".join(_TRACKING_ALPHABET[report >> 5 * place & 31] for place in reversed(range(_PREFIX_LENGTH)))


def _read(letters: str) -> int:
    """The number that is spelt so; 0, which no report has, for anything else."""
    places = [_TRACKING_ALPHABET.find(letter) for letter in letters]
    return 0 if min(places) < 0 else sum(place << 5 * power for power, place in enumerate(reversed(places)))


def house(request: Request) -> House:
    """The house that serves this request."""
    found: House = request.app.state.house
    return found
