"""The own account: password and sessions, of whoever has signed in (C7)."""

import asyncio
from typing import Any

from fastapi import Request
from sqlalchemy import Connection

from api.auth import Bearer, address_of, bearer, now
from api.bodies import Checked
from api.house import house
from api.problems import Problem, not_found
from api.schemas.people import OwnPassword
from db.frontdesk import own, sessions
from domain.authority import Actor
from domain.errors import Forbidden, Unprocessable


def person(connection: Connection, token: Bearer) -> Actor:
    """Who has signed in. Raises Problem(401), Forbidden("not_allowed") for a machine client: it has no account."""
    identity = token.identify(connection)
    if identity.machine:
        raise Forbidden("not_allowed")
    return identity.actor


async def change_password(request: Request, checked: Checked[OwnPassword]) -> None:
    """A new password; every other session of the account ends.

    Raises Unprocessable("password_wrong"), Problem(429) after too many wrong ones.
    """
    here, token = house(request), bearer(request)

    def look(connection: Connection) -> tuple[Actor, sessions.Credentials | None]:
        actor = person(connection, token)
        return actor, sessions.credentials(connection, actor.username)

    actor, kept = await here.database.read(look)
    wanted, attempt = checked.demand(), (address_of(request), actor.username)
    here.logins.require(*attempt)
    hashed = kept.password_hash if kept else None
    right = await asyncio.to_thread(here.passwords.verify, hashed, wanted.old)
    if hashed is None or not right:
        here.logins.failed(*attempt)
        raise Unprocessable("password_wrong", field="old")
    here.logins.succeeded(*attempt)
    renewed = await asyncio.to_thread(here.passwords.hash, wanted.new)

    def write(connection: Connection) -> bool:
        person(connection, token)
        return own.change_password(connection, actor.username, hashed, renewed, keep=token.digest, now=now())

    if not await here.database.write(write):
        raise Problem(409, "password_changed_meanwhile")


def own_sessions(connection: Connection, token: Bearer) -> list[dict[str, Any]]:
    """The sessions of whoever asks, newest first; ``current``: the one that asks. Raises as ``person``."""
    actor = person(connection, token)
    found = sessions.sessions_of(connection, actor.username, now())
    return [
        {
            "id": one.id,
            "created_at": one.created_at,
            "expires_at": one.expires_at,
            "current": one.digest == token.digest,
        }
        for one in found
    ]


async def end_session(request: Request, id: str) -> None:
    """One of the own sessions ends at once. Raises Problem(404)."""
    token = bearer(request)

    def write(connection: Connection) -> bool:
        actor = person(connection, token)
        return own.end_session(connection, actor.username, id, now())

    if not await house(request).database.write(write):
        raise not_found()
