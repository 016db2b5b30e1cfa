"""Where a point lies: the grids with their outlines, indexed once per process. Geometry is shapely's."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from shapely import STRtree
from shapely.geometry import Point, box, shape
from shapely.geometry.base import BaseGeometry

_DEGREE_M: Final = 110_000
"""A degree of latitude has at least so many metres."""

_LEAST_WIDTH: Final = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class GridPlace:
    """A grid as it is needed to place a report: its code and its community's unit."""

    code: str
    unit: str


class Places:
    """All grids. Coordinates are WGS-84 degrees."""

    def __init__(self, grids: Iterable[tuple[GridPlace, Mapping[str, Any] | None]]) -> None:
        self._by_code: dict[str, GridPlace] = {}
        self._outlined: list[GridPlace] = []
        outlines: list[BaseGeometry] = []
        for grid, boundary in grids:
            self._by_code[grid.code] = grid
            if boundary:
                self._outlined.append(grid)
                outlines.append(shape(boundary))
        self._tree = STRtree(outlines)

    def __len__(self) -> int:
        return len(self._by_code)

    def known(self, code: str) -> bool:
        """Whether there is a grid with this code."""
        return code in self._by_code

    def community_of(self, code: str | None) -> str | None:
        """The unit of the community to which the grid belongs."""
        grid = self._by_code.get(code) if code is not None else None
        return None if grid is None else grid.unit

    def at(self, lat: float, lon: float) -> str | None:
        """The grid in which the point lies, its border included; of several that touch there, the first by code."""
        found = self._tree.query(Point(lon, lat), predicate="intersects")
        return min((self._outlined[int(index)].code for index in found), default=None)

    def around(self, lat: float, lon: float, metres: float) -> set[str]:
        """The grids that come within so many metres of the point, or a little more."""
        north = metres / _DEGREE_M
        east = north / max(math.cos(math.radians(lat)), _LEAST_WIDTH)
        found = self._tree.query(box(lon - east, lat - north, lon + east, lat + north), predicate="intersects")
        return {self._outlined[int(index)].code for index in found}

    def near(self, lat: float, lon: float) -> str | None:
        """The grid in which the point lies, else the nearest one; None when no grid has an outline."""
        inside = self.at(lat, lon)
        if inside is not None or not self._outlined:
            return inside
        return self._outlined[int(self._tree.nearest(Point(lon, lat)))].code
