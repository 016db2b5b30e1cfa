"""Grids, and the officers whom residents may call (A1)."""

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from api.administration import places
from api.answers import answer, items
from api.auth import acting, bearer
from api.bodies import body, query
from api.docs import described
from api.house import House, house
from api.problems import not_found
from api.schemas.places import GridChange, GridIn
from api.schemas.queries import NearQuery
from db.frontdesk.officers import officer_of
from db.queries.places import list_grids
from domain.authority import Actor

router = APIRouter(tags=["places"])

_SHOWN = ("code", "name", "name_en", "unit", "officer", "boundary", "active")
_KEPT = (*_SHOWN, "officer_phone")


@router.get("/grids", openapi_extra=described())
async def grids(request: Request) -> Response:
    """All grids with their outlines."""

    def read(connection: Connection, actor: Actor) -> Response:
        return items([{name: row[name] for name in _SHOWN} for row in list_grids(connection)])

    return await house(request).database.read(acting(request, read))


@router.post("/grids", status_code=201, openapi_extra=described(body=GridIn))
async def add_grid(request: Request) -> Response:
    """A new grid; ``overlaps`` names the grids that its outline shares area with."""
    bearer(request)
    made = await places.add_grid(request, await body(request, GridIn))
    return answer(_told(made), 201)


@router.patch("/grids/{code}", openapi_extra=described(body=GridChange))
async def change_grid(request: Request, code: str) -> Response:
    """Change a grid: its name, officer, duty phone, outline."""
    bearer(request)
    return answer(_told(await places.change_grid(request, code, await body(request, GridChange))))


@router.get("/grids/{code}/officer", openapi_extra=described(public=True))
async def grid_officer(request: Request, code: str) -> Response:
    """Who is responsible for a grid, and the duty phone. For residents: no account is needed."""
    return await _officer(house(request), code)


@router.get("/officers/nearest", openapi_extra=described(query=NearQuery, public=True))
async def nearest_officer(request: Request) -> Response:
    """Who is responsible where somebody stands."""
    here = house(request)
    wanted = query(request, NearQuery).demand()
    grid = (await here.places()).near(wanted.lat, wanted.lon)
    if grid is None:
        raise not_found()
    return await _officer(here, grid)


def _told(found: places.Drawn) -> dict[str, object]:
    return {**{name: found.grid[name] for name in _KEPT}, "overlaps": found.overlaps}


async def _officer(here: House, grid: str) -> Response:
    found = await here.database.read(lambda connection: officer_of(connection, grid))
    if found is None:
        raise not_found()
    return answer(found)
