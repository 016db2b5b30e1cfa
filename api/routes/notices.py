"""Notices in the console (D7)."""

from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from api.answers import items
from api.auth import acting, now
from api.bodies import query
from api.docs import described
from api.house import house
from api.problems import not_found
from api.schemas.queries import NoticesQuery
from db.frontdesk.notices import mark_read
from db.queries.notices import count_unread, is_addressed, list_notices
from domain.authority import Actor

router = APIRouter(tags=["notices"])

_HIGHEST = 2**31 - 1


@router.get("/notices", openapi_extra=described(query=NoticesQuery))
async def notices(request: Request) -> Response:
    """A page of the reader's notices, newest first, and how many are unread."""
    checked = query(request, NoticesQuery)

    def page(connection: Connection, actor: Actor) -> Response:
        wanted = checked.demand()
        found = list_notices(connection, actor, unread=wanted.unread, cursor=wanted.cursor, limit=wanted.limit)
        unread = count_unread(connection, actor)
        return items([_shown(row) for row in found.items], next_cursor=found.next_cursor, unread=unread)

    return await house(request).database.read(acting(request, page))


@router.post("/notices/{notice}/read", status_code=204, openapi_extra=described())
async def read_notice(request: Request, notice: str) -> Response:
    """The reader has read it. Harmless when repeated."""
    number = int(notice) if notice.isascii() and notice.isdigit() and len(notice) < 11 else _HIGHEST + 1

    def write(connection: Connection, actor: Actor) -> None:
        if number > _HIGHEST or not is_addressed(connection, actor, number):
            raise not_found()
        mark_read(connection, actor.username, number, now())

    await house(request).database.write(acting(request, write))
    return Response(status_code=204)


def _shown(row: Any) -> dict[str, Any]:
    return {name: row[name] for name in ("id", "case", "type", "at", "recorded_at", "recipient", "data", "read_at")}
