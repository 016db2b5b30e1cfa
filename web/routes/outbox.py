"""What the outbox of a phone sends by script: the API's own routes, for a browser that has shown a fresh token.

The token is read from ``/officer/proof``, which no foreign page can read, and comes back as a header, which no foreign
page can send without being asked for leave that is never given. It hangs on the session: nothing is ever sent in the
name of whoever signed in meanwhile.
"""

from datetime import datetime

from fastapi import APIRouter, Request, Response

from api.answers import answer
from api.auth import now
from api.house import house
from api.problems import Problem
from api.routes.attachments import attach
from api.routes.incidents import report_incident
from web.session import HEADER, SEED_COOKIE, form_token, keep_cookie, require_token, seed_of, signed_in

router = APIRouter()


@router.get("/officer/proof")
async def proof(request: Request) -> Response:
    """Who is signed in, if anybody is; the token for what is sent next; and what time it is."""
    here, seed = house(request), seed_of(request)
    told: dict[str, str | datetime | None] = {"username": None, "token": None, "now": now()}
    try:
        identity = await here.database.read(signed_in(request).identify)
        told |= {"username": identity.actor.username, "token": form_token(here, request, seed)}
    except Problem as problem:
        if problem.status != 401:
            raise
    response = answer(told)
    response.headers["Cache-Control"] = "no-store"
    if seed != request.cookies.get(SEED_COOKIE):
        keep_cookie(request, response, SEED_COOKIE, seed)
    return response


@router.post("/officer/send/report")
async def send_report(request: Request) -> Response:
    """``POST /api/v1/incidents``."""
    _require_proof(request)
    return await report_incident(request)


@router.post("/officer/send/{number}/photo")
async def send_photo(request: Request, number: str) -> Response:
    """``POST /api/v1/cases/{number}/attachments``."""
    _require_proof(request)
    return await attach(request, number)


def _require_proof(request: Request) -> None:
    """Raises Problem(403, "form_expired") unless a page of ours read the token."""
    require_token(house(request), request, request.headers.get(HEADER, ""))
