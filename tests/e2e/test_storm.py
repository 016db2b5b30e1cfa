"""Parts are killed at the worst moments while people work: a row stands, its task is not completed yet.

Whatever was answered, or not answered, asking again under the same key tells what happened, and it happened once.
"""

import asyncio
import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from domain.vocabulary import CaseStatus, EventType
from tests.e2e.desk import HANDLER, Desk, Json, assert_due_instants, assert_gapless, types
from tests.e2e.product import Product

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

ABREAST = 3
PLAN = {"handler": HANDLER, "plan": "On our way."}
LIFE = (
    ("acknowledgement", PLAN),
    ("progress", {"note": "Seen."}),
    ("progress", {"note": "Parts are here."}),
    ("progress", {"note": "Half done."}),
    ("completion", {"result": "The lamp post was set upright and its foot cast anew."}),
)
DONE = [EventType.ACKNOWLEDGED, *[EventType.PROGRESSED] * 3, EventType.COMPLETED]


@dataclass
class Worked:
    """A case and the keys of the commands that were put to it."""

    case: Json
    keys: list[str] = field(default_factory=list)


@contextlib.contextmanager
def reading(product: Product) -> Iterator[sqlite3.Connection]:
    """The product's own database, read beside it."""
    connection = sqlite3.connect(f"file:{product.database_file}?mode=ro", uri=True)
    try:
        yield connection
    finally:
        connection.close()


async def a_row_appears(connection: sqlite3.Connection) -> None:
    """Returns as soon as one more command has become an event."""

    def commands() -> int:
        return int(connection.execute("SELECT count(DISTINCT command) FROM event").fetchone()[0])

    before = commands()
    while commands() == before:  # noqa: ASYNC110 (nobody tells; the moment matters)
        await asyncio.sleep(0.001)


async def work(desk: Desk) -> Worked:
    """A new case and the unit's whole work on it, each command insisted upon until its outcome is known."""
    worked = Worked(await desk.report("rehearsal"))
    number = worked.case["number"]
    for step, (what, body) in enumerate(LIFE):
        worked.keys.append(f"{number}-{step}")
        answer = await desk.insist(number, what, HANDLER, body, key=worked.keys[-1])
        assert answer.status_code == 200, f"{what} of {number}: {answer.text} {types(await desk.events(number))}"
    return worked


async def kill_at_a_row(product: Product, part: str) -> None:
    """Kill a part right after a row was written, and wait until it runs again."""
    with reading(product) as connection:
        await asyncio.wait_for(a_row_appears(connection), 30)
        killed = await product.kill(part)
    await product.pid(part, other_than=killed)


async def assert_done_once(desk: Desk, worked: Worked) -> None:
    """Every command became one event, in order; asked again it is answered as before, and nothing is added."""
    number = worked.case["number"]
    events = await desk.events(number)
    assert_gapless(events)
    assert_due_instants(events, worked.case)
    assert [kind for kind in types(events) if kind in DONE] == DONE
    for (what, body), key in zip(LIFE, worked.keys, strict=True):
        answer = await desk.post(f"cases/{number}/{what}", HANDLER, body, key=key)
        assert (answer.status_code, answer.json()["status"]) == (200, CaseStatus.AWAITING_VERIFICATION)
    assert await desk.events(number) == events


async def test_every_command_happens_once_when_parts_are_killed_between_row_and_task(
    desk: Desk, product: Product
) -> None:
    works: list[asyncio.Task[Worked]] = []
    for part in ("engine", "worker", "api", "worker"):
        works += [asyncio.create_task(work(desk)) for _ in range(ABREAST)]
        await kill_at_a_row(product, part)
    await asyncio.gather(*[assert_done_once(desk, await worked) for worked in works])
