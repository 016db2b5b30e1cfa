"""Accounts and keys of machine clients: the administrator's (C9)."""

import asyncio
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from api.answers import answer, items
from api.auth import KEY_PREFIX, acting, bearer, digest, new_token, now, require_role
from api.bodies import body, query
from api.docs import described
from api.house import house
from api.problems import not_found
from api.schemas.people import AccountChange, AccountIn, KeyIn, PageQuery
from db.frontdesk import accounts
from domain.authority import Actor
from domain.vocabulary import Role

router = APIRouter(tags=["accounts"])


@router.get("/accounts", openapi_extra=described(query=PageQuery))
async def list_accounts(request: Request) -> Response:
    """All accounts, by username."""
    checked = query(request, PageQuery)

    def page(connection: Connection, actor: Actor) -> Response:
        require_role(actor, Role.ADMINISTRATOR)
        wanted = checked.demand()
        rows = accounts.accounts(connection, after=wanted.cursor, limit=wanted.limit)
        more = rows[-1]["username"] if len(rows) == wanted.limit else None
        return items(list(rows), next_cursor=more)

    return await house(request).database.read(acting(request, page))


@router.post("/accounts", status_code=201, openapi_extra=described(body=AccountIn))
async def add_account(request: Request) -> Response:
    """A new account."""
    here = house(request)
    bearer(request)
    checked = await body(request, AccountIn)
    await here.database.read(acting(request, lambda _, actor: require_role(actor, Role.ADMINISTRATOR)))
    wanted = checked.demand()
    hashed = await asyncio.to_thread(here.passwords.hash, wanted.password)
    values = {**wanted.model_dump(mode="json", exclude={"password"}), "password_hash": hashed}

    def write(connection: Connection, actor: Actor) -> Any:
        require_role(actor, Role.ADMINISTRATOR)
        accounts.add_account(connection, values, now())
        return accounts.account(connection, wanted.username)

    added = await here.database.write(acting(request, write))
    return answer(added, 201, headers={"Location": f"/api/v1/accounts/{wanted.username}"})


@router.get("/accounts/{username}", openapi_extra=described())
async def one_account(request: Request, username: str) -> Response:
    """One account."""

    def read(connection: Connection, actor: Actor) -> Response:
        require_role(actor, Role.ADMINISTRATOR)
        found = accounts.account(connection, username)
        if found is None:
            raise not_found()
        return answer(found)

    return await house(request).database.read(acting(request, read))


@router.patch("/accounts/{username}", openapi_extra=described(body=AccountChange))
async def change_account(request: Request, username: str) -> Response:
    """Change an account. Deactivated, its access ends at once; a new password ends its sessions."""
    here = house(request)
    bearer(request)
    checked = await body(request, AccountChange)

    def exists(connection: Connection, actor: Actor) -> None:
        require_role(actor, Role.ADMINISTRATOR)
        if accounts.account(connection, username) is None:
            raise not_found()

    await here.database.read(acting(request, exists))
    changes = checked.demand().model_dump(mode="json", exclude_none=True)
    password = changes.pop("password", None)
    if password is not None:
        changes["password_hash"] = await asyncio.to_thread(here.passwords.hash, password)

    def write(connection: Connection, actor: Actor) -> Any:
        exists(connection, actor)
        accounts.change_account(connection, username, changes, now())
        return accounts.account(connection, username)

    return answer(await here.database.write(acting(request, write)))


@router.get("/api-keys", openapi_extra=described())
async def list_keys(request: Request) -> Response:
    """The keys that count. What was handed out is shown once only, when a key is made."""

    def read(connection: Connection, actor: Actor) -> Response:
        require_role(actor, Role.ADMINISTRATOR)
        return items(list(accounts.keys(connection)))

    return await house(request).database.read(acting(request, read))


@router.post("/api-keys", status_code=201, openapi_extra=described(body=KeyIn))
async def add_key(request: Request) -> Response:
    """A new key, shown in this answer and never again."""
    here = house(request)
    bearer(request)
    checked = await body(request, KeyIn)
    await here.database.read(acting(request, lambda _, actor: require_role(actor, Role.ADMINISTRATOR)))
    wanted = checked.demand()
    key = new_token(KEY_PREFIX)
    values = {**wanted.model_dump(mode="json"), "username": f"key:{wanted.name}", "key_hash": digest(key)}

    def write(connection: Connection, actor: Actor) -> None:
        require_role(actor, Role.ADMINISTRATOR)
        accounts.add_key(connection, values, now())

    await here.database.write(acting(request, write))
    return answer({"name": wanted.name, "unit": wanted.unit, "roles": wanted.roles, "key": key}, 201)


@router.delete("/api-keys/{name}", status_code=204, openapi_extra=described())
async def revoke_key(request: Request, name: str) -> Response:
    """The key ends at once."""

    def write(connection: Connection, actor: Actor) -> bool:
        require_role(actor, Role.ADMINISTRATOR)
        return accounts.revoke_key(connection, name, now())

    if not await house(request).database.write(acting(request, write)):
        raise not_found()
    return Response(status_code=204)
