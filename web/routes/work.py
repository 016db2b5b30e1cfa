"""The work list of a unit: what must be answered now, what next (D2)."""

from typing import Final

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from db.queries.board import Field, Lane, Moment, lanes
from domain.authority import Actor
from domain.case import Case
from domain.vocabulary import CommandKind
from web.casefile import choices, find
from web.directory import directory
from web.giving import fresh_key
from web.language import mark
from web.offers import case_offers, offer_of
from web.page import Content, Visit, fragment, show, visit
from web.routes.board import NAMES, end_of_day
from web.routes.case import done

router = APIRouter()

LANES: Final = (Lane.DANGER, Lane.UNANSWERED, Lane.RED, Lane.TODAY, Lane.LATER, Lane.PAUSED)
ROWS: Final = 50
_OWN: Final = mark("待响应")


@router.get("/work")
async def work(request: Request) -> Response:
    """The list; with ``answer=NUMBER`` the form that answers this case on the same screen."""
    seen = visit(request)

    def read(connection: Connection, actor: Actor) -> Content:
        content = _content(seen, connection, actor)
        return {**content, **_answering(seen, connection, actor, request.query_params.get("answer", ""))}

    return await show(request, "work.html", read, key=fresh_key(), done=done(request), back="/work")


@router.get("/work-lanes")
async def work_lanes(request: Request) -> Response:
    """What of it changes."""
    seen = visit(request)
    return await fragment(request, "parts/work.html", lambda connection, actor: _content(seen, connection, actor))


def _content(seen: Visit, connection: Connection, actor: Actor) -> Content:
    moment = Moment(now=seen.at, day_ends=end_of_day(seen.at))
    filled = lanes(connection, actor, Field(unit=actor.unit), moment, LANES, limit=ROWS)
    people = {row["handler"] for lane in filled.values() for row in lane.rows}
    return {
        "lanes": filled,
        "names": {**NAMES, Lane.UNANSWERED: _OWN},
        "codes": directory(connection, seen.here, seen.words, people),
        "unit": actor.unit,
    }


def _answering(seen: Visit, connection: Connection, actor: Actor, number: str) -> Content:
    """The case that is answered, and its form; nothing when it cannot be answered (any more)."""
    nothing: Content = {"answering": None, "offer": None}
    if not number:
        return nothing
    found = find(connection, actor, number)
    if not isinstance(found.value, Case):
        return nothing
    offer = offer_of(case_offers(seen.here.rulebook, connection, found, actor, seen.at), CommandKind.ACKNOWLEDGE)
    if offer is None or offer.refused is not None:
        return nothing
    answering: Case = found.value
    codes = directory(connection, seen.here, seen.words)
    return {"answering": answering, "offer": offer, **choices(connection, actor, [offer], codes, answering)}
