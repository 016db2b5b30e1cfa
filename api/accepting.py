"""How everything is accepted, by whatever door: checked, then written in one transaction; no engine is waited for.

The order of refusal is 401, 403, 422, 409: what is wrong with the body comes after who asks, and whether they may.
"""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from fastapi import Request
from sqlalchemy import Connection

from api.auth import acting, bearer, digest
from api.house import House, house
from api.problems import Problem
from db.frontdesk.acceptance import Accepted, Entry, Tracking
from domain.authority import Actor
from domain.errors import Refused

S = TypeVar("S", bound=Entry)
T = TypeVar("T")


async def accepted(
    request: Request,
    ready: Callable[[House], Awaitable[S]],
    accept: Callable[[Connection, Actor, S, Tracking], Accepted[T]],
    may: Callable[[Actor], None],
) -> Accepted[T]:
    """The case that stands after it. ``ready`` reads and checks what came, ``may`` refuses who may not bring it."""
    bearer(request)
    here = house(request)

    def tracking(number: str) -> str:
        return digest(here.tracking_code(number))

    with here.opener.accepting():
        try:
            submission = await ready(here)
        except (Problem, Refused) as refused:
            await here.database.read(acting(request, lambda _, actor: may(actor)))
            raise refused from None
        taken = await here.database.write(
            acting(request, lambda connection, actor: accept(connection, actor, submission, tracking))
        )
    if taken.start is not None:
        here.opener.add(taken.start)
        here.metrics.accepted()
    return taken
