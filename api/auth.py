"""Identity of a request: a bearer token, looked up in the same unit of work as what is asked. No cache."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from fastapi import Request
from sqlalchemy import Connection

from api.problems import Problem
from db.frontdesk.identity import Identity, identify
from domain.authority import Actor
from domain.errors import Forbidden
from domain.vocabulary import Role

SESSION_PREFIX = "bhs_"
KEY_PREFIX = "bhk_"
TOKEN_BYTES = 32
COOKIE = "bihuan_session"
"""Where a browser keeps the token of its session: HttpOnly, so that no script reads it."""

FORM_CHECKED = "form_checked"
"""State of a request whose form has shown that it is ours."""

_LONGEST = 100
_HARMLESS = frozenset({"GET", "HEAD"})

T = TypeVar("T")


def now() -> datetime:
    """This instant, aware, in UTC: the stamp of whatever comes in."""
    return datetime.now(UTC)


def new_token(prefix: str) -> str:
    """A token of 256 random bits."""
    return prefix + secrets.token_urlsafe(TOKEN_BYTES)


def digest(token: str) -> str:
    """What is kept of a token. It is random, so that a plain digest is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Bearer:
    """A token that a request carries."""

    digest: str
    machine: bool

    def identify(self, connection: Connection) -> Identity:
        """Who it is. Raises Problem(401)."""
        identity = identify(connection, self.digest, now(), machine=self.machine)
        if identity is None:
            raise not_authenticated()
        return identity

    def actor(self, connection: Connection) -> Actor:
        """As whom it acts. Raises Problem(401)."""
        return self.identify(connection).actor


def bearer(request: Request) -> Bearer:
    """The token of the request: of its header, or of a browser's cookie when nothing is to be changed.

    A browser sends its cookie with whatever a foreign page makes it send, so that a cookie alone changes nothing here:
    only with a form that has shown its token (``web.session``).
    Raises Problem(401) when there is none.
    """
    header = request.headers.get("authorization")
    if header is None and (request.method in _HARMLESS or getattr(request.state, FORM_CHECKED, False)):
        return of_cookie(request)
    scheme, _, token = (header or "").partition(" ")
    if scheme.lower() != "bearer":
        raise not_authenticated()
    return _of_token(token.strip())


def of_cookie(request: Request) -> Bearer:
    """The session of a browser. Raises Problem(401) when there is none."""
    token = request.cookies.get(COOKIE, "")
    if not token.startswith(SESSION_PREFIX):
        raise not_authenticated()
    return _of_token(token)


def _of_token(token: str) -> Bearer:
    if not token.isascii() or not 0 < len(token) <= _LONGEST:
        raise not_authenticated()
    return Bearer(digest(token), token.startswith(KEY_PREFIX))


def address_of(request: Request) -> str:
    """From where the request comes; behind a proxy on this machine, what that says."""
    return request.client.host if request.client else "unknown"


def not_authenticated() -> Problem:
    """401, with the scheme that is expected."""
    return Problem(401, "not_authenticated", headers={"WWW-Authenticate": "Bearer"})


def acting(request: Request, work: Callable[[Connection, Actor], T]) -> Callable[[Connection], T]:
    """``work`` as a unit of work that first finds out who asks."""
    token = bearer(request)
    return lambda connection: work(connection, token.actor(connection))


def require_role(actor: Actor, *roles: Role) -> None:
    """Raises Forbidden("not_allowed") unless the actor has one of the roles."""
    if actor.roles.isdisjoint(roles):
        raise Forbidden("not_allowed")
