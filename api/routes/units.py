"""Units and their ledgers of points."""

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection, RowMapping

from api.administration import places
from api.answers import answer, items
from api.auth import acting, bearer
from api.bodies import body
from api.docs import described
from api.house import house
from api.problems import not_found
from api.schemas.places import UnitChange, UnitIn
from db.queries.discipline import points_of
from db.queries.places import list_units, unit_row
from db.scope import sees_points
from domain.authority import Actor

router = APIRouter(tags=["units"])

_ENTRY = ("id", "at", "points", "reason", "case", "card", "reverses")


@router.get("/units", openapi_extra=described())
async def units(request: Request) -> Response:
    """All units."""
    return await house(request).database.read(
        acting(request, lambda connection, actor: items([dict(row) for row in list_units(connection)]))
    )


@router.get("/units/{code}", openapi_extra=described())
async def one_unit(request: Request, code: str) -> Response:
    """One unit."""
    return await house(request).database.read(
        acting(request, lambda connection, actor: answer(dict(_unit(connection, code))))
    )


@router.post("/units", status_code=201, openapi_extra=described(body=UnitIn))
async def add_unit(request: Request) -> Response:
    """A new unit."""
    bearer(request)
    made = await places.add_unit(request, await body(request, UnitIn))
    return answer(made, 201, headers={"Location": f"/api/v1/units/{made['code']}"})


@router.patch("/units/{code}", openapi_extra=described(body=UnitChange))
async def change_unit(request: Request, code: str) -> Response:
    """Change a unit. Closed, it is given nothing any more; it cannot be while something hangs on it."""
    bearer(request)
    return answer(await places.change_unit(request, code, await body(request, UnitChange)))


@router.get("/units/{code}/points", openapi_extra=described())
async def points(request: Request, code: str) -> Response:
    """The balance and every entry behind it, each down to its card."""

    def ledger(connection: Connection, actor: Actor) -> Response:
        _unit(connection, code)
        if not sees_points(actor, code):
            raise not_found()
        balance, entries = points_of(connection, code)
        return answer({"balance": balance, "entries": [{name: entry[name] for name in _ENTRY} for entry in entries]})

    return await house(request).database.read(acting(request, ledger))


def _unit(connection: Connection, code: str) -> RowMapping:
    found = unit_row(connection, code)
    if found is None:
        raise not_found()
    return found
