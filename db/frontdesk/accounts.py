"""Accounts and the keys of machine clients. Nothing is deleted: an account is deactivated, a key revoked."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select, update

from db.frontdesk.sessions import close_sessions
from db.tables import Account, ApiKey, Unit, core
from domain.errors import Conflict, Unprocessable

_account, _key, _unit = core(Account), core(ApiKey), core(Unit)
_SHOWN = (_account.c.username, _account.c.name, _account.c.unit, _account.c.roles, _account.c.active)
_KEY_SHOWN = (_key.c.name, _key.c.unit, _key.c.roles, _key.c.created_at)


def account(connection: Connection, username: str) -> RowMapping | None:
    """One account as it may be shown, or None."""
    return connection.execute(select(*_SHOWN).where(_account.c.username == username)).mappings().first()


def accounts(connection: Connection, *, after: str, limit: int) -> list[RowMapping]:
    """The next accounts by username."""
    query = select(*_SHOWN).where(_account.c.username > after).order_by(_account.c.username).limit(limit)
    return list(connection.execute(query).mappings())


def add_account(connection: Connection, values: Mapping[str, Any], now: datetime) -> None:
    """Write a new account. Raises Conflict("username_taken"), Unprocessable("unit_unknown")."""
    require_unit(connection, values["unit"])
    if account(connection, values["username"]) is not None:
        raise Conflict("username_taken")
    connection.execute(insert(_account).values(**values, active=True, created_at=now))


def change_account(connection: Connection, username: str, changes: Mapping[str, Any], now: datetime) -> None:
    """Change an account. A new password or a deactivation ends its sessions. Raises Unprocessable("unit_unknown")."""
    if "unit" in changes:
        require_unit(connection, changes["unit"])
    if changes:
        connection.execute(update(_account).where(_account.c.username == username).values(**changes))
    if "password_hash" in changes or changes.get("active") is False:
        close_sessions(connection, username, now)


def require_unit(connection: Connection, code: str, *, field: str = "unit") -> None:
    """Raises Unprocessable("unit_unknown") unless there is such a unit; ``field`` is what named it."""
    if connection.scalar(select(_unit.c.code).where(_unit.c.code == code)) is None:
        raise Unprocessable("unit_unknown", field=field)


def keys(connection: Connection) -> list[RowMapping]:
    """The keys of machine clients that count, without their digests."""
    query = select(*_KEY_SHOWN).where(_key.c.revoked_at.is_(None)).order_by(_key.c.name)
    return list(connection.execute(query).mappings())


def add_key(connection: Connection, values: Mapping[str, Any], now: datetime) -> None:
    """Keep a new key. Raises Conflict("name_taken"), Unprocessable("unit_unknown")."""
    require_unit(connection, values["unit"])
    taken = select(_key.c.name).where(_key.c.name == values["name"], _key.c.revoked_at.is_(None))
    if connection.scalar(taken) is not None:
        raise Conflict("name_taken")
    connection.execute(insert(_key).values(**values, created_at=now))


def revoke_key(connection: Connection, name: str, now: datetime) -> bool:
    """The key ends at once; whether there was one."""
    ended = update(_key).where(_key.c.name == name, _key.c.revoked_at.is_(None)).values(revoked_at=now)
    return connection.execute(ended).rowcount > 0
