"""``bench lateness``: how late red cards are written when many fall due together, while thousands of cases are open.

A thousand due within one minute (the engine keeps up: how late is one?), then a thousand due in one second (it cannot:
how fast is the queue drained?), that once more with empty caches in both workers. Bare and product take turns.
``recorded_at`` is the instant inside the transaction that writes the card; the commit follows within milliseconds.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, select

from benchmarks.bare import BARE_QUEUE, BareDue
from benchmarks.cases import LANES, number, open_cases
from benchmarks.figures import Row, at_least, at_most, percentile, say, show
from benchmarks.installation import Installation
from benchmarks.load import Climb, burst, watch
from benchmarks.reports import Aim, aim
from benchmarks.spending import Spending, show_spending, spent
from db.tables import EventRow, core
from domain.vocabulary import EventType

FAR = timedelta(days=30)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)

PACE = 25.0
"""Due cases are opened so many a second. A timer runs from the end of the workflow task that sets it, so that what is
opened while the engine is saturated is late by that task's latency: the rush of opening would be measured, not the due
instant."""

_HEADROOM = timedelta(seconds=15)
_events = core(EventRow)


@dataclass(slots=True)
class Drain:
    """How one side carried out what fell due: milliseconds late, and children started a second."""

    late: list[float] = field(default_factory=list)
    rate: float = 0.0
    spending: Spending = field(default_factory=dict)

    def ms(self, share: float) -> float:
        """A percentile of the lateness."""
        return percentile(self.late, share)


@dataclass(slots=True)
class Due:
    """Opens due cases, numbered on through the whole run."""

    here: Installation
    target: Aim
    running: int = 1

    async def open_far(self, count: int) -> None:
        """Cases of the product whose deadlines are far away."""
        far = datetime.now(UTC) + FAR
        for step in range(0, count, 1_000):
            size = min(1_000, count - step)
            say(f"lateness: opening cases, {step:,} of {count:,} are open")
            await open_cases(self.here, self.target, self.running, [far] * size)
            self.running += size
            await self._all_waiting(number(self.running - size), number(self.running - 1), size)

    async def product(self, deadlines: Sequence[datetime], restart: bool) -> Drain:
        """The product's cases with these deadlines, until all are red and their interview files run."""
        count, begin = len(deadlines), self.running
        self.running += count
        first, last = number(begin), number(self.running - 1) + "-R1-I"
        await open_cases(self.here, self.target, begin, deadlines, pace=PACE)
        await self._all_waiting(first, number(self.running - 1), count)
        drain = await self._drain(deadlines, first, last, restart)
        drain.late = await self.here.database.read(lambda connection: _cards_late(connection, first, last))
        return drain

    async def bare(self, deadlines: Sequence[datetime], restart: bool) -> Drain:
        """Bare workflows with these deadlines, until all have started their children."""
        begin = self.running
        self.running += len(deadlines)
        ids = [f"due-{begin + index:07d}" for index in range(len(deadlines))]

        async def start(index: int, lane: int) -> None:
            due = deadlines[index].isoformat()
            await self.here.bare.start_workflow(BareDue.run, due, id=ids[index], task_queue=BARE_QUEUE)

        await burst(len(ids), LANES, start, pace=PACE)
        await self._all_waiting(ids[0], ids[-1], len(ids))
        drain = await self._drain(deadlines, ids[0], ids[-1] + "-I", restart)
        notes = dict(line.split() for line in self.here.notes.read_text(encoding="utf-8").splitlines())
        drain.late = [float(notes[own]) for own in ids]
        return drain

    async def _all_waiting(self, first: str, last: str, count: int) -> None:
        await watch(lambda: self.here.store.waiting(first, last), count)

    async def _drain(self, deadlines: Sequence[datetime], first: str, last: str, restart: bool) -> Drain:
        left = (deadlines[0] - datetime.now(UTC)).total_seconds()
        if left < 0:
            say(f"lateness: opening took too long by {-left:.0f} s; these figures say nothing")
        if restart:
            await self.here.restart_workers()
        await asyncio.sleep(max(0.0, (deadlines[0] - datetime.now(UTC)).total_seconds() - 1))
        before = self.here.usage()
        climb = await watch(lambda: self.here.store.children(first, last), len(deadlines), every=0.05)
        return Drain(rate=_rate(climb, len(deadlines)), spending=spent(before, self.here.usage()))


async def measure(here: Installation, *, opened: int, due: int) -> None:
    """With ``opened`` cases open, ``due`` falling due in a minute, in a second, and in a second with empty caches."""
    cases = Due(here, aim(here.opened))
    await cases.open_far(opened)
    minute = await _both(cases, "in one minute", due, MINUTE)
    second = await _both(cases, "in one second", due, SECOND)
    cold = await _both(cases, "in one second, empty caches", due, SECOND, restart=True)
    _show_late(f"lateness: {opened:,} open, {due:,} due in one minute", *minute)
    for title, (bare, product) in (("in one second", second), ("in one second, empty caches", cold)):
        _show_drain(f"lateness: {opened:,} open, {due:,} due {title}", bare, product)
        show_spending(f"{title}: processor time", {"bare": [bare.spending], "product": [product.spending]}, due)


async def _both(cases: Due, title: str, due: int, spread: timedelta, restart: bool = False) -> tuple[Drain, Drain]:
    drains: list[Drain] = []
    sides: list[tuple[str, Callable[[Sequence[datetime], bool], Awaitable[Drain]]]] = [
        ("bare", cases.bare),
        ("product", cases.product),
    ]
    for name, side in sides:
        say(f"lateness: {due:,} due {title}, {name}")
        start = datetime.now(UTC) + _HEADROOM + due / PACE * SECOND
        drains.append(await side([start + spread * index / due for index in range(due)], restart))
    return drains[0], drains[1]


def _rate(climb: Climb, count: int) -> float:
    """Children a second from the first one seen to the last."""
    began = climb.reached(1)
    return count / max(climb.reached(count) - began, 1e-3)


def _cards_late(connection: Connection, first: str, last: str) -> list[float]:
    query = select(_events.c.recorded_at, _events.c.at).where(
        _events.c.type == EventType.RED_CARD_ISSUED, _events.c.dossier >= first, _events.c.dossier <= last
    )
    return [(row.recorded_at - row.at).total_seconds() * 1000 for row in connection.execute(query)]


def _show_late(title: str, bare: Drain, product: Drain) -> None:
    goal = at_most(300)
    rows = [
        Row(what="late, p50", bare=bare.ms(0.5), product=product.ms(0.5), unit="ms"),
        Row(what="late, p99", bare=bare.ms(0.99), product=product.ms(0.99), unit="ms", goal=goal, absolute=True),
        Row(what="late, worst", bare=bare.ms(1), product=product.ms(1), unit="ms"),
        Row(what="carried out", bare=len(bare.late), product=len(product.late)),
    ]
    show(title, rows)


def _show_drain(title: str, bare: Drain, product: Drain) -> None:
    rows = [
        Row(what="drained (children started)", bare=bare.rate, product=product.rate, unit="/s", goal=at_least(0.7)),
        Row(what="late, p50", bare=bare.ms(0.5), product=product.ms(0.5), unit="ms"),
        Row(what="late, p99", bare=bare.ms(0.99), product=product.ms(0.99), unit="ms"),
        Row(what="carried out", bare=len(bare.late), product=len(product.late)),
    ]
    show(title, rows)
