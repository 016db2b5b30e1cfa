"""What stands in the way of starting: a lock that is held, a directory that cannot be written, a port that is taken."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from launch import engine
from launch.lock import CannotStart, hold
from launch.ports import require_free
from settings import Settings


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        found.listen()
        yield found


async def test_second_supervisor_is_told_when_one_runs(tmp_path: Path) -> None:
    async with hold(tmp_path):
        with pytest.raises(CannotStart, match=r"already runs on .* \(process \d+\).*BIHUAN_DATA_DIR"):
            async with hold(tmp_path, patience=0):
                pass


async def test_directory_is_free_when_the_holder_has_ended(tmp_path: Path) -> None:
    async with hold(tmp_path):
        pass
    async with hold(tmp_path, patience=0):
        pass


async def test_directory_is_free_when_only_the_file_is_left(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text("4711\n")
    async with hold(tmp_path, patience=0):
        pass


async def test_directory_is_made_when_there_is_none(tmp_path: Path) -> None:
    async with hold(tmp_path / "a" / "b"):
        assert (tmp_path / "a" / "b").is_dir()


async def test_directory_is_named_when_it_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no directory")
    with pytest.raises(CannotStart, match="BIHUAN_DATA_DIR"):
        async with hold(tmp_path / "file"):
            pass


async def test_port_and_its_setting_are_named_when_it_is_taken(listener: socket.socket) -> None:
    port = listener.getsockname()[1]
    with pytest.raises(CannotStart, match=f"127.0.0.1:{port}: the port is taken.*BIHUAN_HTTP_PORT"):
        await require_free("127.0.0.1", port, "HTTP_PORT", patience=0)


async def test_port_is_free_when_nobody_listens_any_more(listener: socket.socket) -> None:
    port = listener.getsockname()[1]
    listener.close()
    await require_free("127.0.0.1", port, "HTTP_PORT", patience=0)


async def test_setting_is_named_when_the_host_is_not_ours() -> None:
    with pytest.raises(CannotStart, match="BIHUAN_HTTP_PORT"):
        await require_free("192.0.2.1", 8000, "HTTP_PORT", patience=0)


def test_history_is_named_when_it_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "temporal.db").mkdir()
    (tmp_path / "temporal.db" / "inside").write_text("a directory is no history")
    with pytest.raises(CannotStart, match=r"temporal\.db cannot be written"):
        engine.program(Settings(data_dir=tmp_path))


def test_empty_history_is_removed_when_a_first_start_was_killed(tmp_path: Path) -> None:
    (tmp_path / "temporal.db").touch()
    engine.program(Settings(data_dir=tmp_path))
    assert not (tmp_path / "temporal.db").exists()
