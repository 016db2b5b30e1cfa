"""A report by a grid officer: photos, place, category, words; danger stops it first (A1, A11, D4).

A browser with script sends it by way of the phone's outbox (``web.routes.outbox``), one without as a plain form.
"""

from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection

from api.auth import of_cookie
from api.house import house
from api.problems import Problem, of_refusal
from api.routes.incidents import take
from api.schemas.incidents import IncidentIn
from domain.authority import Actor
from domain.errors import Refused
from web.brought import attached, looked_at
from web.casefile import Attempt
from web.giving import fresh_key
from web.multipart import read_form_with_files
from web.officer import YES, completed, dangerous, report_content, report_of, require_officer
from web.page import Content, show, visit
from web.reading import checked
from web.routes.case import key_of
from web.routes.officer import shell_address
from web.session import Form

router = APIRouter()

_SHOWN_AGAIN: Final = frozenset({409, 413, 415, 422, 503})


@router.get("/officer/report")
async def report_form(request: Request) -> Response:
    """The empty form."""
    return await _page(request, {}, None, stopped=False)


@router.post("/officer/report")
async def take_report(request: Request) -> Response:
    """Take the report and its photos; the form again with what is wrong, or with the telephone first."""
    here = house(request)
    await here.database.read(lambda connection: require_officer(of_cookie(request).actor(connection)))
    form, sent = await read_form_with_files(here, request)
    if dangerous(here.rulebook, form) and form.get("called") != YES:
        return await _page(request, completed(visit(request), form), None, stopped=True)
    key = form.get("key", "")
    try:
        photos = looked_at(here, sent)
        taken = await take(request, checked(report_of(form), IncidentIn), lambda: key or None)
    except (Problem, Refused) as error:
        problem = of_refusal(error) if isinstance(error, Refused) else error
        if problem.status not in _SHOWN_AGAIN:
            raise
        return await _page(request, form, Attempt(kind="", values=form, problem=problem), stopped=False)
    refused = await attached(request, taken.case.number, photos, key)
    told = {"sent": taken.case.number} | ({"photos": refused} if refused else {})
    return RedirectResponse(f"/officer?{urlencode(told)}", 303)


async def _page(request: Request, form: Form, attempt: Attempt | None, *, stopped: bool) -> Response:
    seen = visit(request)

    def read(connection: Connection, actor: Actor) -> Content:
        require_officer(actor)
        content = report_content(seen, connection, actor)
        own = content["own_grids"]
        return {
            **content,
            "values": form or {"grid": next(iter(own), "")},
            "faults": attempt.faults if attempt else {},
            "attempt": attempt,
            "stopped": stopped,
            "shell": shell_address(seen, content["grids"]),
        }

    status = attempt.problem.status if attempt else (422 if stopped else 200)
    key = form.get("key") or fresh_key() if stopped else key_of(attempt)
    return await show(request, "officer_report.html", read, status=status, key=key)
