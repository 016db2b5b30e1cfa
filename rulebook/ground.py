"""The house's own units and grids as the district file of a package: codes in rules are checked against what there is.

A package's rules come into force; its units, grids and people do not: these change by administration alone.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import yaml

from domain.vocabulary import UnitKind

Row = Mapping[str, Any]
_NOWHERE: Final = {"south": 0.0, "west": 0.0, "north": 1.0, "east": 1.0}
"""Of a grid without outline: no rule hangs on where it lies."""


def district_file(units: Iterable[Row], grids: Iterable[Row]) -> str:
    """``district.yaml`` of what is there; what was closed is left out."""
    there = {row["code"]: row for row in units if row["active"]}
    communities = {code for code, row in there.items() if row["kind"] is UnitKind.COMMUNITY}
    content = {
        "schema": 1,
        "name": "district",
        "name_en": "district",
        "units": [_unit(row, there) for row in there.values()],
        "grids": [_grid(row) for row in grids if row["active"] and row["unit"] in communities],
        "people": [],
    }
    written: str = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=120)
    return written


def _unit(row: Row, there: Mapping[str, Row]) -> dict[str, Any]:
    made = {
        "code": row["code"],
        "name": row["name"],
        "name_en": row["name_en"] or row["name"],
        "kind": row["kind"].value,
    }
    if row["line"]:
        made["line"] = row["line"]
    if row["parent"] in there:
        made["parent"] = row["parent"]
    return made


def _grid(row: Row) -> dict[str, Any]:
    return {**_named(row), "community": row["unit"], "box": _box(row["boundary"])}


def _named(row: Row) -> dict[str, Any]:
    return {"code": row["code"], "name": row["name"], "name_en": row["name_en"] or row["name"]}


def _box(boundary: Mapping[str, Any] | None) -> dict[str, float]:
    points = list(_points(boundary["coordinates"])) if boundary else []
    if not points:
        return _NOWHERE
    easts, norths = [float(east) for east, _ in points], [float(north) for _, north in points]
    return {"south": min(norths), "west": min(easts), "north": max(norths), "east": max(easts)}


def _points(coordinates: Any) -> Iterable[tuple[float, float]]:
    """Every point of a geometry, however deep its rings lie."""
    if coordinates and not isinstance(coordinates[0], list):
        yield coordinates[0], coordinates[1]
        return
    for inner in coordinates:
        yield from _points(inner)
