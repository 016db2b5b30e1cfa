"""``launch up``: everything on one machine, in order: engine, database, district, worker, API.

What runs is decided here; how it is kept running is ``launch.supervisor``.
"""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress

import httpx

from launch import engine, greeting
from launch.lock import CannotStart, hold
from launch.ports import require_free
from launch.supervisor import Program, Supervisor
from settings import ROOT, Settings

READY_S = 60.0
"""After this many seconds it is said what is missing; waiting goes on."""

_POLL_S = 0.25
_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_STOP_ORDER = ("api", "worker", "engine")

Then = Callable[[Settings], Awaitable[None]]


async def run(settings: Settings, *, verbose: bool = False, then: Then | None = None) -> int:
    """Keep everything running until a signal; the exit code. Raises CannotStart when something stands in the way.

    ``then``: what begins once everything is up, and is cancelled before anything is stopped.
    """
    stop = asyncio.Event()
    async with hold(settings.data_dir) as held:
        await _require_ports(settings)
        supervisor = Supervisor(say, held=held)
        _on_signals(stop, supervisor)
        life = asyncio.create_task(_start(settings, supervisor, verbose=verbose))
        try:
            if not await _first(life, stop):
                return 1
            await _meanwhile(settings, then, stop)
        finally:
            life.cancel()
            await asyncio.gather(life, return_exceptions=True)
            say("stopping …")
            for name in _STOP_ORDER:
                await supervisor.stop(name)
            supervisor.kill()
        say("stopped; everything is kept in " + str(settings.data_dir))
        return 0


def say(line: str) -> None:
    """Print a line for whoever started this; a terminal that is gone is no reason to stop."""
    with suppress(OSError):
        print(line, file=sys.stderr, flush=True)  # noqa: T201 (this is a terminal program)


async def _meanwhile(settings: Settings, then: Then | None, stop: asyncio.Event) -> None:
    """Wait for a signal; meanwhile ``then`` goes on. How it ends is told, and stops nothing else."""
    if then is None or stop.is_set():
        await stop.wait()
        return
    going_on = asyncio.ensure_future(then(settings))
    waiting = asyncio.create_task(stop.wait())
    await asyncio.wait({going_on, waiting}, return_when=asyncio.FIRST_COMPLETED)
    going_on.cancel()
    (ended,) = await asyncio.gather(going_on, return_exceptions=True)
    if isinstance(ended, Exception):
        say(f"it was broken off: {ended}")
    await waiting


async def _first(life: "asyncio.Task[bool]", stop: asyncio.Event) -> bool:
    """Wait until everything is up or a signal came; False when it could not come up."""
    waiting = asyncio.create_task(stop.wait())
    await asyncio.wait({life, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    return stop.is_set() or await life


async def _start(settings: Settings, supervisor: Supervisor, *, verbose: bool) -> bool:
    if settings.engine_is_embedded:
        say("starting the engine …")
        supervisor.keep(engine.program(settings, quiet=not verbose))
    say("preparing the database …")
    for part in ("migrate", "seed"):
        if not await supervisor.run(_part(part)):
            say(f"{part} failed (see above); nothing was started")
            return False
    if settings.engine_is_embedded:
        await engine.prepare(settings)
    say("starting worker and API …")
    for part in ("worker", "api"):
        supervisor.keep(_part(part, *(["--verbose"] if verbose else [])))
    await _ready(settings)
    for line in greeting.lines(settings):
        say(line)
    return True


def _part(name: str, *arguments: str) -> Program:
    argv = [sys.executable, "-m", "launch", name, *arguments]
    return Program(name=name, argv=argv, directory=str(ROOT), grace=15.0)


async def _ready(settings: Settings) -> None:
    clock = asyncio.get_running_loop().time
    complain_at = clock() + READY_S
    async with httpx.AsyncClient(base_url=settings.local_url, trust_env=False, timeout=5) as client:
        while (missing := await _missing(client)) is not None:
            if clock() > complain_at:
                say(f"still not ready, missing: {missing}")
                complain_at = clock() + READY_S
            await asyncio.sleep(_POLL_S)


async def _missing(client: httpx.AsyncClient) -> str | None:
    try:
        answer = await client.get("/readyz")
        return None if answer.is_success else str(answer.json().get("missing", answer.status_code))
    except (httpx.HTTPError, ValueError):
        return "API"


async def _require_ports(settings: Settings) -> None:
    await require_free(settings.http_host, settings.http_port, "HTTP_PORT")
    if settings.engine_is_embedded:
        if settings.temporal_port == settings.temporal_ui_port:
            raise CannotStart("BIHUAN_TEMPORAL_PORT and BIHUAN_TEMPORAL_UI_PORT are the same port.")
        await require_free(engine.HOST, settings.temporal_port, "TEMPORAL_PORT")
        await require_free(engine.HOST, settings.temporal_ui_port, "TEMPORAL_UI_PORT")


def _on_signals(stop: asyncio.Event, supervisor: Supervisor) -> None:
    def stop_or_kill() -> None:
        if stop.is_set():
            say("ending everything at once")
            supervisor.kill()
        stop.set()

    loop = asyncio.get_running_loop()
    for signum in _STOPPING:
        if signal.getsignal(signum) is signal.SIG_IGN:
            continue  # started with nohup
        loop.add_signal_handler(signum, stop_or_kill)
