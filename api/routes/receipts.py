"""The receipt of a case (D3): for the desk or officer that took it, who hands it to the resident."""

from typing import Any, Final

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from api import receipt
from api.answers import answer
from api.auth import acting
from api.docs import described
from api.house import house
from api.joined_view import standing_of
from api.problems import not_found
from api.routes.cases import visible
from api.tracking import Tracked, find_tracked, item_of
from domain.authority import Actor
from domain.errors import Forbidden
from domain.reports import FIRST
from domain.visibility import gives_receipt

router = APIRouter(tags=["intake"])

_LONGEST: Final = 7
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"


@router.get("/cases/{number}/receipt", openapi_extra=described())
async def receipt_of(request: Request, number: str) -> Response:
    """Number, code, where to follow it, what was promised and by which rule, which materials are there."""
    return answer(await written(request, number))


@router.get("/cases/{number}/reports/{report}/receipt", openapi_extra=described())
async def receipt_of_joined(request: Request, number: str, report: str) -> Response:
    """The receipt of a report that was joined to the case, with a code of its own."""
    return answer(await written(request, number, report_number(report)))


async def written(request: Request, number: str, report: int = FIRST) -> dict[str, Any]:
    """What stands on the receipt, for whoever may hand it out. Raises Problem(404), Forbidden("not_allowed")."""
    here = house(request)
    found = await here.database.read(
        acting(request, lambda connection, actor: given(connection, actor, number, report))
    )
    item = await item_of(here.shelf, found)
    return await here.database.read(lambda connection: receipt.content(connection, here, found, item))


@router.get("/cases/{number}/receipt/qr", openapi_extra=described())
async def code_of(request: Request, number: str) -> Response:
    """The address on the receipt as a QR code (SVG). It holds number and code, and nothing of anybody."""
    return await _drawn(request, number, FIRST)


@router.get("/cases/{number}/reports/{report}/receipt/qr", openapi_extra=described())
async def code_of_joined(request: Request, number: str, report: str) -> Response:
    """The same of a report that was joined to the case."""
    return await _drawn(request, number, report_number(report))


async def _drawn(request: Request, number: str, report: int) -> Response:
    here = house(request)
    await here.database.read(acting(request, lambda connection, actor: given(connection, actor, number, report)))
    drawn = receipt.drawing(receipt.tracking_url(here, number, report))
    return Response(drawn, media_type="image/svg+xml", headers={"content-security-policy": _POLICY})


def report_number(text: str) -> int:
    """The number of a report in a path. Raises Problem(404) for what is none."""
    if not text.isascii() or not text.isdigit() or len(text) > _LONGEST:
        raise not_found()
    return int(text)


def given(connection: Connection, actor: Actor, number: str, report: int = FIRST) -> Tracked:
    """Raises Problem(404) for a report that the actor does not see, Forbidden("not_allowed") for another desk's."""
    seen = visible(connection, actor, number)
    found = find_tracked(connection, number, report)
    if found is None:
        raise not_found()
    if not gives_receipt(actor, standing_of(connection, seen.standing, number, report)):
        raise Forbidden("not_allowed")
    return found
