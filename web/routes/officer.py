"""A grid officer's own pages on the phone: what is near me to do, and what became of my reports (D4, A12)."""

from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from db.queries.officer import done_again, one_report, own_reports, to_verify, under_way
from domain.authority import Actor
from web.directory import directory
from web.officer import require_officer, shell_version, tasks
from web.page import Content, Visit, show, visit
from web.routes.case import done

router = APIRouter()

_ROWS: Final = 30
_LONGEST: Final = 40


@router.get("/officer")
async def home(request: Request) -> Response:
    """What is to be done first, and what waits on this phone."""
    seen = visit(request)

    def read(connection: Connection, actor: Actor) -> Content:
        require_officer(actor)
        codes = directory(connection, seen.here, seen.words)
        sent = request.query_params.get("sent", "")[:_LONGEST]
        return {
            "own_grids": [codes.grid(code) for code in sorted(actor.grids)],
            "verifying": tasks(to_verify(connection, actor, seen.at, _ROWS)),
            "again": tasks(done_again(connection, actor, seen.at, _ROWS)),
            "near": tasks(under_way(connection, actor, seen.at, _ROWS)),
            "sent": one_report(connection, actor, sent, seen.at) if sent else None,
            "codes": codes,
            "shell": shell_address(seen, codes.grids),
        }

    of = request.query_params.get("of", "")[:_LONGEST]
    lost = request.query_params.get("photos", "")[:_LONGEST]
    return await show(request, "officer.html", read, done=done(request), of=of, photos_refused=lost)


@router.get("/officer/reports")
async def reports(request: Request) -> Response:
    """My reports, newest first, with what became of each."""
    seen = visit(request)
    cursor = request.query_params.get("cursor") or None

    def read(connection: Connection, actor: Actor) -> Content:
        require_officer(actor)
        page = own_reports(connection, actor, seen.at, cursor=cursor, limit=_ROWS)
        codes = directory(connection, seen.here, seen.words)
        return {
            "reports": tasks(page.items),
            "more": "/officer/reports?" + urlencode({"cursor": page.next_cursor}) if page.next_cursor else None,
            "first": cursor is None,
            "codes": codes,
            "shell": shell_address(seen, codes.grids),
        }

    return await show(request, "officer_reports.html", read)


def shell_address(seen: Visit, grids: dict[str, str]) -> str:
    """Where the form is to be had that a phone keeps for when it is offline, in its present version."""
    return f"/officer/offline?v={shell_version(seen, grids)}"
