"""The options of ``launch demo``, and what is printed about it."""

import asyncio
from collections.abc import Coroutine
from typing import Annotated, Any, Final

import typer

from domain.vocabulary import Role
from launch.demo import house
from launch.demo.play import perform
from launch.demo.stage import NoStage, Stage
from launch.lock import CannotStart
from launch.up import run, say
from settings import Settings, SettingsError

_INTERRUPTED: Final = 130

TO_LOOK_AT: Final = (
    ("/board", Role.SUPERVISOR, "what goes wrong next, and whose it is"),
    ("/work", Role.HANDLER, "acknowledge what waits: some of it is left for you"),
    ("/interviews", Role.ORGANIZATION_OFFICER, "the files that red cards opened"),
    ("/desk/incident", Role.INTAKE_CLERK, "take a matter in"),
    ("/officer", Role.GRID_OFFICER, "a phone on the round: report, look at what was done"),
    ("/cases", Role.AUDITOR, "every case with its record"),
)
"""Pages, as whom, and what is seen there."""

Seed = Annotated[int, typer.Option(help="The same seed makes the same day.")]
Keep = Annotated[bool, typer.Option("--keep", help="Go on with what the last demo left, instead of a new district.")]
PlayOnly = Annotated[str | None, typer.Option(metavar="URL", help="Start nothing: play at this address.")]
Password = Annotated[str | None, typer.Option(envvar="BIHUAN_PASSWORD", help="Of the accounts there; else asked for.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Say more: requests, engine, progress.")]


def command(
    seed: Seed = 1,
    keep: Keep = False,
    play_only: PlayOnly = None,
    password: Password = None,
    verbose: Verbose = False,
) -> None:
    """Start the product on a rulebook of short clocks, and play a lively made-up day into it until Ctrl-C.

    It has a directory of its own below the data directory, new each time; what somebody works with is not touched.
    """
    try:
        if play_only is None:
            raise SystemExit(_awaited(_started(house.own_settings(), seed, keep=keep, verbose=verbose)))
        asked = password if password is not None else str(typer.prompt("Password", hide_input=True, err=True))
        raise SystemExit(_awaited(_played(play_only.rstrip("/"), asked, seed)))
    except (CannotStart, NoStage, SettingsError) as error:
        typer.secho(str(error), fg=typer.colors.RED, err=True)
        raise SystemExit(1) from None


async def _started(settings: Settings, seed: int, *, keep: bool, verbose: bool) -> int:
    """Everything, and the day in it. Raises CannotStart."""
    if not keep:
        await house.clear(settings.data_dir)

    async def then(ready: Settings) -> None:
        for line in _greeting(ready):
            say(line)
        await _played(ready.local_url, ready.demo_secret(), seed)

    return await run(settings, verbose=verbose, then=then)


async def _played(url: str, password: str, seed: int) -> int:
    """The day at an address. Raises NoStage."""
    stage = Stage.at(url, password)
    async with stage.http:
        await perform(stage, seed=seed, say=say)
    return 0


def _greeting(settings: Settings) -> list[str]:
    base = settings.local_url
    return ["", "What to look at:", *(f"  {base}{path:16} as {who}: {what}" for path, who, what in TO_LOOK_AT), ""]


def _awaited(work: Coroutine[Any, Any, int]) -> int:
    try:
        return asyncio.run(work)
    except KeyboardInterrupt:
        return _INTERRUPTED
