"""A year's notice comes: added, loaded, and carried into every running case, though the worker is killed meanwhile."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from domain.vocabulary import EventType
from domain.worktime import SHANGHAI
from settings import ROOT
from tests.e2e.desk import Desk, assert_gapless, instant
from tests.e2e.product import Product, until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

CASES = 40
THIS_YEAR = datetime.now(SHANGHAI).year
NEXT_YEAR = THIS_YEAR + 1


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """The rehearsal's rules, in which a case lasts until the middle of next year; of that year there is no notice."""
    shutil.copytree(ROOT / "rulebook" / "default", tmp_path / "default")
    directory = shutil.copytree(ROOT / "rulebook" / "rehearsal", tmp_path / "rehearsal")
    weeks = (date(NEXT_YEAR, 7, 1) - datetime.now(SHANGHAI).date()).days // 7
    file = directory / "categories.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("40 seconds", f"{weeks * 5} working days"), encoding="utf-8")
    for year in range(2027, NEXT_YEAR):
        (directory / "calendar").mkdir(exist_ok=True)
        shutil.copy(notice(tmp_path, year), directory / "calendar" / f"{year}.csv")
    return directory


def notice(directory: Path, year: int) -> Path:
    """An invented notice: every Monday of the spring is off."""
    first = (date(year, 3, 1) + timedelta(days=n) for n in range(60))
    off = {date(year, 1, 1), date(year, 5, 1), date(year, 10, 1), *(day for day in first if day.weekday() == 0)}
    file = directory / f"notice-{year}.csv"
    rows = "\n".join(f"{day},节日,1" for day in sorted(off))
    file.write_text(f"date,name,is_off_day\n{rows}\n", encoding="utf-8")
    return file


@pytest.fixture
async def desk(tmp_path: Path, rules: Path) -> AsyncIterator[Desk]:
    """People at work in an installation of this test's own."""
    product = Product(tmp_path / "var", {"RULEBOOK": str(rules)})
    try:
        await product.start()
        async with Desk(product) as opened:
            yield opened
    finally:
        product.close()


async def test_every_case_is_counted_again_once_when_the_worker_is_killed_over_it(desk: Desk, tmp_path: Path) -> None:
    product = desk.product
    before = [await desk.report("rehearsal") for _ in range(CASES)]
    assert all(case["provisional"] for case in before)

    product.interrupt()
    added = launch(product, "calendar", str(notice(tmp_path, NEXT_YEAR)))
    assert f"calendar/{NEXT_YEAR}.csv" in added
    product.begin()
    await until(lambda: some_counted(product), "the first case counted again")
    killed = await product.kill("worker")
    await product.pid("worker", other_than=killed)
    await product.ready()
    await until(lambda: all_counted(product), "every case counted again")

    for case in before:
        now, events = await desk.case(case["number"]), await desk.events(case["number"])
        assert_gapless(events)
        (again,) = [event for event in events if event["type"] == EventType.REBASED]
        assert now["provisional"] is False
        assert now["promise"]["calendar_version"] == again["data"]["calendar_version"]
        assert instant(now["due_at"]) == instant(again["data"]["due_at"]) > instant(case["due_at"])
        assert instant(again["at"]) <= datetime.now(UTC)

    assert "0 counted again, 0 left" in launch(product, "rebase")
    assert await counted(product) == CASES


def launch(product: Product, *arguments: str) -> str:
    """What a command of this installation prints."""
    done = subprocess.run(
        [sys.executable, "-m", "launch", *arguments],
        cwd=ROOT, env=product.environment(), capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


async def counted(product: Product) -> int:
    """How many times a case was counted again, by the record."""
    query = "SELECT count(*) FROM event WHERE type = ?"
    with sqlite3.connect(f"file:{product.database_file}?mode=ro", uri=True, timeout=5) as database:
        return int(database.execute(query, (EventType.REBASED.value,)).fetchone()[0])


async def some_counted(product: Product) -> bool:
    """Whether it has begun."""
    return await counted(product) > 0


async def all_counted(product: Product) -> bool:
    """Whether it was every one of them."""
    return await counted(product) >= CASES
