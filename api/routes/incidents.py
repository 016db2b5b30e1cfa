"""Intake: ``POST /incidents``. One transaction; the engine is not waited for."""

from collections.abc import Callable

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from api.answers import answer
from api.auth import acting, bearer, digest, now
from api.bodies import Checked, body
from api.case_view import case_view
from api.docs import described
from api.house import House, house
from api.intake import idempotency_key, submission
from api.problems import Problem
from api.schemas.incidents import IncidentIn
from db.frontdesk.intake import Accepted, Submission, accept
from domain.authority import Actor, require_reporter

router = APIRouter(tags=["intake"])


@router.post("/incidents", status_code=201, openapi_extra=described(body=IncidentIn, key=True))
async def report_incident(request: Request) -> Response:
    """Take a report. The case exists from the answer on, whether the engine is there or not."""
    at = now()
    bearer(request)
    here = house(request)
    with here.opener.accepting():
        accepted = await _accept(request, here)
    if accepted.start is not None:
        here.opener.add(accepted.start)
        here.metrics.accepted()
    number = accepted.case.number
    shown = case_view(accepted.case, at, tracking_code=here.tracking_code(number), attachments=[])
    return answer(shown, 201, headers={"Location": f"/api/v1/cases/{number}"})


async def _accept(request: Request, here: House) -> Accepted:
    checked = await body(request, IncidentIn)
    try:
        ready = await _ready(request, here, checked)
    except Problem as problem:
        raise await _after_identity(request, here, problem) from None
    return await here.database.write(acting(request, _acceptance(here, ready)))


async def _ready(request: Request, here: House, checked: Checked[IncidentIn]) -> Submission:
    value = checked.demand()
    return submission(value, idempotency_key(request), here.rulebook, await here.places(), now())


def _acceptance(here: House, ready: Submission) -> Callable[[Connection, Actor], Accepted]:
    def tracking_hash(number: str) -> str:
        return digest(here.tracking_code(number))

    return lambda connection, actor: accept(connection, actor, ready, tracking_hash, now())


async def _after_identity(request: Request, here: House, problem: Problem) -> Exception:
    """What is wrong with the body comes after who asks, and whether they may."""
    await here.database.read(acting(request, lambda _, actor: require_reporter(actor)))
    return problem
