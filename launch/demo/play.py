"""The made-up day: the opening, which fills the board at once, then life at a gentle pace until it is stopped."""

import asyncio
import random
from collections.abc import Callable, Iterator
from typing import Final

import httpx

from domain.vocabulary import Role
from launch.demo.scenes import SCENES
from launch.demo.stage import Declined, Stage
from launch.demo.story import Story
from launch.demo.tables import table

ENOUGH: Final = 80
"""With so many cases a board is lively."""

BETWEEN_S: Final = (3.0, 8.0)
"""Seconds from one thing that begins to the next, once the opening is over."""

MOST_AT_ONCE: Final = 120
BROKEN_OFF: Final = "scene_broken_off"
"""What is counted when an answer was not as it should be."""

_APART_S: Final = 0.12

Say = Callable[[str], None]


class Play:
    """A day on a stage, made of one ``seed``: the same scenes with the same words."""

    def __init__(self, stage: Stage, seed: int) -> None:
        self._stage = stage
        self._seed = seed
        self._chance = _chance(seed)
        self._running: set[asyncio.Task[None]] = set()

    async def opening(self) -> None:
        """Fill the board; over as soon as every scene shows what it is about. What is left of them goes on."""
        stories = []
        for name in _in_order(table("day")["opening"]):
            stories.append(self._begin(name, hurried=True))
            await asyncio.sleep(_APART_S)
        await asyncio.gather(*(story.shown.wait() for story in stories))

    async def life(self) -> None:
        """One thing after the other, without end."""
        likely: dict[str, int] = table("day")["life"]
        while True:
            await asyncio.sleep(self._chance.uniform(*BETWEEN_S))
            (name,) = self._chance.choices(list(likely), list(likely.values()))
            if len(self._running) < MOST_AT_ONCE:
                self._begin(name, hurried=False)

    async def stop(self) -> None:
        """End what is under way; the cases stay as they are."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _begin(self, name: str, *, hurried: bool) -> Story:
        number = self._stage.played.total()
        self._stage.played[name] += 1
        story = Story(self._stage, _chance(self._seed, number), hurried)
        task = asyncio.create_task(self._perform(name, story), name=name)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return story

    async def _perform(self, name: str, story: Story) -> None:
        """One scene. A refusal ends this one only."""
        try:
            await SCENES[name](story)
        except Declined as declined:
            self._stage.declined[f"{name}: {declined.code}"] += 1
        except (httpx.HTTPError, KeyError, IndexError, TypeError):  # answers that are not as they should be
            self._stage.declined[f"{name}: {BROKEN_OFF}"] += 1
        finally:
            story.shown.set()


async def perform(stage: Stage, *, seed: int, say: Say) -> None:
    """The whole day, until it is cancelled. A board that is lively already is not filled again. Raises NoStage."""
    play = Play(stage, seed)
    await stage.set()
    try:
        if await _cases(stage) < ENOUGH:
            say("the day begins: the board fills within half a minute …")
            await play.opening()
            say(f"{await _cases(stage)} cases are on the board; life goes on, something every few seconds")
        await play.life()
    finally:
        await play.stop()
        for line in stage.tally():
            say(line)


async def _cases(stage: Stage) -> int:
    shown = await stage.get(stage.cast.one(Role.SUPERVISOR), "cases?limit=1&total=true")
    return int(shown["total"])


def _in_order(wanted: dict[str, int]) -> Iterator[str]:
    """The scenes as they are listed, each as often as it is wanted."""
    return (name for name, times in wanted.items() for _ in range(times))


def _chance(*of: int) -> random.Random:
    """Chance that is the same each time."""
    return random.Random(":".join(map(str, of)))  # noqa: S311 (a made-up day, no secret)
