"""One supervisor a data directory, held by a lock of the kernel.

The lock belongs to an open file that the supervisor and all its children share: it ends with the death of the last of
them, so a successor never meets a process of its predecessor. The number in the file is for the message only.
"""

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from settings import PREFIX

PATIENCE = 3.0
"""Seconds to wait for the children of a supervisor that was killed a moment ago."""

_STEP = 0.1


class CannotStart(Exception):
    """Something outside stands in the way; the message says what, and what to do."""


@asynccontextmanager
async def hold(data_dir: Path, patience: float = PATIENCE) -> AsyncIterator[int]:
    """Hold ``data_dir``; gives the descriptor that children inherit. Raises CannotStart: held, or not writable."""
    descriptor = _open(data_dir)
    try:
        await _take(descriptor, data_dir, patience)
        os.truncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        yield descriptor
    finally:
        os.close(descriptor)


def _open(data_dir: Path) -> int:
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        return os.open(data_dir / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise CannotStart(
            f"Cannot write in the data directory {data_dir}: {error.strerror}. "
            f"Make it writable, or choose another with {PREFIX}DATA_DIR."
        ) from error


async def _take(descriptor: int, data_dir: Path, patience: float) -> None:
    deadline = asyncio.get_running_loop().time() + patience
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if asyncio.get_running_loop().time() > deadline:
                holder = os.pread(descriptor, 20, 0).decode(errors="replace").strip() or "unknown"
                raise CannotStart(
                    f"Bihuan already runs on {data_dir} (process {holder}). "
                    f"Stop it first, or choose another data directory with {PREFIX}DATA_DIR."
                ) from None
            await asyncio.sleep(_STEP)
        else:
            return
