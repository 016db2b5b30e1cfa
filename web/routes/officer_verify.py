"""Looking whether a reported matter is solved: what the unit says, and the officer's answer with photos (A12, D4)."""

from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection

from api.auth import of_cookie
from api.command_table import CASE_COMMANDS
from api.house import house
from api.kinds import CASES, case_events, shown_case
from api.problems import Problem, not_found, of_refusal
from domain.authority import Actor
from domain.case import Case
from domain.errors import Refused
from domain.vocabulary import CommandKind, EventType
from web.casefile import Attempt, choices, find, offers_of
from web.directory import directory
from web.giving import give
from web.multipart import read_form_with_files
from web.offers import offer_of
from web.officer import require_officer
from web.page import Content, Visit, show, visit
from web.photos import NOT_KEPT, photos_of, strip_of
from web.routes.case import key_of
from web.routes.officer import shell_address

router = APIRouter()

_LINE: Final = next(line for line in CASE_COMMANDS if line.kind is CommandKind.VERIFY)
_SHOWN_AGAIN: Final = frozenset({409, 413, 415, 422, 503})


@router.get("/officer/verifications/{number}")
async def verification(request: Request, number: str) -> Response:
    """What was reported, what the unit says, and the form."""
    return await _page(request, number, None)


@router.post("/officer/verifications/{number}")
async def verify(request: Request, number: str) -> Response:
    """Give the answer and attach its photos; the form again with what is wrong."""
    here = house(request)
    await here.database.read(lambda connection: require_officer(of_cookie(request).actor(connection)))
    form, sent = await read_form_with_files(here, request)
    values = dict(form)
    try:
        async with photos_of(here, request, number, sent) as photos:
            await give(here, request, CASES, number, _LINE, form)
            kept = await photos.keep(values.get("key", ""), _LINE.kind)
    except (Problem, Refused) as error:
        problem = of_refusal(error) if isinstance(error, Refused) else error
        if problem.status not in _SHOWN_AGAIN:
            raise
        return await _page(request, number, Attempt(kind=_LINE.kind.value, values=values, problem=problem))
    told = {"done": _LINE.kind.value, "of": number} | ({} if kept else {"photos": NOT_KEPT})
    return RedirectResponse(f"/officer?{urlencode(told)}", 303)


async def _page(request: Request, number: str, attempt: Attempt | None) -> Response:
    seen = visit(request)

    def read(connection: Connection, actor: Actor) -> Content:
        require_officer(actor)
        return _content(seen, connection, actor, number)

    status = attempt.problem.status if attempt else 200
    return await show(request, "officer_verify.html", read, status=status, key=key_of(attempt), attempt=attempt)


def _content(seen: Visit, connection: Connection, actor: Actor, number: str) -> Content:
    found = find(connection, actor, number)
    if not isinstance(found.value, Case):
        raise not_found()
    view = shown_case(connection, actor, found, seen.at)
    offers = offers_of(seen, connection, found, actor)
    codes = directory(connection, seen.here, seen.words, [file["by"] for file in view.get("attachments", ())])
    events: list[dict[str, Any]] = case_events(connection, actor, found)
    finished = next((event for event in reversed(events) if event["type"] == EventType.COMPLETED), None)
    return {
        "case": view,
        "strip_of_photos": strip_of(seen, view, codes),
        "finished": finished,
        "offer": offer_of(offers, _LINE.kind.value),
        "codes": codes,
        "shell": shell_address(seen, codes.grids),
        **choices(connection, actor, offers, codes, found.value),
    }
