"""Putting load on something: so many at a time until all are done, and waiting until a count is reached."""

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from benchmarks.figures import percentile

Job = Callable[[int, int], Awaitable[None]]
"""Does the job with the number ``index`` as caller ``lane``."""


@dataclass(slots=True)
class Burst:
    """How a burst went: seconds from its first call to its last answer, and of each call in seconds."""

    began: float
    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds

    def ms(self, share: float) -> float:
        """A percentile of the latencies, in milliseconds."""
        return percentile(self.latencies, share) * 1000


async def burst(count: int, lanes: int, job: Job, *, pace: float | None = None) -> Burst:
    """``count`` jobs, ``lanes`` at a time, each lane beginning the next job when its last is answered.

    ``pace``: no more than so many a second.
    """
    indexes = itertools.count()
    done = Burst(time.perf_counter())

    async def lane(number: int) -> None:
        while (index := next(indexes)) < count:
            if pace is not None:
                await asyncio.sleep(done.began + index / pace - time.perf_counter())
            began = time.perf_counter()
            await job(index, number)
            done.latencies.append(time.perf_counter() - began)

    async with asyncio.TaskGroup() as group:
        for number in range(lanes):
            group.create_task(lane(number))
    done.seconds = time.perf_counter() - done.began
    return done


@dataclass(slots=True)
class Climb:
    """A count that was watched while it rose: instants (``time.perf_counter``) and values."""

    points: list[tuple[float, int]] = field(default_factory=list)

    def reached(self, value: float) -> float:
        """When the count first stood at ``value`` or above. Raises StopIteration if it never did."""
        return next(at for at, count in self.points if count >= value)

    def steady(self, total: int) -> float:
        """The rate a second between a tenth and nine tenths of ``total``, free of how it begins and ends."""
        (first, low), (last, high) = (
            next((at, count) for at, count in self.points if count >= total * share) for share in (0.1, 0.9)
        )
        return (high - low) / (last - first) if last > first else 0.0


async def watch(count: Callable[[], int], target: int, *, every: float = 0.2, patience: float = 60.0) -> Climb:
    """Look at ``count`` until it is ``target``. Raises TimeoutError when it stands still for ``patience`` seconds."""
    climb = Climb()
    moved, last = time.perf_counter(), -1
    while True:
        value = await asyncio.to_thread(count)
        now = time.perf_counter()
        climb.points.append((now, value))
        if value >= target:
            return climb
        if value != last:
            moved, last = now, value
        elif now - moved > patience:
            raise TimeoutError(f"stood still at {value} of {target}")
        await asyncio.sleep(every)
