"""Triage: who should have this? (A2)"""

from typing import Any, Final

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from db.queries.board import Field, Lane, Moment, lanes, open_by_unit, usual_units
from domain.authority import Actor
from domain.worktime import end_of_day
from web.directory import Directory, directory
from web.giving import fresh_key
from web.page import Content, fragment, show, visit
from web.routes.case import done

router = APIRouter()

ROWS: Final = 50


@router.get("/triage")
async def triage(request: Request) -> Response:
    """Everything that no rule could dispatch, the oldest first."""
    return await show(
        request,
        "triage.html",
        lambda connection, actor: _content(request, connection, actor),
        key=fresh_key(),
        done=done(request),
    )


@router.get("/triage/news")
async def triage_news(request: Request) -> Response:
    """How many wait now: the forms stay as they are, somebody may be choosing."""
    return await fragment(
        request, "parts/triage_news.html", lambda connection, actor: _content(request, connection, actor)
    )


def _content(request: Request, connection: Connection, actor: Actor) -> Content:
    seen = visit(request)
    moment = Moment(now=seen.at, day_ends=end_of_day(seen.at))
    lane = lanes(connection, actor, Field(), moment, (Lane.TRIAGE,), limit=ROWS)[Lane.TRIAGE]
    usual = usual_units(connection, actor, [row["category"] for row in lane.rows if row["category"]])
    codes = directory(connection, seen.here, seen.words)
    return {
        "lane": lane,
        "codes": codes,
        "load": open_by_unit(connection, actor),
        "suggested": {row["number"]: _suggested(row, usual, codes) for row in lane.rows},
    }


def _suggested(row: Any, usual: dict[str, tuple[str, int]], codes: Directory) -> dict[str, Any] | None:
    """The unit that usually has such cases, else the community's; with what speaks for it."""
    if row["category"] in usual:
        unit, number = usual[row["category"]]
        return {"unit": unit, "number": number}
    community = codes.communities.get(row["grid"]) if row["grid"] else None
    return {"unit": community, "number": 0} if community else None
