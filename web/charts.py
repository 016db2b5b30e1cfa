"""Small charts as shapes: what a template draws as SVG, with numbers and words beside it. Pure arithmetic.

Lengths are units of the chart's own view box. Nothing here knows a colour: classes do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import cos, pi, sin
from typing import Final

SPARK_WIDTH: Final = 120
SPARK_HEIGHT: Final = 28
_INSET: Final = 3

RING: Final = 100
_OUTER, _INNER, _MARK = 48.0, 31.0, 39.5
_GAP: Final = 0.012
"""Of a turn, between segments."""

DAYS_WIDTH: Final = 900
DAYS_HEIGHT: Final = 200
_LEFT, _RIGHT, _TOP, _BOTTOM = 36, 8, 12, 28
_STEPS: Final = (1, 2, 5)
_MOST_LINES: Final = 5
_BAR_SHARE: Final = 0.56


def _n(value: float) -> str:
    """A length with two decimals at most."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


@dataclass(frozen=True, slots=True)
class Point:
    """Where something is."""

    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Spark:
    """Shares over time: ``lines`` where they follow on one another, ``dots`` where one stands alone; ``last`` is now.

    ``half``: the height of one half.
    """

    lines: tuple[str, ...]
    dots: tuple[Point, ...]
    last: Point | None
    half: float


def spark(shares: Sequence[Fraction | None]) -> Spark:
    """A line of shares between 0 and 1, oldest first; None leaves a gap."""
    step = (SPARK_WIDTH - 2 * _INSET) / max(1, len(shares) - 1)
    tall = SPARK_HEIGHT - 2 * _INSET
    places = [
        None if share is None else Point(round(_INSET + index * step, 2), round(_INSET + tall * (1 - float(share)), 2))
        for index, share in enumerate(shares)
    ]
    runs = _runs(places)
    return Spark(
        lines=tuple(" ".join(f"{_n(at.x)},{_n(at.y)}" for at in run) for run in runs if len(run) > 1),
        dots=tuple(run[0] for run in runs if len(run) == 1),
        last=runs[-1][-1] if runs else None,
        half=_INSET + tall / 2,
    )


def _runs(places: Sequence[Point | None]) -> list[list[Point]]:
    runs: list[list[Point]] = []
    before: Point | None = None
    for place in places:
        if place is not None:
            if before is None:
                runs.append([])
            runs[-1].append(place)
        before = place
    return runs


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A part of a ring: its outline, and where its mark stands; ``mark`` None: too small for one."""

    path: str
    mark: Point | None
    share: Fraction


def ring(numbers: Sequence[int]) -> list[Segment | None]:
    """A ring cut by these numbers, clockwise from the top; None where there is nothing."""
    whole = sum(numbers)
    parts = sum(1 for number in numbers if number)
    found: list[Segment | None] = []
    begun = Fraction(0)
    for number in numbers:
        share = Fraction(number, whole) if whole else Fraction(0)
        found.append(_segment(float(begun), float(begun + share), share, alone=parts == 1) if number else None)
        begun += share
    return found


def _segment(begin: float, end: float, share: Fraction, *, alone: bool) -> Segment:
    gap = 0.0 if alone else min(_GAP, (end - begin) / 3)
    first, last = begin + gap / 2, end - gap / 2
    middle = (first + last) / 2
    mark = _on(middle, _MARK) if share >= Fraction(1, 14) else None
    if alone:
        return Segment(path=" ".join(_arcs(first, middle, last)), mark=mark, share=share)
    return Segment(path=_arc(first, last), mark=mark, share=share)


def _arcs(first: float, middle: float, last: float) -> tuple[str, str]:
    """A whole turn is two halves: an arc that ends where it begins is none."""
    return _arc(first, middle), _arc(middle, last)


def _arc(first: float, last: float) -> str:
    large = 1 if last - first > 1 / 2 else 0
    corners = [_on(first, _OUTER), _on(last, _OUTER), _on(last, _INNER), _on(first, _INNER)]
    a, b, c, d = (f"{_n(at.x)} {_n(at.y)}" for at in corners)
    return f"M{a}A{_n(_OUTER)} {_n(_OUTER)} 0 {large} 1 {b}L{c}A{_n(_INNER)} {_n(_INNER)} 0 {large} 0 {d}Z"


def _on(turn: float, radius: float) -> Point:
    angle = 2 * pi * turn - pi / 2
    return Point(round(RING / 2 + radius * cos(angle), 2), round(RING / 2 + radius * sin(angle), 2))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bar from the ground up."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DayChart:
    """Two numbers a day: one as bars, one as a line. ``lines``: heights with the number that they mean.

    ``slots``: the middle of each day.
    """

    bars: tuple[Bar, ...]
    line: str
    dots: tuple[Point, ...]
    lines: tuple[tuple[float, int], ...]
    slots: tuple[float, ...]
    ground: float


def day_chart(bars: Sequence[int], line: Sequence[int]) -> DayChart:
    """Bars and a line over the same days, from zero on, on one scale."""
    marks = scale(max((*bars, *line), default=0))
    top, ground = marks[-1], DAYS_HEIGHT - _BOTTOM
    slot = (DAYS_WIDTH - _LEFT - _RIGHT) / max(1, len(bars))

    def y(number: int) -> float:
        return round(ground - (ground - _TOP) * number / top, 2)

    slots = tuple(round(_LEFT + slot * (index + 0.5), 2) for index in range(len(bars)))
    dots = tuple(Point(x, y(number)) for x, number in zip(slots, line, strict=True))
    wide = round(slot * _BAR_SHARE, 2)
    return DayChart(
        bars=tuple(
            Bar(x=round(x - wide / 2, 2), y=y(number), width=wide, height=round(ground - y(number), 2))
            for x, number in zip(slots, bars, strict=True)
        ),
        line=" ".join(f"{_n(dot.x)},{_n(dot.y)}" for dot in dots),
        dots=dots,
        lines=tuple((y(mark), mark) for mark in marks),
        slots=slots,
        ground=ground,
    )


def scale(most: int) -> list[int]:
    """Round numbers from 0 up to at least ``most``, few of them."""
    step, power = 1, 1
    while step * _MOST_LINES < most:
        for factor in _STEPS:
            step = factor * power
            if step * _MOST_LINES >= most:
                break
        power *= 10
    lines = max(1, -(-most // step))
    return [step * number for number in range(lines + 1)]
