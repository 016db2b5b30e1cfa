"""What stands on a receipt: how to follow the case, what was promised by which rule, and which materials are there."""

import io
from typing import Any, Final
from urllib.parse import quote

import segno
from sqlalchemy import Connection

from api import tracking_words as words
from api.house import House
from api.tracking import Tracked
from api.tracking_incident import subject
from db.queries.places import unit_names
from domain.catalogue import Item
from domain.vocabulary import DossierKind

_SCALE: Final = 4
"""Pixels of one module: three centimetres on paper."""


def tracking_url(here: House, number: str) -> str:
    """Where the resident follows the case. It carries number and code; logs and referrers never carry the latter."""
    return f"{here.settings.residents_url}/track/{quote(number)}?code={here.tracking_code(number)}"


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
        "kind": DossierKind.INCIDENT,
        "code": here.tracking_code(case.number),
        "tracking_url": tracking_url(here, case.number),
        "qr": f"/api/v1/cases/{case.number}/receipt/qr",
        "received_at": case.received_at,
        "desk": unit_names(connection, [found.desk] if found.desk else []).get(found.desk or ""),
        **subject(here.rulebook.categories.get(case.category)),
        "promise": words.promised(case.promise),
        "legal_due_at": None,
        "materials": [],
    }
