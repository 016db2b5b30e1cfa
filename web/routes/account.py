"""The own account: password, where it is signed in, language (C7)."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection

from api.administration import own
from api.house import house
from api.problems import Fault, Problem
from api.schemas.people import OwnPassword
from domain.authority import Actor
from domain.errors import Refused
from web.administering import Sent, shown_again
from web.directory import directory
from web.page import Content, show, visit
from web.reading import checked
from web.session import read_form, signed_in

router = APIRouter()


@router.get("/account")
async def account(request: Request) -> Response:
    """The page."""
    return await _page(request, Sent())


@router.post("/account/password")
async def change_password(request: Request) -> Response:
    """A new password; every other session ends."""
    form = await read_form(house(request), request)
    given = {"old": form.get("old", ""), "new": form.get("new", "")}
    try:
        if form.get("again", "") != given["new"]:
            raise Problem(422, "passwords_differ", faults=(Fault("again", "passwords_differ"),))
        await own.change_password(request, checked(given, OwnPassword))
    except (Problem, Refused) as error:
        return await _page(request, Sent(form="password", problem=shown_again(error)))
    return RedirectResponse("/account?done=password", 303)


@router.post("/account/sessions/{id}/end")
async def end_session(request: Request, id: str) -> Response:
    """One of the own sessions ends; with this browser's own one goes, too."""
    await read_form(house(request), request)
    await own.end_session(request, id)
    return RedirectResponse("/account?done=session", 303)


async def _page(request: Request, sent: Sent) -> Response:
    seen, token = visit(request), signed_in(request)

    def read(connection: Connection, actor: Actor) -> Content:
        return {
            "me": actor,
            "sessions": own.own_sessions(connection, token),
            "codes": directory(connection, seen.here, seen.words),
            "done": request.query_params.get("done", ""),
        }

    status = sent.problem.status if sent.problem else 200
    return await show(request, "account.html", read, status=status, sent=sent)
