"""Units as a tree, and grids with their officers and outlines: added, renamed, closed by administrators."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection, RowMapping

from api.administration import places as keeping
from api.house import house
from api.problems import Fault, Problem
from api.schemas.places import GridChange, GridIn, UnitChange, UnitIn
from db.frontdesk.accounts import Sought, accounts
from db.frontdesk.places import held_by
from db.queries.places import grid_row, list_grids, list_units, unit_row
from domain.authority import Actor
from domain.errors import Refused
from domain.vocabulary import Role, UnitKind
from web.administering import Sent, administration, shown_again
from web.directory import directory
from web.page import Content, visit
from web.reading import checked
from web.session import Form, read_form

router = APIRouter()

MOST_PEOPLE: Final = 500
_DEEPEST: Final = 9


@router.get("/admin/units")
async def units(request: Request) -> Response:
    """All units, each below the one above it."""
    return await _units(request, Sent())


@router.post("/admin/units")
async def add_unit(request: Request) -> Response:
    """Add a unit."""
    form = await read_form(house(request), request)
    try:
        made = await keeping.add_unit(request, checked(_named(form, UnitIn), UnitIn))
    except (Problem, Refused) as error:
        return await _units(request, Sent(values=form, problem=shown_again(error)))
    return RedirectResponse(f"/admin/units/{made['code']}?done=1", 303)


@router.get("/admin/units/{code}")
async def unit(request: Request, code: str) -> Response:
    """One unit, its leaders, and what hangs on it."""
    return await _unit(request, code, Sent())


@router.post("/admin/units/{code}")
async def change_unit(request: Request, code: str) -> Response:
    """Rename it, move it, close or open it."""
    form = await read_form(house(request), request)
    which = form.pop("form", "")
    try:
        said = await _news(request, unit_row, code, _said(form, UnitChange))
        await keeping.change_unit(request, code, checked(said, UnitChange))
    except (Problem, Refused) as error:
        return await _unit(request, code, Sent(form=which, values=form, problem=shown_again(error)))
    return RedirectResponse(f"/admin/units/{quote(code)}?done=1", 303)


@router.get("/admin/grids")
async def grids(request: Request) -> Response:
    """All grids by community."""
    return await _grids(request, Sent())


@router.post("/admin/grids")
async def add_grid(request: Request) -> Response:
    """Add a grid."""
    form = await read_form(house(request), request)
    try:
        made = await keeping.add_grid(request, checked(_drawn(_named(form, GridIn)), GridIn))
    except (Problem, Refused) as error:
        return await _grids(request, Sent(values=form, problem=shown_again(error)))
    return RedirectResponse(f"/admin/grids/{made.grid['code']}?done=1", 303)


@router.get("/admin/grids/{code}")
async def grid(request: Request, code: str) -> Response:
    """One grid, its officer, its outline, and what that overlaps."""
    return await _grid(request, code, Sent())


@router.post("/admin/grids/{code}")
async def change_grid(request: Request, code: str) -> Response:
    """Rename it, give it an officer, a duty phone, an outline; close or open it."""
    form = await read_form(house(request), request)
    which = form.pop("form", "")
    try:
        said = await _news(request, grid_row, code, _said(form, GridChange))
        await keeping.change_grid(request, code, checked(_drawn(said), GridChange))
    except (Problem, Refused) as error:
        return await _grid(request, code, Sent(form=which, values=form, problem=shown_again(error)))
    return RedirectResponse(f"/admin/grids/{quote(code)}?done=1", 303)


async def _units(request: Request, sent: Sent) -> Response:
    seen = visit(request)

    def read(connection: Connection, actor: Actor) -> Content:
        leaders = defaultdict(list)
        for row in accounts(connection, Sought(role=Role.UNIT_LEADER, active=True), after="", limit=MOST_PEOPLE):
            leaders[row["unit"]].append(row)
        return {
            "rows": list(tree(list_units(connection))),
            "leaders": leaders,
            "codes": directory(connection, seen.here, seen.words),
            "kinds": list(UnitKind),
        }

    return await administration(request, "admin_units.html", read, sent)


async def _unit(request: Request, code: str, sent: Sent) -> Response:
    seen = visit(request)

    def read(connection: Connection, actor: Actor) -> Content:
        found = keeping.found_unit(connection, code)
        return {
            "unit": found,
            "leaders": accounts(
                connection, Sought(unit=code, role=Role.UNIT_LEADER, active=True), after="", limit=MOST_PEOPLE
            ),
            "held": held_by(connection, code, named=keeping.is_named(seen.here, code)),
            "codes": directory(connection, seen.here, seen.words),
            "done": "done" in request.query_params,
        }

    return await administration(request, "admin_unit.html", read, sent)


async def _grids(request: Request, sent: Sent) -> Response:
    seen = visit(request)

    def read(connection: Connection, actor: Actor) -> Content:
        rows = list_grids(connection)
        return {
            "rows": sorted(rows, key=lambda row: (row["unit"], row["code"])),
            "codes": directory(connection, seen.here, seen.words, (row["officer"] for row in rows)),
            **(chosen := _choices(connection)),
            "serving": {row["username"] for row in chosen["officers"]},
        }

    return await administration(request, "admin_grids.html", read, sent)


async def _grid(request: Request, code: str, sent: Sent) -> Response:
    seen = visit(request)

    def read(connection: Connection, actor: Actor) -> Content:
        found = keeping.drawn(connection, code)
        return {
            "grid": found.grid,
            "overlaps": found.overlaps,
            "drawing": drawing(list_grids(connection), code),
            "codes": directory(connection, seen.here, seen.words, [found.grid["officer"]]),
            "done": "done" in request.query_params,
            **_choices(connection),
        }

    return await administration(request, "admin_grid.html", read, sent)


def _choices(connection: Connection) -> Content:
    officers = accounts(connection, Sought(role=Role.GRID_OFFICER, active=True), after="", limit=MOST_PEOPLE)
    return {
        "communities": [row for row in list_units(connection, kind=UnitKind.COMMUNITY) if row["active"]],
        "officers": officers,
    }


def tree(rows: Sequence[RowMapping]) -> Iterator[tuple[int, RowMapping]]:
    """Every unit with its depth, each after the one above it."""
    codes = {row["code"] for row in rows}
    below: dict[str | None, list[RowMapping]] = defaultdict(list)
    for row in rows:
        below[row["parent"] if row["parent"] in codes else None].append(row)
    waiting = [(0, row) for row in reversed(below[None])]
    while waiting:
        depth, row = waiting.pop()
        yield min(depth, _DEEPEST), row
        waiting += [(depth + 1, child) for child in reversed(below[row["code"]])]


def drawing(rows: Sequence[RowMapping], code: str) -> list[tuple[str, str]]:
    """Outlines as points of an SVG drawing of 100 by 100, the one with this code last: (code, points)."""
    rings = [
        (row["code"], ring) for row in rows if row["boundary"] and row["active"] for ring in _rings(row["boundary"])
    ]
    own = [ring for name, ring in rings if name == code]
    if not own:
        return []
    west, south = (min(point[axis] for ring in own for point in ring) for axis in (0, 1))
    east, north = (max(point[axis] for ring in own for point in ring) for axis in (0, 1))
    scale = 50 / max(east - west, north - south)
    middle = ((west + east) / 2, (south + north) / 2)

    def placed(ring: list[list[float]]) -> str:
        return " ".join(f"{50 + (x - middle[0]) * scale:.2f},{50 - (y - middle[1]) * scale:.2f}" for x, y in ring)

    ordered = sorted(rings, key=lambda one: one[0] == code)
    return [(name, placed(ring)) for name, ring in ordered]


def _rings(boundary: Mapping[str, Any]) -> list[list[list[float]]]:
    parts = boundary["coordinates"] if boundary["type"] == "MultiPolygon" else [boundary["coordinates"]]
    return [part[0] for part in parts]


def _named(form: Form, schema: type[Any]) -> dict[str, Any]:
    """What a form for something new says; what is empty was not said."""
    fields = schema.model_fields
    return {
        name: text for name, text in form.items() if name in fields and (text.strip() or fields[name].is_required())
    }


def _said(form: Form, schema: type[Any]) -> dict[str, Any]:
    """What a form for something that is there says; what is empty is to be taken away, but for an outline."""
    named = {name: text.strip() or None for name, text in form.items() if name in schema.model_fields}
    return {name: value for name, value in named.items() if not (name == "boundary" and value is None)}


async def _news(
    request: Request, row_of: Callable[[Connection, str], RowMapping | None], code: str, said: dict[str, Any]
) -> dict[str, Any]:
    """What a form says otherwise than it stands: what nobody touched is not judged again."""
    found = await house(request).database.read(lambda connection: row_of(connection, code))
    stands = dict(found) if found is not None else {}
    return {name: value for name, value in said.items() if name not in stands or stands[name] != value}


def _drawn(given: dict[str, Any]) -> dict[str, Any]:
    """The outline out of its text. Raises Problem(422, "boundary_malformed")."""
    text = given.get("boundary")
    if not text:
        return given
    try:
        return {**given, "boundary": json.loads(text)}
    except (ValueError, RecursionError):
        raise Problem(422, "boundary_malformed", faults=(Fault("boundary", "boundary_malformed"),)) from None
