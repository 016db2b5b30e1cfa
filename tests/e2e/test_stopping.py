"""Ctrl-C, a second start, a taken port: what whoever runs the product meets."""

import asyncio
import socket
import subprocess
from pathlib import Path

import pytest

from domain.vocabulary import CaseStatus
from tests.e2e.desk import Desk
from tests.e2e.product import PATIENCE, Product, alive, listens

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]


def outcome(product: Product) -> tuple[int | None, str]:
    """The exit code of an ``up`` that cannot start, and what it says."""
    product.begin()
    assert product.process is not None
    try:
        code: int | None = product.process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        code = None
        product.close()
    return code, product.last_words()


async def test_everything_is_still_there_when_it_is_interrupted_and_started_again(desk: Desk, product: Product) -> None:
    case = await desk.report("rehearsal")
    await desk.acknowledge(case["number"])
    pids = product.pids().values()
    assert len(pids) == 3
    assert await asyncio.to_thread(product.interrupt) == 0, product.last_words()
    assert [pid for pid in pids if alive(pid)] == []
    assert [port for port in product.ports if listens(port)] == []
    await product.start()
    kept = await desk.case(case["number"])
    assert (kept["status"], kept["due_at"]) == (CaseStatus.IN_PROGRESS, case["due_at"])


async def test_second_start_is_refused_when_one_runs_on_the_same_directory(product: Product) -> None:
    second = Product(product.directory)
    second.log = product.directory.with_name("second.log")
    code, said = await asyncio.to_thread(outcome, second)
    assert code == 1, said
    assert "already runs" in said
    assert str(product.directory) in said
    assert str(product.supervisor) in said
    assert len(product.pids()) == 3  # and the first goes on


async def test_taken_port_is_named_with_its_setting_when_it_cannot_be_listened_on(tmp_path: Path) -> None:
    await asyncio.gather(*(
        asyncio.to_thread(assert_taken_port_is_named, tmp_path / setting, setting)
        for setting in ("HTTP_PORT", "TEMPORAL_PORT", "TEMPORAL_UI_PORT")
    ))  # fmt: skip


def assert_taken_port_is_named(directory: Path, setting: str) -> None:
    """Start where the port of this setting is taken: it ends and says so."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(1)
        port = taken.getsockname()[1]
        code, said = outcome(Product(directory, more={setting: str(port)}))
    assert code == 1, said
    assert f"BIHUAN_{setting}" in said
    assert str(port) in said
