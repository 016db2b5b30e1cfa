"""The demo's own directory: below the data directory, made anew each time, never the one that somebody works in."""

import os
import shutil
from pathlib import Path
from typing import Final

import settings as configuration
from launch.demo.tables import table
from launch.lock import CannotStart, hold
from settings import PREFIX, Settings

_FOLDER: Final = "demo"
_MARK: Final = "made-up"
_SAID: Final = "Everything in this directory is made up. The next demo deletes it.\n"
_LOCK: Final = "lock"


def own_settings() -> Settings:
    """The settings of this process, turned to the demo's directory, rulebook and embedded parts.

    What is started inherits them. Raises SettingsError.
    """
    directory = configuration.load().data_dir / _FOLDER
    for name in ("DATABASE_URL", "TEMPORAL_ADDRESS"):  # a store or an engine of somebody is left alone
        os.environ.pop(PREFIX + name, None)
    os.environ[f"{PREFIX}DATA_DIR"] = str(directory)
    os.environ[f"{PREFIX}RULEBOOK"] = str(table("day")["rulebook"])
    return configuration.load()


async def clear(directory: Path) -> None:
    """Delete what an earlier demo left. Raises CannotStart when one runs, or when it is not a demo's directory."""
    _require_own(directory)
    async with hold(directory):
        _empty(directory)


def _empty(directory: Path) -> None:
    for found in directory.iterdir():
        if found.is_dir():
            shutil.rmtree(found)
        elif found.name != _LOCK:
            found.unlink()
    (directory / _MARK).write_text(_SAID, encoding="utf-8")


def _require_own(directory: Path) -> None:
    if directory.is_dir() and any(directory.iterdir()) and not (directory / _MARK).exists():
        raise CannotStart(
            f"{directory} was not made by a demo, so nothing in it is deleted. "
            f"Move it away, or choose another data directory with {PREFIX}DATA_DIR."
        )
