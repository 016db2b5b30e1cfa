"""The product's own processes, in one thread: the API behind a real server, and a worker when there is an engine."""

import asyncio
import contextlib
import secrets
import socket
import subprocess
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI

from activities.rebase import Rebaser
from api.app import create_app
from api.desk import Desk, connect
from api.in_force import InForce
from api.rebase import Rebase
from api.relay import Relay
from db.engine import Database
from launch.engine import executable
from rulebook.load import open_rulebook
from settings import ROOT, Settings
from worker import CALENDAR_S, answered, handoffs, make_worker

HOST = "127.0.0.1"
PASSWORD = "a-demo-password"
SECRET_KEY = "not-a-secret-" * 4
PREFIX = "/api/v1"

Make = Callable[[Settings], FastAPI]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as sock:
        sock.bind((HOST, 0))
        port: int = sock.getsockname()[1]
        return port


def settings_for(url: str, directory: Path, engine: str | None = None) -> Settings:
    """Settings of a test: the rehearsal rulebook, an own directory, an engine or none that answers."""
    return Settings(
        data_dir=directory,
        database_url=url,
        temporal_address=engine or f"{HOST}:{free_port()}",
        rulebook=ROOT / "rulebook" / "rehearsal",
        demo_password=PASSWORD,
        secret_key=SECRET_KEY,
    )


class Served:
    """The API at ``base_url``; ``app.state.house`` is what it holds."""

    def __init__(self, settings: Settings, *, worker: bool = False, make: Make = create_app) -> None:
        self.settings = settings
        self.app: FastAPI = make(settings)
        self.port = free_port()
        self.base_url = f"http://{HOST}:{self.port}"
        self._worker = worker
        self._server = uvicorn.Server(
            uvicorn.Config(self.app, host=HOST, port=self.port, log_level="error", access_log=False, lifespan="on")
        )
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Serve, until ``stop``."""
        self._thread.start()
        while not self._server.started:
            if not self._thread.is_alive():
                raise RuntimeError("the API did not start") from self._failure
            time.sleep(0.01)

    def stop(self) -> None:
        """Stop gracefully."""
        self._server.should_exit = True
        self._thread.join(20)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as failure:
            self._failure = failure

    async def _serve(self) -> None:
        async with self._working() if self._worker else contextlib.nullcontext():
            await self._server.serve()

    @asynccontextmanager
    async def _working(self) -> AsyncIterator[None]:
        database = Database(self.settings.database_url)
        client = await connect(self.settings)
        in_force, desk = InForce(database, open_rulebook(self.settings.rulebook)), Desk(client, database)
        await in_force.begin()
        rules, rebase = in_force.rulebook, Rebase(database, desk, lambda: in_force.rulebook().calendar)
        beside = [asyncio.create_task(one.run()) for one in (Relay(database, desk), rebase)]
        rebaser = Rebaser(database, rules, answered(desk), patience_s=CALENDAR_S)
        async with make_worker(client, database, handoffs(database, desk, rules), rebaser):
            yield
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
        await in_force.aclose()
        await database.aclose()

    def client(self, token: str | None = None) -> httpx.Client:
        """A client of the API; ``token`` says as whom."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(base_url=self.base_url + PREFIX, headers=headers, timeout=30)


@contextmanager
def served(settings: Settings, *, worker: bool = False, make: Make = create_app) -> Iterator[Served]:
    """The API, or what ``make`` puts on it, for as long as the block lasts."""
    running = Served(settings, worker=worker, make=make)
    running.start()
    try:
        yield running
    finally:
        running.stop()


@contextmanager
def engine(port: int | None = None) -> Iterator[str]:
    """The address of a development server of the engine that keeps everything in memory.

    It chooses further ports for itself, and ends when somebody else was quicker to one: then another is started.
    """
    for _ in range(3):
        chosen = port or free_port()
        process = subprocess.Popen(_engine_argv(chosen), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            if _listens(chosen, process):
                yield f"{HOST}:{chosen}"
                return
        finally:
            process.terminate()
            process.wait(20)
    raise AssertionError("no engine could be started")


def _listens(port: int, process: "subprocess.Popen[bytes]") -> bool:
    """Wait until the engine takes connections; False when it has ended instead."""
    while process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return True
        time.sleep(0.05)
    return False


def _engine_argv(port: int) -> list[str]:
    attributes = ("BihuanKind=Keyword", "BihuanUnit=Keyword", "BihuanLight=Keyword", "BihuanGrid=Keyword",
                  "BihuanDue=Datetime")  # fmt: skip
    partitions = ("matching.numTaskqueueReadPartitions=1", "matching.numTaskqueueWritePartitions=1")
    return [
        executable(),
        *("server", "start-dev", "--headless", "--log-level", "never", "--ip", HOST, "--port", str(port)),
        *(part for name in partitions for part in ("--dynamic-config-value", name)),
        *(part for attribute in attributes for part in ("--search-attribute", attribute)),
    ]


def key() -> str:
    """A fresh Idempotency-Key."""
    return secrets.token_hex(8)


def report(**changes: Any) -> dict[str, Any]:
    """An acceptable report, with these changes. What it says is made up."""
    return {
        "category": "rehearsal",
        "description": "三号楼门前路灯不亮，夜里看不清台阶。",
        "place": {"grid": "qingyou-1"},
        "reporter": {"name": "王某某", "phone": "13800138000"},
        "source": "hotline",
        **changes,
    }
