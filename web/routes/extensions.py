"""Extensions that wait for the centre's decision, each with this unit's record (A6)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from api.holding_view import Texts, extension_view
from api.kinds import CASES
from db.queries.board import Field, Lane, Moment, lanes
from db.queries.events import command_texts
from db.queries.extensions import extension_record
from domain.authority import Actor
from domain.case import Case
from domain.holding.commands import holdings
from domain.holding.state import Holding
from domain.holding.values import Extension
from domain.service.request import ServiceRequest
from domain.visibility import reads_text
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
    cases = CASES.find_all(connection, actor, [row["number"] for row in lane.rows])
    pending = {number: found for number, case in cases.items() if (found := _pending(case.value)) is not None}
    told = [extension.command for _, extension in pending.values()] if reads_text(actor) else []
    texts = command_texts(connection, told)
    asked = []
    for row in lane.rows:
        if row["number"] in pending:
            offers = offers_of(seen, connection, cases[row["number"]], actor, CommandKind.DECIDE_EXTENSION)
            asked.append(_asked(row, *pending[row["number"]], texts, offers))
    return asked, lane.total


def _pending(case: Case | ServiceRequest) -> tuple[Holding, Extension] | None:
    """The first extension that waits, and the holding that it is of."""
    every = ((holding, item) for holding in holdings(case) for item in holding.extensions)
    return next(((holding, item) for holding, item in every if item.status is ExtensionStatus.PENDING), None)


def _asked(row: Any, holding: Holding, extension: Extension, texts: Texts, offers: list[Offer]) -> Asked:
    return Asked(
        row=row,
        extension=extension_view(extension, texts),
        due_at=holding.promise.due_at if holding.promise else row["due_at"],
        unit=holding.unit,
        offer=offer_of(offers, CommandKind.DECIDE_EXTENSION),
    )
