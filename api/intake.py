"""From a report as it came in to what the front desk writes: every check, and every instant that it is promised."""

import hashlib
from datetime import datetime, timedelta
from typing import Any, Final

from fastapi import Request
from pydantic import BaseModel
from pydantic_core import PydanticCustomError

from api import fields
from api.places import Places
from api.problems import Fault, Problem, invalid
from api.schemas.incidents import IncidentIn
from db.frontdesk.intake import Submission
from domain.intake import Outside, Place, Report, Reporter, refusals
from domain.promising import ack_clock, promise, terms
from domain.routing import route
from domain.rulebook import Rulebook

SKEW: Final = timedelta(minutes=1)
"""By how much the clock of whoever reports may be ahead of ours."""

_KEY_LENGTH: Final = 200


def submission(body: IncidentIn, key: str | None, rulebook: Rulebook, places: Places, now: datetime) -> Submission:
    """The report, ready to be accepted. Raises Problem(422) that names every field at fault."""
    place = checked_place(body, rulebook, places, now)
    grid = place.grid or place.point_grid
    danger = body.danger or rulebook.category(body.category).danger
    routed = route(rulebook, body.category, grid, places.community_of(grid), danger=danger)
    return Submission(
        received_at=now,
        category=body.category,
        source=body.source,
        danger=danger,
        grid=grid,
        terms=terms(rulebook, body.category),
        unit=routed.unit if routed else None,
        rule=routed.rule if routed else None,
        ack=ack_clock(rulebook, body.category, now, danger=danger) if routed else None,
        promise=promise(rulebook, body.category, now) if routed else None,
        words=words_of(body),
        key=key,
        body_hash=digest_of(body),
    )


def checked_place(body: IncidentIn, rulebook: Rulebook, places: Places, now: datetime) -> Place:
    """Where an acceptable report says it is. Raises Problem(422) that names every field at fault."""
    place = _place(body, places)
    report = Report(
        category=body.category,
        description=body.description,
        source=body.source,
        place=place,
        reporter=_reporter(body),
        occurred_at=body.occurred_at,
    )
    outside = Outside(now=now + SKEW, grid_known=places.known, phone_valid=is_phone)
    found = refusals(report, rulebook, outside)
    if found:
        raise invalid(*(Fault(refused.field or "", refused.code) for refused in found))
    return place


def is_phone(text: str) -> bool:
    """Whether a person can be reached there."""
    try:
        fields.phone(text)
    except PydanticCustomError:
        return False
    return True


def digest_of(body: BaseModel, *address: object) -> str:
    """What tells one body from another: its fields, not its spelling, and where it was sent."""
    made = hashlib.sha256("\x1f".join(str(part) for part in address).encode())
    made.update(body.model_dump_json(exclude_unset=True).encode())
    return made.hexdigest()


def idempotency_key(request: Request) -> str | None:
    """The ``Idempotency-Key`` of the request, if it has one. Raises Problem(422) for one that cannot be kept."""
    key = request.headers.get("idempotency-key")
    if key is None:
        return None
    if not 0 < len(key) <= _KEY_LENGTH or not key.isascii() or not key.isprintable():
        raise Problem(422, "key_malformed", faults=(Fault("Idempotency-Key", "key_malformed"),))
    return key


def _place(body: IncidentIn, places: Places) -> Place:
    point = body.place.point
    return Place(
        grid=body.place.grid,
        lat=point.lat if point else None,
        lon=point.lon if point else None,
        point_grid=places.at(point.lat, point.lon) if point else None,
        address=body.place.address,
    )


def _reporter(body: IncidentIn) -> Reporter | None:
    given = body.reporter
    return Reporter(name=given.name, phone=given.phone, anonymous=given.anonymous) if given else None


def words_of(body: IncidentIn) -> dict[str, Any]:
    """What a report says and who brought it, as it is kept: personal data."""
    reporter, point, address = body.reporter, body.place.point, body.place.address
    name = (reporter.name or "").strip() if reporter else ""
    phone = (reporter.phone or "").strip() if reporter else ""
    return {
        "description": body.description.strip(),
        "address": address.strip() if address else None,
        "lat": point.lat if point else None,
        "lon": point.lon if point else None,
        "occurred_at": body.occurred_at,
        "reporter_name": name or None,
        "reporter_phone": fields.phone(phone) if phone else None,
        "anonymous": reporter.anonymous if reporter else False,
        "disclose": reporter.disclose if reporter else False,
    }
