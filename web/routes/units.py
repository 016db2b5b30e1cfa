"""Units and their points: each point down to its card and its case (D6)."""

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from api.problems import not_found
from db.queries.board import open_by_unit
from db.queries.discipline import balances, points_of
from db.queries.places import list_units, unit_row
from db.scope import sees_points
from domain.authority import Actor
from web.page import Content, show

router = APIRouter()


@router.get("/units")
async def units(request: Request) -> Response:
    """Every unit whose ledger the reader may see, the fewest points first."""

    def read(connection: Connection, actor: Actor) -> Content:
        points, load = balances(connection), open_by_unit(connection, actor)
        own = [unit for unit in list_units(connection) if sees_points(actor, unit["code"])]
        own.sort(key=lambda unit: (points.get(unit["code"], 0), -load.get(unit["code"], 0), unit["code"]))
        rows = [
            {"unit": unit, "points": points.get(unit["code"], 0), "open": load.get(unit["code"], 0)} for unit in own
        ]
        return {"rows": rows}

    return await show(request, "units.html", read)


@router.get("/units/{code}")
async def unit(request: Request, code: str) -> Response:
    """The ledger of one unit, newest first."""

    def read(connection: Connection, actor: Actor) -> Content:
        found = unit_row(connection, code)
        if found is None or not sees_points(actor, code):
            raise not_found()
        balance, entries = points_of(connection, code)
        return {"unit": found, "balance": balance, "entries": entries[::-1]}

    return await show(request, "unit.html", read)
