"""``bench intake``: accepting reports, and how fast what was accepted runs, against starting bare workflows.

Three things are measured, turn and turn about on one server: starting bare workflows that no worker touches (the
engine's best), starting bare workflows with a worker until all wait on their timers, and reports through HTTP until all
cases wait on theirs.
"""

import asyncio
import uuid
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from benchmarks.bare import BARE_QUEUE, BareCase
from benchmarks.figures import Row, at_least, mean, say, show
from benchmarks.installation import Installation
from benchmarks.load import Burst, burst, watch
from benchmarks.reports import CLERK, Aim, aim, report
from benchmarks.spending import Spending, show_spending, spent

NOBODY = "benchmark-nobody"
"""A task queue on which no worker polls."""

CASES = "SJ"
"""How the numbers of cases begin."""

WARM = 50


@dataclass(slots=True)
class Side:
    """One side's figures, one entry a round: calls, their burst, and how fast all came to wait."""

    bursts: list[Burst] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    steady: list[float] = field(default_factory=list)
    spending: list[Spending] = field(default_factory=list)

    def rate(self) -> float:
        """Answered calls a second."""
        return mean([done.rate for done in self.bursts])

    def ms(self, share: float) -> float:
        """A percentile of the calls' latencies in milliseconds."""
        return mean([done.ms(share) for done in self.bursts])


async def measure(here: Installation, *, count: int, lanes: int, rounds: int) -> None:
    """``rounds`` times ``count`` of each, ``lanes`` at a time."""
    target = aim(here.opened)
    token = await here.sign_in(CLERK)
    await _accept(here, target, token, WARM, lanes, Side())
    await _start(here, WARM, lanes, Side())
    alone, bare, product = Side(), Side(), Side()
    for turn in range(1, rounds + 1):
        say(f"intake, round {turn} of {rounds}")
        await _start_only(here, count, lanes, alone)
        await _start(here, count, lanes, bare)
        await _accept(here, target, token, count, lanes, product)
    _show(alone, bare, product, f"intake: {rounds} × {count:,}, {lanes} callers")
    show_spending("intake: processor time", {"bare": bare.spending, "product": product.spending}, count)


async def _start_only(here: Installation, count: int, lanes: int, side: Side) -> None:
    prefix = f"alone-{uuid.uuid4().hex[:8]}-"

    async def start(index: int, lane: int) -> None:
        await here.bare.start_workflow(BareCase.run, id=f"{prefix}{index}", task_queue=NOBODY)

    side.bursts.append(await burst(count, lanes, start))


async def _start(here: Installation, count: int, lanes: int, side: Side) -> None:
    prefix = f"bare-{uuid.uuid4().hex[:8]}-"

    async def start(index: int, lane: int) -> None:
        await here.bare.start_workflow(BareCase.run, id=f"{prefix}{index}", task_queue=BARE_QUEUE)

    await _until_waiting(here, burst(count, lanes, start), lambda: here.store.waiting(prefix), count, side)


async def _until_waiting(
    here: Installation, load: Coroutine[Any, Any, Burst], waiting: Callable[[], int], count: int, side: Side
) -> None:
    before = here.usage()
    watching = asyncio.create_task(watch(waiting, count))
    done = await load
    climb = await watching
    side.bursts.append(done)
    side.whole.append(count / (climb.reached(count) - done.began))
    side.steady.append(climb.steady(count))
    side.spending.append(spent(before, here.usage()))


async def _accept(here: Installation, target: Aim, token: str, count: int, lanes: int, side: Side) -> None:
    wires = [here.wire(token) for _ in range(lanes)]

    async def post(index: int, lane: int) -> None:
        answer = await wires[lane].post("/api/v1/incidents", report(target, index), key=uuid.uuid4().hex)
        answer.expect(201)

    there = here.store.waiting(CASES)
    await _until_waiting(here, burst(count, lanes, post), lambda: here.store.waiting(CASES) - there, count, side)
    for wire in wires:
        wire.close()


def _show(alone: Side, bare: Side, product: Side, title: str) -> None:
    rows = [
        Row(what="accepted | started, no worker", bare=alone.rate(), product=product.rate(), unit="/s",
            goal=at_least(2)),
        Row(what="accepted | started, worker at work", bare=bare.rate(), product=product.rate(), unit="/s"),
        Row(what="answer of one call, p50", bare=bare.ms(0.5), product=product.ms(0.5), unit="ms"),
        Row(what="answer of one call, p99", bare=bare.ms(0.99), product=product.ms(0.99), unit="ms"),
        Row(what="first call → all wait on a timer", bare=mean(bare.whole), product=mean(product.whole), unit="/s",
            goal=at_least(0.8)),
        Row(what="the same, without its first and last tenth", bare=mean(bare.steady), product=mean(product.steady),
            unit="/s"),
    ]  # fmt: skip
    show(title, rows)
