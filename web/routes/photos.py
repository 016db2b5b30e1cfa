"""The photos of a case: one at its full size, and a form that adds some (A1, A13)."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection

from api.house import house
from api.kinds import shown_case
from api.problems import Fault, Problem, invalid, not_found, of_refusal
from domain.authority import Actor
from domain.errors import Refused
from web.casefile import Attempt, case_content, find
from web.directory import directory
from web.giving import fresh_key
from web.multipart import read_form_with_files
from web.page import Content, Visit, show, visit
from web.photos import photos_of, strip_of

router = APIRouter()

ADDED = "photos"
"""Kind of the form that adds photos, beside those of commands."""


@router.get("/cases/{number}/photos/{photo}")
async def one_photo(request: Request, number: str, photo: str) -> Response:
    """One photo as large as the window, with those before and after it."""
    seen = visit(request)
    return await show(
        request,
        "photo.html",
        lambda connection, actor: _content(seen, connection, actor, number, photo),
    )


@router.post("/cases/{number}/photos")
async def add(request: Request, number: str) -> Response:
    """Add photos to a case; back to its page, or the page again with what is wrong."""
    here = house(request)
    form, files = await read_form_with_files(here, request)
    try:
        if not files:
            raise invalid(Fault("photos", "file_missing"))
        async with photos_of(here, request, number, files) as photos:
            await photos.add(form.get("key", ""))
    except (Problem, Refused) as error:
        problem = of_refusal(error) if isinstance(error, Refused) else error
        if problem.status not in {409, 413, 415, 422}:
            raise
        return await _again(request, number, problem)
    return RedirectResponse(f"/cases/{number}?added={len(files)}#photos", 303)


async def _again(request: Request, number: str, problem: Problem) -> Response:
    seen, attempt = visit(request), Attempt(kind=ADDED, values={}, problem=problem)

    def read(connection: Connection, actor: Actor) -> Content:
        return {**case_content(seen, connection, actor, number), "attempt": attempt, "added": 0, "photos_lost": False}

    return await show(request, "case.html", read, status=problem.status, key=fresh_key(), done=None)


def _content(seen: Visit, connection: Connection, actor: Actor, number: str, photo: str) -> Content:
    found = find(connection, actor, number)
    view = shown_case(connection, actor, found, seen.at)
    senders = [file["by"] for file in view.get("attachments", ())]
    codes = directory(connection, seen.here, seen.words, senders)
    pictures: list[dict[str, Any]] = [file for file in strip_of(seen, view, codes) if file["picture"]]
    place = next((place for place, file in enumerate(pictures) if file["id"] == photo), None)
    if place is None:
        raise not_found()
    return {
        "case": view,
        "codes": codes,
        "photo": pictures[place],
        "place": place + 1,
        "total": len(pictures),
        "before": pictures[place - 1] if place else None,
        "after": pictures[place + 1] if place + 1 < len(pictures) else None,
    }
