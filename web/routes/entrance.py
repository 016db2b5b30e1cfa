"""Coming in and going out: home, sign-in, sign-out, language."""

from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError
from sqlalchemy import Connection

from api.auth import address_of, now
from api.bodies import of_validation
from api.house import house
from api.problems import Problem
from api.routes.sessions import admit
from api.schemas.people import SessionIn
from db.frontdesk import sessions
from web.language import COOKIE, Language
from web.navigation import entries
from web.page import render, visit
from web.session import keep_cookie, local, read_form, sign_browser_in, sign_browser_out, signed_in

router = APIRouter()

_AGAIN = frozenset({"wrong_credentials", "too_many_attempts"})


@router.get("/")
async def home(request: Request) -> Response:
    """Everybody's first page is the first of their own."""
    identity = await house(request).database.read(signed_in(request).identify)
    return RedirectResponse(entries(identity.actor)[0].path, 303)


@router.get("/signin")
async def sign_in_page(request: Request) -> Response:
    """The form to sign in with."""
    return _form(request, wanted=local(request.query_params.get("next", "/")))


@router.post("/signin")
async def sign_in(request: Request) -> Response:
    """Open a session for this browser; back to where somebody wanted to go."""
    here = house(request)
    form = await read_form(here, request)
    wanted = local(form.get("next", "/"))
    username = form.get("username", "").strip()
    try:
        given = SessionIn.model_validate({"username": username, "password": form.get("password", "")})
        opened = await admit(here, address_of(request), given)
    except ValidationError as error:
        return _form(request, wanted=wanted, username=username, problem=of_validation(error))
    except Problem as problem:
        if problem.code not in _AGAIN:
            raise
        return _form(request, wanted=wanted, username=username, problem=problem)
    response = RedirectResponse(wanted, 303)
    sign_browser_in(request, response, opened.token, opened.expires_at)
    return response


@router.post("/signout")
async def sign_out(request: Request) -> Response:
    """The session ends at once, here and everywhere its token may be."""
    here = house(request)
    await read_form(here, request)
    token = signed_in(request)

    def close(connection: Connection) -> None:
        sessions.close_session(connection, token.digest, now())

    await here.database.write(close)
    response = RedirectResponse("/signin?" + urlencode({"left": "1"}), 303)
    sign_browser_out(response)
    return response


@router.get("/language/{chosen}")
async def choose_language(request: Request, chosen: str) -> Response:
    """The language of this browser from now on; back to the page where it was chosen."""
    response = RedirectResponse(local(request.query_params.get("back", "/")), 303)
    if chosen in set(Language):
        keep_cookie(request, response, COOKIE, chosen)
    return response


def _form(request: Request, *, wanted: str, username: str = "", problem: Problem | None = None) -> Response:
    content = {
        "wanted": wanted,
        "username": username,
        "problem": problem,
        "expired": "expired" in request.query_params,
        "left": "left" in request.query_params,
    }
    response = render(visit(request), "signin.html", content, status=problem.status if problem else 200)
    if problem is not None and "Retry-After" in problem.headers:
        response.headers["Retry-After"] = problem.headers["Retry-After"]
    return response
