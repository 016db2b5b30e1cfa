"""The work of ``launch rulebook``: a rulebook is checked, put in force from an instant on, listed with the others.

What an administrator does in the console, from where the files are. Running processes go over by themselves.
"""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, Final, NoReturn

import typer

from api.administration import rulebooks
from api.auth import now
from db.engine import Database, StoreUnavailable
from db.frontdesk.rulebooks import entries
from domain.errors import Refused
from domain.rulebook_versions import Entry, state_of
from domain.worktime import SHANGHAI
from rulebook.load import Opened, open_package, open_rulebook
from rulebook.packed import Package
from rulebook.problems import RulebookInvalid
from rulebook.zipped import LARGEST, package_of_zip
from settings import SettingsError, load

BY: Final = "launch"
"""Who put it in force, on record."""


def check(path: Path) -> None:
    """Say everything that is wrong with the files, by file and line."""
    opened = _tried(lambda: open_package(_package(path)))
    typer.echo(f"{opened.rulebook.version}: {len(opened.rulebook.categories)} categories, no fault")


def schedule(path: Path, since: str) -> None:
    """Let a rulebook count from an instant on; by default from its own day, else from the next midnight."""
    typer.echo(_tried(lambda: asyncio.run(_with_store(lambda store: _schedule(store, path, since or None)))))


def list_versions() -> None:
    """What was in force, is, and is going to be."""
    for line in _tried(lambda: asyncio.run(_with_store(_listed))):
        typer.echo(line)


async def _schedule(store: Database, path: Path, since: str | None) -> str:
    opened: Opened = await rulebooks.of_package(store, _package(path))
    at = now()
    begins = rulebooks.beginning_of(opened, since, at)
    made = await store.write(lambda connection: rulebooks.enter(connection, opened, begins, BY, at))
    return f"{made.version} counts from {begins.astimezone(SHANGHAI).isoformat(timespec='seconds')} on"


async def _listed(store: Database) -> list[str]:
    found, at = await store.read(entries), now()
    return [_line(entry, found, at) for entry in found] or ["Nothing is in force: seed first."]


def _line(entry: Entry, found: tuple[Entry, ...], at: Any) -> str:
    since = entry.effective_from.astimezone(SHANGHAI).isoformat(timespec="seconds")
    return f"{since}  {state_of(entry, found, at).value:10}  {entry.version}  {entry.scheduled_by or 'files'}"


def _package(path: Path) -> Package:
    """Raises RulebookInvalid for files that are no rulebook."""
    if path.is_dir():
        return open_rulebook(path).package
    with path.open("rb") as file:
        return package_of_zip(file.read(LARGEST + 1))


async def _with_store(work: Callable[[Database], Coroutine[Any, Any, Any]]) -> Any:
    store = Database(load().database_url)
    try:
        return await work(store)
    finally:
        await store.aclose()


def _tried(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except RulebookInvalid as fault:
        _give_up(f"These files are no rulebook:\n{fault}")
    except Refused as refused:
        _give_up(f"Refused: {refused.code}")
    except (StoreUnavailable, SettingsError) as error:
        _give_up(str(error))


def _give_up(said: str) -> NoReturn:
    typer.secho(said, fg=typer.colors.RED, err=True)
    raise SystemExit(1)
