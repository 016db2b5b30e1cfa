"""Whether a port can be listened on, and what to say when not."""

import asyncio
import errno
import socket

from launch.lock import CannotStart
from settings import PREFIX

PATIENCE = 1.0
"""Seconds that a port may still be closing."""

_STEP = 0.05


async def require_free(host: str, port: int, setting: str, patience: float = PATIENCE) -> None:
    """Return when ``host:port`` can be listened on. Raises CannotStart that names ``setting`` when it cannot."""
    deadline = asyncio.get_running_loop().time() + patience
    while (problem := _problem(host, port)) is not None:
        if asyncio.get_running_loop().time() > deadline:
            raise CannotStart(
                f"Cannot listen on {host}:{port}: {problem}. "
                f"Stop what uses it, or choose another with {PREFIX}{setting}."
            )
        await asyncio.sleep(_STEP)


def _problem(host: str, port: int) -> str | None:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except OSError as error:
        return "the port is taken" if error.errno == errno.EADDRINUSE else (error.strerror or str(error))
    return None
