"""What stands on a receipt: how to follow the case, what was promised by which rule, and which materials are there."""

import io
from typing import Any, Final
from urllib.parse import quote

import segno
from sqlalchemy import Connection

from api import tracking_incident, tracking_request
from api.house import House
from api.tracking import Tracked
from db.queries.places import unit_names
from domain.case import Case
from domain.catalogue.items import Item
from domain.reports import FIRST
from domain.service.request import ServiceRequest
from domain.vocabulary import DossierKind

_SCALE: Final = 4
"""Pixels of one module: three centimetres on paper."""


def tracking_url(here: House, number: str, report: int = FIRST) -> str:
    """Where the resident follows the case. It carries number and code; logs and referrers never carry the latter."""
    return f"{here.settings.residents_url}/track/{quote(number)}?code={here.tracking_code(number, report)}"


def receipt_path(number: str, report: int = FIRST) -> str:
    """Where the receipt of a report is, below the API as below the pages."""
    return f"/cases/{number}/receipt" if report == FIRST else f"/cases/{number}/reports/{report}/receipt"


def drawing(url: str) -> bytes:
    """The address as a QR code (SVG), readable with an eighth of it torn off or dirty."""
    made = io.BytesIO()
    segno.make_qr(url, error="m").save(made, kind="svg", scale=_SCALE, xmldecl=False, title=None, nl=False)
    return made.getvalue()


def content(connection: Connection, here: House, found: Tracked, item: Item | None) -> dict[str, Any]:
    """The receipt. Of a protected category it does not say which."""
    case = found.case
    return {
        "number": case.number,
        "code": here.tracking_code(case.number, found.report),
        "tracking_url": tracking_url(here, case.number, found.report),
        "qr": f"/api/v1{receipt_path(case.number, found.report)}/qr",
        "received_at": found.joined_at or case.received_at,
        "joined": found.joined_at is not None,
        "desk": unit_names(connection, [found.desk] if found.desk else []).get(found.desk or ""),
        **(_request(case, item) if isinstance(case, ServiceRequest) else _incident(here, case)),
    }


def _request(request: ServiceRequest, item: Item | None) -> dict[str, Any]:
    return {
        "kind": DossierKind.SERVICE_REQUEST,
        **tracking_request.subject(request, item),
        **tracking_request.promise(request),
        "materials": tracking_request.materials(request, item),
        "materials_by": request.materials.by,
    }


def _incident(here: House, case: Case) -> dict[str, Any]:
    return {
        "kind": DossierKind.INCIDENT,
        **tracking_incident.subject(here.rulebook.categories.get(case.category)),
        **tracking_incident.promise(case),
        "materials": [],
        "materials_by": None,
    }
