"""The order in which administration is refused: identity, right, existence, fields, rules."""

from collections.abc import Callable
from typing import TypeVar

from fastapi import Request
from sqlalchemy import Connection

from api.auth import acting, require_role
from api.house import house
from domain.authority import Actor
from domain.vocabulary import Role

T = TypeVar("T")
Look = Callable[[Connection], object]
"""Looks for what is to be changed. Raises Problem(404)."""


async def administrator_asks(request: Request, look: Look | None = None) -> None:
    """Raises Problem(401), Forbidden("not_allowed"), and what ``look`` does; only then what was sent is judged."""

    def check(connection: Connection, actor: Actor) -> None:
        require_role(actor, Role.ADMINISTRATOR)
        if look is not None:
            look(connection)

    await house(request).database.read(acting(request, check))


async def administered(request: Request, write: Callable[[Connection, Actor], T]) -> T:
    """``write`` as a unit of work of an administrator. Raises Problem(401), Forbidden("not_allowed")."""

    def work(connection: Connection, actor: Actor) -> T:
        require_role(actor, Role.ADMINISTRATOR)
        return write(connection, actor)

    return await house(request).database.write(acting(request, work))
