"""Runs a program that dies when its supervisor dies, even by ``kill -9``.

Started as a script of its own, before the program, because it must act in the child: it asks the kernel for SIGKILL at
the death of the parent (Linux) and then becomes the program. What runs here is built to be killed at any moment.

Usage: ``python leash.py PARENT_PID PROGRAM ARGUMENT…``
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int) -> None:
    """Ask for SIGKILL when ``parent`` ends; exit at once when it already has."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(1)


if __name__ == "__main__":
    die_with_parent(int(sys.argv[1]))
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606 (there is no shell to want)
