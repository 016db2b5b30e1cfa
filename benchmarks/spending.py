"""Which process spent what: processor time of a phase for one unit of work, and peak memory at the end."""

from collections.abc import Mapping, Sequence

from benchmarks.figures import mean, show_plain
from benchmarks.processes import Usage

Spending = Mapping[str, float]
"""Processor seconds of a phase by process."""


def spent(before: Mapping[str, Usage], after: Mapping[str, Usage]) -> Spending:
    """What each process that ran all the time spent between two looks."""
    return {name: after[name].cpu - usage.cpu for name, usage in before.items() if name in after}


def show_spending(title: str, sides: Mapping[str, Sequence[Spending]], count: int) -> None:
    """Print milliseconds of processor time for one of ``count`` units of work, by side and process."""
    names = list(next(iter(sides.values()))[0])
    lines = []
    for side, phases in sides.items():
        each = [mean([phase.get(name, 0.0) for phase in phases]) * 1000 / count for name in names]
        lines.append([side, *(f"{value:.1f} ms" for value in each)])
    show_plain(f"{title} for one", ["side", *names], lines)


def show_memory(title: str, peaks: Mapping[str, Usage]) -> None:
    """Print the peak of each process's resident memory."""
    show_plain(title, list(peaks), [[f"{usage.peak:,.0f} MB" for usage in peaks.values()]])
