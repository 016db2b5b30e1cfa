"""The API and the pages on a database that is there already: no engine, no worker; beside it the bare page."""

import asyncio
import secrets
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from api.auth import COOKIE
from benchmarks.counted import COUNTED
from benchmarks.figures import say
from benchmarks.installation import PATIENCE_S, environment_of, free_ports
from benchmarks.made.copying import postgres_town
from benchmarks.made.store import Size, sqlite_town
from benchmarks.wire import Wire
from launch.supervisor import Program, Supervisor
from rulebook.load import open_rulebook
from settings import ROOT, Settings

PASSWORD: Final = "made-up-password"  # noqa: S105 - of accounts that are made up as well
API: Final = "api"
BARE: Final = "bare page"

_STEP_S: Final = 0.2


@dataclass(slots=True)
class Serving:
    """What runs on which store."""

    settings: Settings
    supervisor: Supervisor
    bare_port: int
    store: str

    @property
    def pid(self) -> int:
        """Of the process that serves. Raises RuntimeError when it has ended."""
        found = self.supervisor.pid(API)
        if found is None:
            raise RuntimeError("the API has ended")
        return found

    def bare(self) -> Wire:
        """A connection to the bare page."""
        return Wire(self.settings.http_host, self.bare_port)

    async def browser(self, username: str, *, packed: bool = False) -> Wire:
        """A connection that is signed in as this account, by cookie, as a browser is."""
        wire = Wire(self.settings.http_host, self.settings.http_port)
        answer = (await wire.post("/api/v1/sessions", {"username": username, "password": PASSWORD})).expect(201)
        wire.close()
        more = {"Accept": "text/html", "Cookie": f"{COOKIE}={answer.json()['token']}; bihuan_form=benchmark"}
        more |= {"Accept-Encoding": "gzip"} if packed else {}
        return Wire(self.settings.http_host, self.settings.http_port, more=more)

    async def statements(self) -> int:
        """How many statements the process has run."""
        wire = Wire(self.settings.http_host, self.settings.http_port)
        answer = (await wire.get(COUNTED)).expect(200)
        wire.close()
        return int(answer.body)


@contextmanager
def towns(stores: list[str], size: Size) -> Iterator[dict[str, str]]:
    """Store → URL of the made-up town on it."""
    source = sqlite_town(open_rulebook(ROOT / "rulebook" / "default"), PASSWORD, size)
    found, end = {"sqlite": f"sqlite:///{source}"}, _nothing
    try:
        if "postgresql" in stores:
            found["postgresql"], end = postgres_town(source)
        yield {store: found[store] for store in stores}
    finally:
        end()


@asynccontextmanager
async def serving(store: str, url: str) -> AsyncIterator[Serving]:
    """The API on this database, and the bare page."""
    with tempfile.TemporaryDirectory(prefix="bihuan-bench-") as home:
        http, bare, grpc = free_ports(3)
        settings = Settings(
            data_dir=Path(home),
            database_url=url,
            temporal_address=f"127.0.0.1:{grpc}",
            http_port=http,
            demo_password=PASSWORD,
            secret_key=secrets.token_urlsafe(32),
        )
        supervisor = Supervisor(say)
        environment = environment_of(settings)
        for name, argv in ((API, ["benchmarks.counted"]), (BARE, ["benchmarks.barepage", str(bare)])):
            line = [sys.executable, "-m", *argv]
            supervisor.keep(Program(name=name, argv=line, environment=environment, quiet=True, directory=str(ROOT)))
        here = Serving(settings, supervisor, bare, store)
        try:
            await _until_up(here)
            yield here
            for name in (API, BARE):
                await supervisor.stop(name)
        finally:
            supervisor.kill()


async def _until_up(here: Serving) -> None:
    host, ports = here.settings.http_host, (here.settings.http_port, here.bare_port)
    async with asyncio.timeout(PATIENCE_S):
        for port, path in zip(ports, ("/healthz", "/"), strict=True):
            while not await _answers(Wire(host, port), path):  # noqa: ASYNC110 - another process
                await asyncio.sleep(_STEP_S)


async def _answers(wire: Wire, path: str) -> bool:
    try:
        return (await wire.get(path)).status == 200
    except (OSError, EOFError):
        return False
    finally:
        wire.close()


def _nothing() -> None:
    pass
