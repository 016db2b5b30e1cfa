"""The page of a case: where it is, who holds it, until when and why; and the commands that are mine (D1, D2)."""

from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection

from api.command_table import CASE_COMMANDS, CommandLine
from api.house import house
from api.kinds import CASES
from api.problems import Problem, not_found, of_refusal
from domain.authority import Actor
from domain.errors import Refused
from domain.vocabulary import CommandKind
from web.casefile import Attempt, case_content
from web.forms import FORMS
from web.giving import fresh_key, give
from web.multipart import read_form_with_files
from web.page import Content, fragment, show, visit
from web.photos import NOT_KEPT, photos_of
from web.request_forms import ONLY_REQUESTS
from web.session import local

router = APIRouter()

_LINES: Final[dict[str, CommandLine]] = {
    line.kind.value: line for line in CASE_COMMANDS if line.kind in (*FORMS, *ONLY_REQUESTS)
}
_SHOWN_AGAIN: Final = frozenset({409, 413, 415, 422, 503})


@router.get("/cases/{number}")
async def one_case(request: Request, number: str) -> Response:
    """The whole page."""
    return await case_page(request, number)


@router.get("/cases/{number}/state")
async def case_state(request: Request, number: str) -> Response:
    """What of it changes by itself. The forms stay as they are: somebody may be typing."""
    seen = visit(request)
    return await fragment(
        request,
        "parts/case_news.html",
        lambda connection, actor: case_content(seen, connection, actor, number),
    )


@router.post("/cases/{number}/{command}")
async def command(request: Request, number: str, command: str) -> Response:
    """Give a command; back to where it was given, or the form again with what is wrong."""
    line = _LINES.get(command)
    if line is None:
        raise not_found()
    here = house(request)
    form, files = await read_form_with_files(here, request)
    back, values = local(form.pop("back", ""), ""), dict(form)
    try:
        async with photos_of(here, request, number, files) as photos:
            await give(here, request, CASES, number, line, form)
            kept = await photos.keep(values.get("key", ""), line.kind)
    except (Problem, Refused) as error:
        problem = of_refusal(error) if isinstance(error, Refused) else error
        if problem.status not in _SHOWN_AGAIN:
            raise
        attempt = Attempt(kind=command, values=values, problem=problem, photos=bool(files))
        return await case_page(request, number, attempt)
    target = back or f"/cases/{number}"
    joint = "&" if "?" in target else "?"
    said = {"done": command, "of": number} | ({} if kept else {"photos": NOT_KEPT})
    return RedirectResponse(f"{target}{joint}{urlencode(said)}", 303)


async def case_page(request: Request, number: str, attempt: Attempt | None = None) -> Response:
    seen = visit(request)

    def read(connection: Connection, actor: Actor) -> Content:
        return case_content(seen, connection, actor, number, attempt)

    status = attempt.problem.status if attempt else 200
    return await show(
        request, "case.html", read, status=status, key=key_of(attempt), done=done(request), **_told(request)
    )


def _told(request: Request) -> Content:
    """What the address says of photos: how many were added, or that those of a command could not be kept."""
    added = request.query_params.get("added", "")
    counted = added.isascii() and added.isdigit() and len(added) <= 2
    return {"added": int(added) if counted else 0, "photos_lost": request.query_params.get("photos") == NOT_KEPT}


def key_of(attempt: Attempt | None) -> str:
    """A fresh key; the same one when nobody knows whether it was carried out: then it surely counts once."""
    if attempt and attempt.problem.status >= 500:
        key = attempt.values.get("key", "")
        return (key.partition(f"-{attempt.kind}")[0] if attempt.kind else key) or fresh_key()
    return fresh_key()


def done(request: Request) -> CommandKind | None:
    """The command that was just carried out, if the address says so."""
    named = request.query_params.get("done", "")
    return CommandKind(named) if named in set(CommandKind) else None
