"""Accounts and the keys of machine clients. Nothing is deleted: an account is deactivated, a key revoked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, String, cast, insert, or_, select, update

from db.frontdesk.adminlog import note
from db.frontdesk.sessions import close_sessions
from db.tables import Account, ApiKey, Unit, core
from domain.administration import (
    Act,
    Subject,
    act_of,
    difference,
    loses_administrator,
    require_administrator_left,
)
from domain.errors import Conflict, Unprocessable
from domain.vocabulary import Role

_account, _key, _unit = core(Account), core(ApiKey), core(Unit)
_SHOWN = (
    _account.c.username,
    _account.c.name,
    _account.c.unit,
    _account.c.roles,
    _account.c.active,
    _account.c.created_at,
    _account.c.signed_in_at,
)
_NAMES = (_account.c.username, _account.c.name)
_KEY_SHOWN = (_key.c.name, _key.c.unit, _key.c.roles, _key.c.created_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Which accounts: ``q`` is a part of username or name."""

    q: str | None = None
    unit: str | None = None
    role: Role | None = None
    active: bool | None = None
    signed_in: bool | None = None


def account(connection: Connection, username: str) -> RowMapping | None:
    """One account as it may be shown, or None."""
    return connection.execute(select(*_SHOWN).where(_account.c.username == username)).mappings().first()


def accounts(connection: Connection, sought: Sought, *, after: str, limit: int) -> list[RowMapping]:
    """The next accounts by username."""
    query = select(*_SHOWN).where(_account.c.username > after).order_by(_account.c.username).limit(limit)
    if sought.q:
        query = query.where(or_(*(column.icontains(sought.q, autoescape=True) for column in _NAMES)))
    if sought.unit:
        query = query.where(_account.c.unit == sought.unit)
    if sought.role:
        query = query.where(_has(sought.role))
    if sought.active is not None:
        query = query.where(_account.c.active.is_(sought.active))
    if sought.signed_in is not None:
        query = query.where(
            _account.c.signed_in_at.is_not(None) if sought.signed_in else _account.c.signed_in_at.is_(None)
        )
    return list(connection.execute(query).mappings())


def add_account(connection: Connection, actor: str, values: Mapping[str, Any], now: datetime) -> None:
    """Write a new account. Raises Conflict("username_taken"), Unprocessable("unit_unknown")."""
    require_unit(connection, values["unit"])
    if account(connection, values["username"]) is not None:
        raise Conflict("username_taken")
    connection.execute(insert(_account).values(**values, active=True, created_at=now))
    note(connection, actor, now, subject=Subject.ACCOUNT, name=values["username"], act=Act.CREATED, after=values)


def change_account(
    connection: Connection, actor: str, username: str, changes: Mapping[str, Any], now: datetime
) -> None:
    """Change an account. A new password or a deactivation ends its sessions.

    Raises Unprocessable("unit_unknown"), Conflict("last_administrator").
    """
    if "unit" in changes:
        require_unit(connection, changes["unit"])
    if loses_administrator(changes):
        require_administrator_left(username, _administrators(connection))
    before = account(connection, username)
    if not changes or before is None:
        return
    connection.execute(update(_account).where(_account.c.username == username).values(**changes))
    if "password_hash" in changes or changes.get("active") is False:
        close_sessions(connection, username, now)
    was, became = difference(dict(before), changes)
    act = act_of(dict(before), changes)
    if became or act is Act.PASSWORD_RESET:
        note(connection, actor, now, subject=Subject.ACCOUNT, name=username, act=act, before=was, after=became)


def _administrators(connection: Connection) -> list[str]:
    """All active administrators. Their rows are locked, so that of two who remove each other the second is refused."""
    found = select(_account.c.username).where(_account.c.active, _has(Role.ADMINISTRATOR)).order_by(_account.c.username)
    return list(connection.scalars(found.with_for_update()))


def _has(role: Role) -> ColumnElement[bool]:
    return cast(_account.c.roles, String).contains(f'"{role.value}"', autoescape=True)


def require_unit(connection: Connection, code: str, *, field: str = "unit") -> None:
    """Raises Unprocessable("unit_unknown") unless there is such a unit that is not closed; ``field`` named it."""
    if connection.scalar(select(_unit.c.code).where(_unit.c.code == code, _unit.c.active)) is None:
        raise Unprocessable("unit_unknown", field=field)


def keys(connection: Connection) -> list[RowMapping]:
    """The keys of machine clients that count, without their digests."""
    query = select(*_KEY_SHOWN).where(_key.c.revoked_at.is_(None)).order_by(_key.c.name)
    return list(connection.execute(query).mappings())


def add_key(connection: Connection, actor: str, values: Mapping[str, Any], now: datetime) -> None:
    """Keep a new key. Raises Conflict("name_taken"), Unprocessable("unit_unknown")."""
    require_unit(connection, values["unit"])
    taken = select(_key.c.name).where(_key.c.name == values["name"], _key.c.revoked_at.is_(None))
    if connection.scalar(taken) is not None:
        raise Conflict("name_taken")
    connection.execute(insert(_key).values(**values, created_at=now))
    note(connection, actor, now, subject=Subject.API_KEY, name=values["name"], act=Act.CREATED, after=values)


def revoke_key(connection: Connection, actor: str, name: str, now: datetime) -> bool:
    """The key ends at once; whether there was one."""
    ended = update(_key).where(_key.c.name == name, _key.c.revoked_at.is_(None)).values(revoked_at=now)
    if connection.execute(ended).rowcount == 0:
        return False
    note(connection, actor, now, subject=Subject.API_KEY, name=name, act=Act.REVOKED)
    return True
