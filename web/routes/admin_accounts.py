"""Accounts and keys of machine clients: found, added, changed (C9). What is done is done by the API's own functions."""

from typing import Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection

from api.administration import accounts as keeping
from api.house import house
from api.problems import Problem
from api.routes.accounts import accounts_page
from api.schemas.people import AccountChange, AccountIn, AccountsQuery, KeyIn, LogQuery
from db.frontdesk import accounts
from db.queries.administration import admin_log
from domain.administration import Subject
from domain.authority import Actor
from domain.errors import Refused
from domain.vocabulary import Role
from web.administering import Changes, Sent, administration, shown_again
from web.directory import directory
from web.page import Content, visit
from web.reading import asked, checked, ticked
from web.session import Form, read_form

router = APIRouter()

ROWS = 50
_LATEST = 8


@router.get("/admin/accounts")
async def list_accounts(request: Request) -> Response:
    """Accounts by username, as they are sought."""
    seen, wanted = visit(request), asked(request, AccountsQuery)
    if "limit" not in request.query_params:
        wanted = wanted.model_copy(update={"limit": ROWS})

    def read(connection: Connection, actor: Actor) -> Content:
        rows, more = accounts_page(connection, wanted)
        kept = {
            name: value for name, value in wanted.model_dump(exclude={"cursor", "limit"}).items() if value is not None
        }
        plain = {name: str(value).lower() if isinstance(value, bool) else value for name, value in kept.items()}
        return {
            "rows": rows,
            "more": "/admin/accounts?" + urlencode({**plain, "cursor": more}) if more else None,
            "narrowed": bool(kept),
            "wanted": wanted,
            "roles": list(Role),
            "codes": directory(connection, seen.here, seen.words),
        }

    return await administration(request, "admin_accounts.html", read, Sent())


@router.get("/admin/new-account")
async def new_account(request: Request) -> Response:
    """The empty form."""
    return await _new(request, Sent())


@router.post("/admin/new-account")
async def add_account(request: Request) -> Response:
    """Add it, and show the password that was made, once."""
    form = await read_form(house(request), request)
    try:
        given = await keeping.add_account(request, checked(_body(form, AccountIn), AccountIn))
    except (Problem, Refused) as error:
        return await _new(request, Sent(values=form, problem=shown_again(error)))
    return await _one(request, given.account["username"], secret=given.password, added=True)


@router.get("/admin/accounts/{username}")
async def one_account(request: Request, username: str) -> Response:
    """One account, and what was done with it."""
    return await _one(request, username)


@router.post("/admin/accounts/{username}")
async def change_account(request: Request, username: str) -> Response:
    """Change name, unit and roles; or switch it off and on."""
    form = await read_form(house(request), request)
    which = form.pop("form", "")
    try:
        await keeping.change_account(request, username, checked(_body(form, AccountChange), AccountChange))
    except (Problem, Refused) as error:
        return await _one(request, username, Sent(form=which, values=form, problem=shown_again(error)))
    return RedirectResponse(f"/admin/accounts/{quote(username)}?done=1", 303)


@router.post("/admin/accounts/{username}/password")
async def reset_password(request: Request, username: str) -> Response:
    """A new password, shown once."""
    await read_form(house(request), request)
    given = await keeping.reset_password(request, username)
    return await _one(request, username, secret=given.password)


@router.get("/admin/keys")
async def keys(request: Request) -> Response:
    """The keys that count."""
    return await _keys(request, Sent())


@router.post("/admin/keys")
async def add_key(request: Request) -> Response:
    """A new key, shown once."""
    form = await read_form(house(request), request)
    try:
        made = await keeping.add_key(request, checked(_body(form, KeyIn), KeyIn))
    except (Problem, Refused) as error:
        return await _keys(request, Sent(values=form, problem=shown_again(error)))
    return await _keys(request, Sent(), made=made)


@router.post("/admin/keys/{name}/revocation")
async def revoke_key(request: Request, name: str) -> Response:
    """The key ends at once."""
    await read_form(house(request), request)
    await keeping.revoke_key(request, name)
    return RedirectResponse("/admin/keys?done=1", 303)


async def _new(request: Request, sent: Sent) -> Response:
    seen = visit(request)

    def read(connection: Connection, actor: Actor) -> Content:
        return {"roles": list(Role), "codes": directory(connection, seen.here, seen.words)}

    return await administration(request, "admin_account_new.html", read, sent)


async def _one(
    request: Request, username: str, sent: Sent | None = None, *, secret: str | None = None, added: bool = False
) -> Response:
    seen = visit(request)

    def read(connection: Connection, actor: Actor) -> Content:
        page = admin_log(connection, subject=Subject.ACCOUNT, name=username, limit=_LATEST)
        codes = directory(connection, seen.here, seen.words, (entry["actor"] for entry in page.items))
        return {
            "account": keeping.found_account(connection, username),
            "own": username == actor.username,
            "roles": list(Role),
            "codes": codes,
            "page": page,
            "told": Changes(seen, codes),
            "done": "done" in request.query_params,
            "wanted": LogQuery(),
        }

    return await administration(request, "admin_account.html", read, sent or Sent(), secret=secret, added=added)


async def _keys(request: Request, sent: Sent, made: keeping.Key | None = None) -> Response:
    seen = visit(request)

    def read(connection: Connection, actor: Actor) -> Content:
        return {
            "rows": accounts.keys(connection),
            "roles": list(Role),
            "codes": directory(connection, seen.here, seen.words),
            "done": "done" in request.query_params,
        }

    return await administration(request, "admin_keys.html", read, sent, made=made)


def _body(form: Form, schema: type[Any]) -> dict[str, Any]:
    """The fields of the form that the contract knows; a list of boxes counts also when none is ticked."""
    read: dict[str, Any] = {
        name: value for name, value in form.items() if name in schema.model_fields and name != "password"
    }
    if any(name.startswith("roles.") for name in form):
        read["roles"] = ticked(form, "roles")
    return read
