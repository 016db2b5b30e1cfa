"""``launch submit``: a CSV of reports, handed in through the API by a few callers at once; resumable, doubling nothing.

Rows are read one by one (``launch.reports``), sent under a key made of the file's digest and the row's number
(``launch.client``), and noted when answered (``launch.journal``). Equal rows are different reports.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from launch.client import Identity, Refusal, ReportClient, Taken
from launch.journal import Journal
from launch.reports import Plan, Row, digest, rows

_TIMEOUT_S = 30.0
_KEY_DIGITS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to hand in, to whom, and where to note it. ``state`` and ``refused`` are files."""

    file: Path
    plan: Plan
    encoding: str
    url: str
    identity: Identity
    concurrency: int
    patience: float
    state: Path
    refused: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What became of the rows, over all runs of this order."""

    accepted: int
    refused: int


async def submit(order: Order, progress: Progress) -> Tally:
    """Hand in every row that is not done yet; what is done stays done.

    Raises GivenUp, Misfit, JournalUnusable, OSError.
    """
    mark = digest(order.file)
    task = progress.add_task("reports", total=sum(1 for _ in rows(order.file, order.plan, order.encoding)))
    with Journal(order.state, mark, order.url) as journal:
        progress.update(task, completed=journal.done)
        try:
            await _send_all(order, mark, journal, lambda: progress.update(task, completed=journal.done))
        finally:
            journal.write_refused(order.refused)
        return Tally(accepted=journal.done - journal.refused, refused=journal.refused)


async def _send_all(order: Order, mark: str, journal: Journal, told: Callable[[], None]) -> None:
    waiting = (row for row in rows(order.file, order.plan, order.encoding) if not journal.has(row.number))
    limits = httpx.Limits(max_connections=order.concurrency, max_keepalive_connections=order.concurrency)
    async with httpx.AsyncClient(base_url=order.url, timeout=_TIMEOUT_S, limits=limits) as http:
        client = ReportClient(http, order.identity, patience=order.patience)

        async def caller() -> None:
            for row in waiting:  # shared: each takes the next row when it is free
                await _send(client, mark, row, journal)
                told()

        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(order.concurrency):
                    group.create_task(caller())
        except ExceptionGroup as several:
            raise several.exceptions[0] from several


async def _send(client: ReportClient, mark: str, row: Row, journal: Journal) -> None:
    if row.report is None:
        misfit = row.misfit
        journal.refuse(row.number, *(("row_malformed", "") if misfit is None else (misfit.code, misfit.reason)))
        return
    match await client.send(f"{mark[:_KEY_DIGITS]}-{row.number}", row.report):
        case Taken(number):
            journal.accept(row.number, number)
        case Refusal(code, reason):
            journal.refuse(row.number, code, reason)


def bar() -> Progress:
    """The progress bar."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True))
