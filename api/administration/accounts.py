"""Accounts and keys of machine clients, changed (C9). Routes and pages call the same functions."""

import asyncio
import secrets
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from fastapi import Request
from sqlalchemy import Connection

from api.administration.base import administered, administrator_asks
from api.auth import KEY_PREFIX, digest, new_token, now
from api.bodies import Checked
from api.house import house
from api.problems import not_found
from api.schemas.people import AccountChange, AccountIn, KeyIn
from db.frontdesk import accounts
from domain.authority import Actor

MADE_LENGTH: Final = 14
_EASY_TO_READ: Final = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without what is mistaken for something else when it is copied from a screen."""


class Given(NamedTuple):
    """An account after a change; ``password`` only when the house made one: it is kept nowhere."""

    account: Mapping[str, Any]
    password: str | None


class Key(NamedTuple):
    """A new key of a machine client, as it is handed out once."""

    name: str
    unit: str
    roles: list[str]
    key: str


def made_password() -> str:
    """A password of some eighty random bits, to be read from a screen and typed."""
    return "".join(secrets.choice(_EASY_TO_READ) for _ in range(MADE_LENGTH))


async def add_account(request: Request, checked: Checked[AccountIn]) -> Given:
    """A new account. Raises Conflict("username_taken") among others."""
    await administrator_asks(request)
    wanted = checked.demand()
    made = made_password() if wanted.password is None else None
    hashed = await asyncio.to_thread(house(request).passwords.hash, wanted.password or made or "")
    values = {**wanted.model_dump(mode="json", exclude={"password"}), "password_hash": hashed}

    def write(connection: Connection, actor: Actor) -> Mapping[str, Any]:
        accounts.add_account(connection, actor.username, values, now())
        return found_account(connection, wanted.username)

    return Given(await administered(request, write), made)


async def change_account(request: Request, username: str, checked: Checked[AccountChange]) -> Given:
    """Change an account. Deactivated, its access ends at once; a new password ends its sessions.

    Raises Conflict("last_administrator") among others.
    """
    await administrator_asks(request, lambda connection: found_account(connection, username))
    wanted = checked.demand()
    changes = wanted.model_dump(mode="json", exclude_none=True)
    password = changes.pop("password", None)
    return Given(await _changed(request, username, changes, password), None)


async def reset_password(request: Request, username: str) -> Given:
    """A password that the house makes; the sessions of the old one end."""
    made = made_password()
    await administrator_asks(request, lambda connection: found_account(connection, username))
    return Given(await _changed(request, username, {}, made), made)


async def _changed(
    request: Request, username: str, changes: Mapping[str, Any], password: str | None
) -> Mapping[str, Any]:
    if password is not None:
        hashed = await asyncio.to_thread(house(request).passwords.hash, password)
        changes = {**changes, "password_hash": hashed}

    def write(connection: Connection, actor: Actor) -> Mapping[str, Any]:
        found_account(connection, username)
        accounts.change_account(connection, actor.username, username, changes, now())
        return found_account(connection, username)

    return await administered(request, write)


async def add_key(request: Request, checked: Checked[KeyIn]) -> Key:
    """A new key, shown in the answer and never again. Raises Conflict("name_taken") among others."""
    await administrator_asks(request)
    wanted = checked.demand()
    key = new_token(KEY_PREFIX)
    plain = wanted.model_dump(mode="json")
    values = {**plain, "username": f"key:{wanted.name}", "key_hash": digest(key)}
    await administered(request, lambda connection, actor: accounts.add_key(connection, actor.username, values, now()))
    return Key(wanted.name, wanted.unit, plain["roles"], key)


async def revoke_key(request: Request, name: str) -> None:
    """The key ends at once. Raises Problem(404)."""

    def write(connection: Connection, actor: Actor) -> bool:
        return accounts.revoke_key(connection, actor.username, name, now())

    if not await administered(request, write):
        raise not_found()


def found_account(connection: Connection, username: str) -> Mapping[str, Any]:
    """The account. Raises Problem(404)."""
    found = accounts.account(connection, username)
    if found is None:
        raise not_found()
    return dict(found)
