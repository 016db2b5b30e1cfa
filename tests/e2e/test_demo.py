"""``launch demo`` as somebody has it who tries it: a directory of its own, a day that begins, a clean end."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from settings import ROOT
from tests.e2e.product import PATIENCE, Product, alive, until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Product]:
    """The demo, in a data directory in which somebody has something already."""
    product = Product(tmp_path / "var", {"RULEBOOK": "rulebook/default"}, part="demo")
    product.directory.mkdir()
    (product.directory / "bihuan.db").write_bytes(b"precious")
    yield product
    product.close()


async def test_day_is_played_beside_what_somebody_has_and_ends_when_interrupted(demo: Product) -> None:
    demo.begin()

    async def began() -> bool:
        return "the day begins" in demo.log.read_text(errors="replace")

    await until(began, "a day that begins", 2 * PATIENCE)
    refused = play_only(demo.base, "not-the-password")
    assert (refused.returncode, "wrong_credentials" in refused.stderr) == (1, True)
    pids = [demo.supervisor, *demo.pids().values()]
    assert demo.interrupt() == 0
    assert not any(map(alive, pids))
    said = demo.log.read_text(errors="replace")
    assert "scenes were played" in said
    assert "broken off" not in said
    assert demo.database_file.read_bytes() == b"precious"
    assert (demo.directory / "demo" / "bihuan.db").exists()


def play_only(url: str, password: str) -> "subprocess.CompletedProcess[str]":
    """The day at an address where something runs already."""
    environment = {**os.environ, "BIHUAN_PASSWORD": password}
    argv = [sys.executable, "-m", "launch", "demo", "--play-only", url]
    return subprocess.run(argv, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE)
