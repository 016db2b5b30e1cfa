"""Notices: who was told what (D7)."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection

from api.auth import now
from api.house import house
from api.problems import not_found
from api.schemas.queries import NoticesQuery
from db.frontdesk.notices import mark_read
from db.queries.notices import is_addressed, list_notices
from domain.authority import Actor
from domain.vocabulary import DossierKind
from web.directory import directory
from web.happenings import Happenings
from web.page import Content, show, visit
from web.reading import asked
from web.session import local, read_form, signed_in

router = APIRouter()

_LONGEST_ID = 9


@router.get("/notices")
async def notices(request: Request) -> Response:
    """A page of the reader's notices, newest first."""
    seen, wanted = visit(request), asked(request, NoticesQuery)

    def read(connection: Connection, actor: Actor) -> Content:
        page = list_notices(connection, actor, unread=wanted.unread, cursor=wanted.cursor, limit=wanted.limit)
        codes = directory(connection, seen.here, seen.words, (row["data"].get("handler") for row in page.items))
        told = Happenings(seen.words, seen.times, codes.units, codes.people)
        return {
            "page": page,
            "only_unread": wanted.unread,
            "unread_ids": ",".join(str(row["id"]) for row in page.items if row["read_at"] is None),
            "happening": lambda row: told.sentence(
                row["type"], row["data"], applied=row["kind"] is DossierKind.SERVICE_REQUEST
            ),
        }

    return await show(request, "notices.html", read)


@router.post("/notices/read")
async def read_notices(request: Request) -> Response:
    """Mark what is named as read; on to the case, if that was asked for."""
    here = house(request)
    form = await read_form(here, request)
    token = signed_in(request)
    numbers = [_number(text) for text in form.get("notices", "").split(",") if text]

    def write(connection: Connection) -> None:
        actor = token.actor(connection)
        for number in numbers:
            if is_addressed(connection, actor, number):
                mark_read(connection, actor.username, number, now())

    await here.database.write(write)
    return RedirectResponse(local(form.get("next", "/notices"), "/notices"), 303)


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > _LONGEST_ID:
        raise not_found()
    return int(text)
