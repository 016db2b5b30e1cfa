"""``python -m benchmarks intake|commands|lateness|promises|pages|boards|all``: measures, prints, asserts nothing."""

import asyncio
from collections.abc import Awaitable, Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
import uvloop

from benchmarks import boards, commands, intake, lateness, lives, pages, promises
from benchmarks.installation import Installation, installation
from benchmarks.made.store import Size
from benchmarks.spending import show_memory

Measure = Callable[[Installation], Awaitable[None]]


class What(StrEnum):
    """What to measure."""

    INTAKE = "intake"
    COMMANDS = "commands"
    LATENESS = "lateness"
    PROMISES = "promises"
    PAGES = "pages"
    BOARDS = "boards"
    ALL = "all"


class Store(StrEnum):
    """On which database."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


def main(
    what: Annotated[What, typer.Argument(help="What to measure.")] = What.ALL,
    burst: Annotated[int, typer.Option(min=10, help="intake: reports in one burst")] = 2_000,
    connections: Annotated[int, typer.Option(min=1, help="intake: callers at a time")] = 32,
    rounds: Annotated[int, typer.Option(min=1, help="intake: how often each side has its turn")] = 2,
    each: Annotated[int, typer.Option(min=10, help="commands: how many of each side")] = 300,
    lived: Annotated[int, typer.Option(min=10, help="commands: whole lives of each kind, a round")] = 150,
    opened: Annotated[int, typer.Option("--open", min=0, help="lateness: cases that are open")] = 10_000,
    due: Annotated[int, typer.Option(min=10, help="lateness: cases that fall due together")] = 1_000,
    promised: Annotated[int, typer.Option(min=100, help="promises: how many")] = 100_000,
    walked: Annotated[int, typer.Option(min=10, help="promises: how many of them by the walking model too")] = 300,
    cases: Annotated[int, typer.Option(min=100, help="pages, boards: cases in the made-up town")] = 100_000,
    running: Annotated[int, typer.Option(min=10, help="pages, boards: how many of them are under way")] = 3_000,
    times: Annotated[int, typer.Option(min=4, help="pages: how often each is asked for")] = 60,
    watching: Annotated[int, typer.Option(min=1, help="boards: how many are open")] = 200,
    store: Annotated[list[Store] | None, typer.Option(help="pages, boards: on which stores; default both")] = None,
    keep: Annotated[Path | None, typer.Option(help="work in this directory, and leave it there")] = None,
) -> None:
    """Measure the product beside the bare engine, on one running server, and print figures, ratios and memory."""
    measures: dict[What, Measure] = {
        What.INTAKE: lambda here: intake.measure(here, count=burst, lanes=connections, rounds=rounds),
        What.COMMANDS: lambda here: _commands(here, each, lived),
        What.LATENESS: lambda here: lateness.measure(here, opened=opened, due=due),
    }
    if what in (What.PROMISES, What.ALL):
        promises.measure(promised, walked)
    town, stores = Size(cases, running), [one.value for one in store or Store]
    if what in (What.PAGES, What.ALL):
        uvloop.run(pages.measure(stores, town, times))
    if what in (What.BOARDS, What.ALL):
        uvloop.run(boards.measure(stores, town, watching))
    for one in measures if what is What.ALL else {what} & measures.keys():
        uvloop.run(_run(one, measures[one], keep / one.value if keep else None))


async def _commands(here: Installation, each: int, lived: int) -> None:
    await commands.measure(here, count=each)
    await lives.measure(here, count=lived)


async def _run(what: What, measure: Measure, keep: Path | None) -> None:
    async with installation(keep) as here:
        await measure(here)
        show_memory(f"{what.value}: peak memory", here.usage())
    await asyncio.sleep(0.5)  # the engine's client may crash the interpreter when it exits right after closing


if __name__ == "__main__":
    typer.run(main)
