"""A made-up district for database tests: units, grids, and a person of every role."""

from sqlalchemy import Connection, insert

from db.tables import Grid, Unit, core
from domain.authority import Actor
from domain.vocabulary import Role, UnitKind

CENTRE = "centre"
WATER = "water"
ROADS = "roads"
DESK = "desk"
OTHER_DESK = "desk-2"
POLICE = "police"

UNITS = {
    CENTRE: UnitKind.CENTRE,
    WATER: UnitKind.DEPARTMENT,
    ROADS: UnitKind.DEPARTMENT,
    DESK: UnitKind.DESK,
    OTHER_DESK: UnitKind.DESK,
    POLICE: UnitKind.POLICE,
    "willow": UnitKind.COMMUNITY,
    "organization": UnitKind.ORGANIZATION,
    "discipline": UnitKind.DISCIPLINE,
}


def person(role: Role, unit: str, *more: Role, grids: tuple[str, ...] = ()) -> Actor:
    """Somebody of ``unit``, named after role and unit."""
    return Actor(
        username=f"{role.value}-{unit}",
        unit=unit,
        unit_kind=UNITS[unit],
        roles=frozenset({role, *more}),
        grids=frozenset(grids),
    )


SUPERVISOR = person(Role.SUPERVISOR, CENTRE)
CENTRE_LEADER = person(Role.UNIT_LEADER, CENTRE)
WATER_HANDLER = person(Role.HANDLER, WATER)
WATER_LEADER = person(Role.UNIT_LEADER, WATER)
ROADS_HANDLER = person(Role.HANDLER, ROADS)
CLERK = person(Role.INTAKE_CLERK, DESK)
OTHER_CLERK = person(Role.INTAKE_CLERK, OTHER_DESK)
OFFICER = person(Role.GRID_OFFICER, "willow", grids=("G01",))
ORGANIZATION_OFFICER = person(Role.ORGANIZATION_OFFICER, "organization")
DISCIPLINE_OFFICER = person(Role.DISCIPLINE_OFFICER, "discipline")
STATISTICIAN = person(Role.STATISTICIAN, CENTRE)
AUDITOR = person(Role.AUDITOR, CENTRE)
ADMINISTRATOR = person(Role.ADMINISTRATOR, CENTRE)
POLICE_HANDLER = person(Role.HANDLER, POLICE)


def settle(connection: Connection) -> None:
    """Write the units and two grids."""
    units = [{"code": code, "name": code, "kind": kind, "line": None, "parent": None} for code, kind in UNITS.items()]
    connection.execute(insert(core(Unit)), units)
    grids = [
        {"code": code, "name": code, "unit": "willow", "officer": OFFICER.username if code == "G01" else None,
         "officer_phone": None, "boundary": None}
        for code in ("G01", "G02")
    ]  # fmt: skip
    connection.execute(insert(core(Grid)), grids)
