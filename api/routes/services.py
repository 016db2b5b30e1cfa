"""Applications: accepted at any desk for any item (B1), and given out again as a filled form (B5)."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from api.accepting import accepted
from api.answers import answer
from api.applications import application, warnings
from api.auth import acting, now
from api.bodies import Checked, body, query
from api.contacts import note_form
from api.docs import described
from api.forms import FormFormat, as_csv, filled_form
from api.house import House, house
from api.intake import idempotency_key
from api.problems import not_found
from api.request_view import request_view
from api.routes.cases import visible
from api.schemas.services import FormQuery, ServiceRequestIn
from db.frontdesk.acceptance import Accepted, Tracking
from db.frontdesk.applications import Application, accept, application_of
from domain.authority import Actor, require_desk
from domain.errors import Forbidden
from domain.service.request import ServiceRequest
from domain.visibility import reads_applicant
from domain.vocabulary import LookPurpose

router = APIRouter(tags=["intake"])


@router.post("/service-requests", status_code=201, openapi_extra=described(body=ServiceRequestIn, key=True))
async def apply_for_service(request: Request) -> Response:
    """Accept an application. It exists from the answer on, whether the engine is there or not."""
    here, at, given = house(request), now(), await body(request, ServiceRequestIn)
    taken = await take(request, given, lambda: idempotency_key(request))
    case, odd = taken.case, warnings(given.demand(), at)
    item = await here.shelf.item(case.catalogue_version, case.item)
    code = here.tracking_code(case.number)
    shown = request_view(case, at, item=item, tracking_code=code, attachments=[], warnings=odd)
    return answer(shown, 201, headers={"Location": f"/api/v1/cases/{case.number}"})


async def take(
    request: Request, given: Checked[ServiceRequestIn], key: Callable[[], str | None]
) -> Accepted[ServiceRequest]:
    """Accept an application, whatever it was read from. Raises Problem and Refused in the order of refusal."""

    async def ready(here: House) -> Application:
        return await application(given.demand(), key(), here, now())

    return await accepted(request, ready, _write, require_desk)


def _write(
    connection: Connection, actor: Actor, application: Application, tracking: Tracking
) -> Accepted[ServiceRequest]:
    return accept(connection, actor, application, tracking, now())


@router.get("/cases/{number}/form", openapi_extra=described(query=FormQuery))
async def form(request: Request, number: str) -> Response:
    """The filled form of an application, as JSON or CSV, for whoever has to hand it on. It is noted as a look."""
    here, checked = house(request), query(request, FormQuery)

    def find(connection: Connection, actor: Actor) -> tuple[ServiceRequest, Any]:
        found = visible(connection, actor, number)
        filled = application_of(connection, number)
        if filled is None:
            raise not_found()
        if not reads_applicant(actor, found.standing):
            raise Forbidden("not_allowed")
        checked.demand()
        note_form(connection, actor, found, LookPurpose.HAND_OVER, now())
        return found.value, filled

    case, filled = await here.database.write(acting(request, find))
    item = await here.shelf.item(case.catalogue_version, case.item)
    made, private = filled_form(case, filled, item), {"Cache-Control": "private, no-store"}
    if checked.demand().format is FormFormat.JSON:
        return answer(made, headers=private)
    headers = {**private, "Content-Disposition": f'attachment; filename="{number}.csv"'}
    return Response(as_csv(made), media_type="text/csv; charset=utf-8", headers=headers)
