"""One installation for one run: engine, database, API, worker, bare worker; own ports and an own directory.

The processes are the product's own, started as ``launch`` starts them. At the end all are ended and the directory is
removed.
"""

import asyncio
import os
import secrets
import shutil
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from temporalio.client import Client

from api.desk import Desk, lazy_client
from benchmarks.bare import BARE_QUEUE, BareCase
from benchmarks.enginestore import EngineStore
from benchmarks.figures import say
from benchmarks.processes import Usage, usage
from benchmarks.wire import Wire
from db.engine import Database
from launch import engine
from launch.supervisor import Program, Supervisor
from rulebook.load import Opened, open_rulebook
from settings import PREFIX, ROOT, Settings

BARE_WORKER = "bare worker"
LOAD = "load"
PATIENCE_S = 60.0

_PROBE = "bare-probe"
_STEP_S = 0.2
_SETTLED_S = 2.0


@dataclass(slots=True)
class Installation:
    """What runs, and the clients that put load on it. ``bare`` uses the SDK's own data converter."""

    settings: Settings
    supervisor: Supervisor
    environment: Mapping[str, str]
    database: Database
    desk: Desk
    bare: Client
    store: EngineStore
    opened: Opened

    @property
    def notes(self) -> Path:
        """The file in which the bare worker notes how late it was."""
        return _notes(self.settings)

    def wire(self, token: str | None = None) -> Wire:
        """A connection to the API."""
        return Wire(self.settings.http_host, self.settings.http_port, token)

    async def sign_in(self, username: str) -> str:
        """A token of a demo account."""
        wire = self.wire()
        body = {"username": username, "password": self.settings.demo_secret()}
        answer = (await wire.post("/api/v1/sessions", body)).expect(201)
        wire.close()
        return str(answer.json()["token"])

    def usage(self) -> dict[str, Usage]:
        """What each process used so far, this one (the load) included."""
        found = {name: self.supervisor.pid(name) for name in ("engine", "api", "worker", BARE_WORKER)}
        found[LOAD] = os.getpid()
        return {name: usage(pid) for name, pid in found.items() if pid is not None}

    async def restart_workers(self) -> None:
        """Both workers anew, with empty caches."""
        for program in _workers(self.settings, self.environment):
            await self.supervisor.stop(program.name)
            self.supervisor.keep(program)
        await until_ready(self)

    async def ready(self) -> bool:
        """Whether the API says that it is, which includes the worker."""
        wire = self.wire()
        try:
            return (await wire.get("/readyz")).status == 200
        except (OSError, EOFError):
            return False
        finally:
            wire.close()


@asynccontextmanager
async def installation(keep: Path | None = None) -> AsyncIterator[Installation]:
    """Everything started and ready. ``keep``: use this directory and leave it there."""
    home = keep or Path(tempfile.mkdtemp(prefix="bihuan-bench-"))
    settings = _settings(home)
    supervisor = Supervisor(say)
    try:
        supervisor.keep(engine.program(settings))
        await engine.prepare(settings)
        here = await _begin(settings, supervisor)
        yield here
        here.store.close()
        await here.database.aclose()
        for name in ("api", "worker", BARE_WORKER, "engine"):
            await supervisor.stop(name)
    finally:
        supervisor.kill()
        if keep is None:
            shutil.rmtree(home, ignore_errors=True)


async def until_ready(here: Installation) -> None:
    """Wait until the API and both workers answer. Raises TimeoutError."""
    async with asyncio.timeout(PATIENCE_S):
        while not await here.ready():  # noqa: ASYNC110 - another process, nobody here could set an event
            await asyncio.sleep(_STEP_S)
        handle = here.bare.get_workflow_handle(_PROBE)
        await handle.execute_update(BareCase.command, rpc_timeout=timedelta(seconds=PATIENCE_S))
    await asyncio.sleep(_SETTLED_S)


async def _begin(settings: Settings, supervisor: Supervisor) -> Installation:
    environment = environment_of(settings)
    for name in ("migrate", "seed"):
        if not await supervisor.run(_launched(name, environment)):
            raise RuntimeError(f"launch {name} failed")
    for program in (_launched("api", environment), *_workers(settings, environment)):
        supervisor.keep(program)
    database = Database(settings.database_url)
    here = Installation(
        settings=settings,
        supervisor=supervisor,
        environment=environment,
        database=database,
        desk=Desk(await lazy_client(settings), database),
        bare=await Client.connect(settings.engine_address, namespace=settings.temporal_namespace),
        store=EngineStore(engine.database_file(settings), settings.temporal_namespace),
        opened=open_rulebook(settings.rulebook),
    )
    await here.bare.start_workflow(BareCase.run, id=_PROBE, task_queue=BARE_QUEUE)
    await until_ready(here)
    with suppress(ValueError):
        say("  ".join(f"{name} {supervisor.pid(name)}" for name in ("engine", "api", "worker", BARE_WORKER)))
    return here


def _settings(home: Path) -> Settings:
    http, grpc, pages = free_ports(3)
    return Settings(
        data_dir=home,
        database_url=f"sqlite:///{home / 'bihuan.db'}",
        temporal_address=None,
        temporal_namespace="default",
        temporal_port=grpc,
        temporal_ui_port=pages,
        http_port=http,
        demo_password=secrets.token_urlsafe(12),
        secret_key=secrets.token_urlsafe(32),
    )


def environment_of(settings: Settings) -> dict[str, str]:
    """The settings as the started processes read them."""
    given = {
        "DATA_DIR": settings.data_dir,
        "DATABASE_URL": settings.database_url,
        "TEMPORAL_ADDRESS": settings.temporal_address or "",
        "TEMPORAL_NAMESPACE": settings.temporal_namespace,
        "TEMPORAL_PORT": settings.temporal_port,
        "TEMPORAL_UI_PORT": settings.temporal_ui_port,
        "HTTP_HOST": settings.http_host,
        "HTTP_PORT": settings.http_port,
        "RULEBOOK": settings.rulebook,
        "DEMO_PASSWORD": settings.demo_password,
        "SECRET_KEY": settings.secret_key,
    }
    return {PREFIX + name: str(value) for name, value in given.items()}


def free_ports(count: int) -> list[int]:
    """Ports of the loopback that nobody listens on just now."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def _launched(name: str, environment: Mapping[str, str]) -> Program:
    argv = [sys.executable, "-m", "launch", name]
    return Program(name=name, argv=argv, environment=environment, quiet=True, directory=str(ROOT))


def _workers(settings: Settings, environment: Mapping[str, str]) -> tuple[Program, Program]:
    argv = [sys.executable, "-m", "benchmarks.bareworker", settings.engine_address, settings.temporal_namespace]
    argv.append(str(_notes(settings)))
    bare = Program(name=BARE_WORKER, argv=argv, environment=environment, quiet=True, directory=str(ROOT))
    return _launched("worker", environment), bare


def _notes(settings: Settings) -> Path:
    return settings.data_dir / "bare-notes"
