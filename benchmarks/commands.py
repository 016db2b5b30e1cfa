"""``bench commands``: an acknowledgement through HTTP against a bare update with one local activity.

One after the other, turn and turn about; then the same number with sixteen callers at once. A third side leaves HTTP
out: the product's own update, put to the workflow directly. It tells what is the engine's and what is the API's.
"""

import time
import uuid
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import UTC, datetime

from temporalio.client import WorkflowHandle

from benchmarks.bare import BARE_QUEUE, BareCase
from benchmarks.figures import Row, at_most, percentile, say, show
from benchmarks.installation import Installation
from benchmarks.load import burst, watch
from benchmarks.reports import CLERK, HANDLER, Aim, aim, report
from benchmarks.spending import show_spending, spent
from benchmarks.wire import Wire
from domain.messages import Command
from domain.vocabulary import CommandKind, Role

LANES = 16
WARM = 20

_PREFIX = "bare-command-"


@dataclass(slots=True)
class Sides:
    """What the commands are put to; every dossier takes one."""

    here: Installation
    target: Aim
    wires: list[Wire]
    numbers: list[str]

    async def bare(self, index: int) -> None:
        """An update with a local activity that does nothing."""
        handle: WorkflowHandle[BareCase, None] = self.here.bare.get_workflow_handle(f"{_PREFIX}{index}")
        await handle.execute_update(BareCase.command)

    async def http(self, number: str, lane: int = 0) -> None:
        """The acknowledgement as a person gives it."""
        body = {"handler": self.target.handler, "plan": "今天下午到现场，先围挡，再修补。"}
        path = f"/api/v1/cases/{number}/acknowledgement"
        (await self.wires[lane].post(path, body, key=uuid.uuid4().hex)).expect(200, 201)

    async def direct(self, number: str) -> None:
        """The same command, put to the workflow without the API."""
        command = Command(
            id=uuid.uuid4().hex,
            kind=CommandKind.ACKNOWLEDGE,
            at=datetime.now(UTC),
            actor=self.target.handler,
            unit=self.target.unit,
            roles=(Role.HANDLER,),
            data={"handler": self.target.handler},
        )
        await self.here.desk.command(number, command)


async def measure(here: Installation, *, count: int) -> None:
    """``count`` of each, one at a time; then ``count`` of each with sixteen callers."""
    alternating = 2 * (count + WARM)
    sides = await _prepare(here, alternating + count)
    say("commands: one at a time")
    bare, http, direct = await _alternate(sides, count)
    say(f"commands: {LANES} callers")
    numbers = sides.numbers[alternating:]
    first = here.usage()
    many_bare = await burst(count, LANES, lambda index, _: sides.bare(count + WARM + index))
    second = here.usage()
    many_http = await burst(count, LANES, lambda index, lane: sides.http(numbers[index], lane))
    third = here.usage()
    rows = [
        Row(what="one at a time, median", bare=_ms(bare, 0.5), product=_ms(http, 0.5), unit="ms", goal=at_most(1.5)),
        Row(what="one at a time, least", bare=_ms(bare, 0), product=_ms(http, 0), unit="ms"),
        Row(what="one at a time, p90", bare=_ms(bare, 0.9), product=_ms(http, 0.9), unit="ms"),
        Row(what="one at a time, p99", bare=_ms(bare, 0.99), product=_ms(http, 0.99), unit="ms"),
        Row(what="without HTTP, median", bare=_ms(bare, 0.5), product=_ms(direct, 0.5), unit="ms"),
        Row(what=f"{LANES} callers, commands", bare=many_bare.rate, product=many_http.rate, unit="/s"),
        Row(what=f"{LANES} callers, median", bare=many_bare.ms(0.5), product=many_http.ms(0.5), unit="ms"),
    ]
    show(f"commands: {count:,} of each", rows)
    phases = {"bare": [spent(first, second)], "product": [spent(second, third)]}
    show_spending(f"commands, {LANES} callers: processor time", phases, count)
    for wire in sides.wires:
        wire.close()


async def _prepare(here: Installation, count: int) -> Sides:
    say(f"commands: opening {count:,} of each")
    target = aim(here.opened)
    clerk, handler = await here.sign_in(CLERK), await here.sign_in(HANDLER)
    desks = [here.wire(clerk) for _ in range(LANES)]
    numbers: list[str] = []

    async def post(index: int, lane: int) -> None:
        answer = await desks[lane].post("/api/v1/incidents", report(target, index), key=uuid.uuid4().hex)
        numbers.append(answer.expect(201).location.rpartition("/")[2])

    async def start(index: int, lane: int) -> None:
        await here.bare.start_workflow(BareCase.run, id=f"{_PREFIX}{index}", task_queue=BARE_QUEUE)

    await burst(count, LANES, post)
    await burst(count, LANES, start)
    await watch(lambda: here.store.waiting(min(numbers), max(numbers)), count)
    await watch(lambda: here.store.waiting(_PREFIX), count)
    for wire in desks:
        wire.close()
    return Sides(here, target, [here.wire(handler) for _ in range(LANES)], sorted(numbers))


async def _alternate(sides: Sides, count: int) -> tuple[list[float], list[float], list[float]]:
    """Seconds of each command: bare, through HTTP, put directly."""
    bare: list[float] = []
    http: list[float] = []
    direct: list[float] = []
    for index in range(count + WARM):
        bare.append(await _timed(sides.bare(index)))
        http.append(await _timed(sides.http(sides.numbers[2 * index])))
        direct.append(await _timed(sides.direct(sides.numbers[2 * index + 1])))
    return bare[WARM:], http[WARM:], direct[WARM:]


async def _timed(call: Awaitable[None]) -> float:
    began = time.perf_counter()
    await call
    return time.perf_counter() - began


def _ms(seconds: list[float], share: float) -> float:
    return percentile(seconds, share) * 1000
