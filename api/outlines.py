"""Outlines of grids: GeoJSON polygons in WGS-84 degrees, and where they overlap. Geometry is shapely's."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from shapely.errors import ShapelyError
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from api.fields import fault

MOST_CORNERS: Final = 5_000
_KINDS: Final = ("Polygon", "MultiPolygon")
_WORLD: Final = (-180.0, -90.0, 180.0, 90.0)
_TOUCHING: Final = 1e-6
"""Neighbours share a border; an overlap of less than this part of the smaller one is drawing, not area."""


def outline(value: Any) -> Any:
    """The geometry of a GeoJSON polygon, of a feature with one, or of a collection of one feature.

    Raises the fault ``boundary_malformed``, ``boundary_too_large``, ``boundary_outside_world``, ``boundary_invalid``.
    """
    if value is None:
        return None
    found = _geometry(value)
    try:
        drawn = shape(found)
        corners = _corners(drawn)
    except (ShapelyError, ValueError, TypeError, AttributeError, KeyError, IndexError):
        raise fault("boundary_malformed") from None
    if corners == 0:
        raise fault("boundary_malformed")
    if corners > MOST_CORNERS:
        raise fault("boundary_too_large")
    west, south, east, north = drawn.bounds
    if not (_WORLD[0] <= west and _WORLD[1] <= south and east <= _WORLD[2] and north <= _WORLD[3]):
        raise fault("boundary_outside_world")
    if not drawn.is_valid or drawn.area <= 0:
        raise fault("boundary_invalid")
    return _plain(drawn)


def overlapping(grids: Iterable[tuple[str, Mapping[str, Any] | None]], code: str) -> list[str]:
    """The codes of the grids that lie partly in the one with this ``code``, in order."""
    drawn = {name: shape(boundary) for name, boundary in grids if boundary}
    own = drawn.pop(code, None)
    return [] if own is None else sorted(name for name, other in drawn.items() if _overlap(own, other))


def _overlap(one: BaseGeometry, other: BaseGeometry) -> bool:
    if not one.intersects(other):
        return False
    shared: float = one.intersection(other).area
    smaller: float = min(one.area, other.area)
    return shared > _TOUCHING * smaller


def _geometry(value: Any) -> Mapping[str, Any]:
    if isinstance(value, Mapping) and value.get("type") == "FeatureCollection":
        features = value.get("features")
        value = features[0] if isinstance(features, list) and len(features) == 1 else None
    if isinstance(value, Mapping) and value.get("type") == "Feature":
        value = value.get("geometry")
    if not isinstance(value, Mapping) or value.get("type") not in _KINDS:
        raise fault("boundary_malformed")
    return value


def _corners(drawn: BaseGeometry) -> int:
    parts = drawn.geoms if drawn.geom_type == "MultiPolygon" else [drawn]
    return sum(len(ring.coords) for part in parts for ring in (part.exterior, *part.interiors))


def _plain(drawn: BaseGeometry) -> dict[str, Any]:
    """Lists instead of tuples, two numbers a corner."""
    found = mapping(drawn)
    return {"type": found["type"], "coordinates": _lists(found["coordinates"])}


def _lists(part: Any) -> Any:
    if isinstance(part[0], int | float):
        return [float(part[0]), float(part[1])]
    return [_lists(one) for one in part]
