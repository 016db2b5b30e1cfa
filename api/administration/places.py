"""Units and grids, added and changed by administrators. Routes and pages call the same functions."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar

from fastapi import Request
from sqlalchemy import Connection

from api.administration.base import administered, administrator_asks
from api.auth import now
from api.bodies import Checked
from api.house import House, house
from api.outlines import overlapping
from api.problems import not_found
from api.schemas.places import GridChange, GridIn, UnitChange, UnitIn
from db.frontdesk import places
from db.queries.places import grid_row, list_grids, unit_row
from domain.authority import Actor
from domain.catalogue.items import HolderKind
from domain.errors import Unprocessable

T = TypeVar("T")

_NEVER_EMPTY = ("name", "unit", "active")


class Drawn(NamedTuple):
    """A grid after a change, and the grids that its outline overlaps: a warning, no refusal."""

    grid: Mapping[str, Any]
    overlaps: list[str]


async def add_unit(request: Request, checked: Checked[UnitIn]) -> Mapping[str, Any]:
    """A new unit. Raises Conflict("code_taken") among others."""
    await administrator_asks(request)
    wanted = checked.demand()

    def write(connection: Connection, actor: Actor) -> Mapping[str, Any]:
        places.add_unit(connection, actor.username, wanted.model_dump(), now())
        return found_unit(connection, wanted.code)

    return await _written(request, write)


async def change_unit(request: Request, code: str, checked: Checked[UnitChange]) -> Mapping[str, Any]:
    """Change a unit. Raises Conflict("unit_holds_work") among others when it is to be closed and cannot be."""
    await administrator_asks(request, lambda connection: found_unit(connection, code))
    wanted = checked.demand()
    changes, named = _changes(wanted), is_named(house(request), code)

    def write(connection: Connection, actor: Actor) -> Mapping[str, Any]:
        found_unit(connection, code)
        places.change_unit(connection, actor.username, code, changes, now(), named=named)
        return found_unit(connection, code)

    return await _written(request, write)


async def add_grid(request: Request, checked: Checked[GridIn]) -> Drawn:
    """A new grid. Raises Conflict("code_taken") among others."""
    await administrator_asks(request)
    wanted = checked.demand()

    def write(connection: Connection, actor: Actor) -> Drawn:
        places.add_grid(connection, actor.username, wanted.model_dump(), now())
        return drawn(connection, wanted.code)

    return await _written(request, write)


async def change_grid(request: Request, code: str, checked: Checked[GridChange]) -> Drawn:
    """Change a grid. Raises Unprocessable("officer_unknown") among others."""
    await administrator_asks(request, lambda connection: drawn(connection, code))
    wanted = checked.demand()
    changes = _changes(wanted)

    def write(connection: Connection, actor: Actor) -> Drawn:
        drawn(connection, code)
        places.change_grid(connection, actor.username, code, changes, now())
        return drawn(connection, code)

    return await _written(request, write)


def is_named(here: House, code: str) -> bool:
    """Whether the rulebook or a catalogue that may still be in force sends work to this unit by its code."""
    rules = here.rulebook
    routed = code == rules.danger.unit or any(code in (rule.unit, rule.community) for rule in rules.routes)
    steps = (step for version in here.shelf.catalogue.versions for item in version.items for step in item.steps)
    return routed or any(step.holder.kind is HolderKind.UNIT and step.holder.code == code for step in steps)


def found_unit(connection: Connection, code: str) -> Mapping[str, Any]:
    """The unit. Raises Problem(404)."""
    found = unit_row(connection, code)
    if found is None:
        raise not_found()
    return dict(found)


def drawn(connection: Connection, code: str) -> Drawn:
    """The grid, and what it overlaps. Raises Problem(404)."""
    found = grid_row(connection, code)
    if found is None:
        raise not_found()
    others = [(row["code"], row["boundary"]) for row in list_grids(connection) if row["active"]]
    return Drawn(dict(found), overlapping(others, code))


async def _written(request: Request, write: Callable[[Connection, Actor], T]) -> T:
    done = await administered(request, write)
    await house(request).ground.refresh()
    return done


def _changes(wanted: UnitChange | GridChange) -> dict[str, Any]:
    """What was named. Raises Unprocessable("field_required") for nothing where something has to be."""
    changes = wanted.model_dump(exclude_unset=True)
    for name in _NEVER_EMPTY:
        if name in changes and changes[name] is None:
            raise Unprocessable("field_required", field=name)
    return changes
