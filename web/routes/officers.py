"""Who is the officer of my grid, and how do I call: for anybody, without an account (A1)."""

from itertools import groupby
from typing import Final

from fastapi import APIRouter, Request, Response

from api.house import house
from db.frontdesk.officers import grids_with_officers, officer_of
from web.page import render, visit

router = APIRouter()

_MOST: Final = 200
_LONGEST: Final = 60


@router.get("/officers")
async def officers(request: Request) -> Response:
    """The grids by community, found by name; of the chosen one, the officer and the duty phone."""
    words = request.query_params.get("q", "").strip()[:_LONGEST]
    grid = request.query_params.get("grid", "")[:_LONGEST]
    database = house(request).database
    rows = await database.read(lambda connection: grids_with_officers(connection, words, _MOST + 1))
    found = (
        await database.read(lambda connection: officer_of(connection, grid)) if grid.isprintable() and grid else None
    )
    content = {
        "words": words,
        "chosen": grid,
        "found": found,
        "communities": [(name, list(each)) for name, each in groupby(rows[:_MOST], key=lambda row: row["community"])],
        "too_many": len(rows) > _MOST,
    }
    return render(visit(request), "officers.html", content, status=404 if grid and found is None else 200)
