"""The own account: password and sessions (C7)."""

from fastapi import APIRouter, Request, Response

from api.administration import own
from api.answers import items
from api.auth import bearer
from api.bodies import body
from api.docs import described
from api.house import house
from api.schemas.people import OwnPassword

router = APIRouter(tags=["identity"])


@router.post("/account/password", status_code=204, openapi_extra=described(body=OwnPassword))
async def change_password(request: Request) -> Response:
    """A new password. Every other session of the account ends."""
    bearer(request)
    await own.change_password(request, await body(request, OwnPassword))
    return Response(status_code=204)


@router.get("/account/sessions", openapi_extra=described())
async def list_sessions(request: Request) -> Response:
    """Where the account is signed in, newest first."""
    token = bearer(request)
    return items(await house(request).database.read(lambda connection: own.own_sessions(connection, token)))


@router.delete("/account/sessions/{id}", status_code=204, openapi_extra=described())
async def end_session(request: Request, id: str) -> Response:
    """The session ends at once."""
    await own.end_session(request, id)
    return Response(status_code=204)
