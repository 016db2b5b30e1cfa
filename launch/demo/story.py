"""What one scene has at hand: the stage, chance of its own, words, and time that can be waited for."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

from domain.identity import check_digit
from domain.vocabulary import EventType, Role
from launch.demo.stage import Cast, Declined, Json, Stage
from launch.demo.tables import table

T = TypeVar("T")

_LOOK_EVERY_S: Final = 0.6
_PATIENCE_S: Final = 45.0
_BORN_FROM: Final = datetime(1940, 1, 1, tzinfo=UTC)
_DAYS: Final = 24_000
_NOWHERE: Final = "000000"
"""A region that no number begins with."""


@dataclass
class Story:
    """One scene while it is played. ``hurried``: in the opening, people do not take their time.

    ``shown`` is set as soon as what the scene is about can be seen.
    """

    stage: Stage
    chance: random.Random
    hurried: bool
    shown: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def cast(self) -> Cast:
        """Who there is."""
        return self.stage.cast

    @property
    def supervisor(self) -> str:
        """Somebody of the centre."""
        return self.cast.one(Role.SUPERVISOR)

    @property
    def clerk(self) -> str:
        """Somebody at the desk."""
        return self.cast.one(Role.INTAKE_CLERK)

    def say(self, kind: str) -> str:
        """Something that people say."""
        return str(self.chance.choice(table("phrases")[kind]))

    def dealt(self, kind: str, among: Sequence[T]) -> T:
        """The next of this kind: nothing comes twice before everything has come."""
        turn = self.stage.dealt[kind]
        self.stage.dealt[kind] += 1
        return among[turn % len(among)]

    def grid(self) -> str:
        """One of the grids."""
        return self.chance.choice(sorted(self.cast.officers))

    def person(self) -> Json:
        """Somebody who never was: name, number, telephone, address."""
        people = table("people")
        born = _BORN_FROM + timedelta(days=self.chance.randrange(_DAYS))
        number = f"{_NOWHERE}{born:%Y%m%d}{self.chance.randrange(1, 999):03}"
        return {
            "name": self.chance.choice(people["surnames"]) + self.chance.choice(people["given"]),
            "id_number": number + check_digit(number),
            "phone": f"1700000{self.chance.randrange(10_000):04}",
            "address": f"{self.chance.choice(people['streets'])} {self.chance.randrange(1, 120)} 号",
        }

    async def beat(self, shortest: float = 4, longest: float = 20) -> None:
        """Somebody takes their time, in seconds; hardly any in the opening."""
        await asyncio.sleep(self.chance.uniform(0.1, 0.5) if self.hurried else self.chance.uniform(shortest, longest))

    async def rest(self, shortest: float = 120, longest: float = 900) -> None:
        """What the scene is about can be seen; so many seconds later it goes on."""
        self.shown.set()
        await asyncio.sleep(self.chance.uniform(shortest, longest))

    async def until(self, instant: str) -> None:
        """A little after an instant, as the API wrote it."""
        left = datetime.fromisoformat(instant) - datetime.now(UTC) + timedelta(seconds=0.5)
        await asyncio.sleep(max(0.0, left.total_seconds()))

    async def happened(self, number: str, wanted: EventType) -> None:
        """Wait until this is on the record of a case. Raises Declined when it never is."""

        async def found() -> bool | None:
            events = await self.stage.get(self.supervisor, f"cases/{number}/events")
            return any(EventType(event["type"]) is wanted for event in events["items"]) or None

        await self._awaited(found, f"{wanted} of {number}")

    async def _awaited(self, found: Callable[[], Awaitable[Any]], what: str) -> None:
        ends = asyncio.get_running_loop().time() + _PATIENCE_S
        while await found() is None:
            if asyncio.get_running_loop().time() > ends:
                raise Declined(what, "never_came")
            await asyncio.sleep(_LOOK_EVERY_S)


def in_days(days: float, after: str | None = None) -> str:
    """An instant so many days after another one, or after now."""
    start = datetime.fromisoformat(after) if after else datetime.now(UTC)
    return (start + timedelta(days=days)).isoformat()


def in_seconds(seconds: float, after: str | None = None) -> str:
    """An instant so many seconds after another one, or after now."""
    return in_days(seconds / 86_400, after)
