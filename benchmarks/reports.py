"""Made-up reports that are routed to the unit of the demo handler, as their JSON goes over the wire."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from domain.routing import route
from rulebook.district import Grid
from rulebook.load import Opened

CLERK = "intake_clerk"
HANDLER = "handler"

_TEXT = (
    "小区东门外的人行道上有一处路面塌陷，直径约半米，深约二十厘米，前天下雨之后又变大了一些，早晚上下班的时候人很多，"
    "已经有老人和骑电动车的居民在这里绊倒。物业说不归他们管，请有关单位尽快派人来看一看，先用围挡围起来，"
    "再把路面修好，并告诉我们什么时候能修完。第{index}次反映。"
)


@dataclass(frozen=True, slots=True)
class Aim:
    """A category and a grid whose matters go to ``unit``, where ``handler`` works."""

    category: str
    grid: Grid
    unit: str
    handler: str


def aim(opened: Opened) -> Aim:
    """The first ordinary category and grid that are routed to the handler's unit. Raises LookupError."""
    unit = next(person.unit for person in opened.district.people if person.username == HANDLER)
    for category, grid in _pairs(opened):
        routed = route(opened.rulebook, category, grid.code, grid.community)
        if routed is not None and routed.unit == unit:
            return Aim(category, grid, unit, HANDLER)
    raise LookupError(f"nothing is routed to {unit}")


def report(target: Aim, index: int) -> dict[str, Any]:
    """The body of a report by telephone; every second one names a point instead of the grid."""
    return {
        "category": target.category,
        "description": _TEXT.format(index=index),
        "place": {"grid": target.grid.code} if index % 2 else {"point": _middle(target.grid), "address": "东门外"},
        "reporter": {"name": "某居民", "phone": f"1380000{index % 10_000:04d}"},
        "source": "hotline",
    }


def _pairs(opened: Opened) -> Iterator[tuple[str, Grid]]:
    ordinary = (category.code for category in opened.rulebook.categories.values() if not category.danger)
    return itertools.product(ordinary, opened.district.grids)


def _middle(grid: Grid) -> dict[str, float]:
    corners = grid.boundary["coordinates"][0][:-1]
    lon, lat = (sum(corner[axis] for corner in corners) / len(corners) for axis in (0, 1))
    return {"lat": lat, "lon": lon}
