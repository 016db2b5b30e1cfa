"""The made-up town on SQLite, built once a day and kept. Its copy on PostgreSQL is ``benchmarks.made.copying``."""

import hashlib
import json
import random
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from rich.progress import track
from sqlalchemy import Connection

from benchmarks.figures import say
from benchmarks.made import incidents, requests
from benchmarks.made.lives import Life
from benchmarks.made.rows import write_life
from benchmarks.made.town import Town, town
from db.engine import Database
from db.migrations import upgrade
from db.seed import seed
from domain.worktime import SHANGHAI
from rulebook.load import Opened
from settings import ROOT

SEED: Final = 20261123
HOME: Final = ROOT / "var" / "benchmarks"
RECENT: Final = timedelta(days=45)
YEAR: Final = timedelta(days=360)
REQUESTS: Final = 0.25
"""The share of service requests."""

_AT_A_TIME: Final = 500
_COPIED_AT_A_TIME: Final = 5_000
_DONE: Final = "done"

Maker = Callable[[Town, int], Life[Any]]


@dataclass(frozen=True, slots=True)
class Size:
    """How many cases there are, and how many of them are under way."""

    cases: int = 100_000
    running: int = 3_000


def sqlite_town(opened: Opened, password: str, size: Size) -> Path:
    """The SQLite file of the town, built unless it is kept."""
    home = HOME / _digest(opened, size)
    path = home / "town.db"
    if not (home / _DONE).exists():
        _forget_others(home)
        home.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        began = time.monotonic()
        _build(f"sqlite:///{path}", opened, password, size)
        (home / _DONE).touch()
        took, megabytes = time.monotonic() - began, path.stat().st_size / 1e6
        say(f"built {size.cases:,} cases on SQLite in {took:.0f} s: {megabytes:,.0f} MB")
    upgrade(f"sqlite:///{path}")
    return path


def _digest(opened: Opened, size: Size) -> str:
    """Of what the town is made of, and of the day: clocks run."""
    made = hashlib.sha256(json.dumps(opened.content, sort_keys=True, default=str).encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        made.update(path.read_bytes())
    made.update(f"{size} {SEED} {datetime.now(SHANGHAI):%Y-%m-%d}".encode())
    return made.hexdigest()[:16]


def _forget_others(home: Path) -> None:
    for other in home.parent.glob("*"):
        if other != home and (other / _DONE).exists():
            shutil.rmtree(other, ignore_errors=True)


def _build(url: str, opened: Opened, password: str, size: Size) -> None:
    upgrade(url)
    now = datetime.now(UTC)
    database = Database(url)
    seed(database, opened, lambda: password, now)
    made = _lives(town(opened, now, SEED), size)
    page: list[Life[Any]] = []
    for life in track(made, "building the town", total=size.cases):
        page.append(life)
        if len(page) == _AT_A_TIME:
            database.write_sync(_writing(page, now))
            page = []
    database.write_sync(_writing(page, now))
    database.close()


def _writing(lives: list[Life[Any]], now: datetime) -> Callable[[Connection], None]:
    def write(connection: Connection) -> None:
        for life in lives:
            told = now - life.case.received_at < RECENT or not life.case.finished
            write_life(connection, life, told=told)

    return write


def _lives(made: Town, size: Size) -> Iterator[Life[Any]]:
    rng, past = made.rng, size.cases - size.running
    instants = sorted(made.daytime(made.now - YEAR, made.now - timedelta(days=1)) for _ in range(past))
    for running, at in enumerate(instants, start=1):
        of = requests if rng.random() < REQUESTS else incidents
        yield of.lived(made, running, at)
    makers = random.Random(SEED).choices([*_shares(made)], [*_shares(made).values()], k=size.running)
    for running, make in enumerate(makers, start=past + 1):
        yield make(made, running)


def _shares(made: Town) -> dict[Maker, int]:
    """How those under way are spread over what is urgent about them."""
    day_ends = datetime.combine(made.now.astimezone(SHANGHAI).date() + timedelta(days=1), datetime.min.time(), SHANGHAI)
    return {
        incidents.in_danger: 2,
        incidents.unanswered: 50,
        incidents.red: 80,
        lambda here, running: incidents.today(here, running, day_ends): 130,
        incidents.asks_for_more: 40,
        incidents.given_back: 20,
        incidents.lost: 15,
        incidents.appealed: 8,
        incidents.to_verify: 70,
        incidents.paused: 35,
        lambda here, running: incidents.later(here, running, day_ends): 350,
        requests.under_way: 200,
    }
