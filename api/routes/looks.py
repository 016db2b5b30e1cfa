"""``POST /cases/{number}/contact``: who it is, for a purpose; ``GET /looks``: who looked at whom, and why (C7)."""

from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from api.answers import answer, items
from api.auth import acting
from api.bodies import body, query
from api.contacts import contact
from api.docs import described
from api.house import house
from api.schemas.looks import ContactIn, LooksQuery
from db.queries.looks import LookFilter, list_looks
from domain.authority import Actor
from domain.errors import Forbidden
from domain.visibility import reviews_looks

router = APIRouter(tags=["looks"])

_PAGING = frozenset({"cursor", "limit"})


@router.post("/cases/{number}/contact", openapi_extra=described(body=ContactIn))
async def reveal(request: Request, number: str) -> Response:
    """Name, phone and paper of who reported or applies, as far as the purpose needs them. The look is noted."""
    shown = await contact(request, number, await body(request, ContactIn))
    return answer(shown, headers={"Cache-Control": "private, no-store"})


@router.get("/looks", openapi_extra=described(query=LooksQuery))
async def looks(request: Request) -> Response:
    """Looks at personal data, newest first: all for auditors and discipline officers, a leader's own unit's."""
    checked = query(request, LooksQuery)

    def page(connection: Connection, actor: Actor) -> Response:
        if not reviews_looks(actor):
            raise Forbidden("not_allowed")
        wanted = checked.demand()
        found = list_looks(connection, actor, filter_of(wanted), cursor=wanted.cursor, limit=wanted.limit)
        return items([dict(row) for row in found.items], next_cursor=found.next_cursor)

    return await house(request).database.read(acting(request, page))


def filter_of(wanted: LooksQuery) -> LookFilter:
    """What of a query chooses rows."""
    values: dict[str, Any] = {name: value for name, value in wanted if name not in _PAGING}
    return LookFilter(**values)
