"""The receipt of a case (D3): for the desk or officer that took it, who hands it to the resident."""

from typing import Any, Final

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from api import receipt
from api.answers import answer
from api.auth import acting
from api.docs import described
from api.house import house
from api.problems import not_found
from api.routes.cases import visible
from api.tracking import Tracked, find_tracked, item_of
from domain.authority import Actor
from domain.errors import Forbidden
from domain.visibility import gives_receipt

router = APIRouter(tags=["intake"])

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"


@router.get("/cases/{number}/receipt", openapi_extra=described())
async def receipt_of(request: Request, number: str) -> Response:
    """Number, code, where to follow it, what was promised and by which rule, which materials are there."""
    return answer(await written(request, number))


async def written(request: Request, number: str) -> dict[str, Any]:
    """What stands on the receipt, for whoever may hand it out. Raises Problem(404), Forbidden("not_allowed")."""
    here = house(request)
    found = await here.database.read(acting(request, lambda connection, actor: given(connection, actor, number)))
    item = await item_of(here.shelf, found)
    return await here.database.read(lambda connection: receipt.content(connection, here, found, item))


@router.get("/cases/{number}/receipt/qr", openapi_extra=described())
async def code_of(request: Request, number: str) -> Response:
    """The address on the receipt as a QR code (SVG). It holds number and code, and nothing of anybody."""
    here = house(request)
    await here.database.read(acting(request, lambda connection, actor: given(connection, actor, number)))
    drawn = receipt.drawing(receipt.tracking_url(here, number))
    return Response(drawn, media_type="image/svg+xml", headers={"content-security-policy": _POLICY})


def given(connection: Connection, actor: Actor, number: str) -> Tracked:
    """Raises Problem(404) for a case that the actor does not see, Forbidden("not_allowed") for one of another desk."""
    seen = visible(connection, actor, number)
    if not gives_receipt(actor, seen.standing):
        raise Forbidden("not_allowed")
    found = find_tracked(connection, number)
    if found is None:
        raise not_found()
    return found
