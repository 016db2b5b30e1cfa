"""``bench boards``: what live boards cost that are open: memory of the server, statements, time until all are told."""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, select

from benchmarks.figures import Row, at_most, mean, percentile, say, show
from benchmarks.made.store import Size
from benchmarks.processes import resident
from benchmarks.serving import Serving, serving, towns
from db.engine import Database
from db.recorder import record
from db.tables import CaseRow, core
from domain.case import Case
from domain.ledger import fold
from domain.messages import Command, Recording
from domain.plain import of_plain, to_plain
from domain.vocabulary import CaseStatus, CommandKind, DossierKind, Role

ALONE_S: Final = 10
QUIET_S: Final = 15
CHANGES: Final = 15
PATIENCE_S: Final = 10.0

_STREAM: Final = "/api/v1/board/stream"
_SETTLED_S: Final = 2.0
_cases = core(CaseRow)


class Board:
    """An open board: it counts the changes that it was told of, and when it was told last."""

    def __init__(self) -> None:
        self.told = 0
        self.at = 0.0
        self._reading: asyncio.Task[None] | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def open(self, host: str, port: int, head: str) -> None:
        """Connect, and wait for the first line."""
        reader, self._writer = await asyncio.open_connection(host, port)
        self._writer.write(f"GET {_STREAM} HTTP/1.1\r\nHost: {host}\r\n{head}\r\n\r\n".encode())
        await reader.readuntil(b"retry:")
        self._reading = asyncio.create_task(self._read(reader))

    async def _read(self, reader: asyncio.StreamReader) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                await reader.readuntil(b"event: changed")
                self.told += 1
                self.at = time.monotonic()

    def close(self) -> None:
        """Leave."""
        if self._reading:
            self._reading.cancel()
        if self._writer:
            self._writer.close()


async def measure(stores: Sequence[str], size: Size, boards: int) -> None:
    """``boards`` open boards on each store."""
    with towns([*stores], size) as urls:
        for store, url in urls.items():
            async with serving(store, url) as here:
                await _measure_store(here, url, boards)


async def _measure_store(here: Serving, url: str, count: int) -> None:
    wire = await here.browser("supervisor")
    for _ in range(20):
        (await wire.get("/board")).expect(200)
    head = "\r\n".join(f"{name}: {value}" for name, value in wire.more.items())
    await asyncio.sleep(_SETTLED_S)
    alone = await _statements_a_second(here, ALONE_S)
    before = resident(here.pid)
    opened = [Board() for _ in range(count)]
    for board in opened:
        await board.open(here.settings.http_host, here.settings.http_port, head)
    await asyncio.sleep(_SETTLED_S)
    memory = (resident(here.pid) - before) / count
    say(f"{here.store}: {count} boards are open, {QUIET_S} s without a change, then {CHANGES} changes")
    idle = await _statements_a_second(here, QUIET_S)
    database = Database(url)
    delays, busy = await _changes(here, database, opened)
    await database.aclose()
    for board in opened:
        board.close()
    _show(here, count, memory, (idle - alone, busy - alone), delays)


async def _statements_a_second(here: Serving, seconds: float) -> float:
    first, began = await here.statements(), time.monotonic()
    await asyncio.sleep(seconds)
    return (await here.statements() - first) / (time.monotonic() - began)


async def _changes(here: Serving, database: Database, opened: Sequence[Board]) -> tuple[list[float], float]:
    """From each change until the last board was told, in ms; and the statements a second meanwhile."""
    numbers = await database.read(lambda connection: _in_hand(connection))
    first, began = await here.statements(), time.monotonic()
    delays: list[float] = []
    for number in numbers:
        told = [board.told for board in opened]
        await database.write(_changing(number))
        changed = time.monotonic()
        while any(board.told == before for board, before in zip(opened, told, strict=True)):
            if time.monotonic() - changed > PATIENCE_S:
                raise TimeoutError("a board was not told")
            await asyncio.sleep(0.005)
        delays.append((max(board.at for board in opened) - changed) * 1000)
        await asyncio.sleep(0.5)
    return delays, (await here.statements() - first) / (time.monotonic() - began)


def _in_hand(connection: Connection) -> list[str]:
    which = (_cases.c.status == CaseStatus.IN_PROGRESS, _cases.c.kind == DossierKind.INCIDENT)
    return [*connection.scalars(select(_cases.c.number).where(*which).order_by(_cases.c.id.desc()).limit(CHANGES))]


def _changing(number: str) -> Callable[[Connection], None]:
    def write(connection: Connection) -> None:
        now = datetime.now(UTC)
        case = of_plain(Case, connection.scalar(select(_cases.c.state).where(_cases.c.number == number)))
        asked = Command(
            id=f"{number}-{now.isoformat()}",
            kind=CommandKind.PROGRESS,
            at=now,
            actor=case.handler or "",
            unit=case.unit,
            roles=(Role.HANDLER,),
        )
        events = case.decide(asked)
        state, kind = to_plain(fold(case, events)), DossierKind.INCIDENT
        record(connection, Recording(dossier=number, kind=kind, events=events, state=state, ended=False), now)

    return write


def _show(here: Serving, count: int, memory: float, statements: tuple[float, float], delays: list[float]) -> None:
    idle, busy = statements
    rows = [
        Row(what="memory of the server, each", product=memory, unit="kB", goal=at_most(100), absolute=True),
        Row(
            what="statements a second for all of them, nothing changes",
            product=idle,
            unit="/s",
            goal=at_most(1.1),
            absolute=True,
        ),
        Row(what="the same while cases change", product=busy, unit="/s"),
        Row(what="from a change until all are told, mean", product=mean(delays), unit="ms"),
        Row(
            what="the same, the longest", product=percentile(delays, 1.0), unit="ms", goal=at_most(2000), absolute=True
        ),
    ]
    show(f"{count} open boards on {here.store}", rows)
