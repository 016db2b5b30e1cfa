"""The work list of a unit: what must be answered now, what next (D2)."""

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from db.queries.board import Field, Lane, Moment, first_words, lanes
from domain.authority import Actor
from domain.case import Case
from domain.holding.state import Holding
from domain.service.request import ServiceRequest
from domain.vocabulary import CommandKind
from domain.worktime import end_of_day
from web.casefile import choices, find, offers_of
from web.directory import directory
from web.filterwords import LANES as BOARD_LANES
from web.giving import fresh_key
from web.language import mark
from web.page import Content, Visit, fragment, show, visit
from web.routes.case import done
from web.steplist import own_steps, step_name

router = APIRouter()

LANES: Final = (Lane.DANGER, Lane.UNANSWERED, Lane.RED, Lane.TODAY, Lane.LATER, Lane.PAUSED)
ROWS: Final = 50
_OWN: Final = mark("待响应")


@router.get("/work")
async def work(request: Request) -> Response:
    """The list; with ``answer=NUMBER`` the form that answers this case on the same screen."""
    seen = visit(request)

    def read(connection: Connection, actor: Actor) -> Content:
        content = _content(seen, connection, actor)
        return {**content, **_answering(seen, connection, actor, request.query_params)}

    return await show(request, "work.html", read, key=fresh_key(), done=done(request), back="/work")


@router.get("/work-lanes")
async def work_lanes(request: Request) -> Response:
    """What of it changes."""
    seen = visit(request)
    return await fragment(request, "parts/work.html", lambda connection, actor: _content(seen, connection, actor))


def _content(seen: Visit, connection: Connection, actor: Actor) -> Content:
    moment = Moment(now=seen.at, day_ends=end_of_day(seen.at))
    filled = lanes(connection, actor, Field(unit=actor.unit, leads=True), moment, LANES, limit=ROWS)
    steps = own_steps(seen, connection, actor, moment)
    people = {row["handler"] for lane in filled.values() for row in lane.rows}
    people |= {step.handler for lane in steps.values() for step in lane}
    return {
        "lanes": filled,
        "steps": steps,
        "names": {**BOARD_LANES, Lane.UNANSWERED: _OWN},
        "codes": directory(connection, seen.here, seen.words, people),
        "unit": actor.unit,
    }


def _answering(seen: Visit, connection: Connection, actor: Actor, asked: Mapping[str, str]) -> Content:
    """The case that is answered, and its form; nothing when it cannot be answered (any more)."""
    nothing: Content = {"answering": None, "offer": None, "told": None}
    number, step = asked.get("answer", ""), asked.get("step") or None
    if not number:
        return nothing
    found = find(connection, actor, number)
    offers = offers_of(seen, connection, found, actor)
    possible = [each for each in offers if each.kind is CommandKind.ACKNOWLEDGE and each.refused is None]
    offer = next((each for each in possible if step in (None, each.step)), None)
    if offer is None:
        return nothing
    codes = directory(connection, seen.here, seen.words)
    return {
        "answering": _answered(seen, found.value, actor, offer.step),
        "told": first_words(connection, actor, [number]).get(number),
        "offer": offer,
        **choices(connection, actor, [offer], codes, found.value),
    }


def _answered(seen: Visit, case: Case | ServiceRequest, actor: Actor, step: str | None) -> Content:
    """What is said of the case, or of the step of a request, beside the form that answers it."""
    request = case if isinstance(case, ServiceRequest) else None
    if isinstance(case, Case):
        part = next((each for each in case.parts if each.unit == actor.unit and not each.finished), None)
    else:
        part = next((each for each in case.open_parts if each.key == step), None)
    holding = part or case
    return {
        "number": case.number,
        "category": None if request else getattr(case, "category", None),
        "item": request.item if request else None,
        "step": step_name(seen, request.item, step) if request and step else None,
        "ack_by": holding.ack.ack_by if isinstance(holding, Holding) and holding.ack else None,
        "due_at": holding.promise.due_at if holding.promise else None,
        "grid": case.grid,
        "received_at": case.received_at,
    }
