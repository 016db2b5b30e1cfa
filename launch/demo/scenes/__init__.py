"""Everything that can be played: small functions, by name."""

from collections.abc import Awaitable, Callable, Mapping

from launch.demo.scenes import answering, applying, consequences, deciding, ending
from launch.demo.story import Story

Scene = Callable[[Story], Awaitable[None]]

_ALL: tuple[Scene, ...] = (
    *answering.SCENES,
    *deciding.SCENES,
    *ending.SCENES,
    *consequences.SCENES,
    *applying.SCENES,
)
SCENES: Mapping[str, Scene] = {scene.__name__: scene for scene in _ALL}
