"""Administration: how things stand, and what was changed by whom."""

from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from api.auth import require_role
from api.schemas.people import LogQuery
from db.queries.administration import admin_log, standing
from domain.administration import READERS, Subject
from domain.authority import Actor
from domain.vocabulary import Role
from web.administering import Changes
from web.directory import directory
from web.navigation import admin_entries
from web.page import Content, Visit, show, visit
from web.reading import asked

router = APIRouter()

LATEST = 12


@router.get("/admin")
async def overview(request: Request) -> Response:
    """How things stand, and the latest changes; the log for whoever only reads that."""
    seen = visit(request)

    def read(connection: Connection, actor: Actor) -> Content:
        require_role(actor, *READERS)
        if Role.ADMINISTRATOR not in actor.roles:
            return {"stands": None, **_log(seen, connection, actor, LogQuery())}
        return {"stands": standing(connection), **_log(seen, connection, actor, LogQuery(limit=LATEST))}

    return await show(request, "admin.html", read)


@router.get("/admin/log")
async def log(request: Request) -> Response:
    """What was changed, newest first."""
    seen, wanted = visit(request), asked(request, LogQuery)

    def read(connection: Connection, actor: Actor) -> Content:
        require_role(actor, *READERS)
        return {"subjects": list(Subject), "wanted": wanted, **_log(seen, connection, actor, wanted)}

    return await show(request, "admin_log.html", read)


def _log(seen: Visit, connection: Connection, actor: Actor, wanted: LogQuery) -> Content:
    page = admin_log(connection, **wanted.model_dump())
    codes = directory(connection, seen.here, seen.words, _people(page.items))
    return {"tabs": admin_entries(actor), "page": page, "codes": codes, "told": Changes(seen, codes)}


def _people(entries: Any) -> Iterator[str]:
    for entry in entries:
        yield entry["actor"]
        if entry["subject"] is Subject.ACCOUNT:
            yield entry["name"]
