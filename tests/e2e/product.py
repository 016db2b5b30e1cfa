"""The product as a user has it: ``python -m launch up`` in processes of its own, on its own directory and ports.

Processes are found as children of the supervisor that was started here, and ended by their pid; no other is touched.
"""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import httpx

from settings import PREFIX, ROOT

PASSWORD = "made-up-for-tests"
PATIENCE = 45.0
"""Seconds after which something that surely happens has surely not happened, on the slowest machine."""

STEP = 0.05
PARTS = ("engine", "worker", "api")

T = TypeVar("T")


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on just now, all different."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def listens(port: int) -> bool:
    """Whether anybody takes connections on the port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


async def until(found: Callable[[], Awaitable[T | None]], what: str, patience: float = PATIENCE) -> T:
    """The first answer of ``found`` that is neither None nor False. Fails, saying ``what`` never came."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        answer = await found()
        if answer is not None and answer is not False:
            return answer
        await asyncio.sleep(STEP)
    raise AssertionError(f"waited {patience:g} s in vain for: {what}")


@dataclass
class Product:
    """One installation. ``more`` are further settings (without prefix), ``part`` what of ``launch`` is started."""

    directory: Path
    more: Mapping[str, str] = field(default_factory=dict)
    part: str = "up"
    process: "subprocess.Popen[bytes] | None" = None

    def __post_init__(self) -> None:
        self.http_port, self.engine_port, self.engine_page_port = free_ports(3)
        self.log = self.directory.with_name(f"{self.directory.name}.log")

    @property
    def base(self) -> str:
        """Address of the API."""
        return f"http://127.0.0.1:{self.http_port}"

    @property
    def database_file(self) -> Path:
        """The product's own database."""
        return self.directory / "bihuan.db"

    @property
    def ports(self) -> tuple[int, int, int]:
        """Every port it listens on."""
        return self.http_port, self.engine_port, self.engine_page_port

    def environment(self) -> dict[str, str]:
        """Settings for its processes; none of whoever runs the tests."""
        own = {
            "DATA_DIR": str(self.directory),
            "RULEBOOK": "rulebook/rehearsal",
            "DEMO_PASSWORD": PASSWORD,
            "HTTP_PORT": str(self.http_port),
            "TEMPORAL_PORT": str(self.engine_port),
            "TEMPORAL_UI_PORT": str(self.engine_page_port),
            **self.more,
        }
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        return inherited | {PREFIX + name: value for name, value in own.items()}

    def begin(self) -> None:
        """Start ``up`` and return at once. What it prints is appended to its log."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "launch", self.part], cwd=ROOT, env=self.environment(), stdout=log, stderr=log
            )

    async def start(self) -> None:
        """Start ``up`` and wait until everything is ready."""
        self.begin()
        await self.ready()

    async def ready(self, patience: float = PATIENCE) -> None:
        """Wait until the API says that nothing is missing. Fails with the end of the log."""
        async with httpx.AsyncClient(base_url=self.base, trust_env=False, timeout=5) as http:
            try:
                await until(lambda: self._answers_ready(http), "a product that is ready", patience)
            except AssertionError as error:
                raise AssertionError(f"{error}\n{self.last_words()}") from None

    async def _answers_ready(self, http: httpx.AsyncClient) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, f"`up` ended with {self.process.poll()}\n{self.last_words()}"
        with contextlib.suppress(httpx.TransportError):
            return (await http.get("/readyz")).is_success
        return False

    def last_words(self, lines: int = 30) -> str:
        """The end of what it printed."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    # its processes

    @property
    def supervisor(self) -> int:
        """Pid of ``up``."""
        assert self.process is not None
        return self.process.pid

    def pids(self) -> dict[str, int]:
        """The parts that run just now, and their pids."""
        return dict(parts_of(self.supervisor))

    async def pid(self, part: str, *, other_than: int | None = None) -> int:
        """The pid of a part, when it runs (again)."""

        async def found() -> int | None:
            pid = self.pids().get(part)
            return pid if pid != other_than else None

        return await until(found, f"the {part} to run")

    async def kill(self, part: str) -> int:
        """End a part at once (SIGKILL); the pid it had."""
        pid = await self.pid(part)
        os.kill(pid, signal.SIGKILL)
        return pid

    @contextlib.contextmanager
    def without_engine(self) -> Iterator[None]:
        """The engine is away: killed, and the supervisor held up, so that nobody starts it again until the end."""
        os.kill(self.supervisor, signal.SIGSTOP)
        try:
            os.kill(self.pids()["engine"], signal.SIGKILL)
            yield
        finally:
            os.kill(self.supervisor, signal.SIGCONT)

    def kill_everything(self) -> None:
        """End supervisor and parts at once, as a power cut would."""
        assert self.process is not None
        pids = [self.process.pid, *self.pids().values()]
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(PATIENCE)

    def interrupt(self) -> int:
        """Ctrl-C; the exit code of ``up``."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)

    def close(self) -> None:
        """End whatever still runs."""
        if self.process is not None and self.process.poll() is None:
            try:
                self.interrupt()
            except subprocess.TimeoutExpired:
                self.kill_everything()


def alive(pid: int) -> bool:
    """Whether this process still runs (one that has ended and is not yet reaped does not)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


def parts_of(supervisor: int) -> Iterator[tuple[str, int]]:
    """The children of a supervisor that are parts of the product, by name."""
    try:
        children = Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text().split()
    except FileNotFoundError:
        return
    for child in map(int, children):
        name = _part(child)
        if name is not None and alive(child):
            yield name, child


def _part(pid: int) -> str | None:
    """What a child has become; None before the leash has become the program, and for what runs once."""
    try:
        argv = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except (FileNotFoundError, ProcessLookupError):
        return None
    if "leash.py" in " ".join(argv[:5]):
        return None
    if "start-dev" in argv:
        return "engine"
    return next((part for part in PARTS if argv[1:4] == ["-m", "launch", part]), None)
