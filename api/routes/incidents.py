"""Intake of incidents: ``POST /incidents``."""

from collections.abc import Callable

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from api.accepting import accepted
from api.answers import answer
from api.auth import now
from api.bodies import Checked, body
from api.case_view import case_view
from api.docs import described
from api.house import House, house
from api.intake import idempotency_key, submission
from api.schemas.incidents import IncidentIn
from db.frontdesk.acceptance import Accepted, Tracking
from db.frontdesk.intake import Submission, accept
from domain.authority import Actor, require_reporter
from domain.case import Case

router = APIRouter(tags=["intake"])


@router.post("/incidents", status_code=201, openapi_extra=described(body=IncidentIn, key=True))
async def report_incident(request: Request) -> Response:
    """Take a report. The case exists from the answer on, whether the engine is there or not."""
    at = now()

    taken = await take(request, await body(request, IncidentIn), lambda: idempotency_key(request))
    number = taken.case.number
    shown = case_view(taken.case, at, tracking_code=house(request).tracking_code(number), attachments=[])
    return answer(shown, 201, headers={"Location": f"/api/v1/cases/{number}"})


async def take(request: Request, given: Checked[IncidentIn], key: Callable[[], str | None]) -> Accepted[Case]:
    """Accept a report, whatever it was read from. Raises Problem and Refused in the order of refusal."""

    async def ready(here: House) -> Submission:
        at = now()
        return submission(given.demand(), key(), here.in_force.at(at).rulebook, await here.places(), at)

    return await accepted(request, ready, _write, require_reporter)


def _write(connection: Connection, actor: Actor, submission: Submission, tracking: Tracking) -> Accepted[Case]:
    return accept(connection, actor, submission, tracking, now())
