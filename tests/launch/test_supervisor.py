"""The supervisor: real processes are started, die, are started again, are stopped, and die with it."""

import asyncio
import itertools
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from launch.supervisor import Patience, Program, Supervisor, how_it_ended
from settings import ROOT

QUICK = Patience(first=0.01, limit=0.02)
FOREVER = "import time; print('up', flush=True); time.sleep(1000)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(1000)"
)


def python(code: str, *, quiet: bool = False, grace: float = 5.0) -> Program:
    return Program(name="part", argv=[sys.executable, "-c", code], quiet=quiet, grace=grace)


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 (another process is waited for)
            await asyncio.sleep(0.01)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_delays_double_up_to_the_limit() -> None:
    delays = Patience(first=0.5, limit=3).delays()
    assert list(itertools.islice(delays, 5)) == [0.5, 1.0, 2.0, 3, 3]


@pytest.mark.parametrize(
    ("code", "words"), [(1, "ended with code 1"), (-9, "was ended by SIGKILL"), (-77, "was ended by signal 77")]
)
def test_end_is_told_in_words(code: int, words: str) -> None:
    assert how_it_ended(code) == words


async def test_lines_are_prefixed_when_a_program_prints() -> None:
    said: list[str] = []
    assert await Supervisor(said.append).run(python("print('one'); print('zwei · 二')"))
    assert said == ["part | one", "part | zwei · 二"]


async def test_nothing_is_said_when_a_quiet_program_succeeds() -> None:
    said: list[str] = []
    assert await Supervisor(said.append).run(python("print('noise')", quiet=True))
    assert said == []


async def test_last_words_are_said_when_a_quiet_program_fails() -> None:
    said: list[str] = []
    assert not await Supervisor(said.append).run(python("print('the reason'); raise SystemExit(3)", quiet=True))
    assert said == ["part | the reason"]


async def test_output_is_passed_on_when_a_line_is_endless() -> None:
    said: list[str] = []
    assert await Supervisor(said.append).run(python("print('x' * 3_000_000)"))
    assert sum(line.count("x") for line in said) == 3_000_000


async def test_program_is_started_again_and_it_is_said_when_it_dies() -> None:
    said: list[str] = []
    supervisor = Supervisor(said.append, patience=QUICK)
    supervisor.keep(python("raise SystemExit(4)"))
    await until(lambda: len(said) >= 3)
    await supervisor.stop("part")
    assert said[0] == "part ended with code 4; starting it again in 0.01 s"
    assert said[2] == "part ended with code 4; starting it again in 0.02 s"


async def test_program_is_started_again_when_it_is_killed() -> None:
    said: list[str] = []
    supervisor = Supervisor(said.append, patience=QUICK)
    supervisor.keep(python(FOREVER))
    await until(lambda: said.count("part | up") == 1)
    os.kill(supervisor.pid("part") or 0, signal.SIGKILL)
    await until(lambda: said.count("part | up") == 2)
    assert "part was ended by SIGKILL; starting it again in 0.01 s" in said
    await supervisor.stop("part")


async def test_program_is_gone_and_stays_so_when_stopped() -> None:
    said: list[str] = []
    supervisor = Supervisor(said.append, patience=QUICK)
    supervisor.keep(python(FOREVER))
    await until(lambda: said)
    pid = supervisor.pid("part") or 0
    await supervisor.stop("part")
    assert not alive(pid)
    assert supervisor.pid("part") is None
    assert said == ["part | up"]


async def test_program_is_killed_when_it_does_not_stop_in_its_grace() -> None:
    said: list[str] = []
    supervisor = Supervisor(said.append, patience=QUICK)
    supervisor.keep(python(STUBBORN, grace=0.05))
    await until(lambda: said)
    pid = supervisor.pid("part") or 0
    await supervisor.stop("part")
    assert not alive(pid)
    assert said[-1] == "part did not stop within 0.05 s; ending it"


async def test_stopping_is_harmless_when_nothing_runs() -> None:
    await Supervisor(print).stop("part")


@pytest.mark.e2e
async def test_programs_die_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    script = f"""
import asyncio, sys
from pathlib import Path
from launch.lock import hold
from launch.supervisor import Program, Supervisor

async def main():
    async with hold(Path({str(tmp_path)!r})) as held:
        supervisor = Supervisor(lambda line: print(supervisor.pid("part"), flush=True), held=held)
        supervisor.keep(Program(name="part", argv=[sys.executable, "-c", {FOREVER!r}]))
        await asyncio.sleep(1000)

asyncio.run(main())
"""
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout is not None
    child = int(await parent.stdout.readline())
    assert alive(child)
    parent.kill()
    await parent.wait()
    await until(lambda: not alive(child))
