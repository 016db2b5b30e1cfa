"""Extensions that wait for the centre's decision, each with this unit's record (A6)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from api.kinds import CASES, shown_case
from db.queries.board import Field, Lane, Moment, lanes
from db.queries.extensions import extension_record
from domain.authority import Actor
from domain.vocabulary import CommandKind, EventType, ExtensionStatus
from domain.worktime import end_of_day
from web.casefile import choices, offers_of
from web.directory import directory
from web.extending import extension_ahead
from web.giving import fresh_key
from web.offers import Offer, offer_of
from web.page import Content, Visit, fragment, show, visit
from web.routes.case import done

router = APIRouter()

ROWS: Final = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request for an extension, with its case and the form that decides it."""

    row: Any
    extension: dict[str, Any]
    due_at: datetime
    unit: str | None
    offer: Offer | None


@router.get("/extensions")
async def extensions(request: Request) -> Response:
    """The requests, those first whose deadline comes first."""
    seen = visit(request)
    return await show(
        request,
        "extensions.html",
        lambda connection, actor: _content(seen, connection, actor),
        key=fresh_key(),
        done=done(request),
    )


@router.get("/cases/{number}/request_extension/ahead")
async def ahead(request: Request, number: str) -> Response:
    """What the date that somebody is choosing would bring."""
    seen, given = visit(request), dict(request.query_params)
    return await fragment(
        request,
        "parts/extension_ahead.html",
        lambda connection, actor: extension_ahead(seen, connection, actor, number, given),
    )


def _content(seen: Visit, connection: Connection, actor: Actor) -> Content:
    asked, total = waiting_extensions(seen, connection, actor, limit=ROWS)
    codes = directory(connection, seen.here, seen.words)
    return {
        "asked": asked,
        "total": total,
        "record": extension_record(connection, actor, [item.unit for item in asked if item.unit]),
        "codes": codes,
        **choices(connection, actor, [item.offer for item in asked if item.offer], codes, None),
        "requested": EventType.EXTENSION_REQUESTED,
        "granted": EventType.EXTENSION_GRANTED,
        "lapsed": EventType.EXTENSION_LAPSED,
    }


def waiting_extensions(seen: Visit, connection: Connection, actor: Actor, *, limit: int) -> tuple[list[Asked], int]:
    """The first ``limit`` requests that wait, and how many there are (as far as a lane is counted)."""
    moment = Moment(now=seen.at, day_ends=end_of_day(seen.at))
    lane = lanes(connection, actor, Field(), moment, (Lane.EXTENSION,), limit=limit)[Lane.EXTENSION]
    return [found for row in lane.rows if (found := _asked(seen, connection, actor, row)) is not None], lane.total


def _asked(seen: Visit, connection: Connection, actor: Actor, row: Any) -> Asked | None:
    found = CASES.find(connection, actor, row["number"], {})
    if found is None:
        return None
    view = shown_case(connection, actor, found, seen.at)
    every = [*view["extensions"], *(item for part in view.get("assisting", ()) for item in part["extensions"])]
    waiting = next((item for item in every if item["status"] is ExtensionStatus.PENDING), None)
    if waiting is None:
        return None
    offers, _ = offers_of(seen, connection, found, actor)
    offer = offer_of(offers, CommandKind.DECIDE_EXTENSION)
    holding = next((step for step in view.get("steps", ()) if step["key"] == waiting.get("step")), view)
    return Asked(row=row, extension=waiting, due_at=holding["due_at"], unit=holding["unit"], offer=offer)
