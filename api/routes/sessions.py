"""Signing in and out (C7)."""

import asyncio
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from api.answers import answer
from api.auth import SESSION_PREFIX, address_of, bearer, digest, new_token, now
from api.bodies import body
from api.docs import described
from api.house import House, house
from api.problems import Problem
from api.schemas.people import SessionIn
from db.frontdesk import accounts, sessions

LIFETIME: Final = timedelta(days=14)

router = APIRouter(tags=["identity"])


class Opened(NamedTuple):
    """A session that was just opened: its token, which is kept nowhere, and when it ends."""

    token: str
    expires_at: datetime


@router.post("/sessions", status_code=201, openapi_extra=described(body=SessionIn, public=True))
async def sign_in(request: Request) -> Response:
    """Sign in. Wrong username and wrong password cannot be told apart, by answer or by time."""
    here = house(request)
    wanted = (await body(request, SessionIn)).demand()
    opened = await admit(here, address_of(request), wanted)
    account = await here.database.read(lambda connection: accounts.account(connection, wanted.username))
    return answer({"token": opened.token, "expires_at": opened.expires_at, "account": account}, 201)


async def admit(here: House, address: str, wanted: SessionIn) -> Opened:
    """A new session for whoever knows the password. Raises Problem(401, "wrong_credentials"), Problem(429)."""
    attempt = (address, wanted.username)
    here.logins.require(*attempt)
    found = await here.database.read(lambda connection: sessions.credentials(connection, wanted.username))
    kept = found.password_hash if found is not None else None
    right = await asyncio.to_thread(here.passwords.verify, kept, wanted.password)
    here.logins.require(*attempt)  # others may have failed meanwhile
    if found is None or kept is None or not right or not found.active:
        raise _failed(here, attempt)
    token, at = new_token(SESSION_PREFIX), now()
    until = at + LIFETIME

    def keep(connection: Connection) -> bool:
        return sessions.open_session(connection, wanted.username, digest(token), checked=kept, now=at, until=until)

    if not await here.database.write(keep):
        raise _failed(here, attempt)
    here.logins.succeeded(*attempt)
    if here.passwords.is_dated(kept):
        renewed = await asyncio.to_thread(here.passwords.hash, wanted.password)
        await here.database.write(lambda connection: sessions.rehash(connection, wanted.username, kept, renewed))
    return Opened(token, until)


@router.get("/sessions/current", openapi_extra=described())
async def who_am_i(request: Request) -> Response:
    """As whom the token acts."""
    identity = await house(request).database.read(bearer(request).identify)
    actor = identity.actor
    return answer(
        {
            "username": actor.username,
            "name": identity.name,
            "unit": actor.unit,
            "roles": actor.roles,
            "grids": actor.grids,
        }
    )


@router.delete("/sessions/current", status_code=204, openapi_extra=described())
async def sign_out(request: Request) -> Response:
    """The session ends at once."""
    token = bearer(request)

    def close(connection: Connection) -> None:
        token.actor(connection)
        sessions.close_session(connection, token.digest, now())

    await house(request).database.write(close)
    return Response(status_code=204)


def _failed(here: House, attempt: tuple[str, str]) -> Problem:
    here.logins.failed(*attempt)
    return Problem(401, "wrong_credentials", headers={"WWW-Authenticate": "Bearer"})
