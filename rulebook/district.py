"""The demo district as values: made-up units, grids and people. Passwords are never in files."""

from dataclasses import dataclass
from typing import Any

from domain.vocabulary import Role, UnitKind
from rulebook.district_schema import BoxModel, DistrictModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """An organisation that holds work. ``line``: of which vertical line; ``parent``: the unit above it."""

    code: str
    name: str
    name_en: str
    kind: UnitKind
    line: str | None
    parent: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The smallest area. ``community``: code of its unit; ``officer``: a username; ``boundary``: a GeoJSON polygon."""

    code: str
    name: str
    name_en: str
    community: str
    officer: str | None
    duty_phone: str | None
    boundary: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with an account."""

    username: str
    name: str
    unit: str
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class District:
    """Who and what there is in the district."""

    name: str
    name_en: str
    units: tuple[Unit, ...]
    grids: tuple[Grid, ...]
    people: tuple[Person, ...]


def district_of(model: DistrictModel) -> District:
    """The values of a checked district file."""
    return District(
        name=model.name,
        name_en=model.name_en,
        units=tuple(
            Unit(code=u.code, name=u.name, name_en=u.name_en, kind=u.kind, line=u.line, parent=u.parent)
            for u in model.units
        ),
        grids=tuple(
            Grid(
                code=g.code,
                name=g.name,
                name_en=g.name_en,
                community=g.community,
                officer=g.officer,
                duty_phone=g.duty_phone,
                boundary=_polygon(g.box),
            )
            for g in model.grids
        ),
        people=tuple(Person(username=p.username, name=p.name, unit=p.unit, roles=tuple(p.roles)) for p in model.people),
    )


def _polygon(box: BoxModel) -> dict[str, Any]:
    ring = [
        [box.west, box.south],
        [box.east, box.south],
        [box.east, box.north],
        [box.west, box.north],
        [box.west, box.south],
    ]
    return {"type": "Polygon", "coordinates": [ring]}
