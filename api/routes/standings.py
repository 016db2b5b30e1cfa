"""Standings of units, and figures over time (D1, D6)."""

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from api.answers import answer
from api.auth import acting, now
from api.bodies import query
from api.docs import described
from api.house import house
from api.schemas.standings import StandingsQuery, TrendsQuery
from api.standing import shown_standings, standings_of
from api.trend import shown_trends, trends_of
from domain.authority import Actor

router = APIRouter(tags=["standings"])


@router.get("/standings", openapi_extra=described(query=StandingsQuery))
async def standings(request: Request) -> Response:
    """How units stand among comparable ones. A unit sees itself and its place, watchers see all."""
    here, checked = house(request), query(request, StandingsQuery)

    def show(connection: Connection, actor: Actor) -> Response:
        found = standings_of(connection, actor, here.rulebook, checked.demand(), now())
        return answer(shown_standings(here.rulebook, found))

    return await here.database.read(acting(request, show))


@router.get("/trends", openapi_extra=described(query=TrendsQuery))
async def trends(request: Request) -> Response:
    """What came and was closed each day, what was on time each week, the lights of now, and what falls due."""
    here, checked = house(request), query(request, TrendsQuery)

    def show(connection: Connection, actor: Actor) -> Response:
        found = trends_of(connection, actor, here.rulebook.calendar, checked.demand(), now())
        return answer(shown_trends(found))

    return await here.database.read(acting(request, show))
