"""Where the boxes of a flow chart stand and how its lines run: a small layered drawing, from top to bottom.

What does not belong to one layer and the next runs through a gap that is kept free for it, so that no line crosses a
box. Words and marks are ``rulebook.catalogue.chart``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from domain.catalogue.step_graph import Graph, layers

START: Final = "#start"
END: Final = "#end"
_ACROSS: Final = 36
_DOWN: Final = 52
_MARGIN: Final = 16
_LANE: Final = 28


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; ``x`` and ``y`` are its upper left corner, in pixels."""

    x: int
    y: int
    width: int
    height: int

    @property
    def top(self) -> tuple[int, int]:
        """The middle of the upper edge."""
        return self.x + self.width // 2, self.y

    @property
    def bottom(self) -> tuple[int, int]:
        """The middle of the lower edge."""
        return self.x + self.width // 2, self.y + self.height


@dataclass(frozen=True, slots=True)
class Drawing:
    """Boxes by key, and lines as the points that they run through."""

    width: int
    height: int
    boxes: Mapping[str, Box]
    lines: Sequence[tuple[tuple[int, int], ...]]


def arranged(graph: Graph, sizes: Mapping[str, tuple[int, int]]) -> Drawing:
    """The drawing of a graph without circles. ``sizes``: width and height of each box, those of start and end too."""
    whole = _with_ends(graph)
    levels = [list(level) for level in layers(whole)]
    ways = _with_lanes(whole, levels)
    _sort(levels, ways)
    boxes = _place(levels, sizes)
    rows = {boxes[key]: _row([boxes[other] for other in level]) for level in levels for key in level}
    width = max(box.x + box.width for box in boxes.values()) + _MARGIN
    height = max(box.y + box.height for box in boxes.values()) + _MARGIN
    return Drawing(
        width=width,
        height=height,
        boxes={key: box for key, box in boxes.items() if key in whole},
        lines=[_points([boxes[key] for key in way], rows) for way in ways],
    )


def _with_ends(graph: Graph) -> dict[str, tuple[str, ...]]:
    """The graph with a start before all and an end behind all."""
    awaited = {before for befores in graph.values() for before in befores}
    inner = {key: tuple(befores) or (START,) for key, befores in graph.items()}
    return {START: (), **inner, END: tuple(key for key in graph if key not in awaited) or (START,)}


def _with_lanes(graph: Graph, levels: list[list[str]]) -> list[list[str]]:
    """Every line as the keys that it passes; where it passes a layer, a lane is added to that layer."""
    depth = {key: level for level, keys in enumerate(levels) for key in keys}
    ways: list[list[str]] = []
    for key, befores in graph.items():
        for before in befores:
            way = [before]
            for level in range(depth[before] + 1, depth[key]):
                lane = f"#lane {before} {key} {level}"
                levels[level].append(lane)
                way.append(lane)
            ways.append([*way, key])
    return ways


def _sort(levels: list[list[str]], ways: Sequence[Sequence[str]]) -> None:
    """Each layer in the order of what leads there, so that few lines cross."""
    leading: dict[str, list[str]] = {}
    for way in ways:
        for before, key in pairwise(way):
            leading.setdefault(key, []).append(before)
    for above, level in pairwise(levels):
        places = {key: place for place, key in enumerate(above)}
        middles = {
            key: sum(places[before] for before in leading[key] if before in places) / max(1, len(leading[key]))
            for key in level
        }
        level.sort(key=lambda key, middles=middles: middles[key])  # type: ignore[misc]


def _place(levels: Sequence[Sequence[str]], sizes: Mapping[str, tuple[int, int]]) -> dict[str, Box]:
    widths = [[sizes.get(key, (_LANE, 0))[0] for key in level] for level in levels]
    totals = [sum(level) + _ACROSS * (len(level) - 1) for level in widths]
    boxes: dict[str, Box] = {}
    y = _MARGIN
    for level, across, total in zip(levels, widths, totals, strict=True):
        height = max(sizes.get(key, (_LANE, 0))[1] for key in level)
        x = _MARGIN + (max(totals) - total) // 2
        for key, width in zip(level, across, strict=True):
            own = sizes[key][1] if key in sizes else height
            boxes[key] = Box(x, y + (height - own) // 2, width, own)
            x += width + _ACROSS
        y += height + _DOWN
    return boxes


def _row(boxes: Sequence[Box]) -> tuple[int, int]:
    """Where a layer begins and ends."""
    return min(box.y for box in boxes), max(box.y + box.height for box in boxes)


def _points(way: Sequence[Box], rows: Mapping[Box, tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """From the lower edge of the first box to the upper edge of the last, within every layer straight down."""
    first, *lanes, last = way
    (start, _), (end, _) = first.bottom, last.top
    inner = [point for lane in lanes for point in (lane.top, lane.bottom)]
    points = (first.bottom, (start, rows[first][1]), *inner, (end, rows[last][0]), last.top)
    return tuple(dict.fromkeys(points))
