"""Interview files: which wait for me; convene, minutes, rectification, check (A9)."""

from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection

from api.command_table import INTERVIEW_COMMANDS, CommandLine
from api.house import house
from api.kinds import INTERVIEWS, file_events, shown_file
from api.problems import Problem, not_found, of_refusal
from api.schemas.discipline import InterviewsQuery
from db.queries.discipline import list_interviews
from domain.authority import Actor
from domain.errors import Refused
from domain.vocabulary import InterviewStatus
from web.casefile import Attempt, choices
from web.directory import directory
from web.giving import give
from web.happenings import Happenings, people_in
from web.offers import file_offers, offer_of
from web.page import Content, Visit, show, visit
from web.reading import asked
from web.routes.case import done, key_of
from web.session import read_form

router = APIRouter()

_LINES: Final[dict[str, CommandLine]] = {line.kind.value: line for line in INTERVIEW_COMMANDS}
_SHOWN_AGAIN: Final = frozenset({409, 422, 503})


@router.get("/interviews")
async def interviews(request: Request) -> Response:
    """The files that the reader may see, newest first."""
    seen, wanted = visit(request), asked(request, InterviewsQuery)

    def read(connection: Connection, actor: Actor) -> Content:
        return {
            "page": list_interviews(connection, actor, **wanted.model_dump()),
            "wanted": wanted,
            "statuses": list(InterviewStatus),
            "codes": directory(connection, seen.here, seen.words),
        }

    return await show(request, "interviews.html", read)


@router.get("/interviews/{file}")
async def interview(request: Request, file: str) -> Response:
    """One file."""
    return await _page(request, file)


@router.post("/interviews/{file}/{command}")
async def command(request: Request, file: str, command: str) -> Response:
    """Give a command on a file."""
    line = _LINES.get(command)
    if line is None:
        raise not_found()
    form = await read_form(house(request), request)
    values = dict(form)
    form.pop("back", "")
    try:
        await give(house(request), request, INTERVIEWS, file, line, form)
    except (Problem, Refused) as error:
        problem = of_refusal(error) if isinstance(error, Refused) else error
        if problem.status not in _SHOWN_AGAIN:
            raise
        return await _page(request, file, Attempt(kind=command, values=values, problem=problem))
    return RedirectResponse(f"/interviews/{file}?done={command}", 303)


async def _page(request: Request, file: str, attempt: Attempt | None = None) -> Response:
    seen = visit(request)
    status = attempt.problem.status if attempt else 200

    def read(connection: Connection, actor: Actor) -> Content:
        return _content(seen, connection, actor, file, attempt)

    return await show(request, "interview.html", read, status=status, key=key_of(attempt), done=done(request))


def _content(seen: Visit, connection: Connection, actor: Actor, file: str, attempt: Attempt | None) -> Content:
    found = INTERVIEWS.find(connection, actor, file, {})
    if found is None:
        raise not_found()
    events = file_events(connection, actor, found)
    codes = directory(connection, seen.here, seen.words, people_in(events))
    told = Happenings(seen.words, seen.times, codes.units, codes.people)
    offers = file_offers(found, actor, seen.at)
    main = offer_of(offers, attempt.kind) if attempt else next((item for item in offers if item.refused is None), None)
    return {
        "file": shown_file(found.value),
        "codes": codes,
        "timeline": told.timeline(events),
        "place": _place(events),
        "offers": offers,
        "main": main,
        "attempt": attempt,
        **choices(connection, actor, offers, codes, None),
    }


def _place(events: list[dict[str, object]]) -> str | None:
    """Where the talk is to be, as it was said last."""
    said = [event["data"].get("place") for event in events if isinstance(event["data"], dict)]
    named = [place for place in said if place]
    return str(named[-1]) if named else None
