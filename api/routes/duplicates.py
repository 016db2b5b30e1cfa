"""The same matter reported again (A19): probable duplicates, and joining a report to the case that there is."""

from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from api.answers import answer, items
from api.auth import acting, bearer, now
from api.bodies import body
from api.docs import described
from api.duplicates import Draft, draft, drafted, offered
from api.house import house
from api.intake import idempotency_key
from api.joining import join
from api.kinds import shown_case
from api.places import Places
from api.problems import not_found
from api.routes.cases import visible
from api.schemas.incidents import IncidentIn, SimilarIn
from db.queries.cases import case_report
from domain.authority import Actor, require_reporter
from domain.case import Case
from domain.rulebook import Rulebook
from domain.visibility import reads_text

router = APIRouter(tags=["intake"])


@router.post("/incidents/similar", openapi_extra=described(body=SimilarIn))
async def similar(request: Request) -> Response:
    """Cases that are probably the same matter as a report, as far as it is typed. Nothing of it is kept."""
    bearer(request)
    here, given, at = house(request), await body(request, SimilarIn), now()
    places = await here.places()

    def read(connection: Connection, actor: Actor) -> Response:
        require_reporter(actor)
        report = draft(given.demand(), here.rulebook, places, at)
        return items(offered(connection, actor, here.rulebook, places, report, at))

    return await here.database.read(acting(request, read))


@router.get("/cases/{number}/similar", openapi_extra=described())
async def similar_to(request: Request, number: str) -> Response:
    """Cases that are probably the same matter as this one."""
    here = house(request)
    places = await here.places()

    def read(connection: Connection, actor: Actor) -> Response:
        return items(alike(connection, actor, here.rulebook, places, number))

    return await here.database.read(acting(request, read))


@router.post("/cases/{number}/reports", status_code=201, openapi_extra=described(body=IncidentIn, key=True))
async def join_report(request: Request, number: str) -> Response:
    """Join a report to the case of the same matter: its reporter follows that case with a code of their own."""
    here = house(request)
    report = await join(request, number, await body(request, IncidentIn), lambda: idempotency_key(request))

    def show(connection: Connection, actor: Actor) -> dict[str, Any]:
        return shown_case(connection, actor, visible(connection, actor, number), now())

    shown = await here.database.read(acting(request, show))
    shown |= {"report": report, "tracking_code": here.tracking_code(number, report)}
    return answer(shown, 201, headers={"Location": f"/api/v1/cases/{number}"})


def alike(connection: Connection, actor: Actor, rules: Rulebook, places: Places, number: str) -> list[dict[str, Any]]:
    """What is probably the matter of an incident that stands. Raises Problem(404), Forbidden("not_allowed")."""
    case = visible(connection, actor, number).value
    require_reporter(actor)
    report = case_report(connection, number)
    if not isinstance(case, Case) or report is None or not reads_text(actor):
        raise not_found()
    known: dict[str, Any] = {
        **report,
        **{name: getattr(case, name) for name in ("category", "grid", "received_at", "danger")},
    }
    found: Draft = drafted(rules, known, number)
    return offered(connection, actor, rules, places, found, now())
