"""Percentiles and tables. Nothing is judged here: a goal is printed beside what was reached."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

_console = Console(highlight=False, width=132)


@dataclass(frozen=True, slots=True)
class Goal:
    """What the ratio is wanted to be: at least (or at most) ``value``."""

    value: float
    at_least: bool

    def met(self, ratio: float) -> bool:
        """Whether ``ratio`` is as wanted."""
        return ratio >= self.value if self.at_least else ratio <= self.value

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.value:g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One figure of both sides. ``ratio`` is product over bare, unless ``goal`` is for the product's figure itself."""

    what: str
    bare: float | None = None
    product: float | None = None
    unit: str = ""
    goal: Goal | None = None
    absolute: bool = False

    @property
    def ratio(self) -> float | None:
        """Product over bare; None when a side is missing."""
        return self.product / self.bare if self.bare and self.product is not None else None

    @property
    def judged(self) -> str:
        """The goal, and whether it was reached this time."""
        value = self.product if self.absolute else self.ratio
        if self.goal is None or value is None:
            return ""
        unit = f" {self.unit}" if self.absolute else " × bare"
        return f"{self.goal}{unit}: {'reached' if self.goal.met(value) else 'missed'}"


def at_least(value: float) -> Goal:
    """A goal for what should be large."""
    return Goal(value, True)


def at_most(value: float) -> Goal:
    """A goal for what should be small."""
    return Goal(value, False)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that ``share`` (0–1) of all values do not exceed; 0 when there are none."""
    ordered = sorted(values)
    if not ordered:
        return 0.0
    return ordered[min(len(ordered) - 1, max(0, -(-int(share * 1000) * len(ordered) // 1000) - 1))]


def median(values: Sequence[float]) -> float:
    """The 50th percentile."""
    return percentile(values, 0.5)


def mean(values: Sequence[float]) -> float:
    """The arithmetic mean; 0 of nothing."""
    return sum(values) / len(values) if values else 0.0


def show(title: str, rows: Sequence[Row]) -> None:
    """Print figures of both sides with their ratio."""
    table = Table("figure", title=title, title_justify="left", title_style="bold")
    for name in ("bare engine", "product", "ratio"):
        table.add_column(name, justify="right")
    table.add_column("goal")
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        table.add_row(row.what, _number(row.bare, row.unit), _number(row.product, row.unit), ratio, row.judged)
    _console.print(table)


def show_plain(title: str, header: Sequence[str], lines: Sequence[Sequence[str]]) -> None:
    """Print a table of words and numbers."""
    table = Table(title=title, title_justify="left", title_style="bold")
    for index, name in enumerate(header):
        table.add_column(name, justify="right" if index else "left")
    for line in lines:
        table.add_row(*line)
    _console.print(table)


def say(text: str) -> None:
    """Print a line on what happens now."""
    _console.print(text, style="dim")


def _number(value: float | None, unit: str) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f} {unit}".rstrip() if value >= 100 else f"{value:.1f} {unit}".rstrip()
