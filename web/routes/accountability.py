"""Accountability files: opened on a case by the centre; findings, decision, closure by the officers (A10)."""

from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection

from api.accountable import OPENING, Opening, hold_accountable
from api.auth import now
from api.command_table import ACCOUNTABILITY_COMMANDS, CommandLine
from api.house import house
from api.kinds import ACCOUNTABILITY, file_events, shown_file
from api.problems import Problem, not_found, of_refusal
from api.schemas.discipline import AccountabilityIn, AccountabilityQuery
from db.queries.discipline import list_accountability
from domain.authority import Actor
from domain.errors import Refused
from domain.vocabulary import AccountabilityStatus, DecisionFor, EventType
from web.accountable import accountability_offers
from web.casefile import Attempt, choices
from web.directory import directory
from web.giving import give
from web.happenings import Happenings, people_in
from web.offers import offer_of
from web.page import Content, Visit, show, visit
from web.reading import asked, filled_in
from web.routes.case import case_page, done, key_of
from web.session import read_form, signed_in

router = APIRouter()

_LINES: Final[dict[str, CommandLine]] = {line.kind.value: line for line in ACCOUNTABILITY_COMMANDS}
_SHOWN_AGAIN: Final = frozenset({409, 422, 503})


@router.post(f"/cases/{{number}}/{OPENING.kind}")
async def open_file(request: Request, number: str) -> Response:
    """Open a file on the case; on to it, or the case's page again with what is wrong."""
    here = house(request)
    form = await read_form(here, request)
    values, key = dict(form), form.pop("key", "")
    opening = Opening(
        token=signed_in(request),
        number=number,
        checked=filled_in(form, AccountabilityIn),
        key=lambda: key or None,
        at=now(),
    )
    try:
        opened = await hold_accountable(here, opening)
    except (Problem, Refused) as error:
        return await case_page(request, number, _attempt(error, OPENING.kind, values))
    return RedirectResponse(f"/accountability/{opened}?done={OPENING.kind}", 303)


@router.get("/accountability")
async def files(request: Request) -> Response:
    """The files that the reader may see, newest first."""
    seen, wanted = visit(request), asked(request, AccountabilityQuery)

    def read(connection: Connection, actor: Actor) -> Content:
        return {
            "page": list_accountability(connection, actor, **wanted.model_dump()),
            "wanted": wanted,
            "statuses": list(AccountabilityStatus),
            "codes": directory(connection, seen.here, seen.words),
        }

    return await show(request, "accountability_files.html", read)


@router.get("/accountability/{file}")
async def one_file(request: Request, file: str) -> Response:
    """One file."""
    return await _page(request, file)


@router.post("/accountability/{file}/{command}")
async def command(request: Request, file: str, command: str) -> Response:
    """Give a command on a file."""
    line = _LINES.get(command)
    if line is None:
        raise not_found()
    form = await read_form(house(request), request)
    values = dict(form)
    try:
        await give(house(request), request, ACCOUNTABILITY, file, line, form)
    except (Problem, Refused) as error:
        return await _page(request, file, _attempt(error, command, values))
    return RedirectResponse(f"/accountability/{file}?done={command}", 303)


def _attempt(error: Problem | Refused, kind: str, values: dict[str, str]) -> Attempt:
    """What is shown again. Raises the error for which nothing is."""
    problem = of_refusal(error) if isinstance(error, Refused) else error
    if problem.status not in _SHOWN_AGAIN:
        raise error
    return Attempt(kind=kind, values=values, problem=problem)


async def _page(request: Request, file: str, attempt: Attempt | None = None) -> Response:
    seen = visit(request)
    status = attempt.problem.status if attempt else 200

    def read(connection: Connection, actor: Actor) -> Content:
        return _content(seen, connection, actor, file, attempt)

    return await show(request, "accountability.html", read, status=status, key=key_of(attempt), done=done(request))


def _content(seen: Visit, connection: Connection, actor: Actor, file: str, attempt: Attempt | None) -> Content:
    found = ACCOUNTABILITY.find(connection, actor, file, {})
    if found is None:
        raise not_found()
    events = file_events(connection, actor, found)
    codes = directory(connection, seen.here, seen.words, people_in(events))
    told = Happenings(seen.words, seen.times, codes.units, codes.people)
    offers = accountability_offers(seen, found, actor)
    furthest = next((offer for offer in reversed(offers) if offer.refused is None), None)
    return {
        "file": shown_file(found.value),
        "codes": codes,
        "timeline": told.timeline(events),
        "decisions": _decisions(events),
        "word_of_target": {whom.value: seen.words.word(whom) for whom in DecisionFor},
        "offers": offers,
        "main": offer_of(offers, attempt.kind) if attempt else furthest,
        "attempt": attempt,
        **choices(connection, actor, offers, codes, None),
    }


def _decisions(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The decisions, oldest first: when, for whom, and which measure, for those who may read it."""
    return [
        {"at": event["at"], "whom": event["data"]["for"], "measure": event["data"].get("measure")}
        for event in events
        if event["type"] is EventType.DECIDED
    ]
