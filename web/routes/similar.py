"""Which other cases are probably the same matter as one that stands (A19): beside it, or as a page of its own."""

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from api.routes.duplicates import alike
from domain.authority import Actor
from web.directory import directory
from web.page import Content, fragment, show, visit

router = APIRouter()


@router.get("/cases/{number}/similar")
async def similar(request: Request, number: str) -> Response:
    """The likeliest first."""
    seen = visit(request)
    places = await seen.here.places()

    def read(connection: Connection, actor: Actor) -> Content:
        found = alike(connection, actor, seen.here.rulebook, places, number)
        return {"similar": found, "codes": directory(connection, seen.here, seen.words), "number": number}

    if "hx-request" in request.headers:
        return await fragment(request, "parts/similar.html", read)
    return await show(request, "similar.html", read)
