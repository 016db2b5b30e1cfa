"""Keeps programs running: starts them, prefixes what they print, restarts those that die, stops them in order.

Knows nothing of what the programs are (``launch.up`` does). One thread, and no state outside this process: a supervisor
that is killed takes its programs along (``launch.leash``) and a new one begins afresh.
"""

import asyncio
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

Say = Callable[[str], None]

_LEASH = str(Path(__file__).with_name("leash.py"))
_LINE_LIMIT = 1 << 20
_LAST_WORDS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What to run.

    grace      seconds between SIGTERM and SIGKILL
    quiet      what it prints is shown only when it dies
    directory  where it runs; None: where the supervisor runs
    """

    name: str
    argv: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    grace: float = 10.0
    quiet: bool = False
    directory: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait before a program that died is started again: doubled at each death up to a limit (seconds).

    steady  a program that lived this long starts over with the first delay
    """

    first: float = 0.5
    limit: float = 30.0
    steady: float = 60.0

    def delays(self) -> Iterator[float]:
        """The delays of one unlucky series, without end."""
        delay = self.first
        while True:
            yield delay
            delay = min(delay * 2, self.limit)


class Supervisor:
    """Programs under one roof. ``say`` prints a line; ``held`` is a descriptor that every program inherits."""

    def __init__(self, say: Say, *, held: int | None = None, patience: Patience | None = None) -> None:
        self._say = say
        self._held = held
        self._patience = patience or Patience()
        self._running: dict[str, asyncio.subprocess.Process] = {}
        self._keepers: dict[str, asyncio.Task[None]] = {}
        self._programs: dict[str, Program] = {}

    async def run(self, program: Program) -> bool:
        """Run a program to its end; whether it succeeded."""
        return await self._live(program) == 0

    def keep(self, program: Program) -> None:
        """Start a program and keep it running until ``stop``."""
        self._programs[program.name] = program
        self._keepers[program.name] = asyncio.create_task(self._keep(program), name=program.name)

    def pid(self, name: str) -> int | None:
        """The process that runs the program just now."""
        process = self._running.get(name)
        return process.pid if process else None

    async def stop(self, name: str) -> None:
        """Ask a kept program to end, wait for its grace, then end it. Harmless when it does not run."""
        keeper = self._keepers.pop(name, None)
        program = self._programs.pop(name, None)
        if keeper is None or program is None:
            return
        keeper.cancel()  # from here on nobody starts it again
        with suppress(asyncio.CancelledError):
            await keeper
        if (process := self._running.pop(name, None)) is not None:
            await self._end(process, program)

    def kill(self) -> None:
        """End everything at once."""
        for keeper in self._keepers.values():
            keeper.cancel()
        for process in self._running.values():
            _send(process, signal.SIGKILL)

    async def _keep(self, program: Program) -> None:
        delays = self._patience.delays()
        clock = asyncio.get_running_loop().time
        while True:
            began = clock()
            code = await self._live(program)
            if clock() - began > self._patience.steady:
                delays = self._patience.delays()
            delay = next(delays)
            self._say(f"{program.name} {how_it_ended(code)}; starting it again in {delay:g} s")
            await asyncio.sleep(delay)

    async def _live(self, program: Program) -> int:
        process = await self._start(program)
        self._running[program.name] = process
        last_words = await self._relay(program, process)
        code = await process.wait()
        self._running.pop(program.name, None)
        if code != 0:
            for line in last_words:
                self._say(f"{program.name} | {line}")
        return code

    async def _start(self, program: Program) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-I", "-S", _LEASH, str(os.getpid()), *program.argv,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **program.environment},
            limit=_LINE_LIMIT,
            cwd=program.directory,
            pass_fds=() if self._held is None else (self._held,),
            start_new_session=True,  # Ctrl-C is ours: programs are stopped in order
        )  # fmt: skip

    async def _relay(self, program: Program, process: asyncio.subprocess.Process) -> Sequence[str]:
        """Pass on what it prints until it ends; what was held back is returned."""
        assert process.stdout is not None  # noqa: S101 (PIPE above)
        held_back: deque[str] = deque(maxlen=_LAST_WORDS)
        while line := await _line(process.stdout):
            text = line.decode(errors="replace").rstrip()
            if program.quiet:
                held_back.append(text)
            else:
                self._say(f"{program.name} | {text}")
        return held_back

    async def _end(self, process: asyncio.subprocess.Process, program: Program) -> None:
        drained = asyncio.create_task(self._relay(program, process))
        _send(process, signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), program.grace)
        except TimeoutError:
            self._say(f"{program.name} did not stop within {program.grace:g} s; ending it")
            _send(process, signal.SIGKILL)
            await process.wait()
        await drained


def how_it_ended(code: int) -> str:
    """In words what an exit code of a child means."""
    if code >= 0:
        return f"ended with code {code}"
    with suppress(ValueError):
        return f"was ended by {signal.Signals(-code).name}"
    return f"was ended by signal {-code}"


async def _line(stream: asyncio.StreamReader) -> bytes:
    try:
        return await stream.readuntil(b"\n")
    except asyncio.IncompleteReadError as end:
        return end.partial
    except asyncio.LimitOverrunError as overrun:
        return await stream.read(overrun.consumed)


def _send(process: asyncio.subprocess.Process, what: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        process.send_signal(what)
