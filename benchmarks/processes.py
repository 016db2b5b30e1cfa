"""What a process used, as the kernel tells it (Linux): processor time, memory now and at its peak."""

import os
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Usage:
    """Processor seconds so far and the peak of resident memory in MB."""

    cpu: float
    peak: float


def usage(pid: int) -> Usage:
    """Of one process, its threads included. Raises FileNotFoundError when it has ended."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))
    return Usage(cpu=(int(fields[11]) + int(fields[12])) / _TICKS, peak=peak / 1024)


def resident(pid: int) -> float:
    """Resident memory of one process now, in kB. Raises FileNotFoundError when it has ended."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return float(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:")))
