"""Who is the officer of my grid, and how do I call: for anybody, without an account (A1)."""

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from fastapi import APIRouter, Request, Response
from sqlalchemy import RowMapping

from api.house import house
from db.frontdesk.officers import grids_with_officers, officer_of
from web.page import Visit, render, visit

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
    seen = visit(request)
    content = {
        "words": words,
        "chosen": grid,
        "found": found,
        "found_grid": seen.words.called({"name": found["grid_name"], "name_en": found["grid_name_en"]})
        if found
        else "",
        "communities": _by_community(seen, rows[:_MOST]),
        "too_many": len(rows) > _MOST,
    }
    return render(seen, "officers.html", content, status=404 if grid and found is None else 200)


def _by_community(seen: Visit, rows: Sequence[RowMapping]) -> list[tuple[str, list[dict[str, str]]]]:
    """Community → its grids, each as it is called in the language of the page."""
    return [
        (name, [{"code": row["code"], "name": seen.words.called(dict(row))} for row in each])
        for name, each in groupby(rows, key=lambda row: _community(seen, row))
    ]


def _community(seen: Visit, row: RowMapping) -> str:
    return seen.words.called({"name": row["community"] or "", "name_en": row["community_en"]})
