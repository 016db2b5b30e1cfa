"""Who is behind a token: read from the rows at every request, so that a removal counts at once (C9)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from db.tables import Account, ApiKey, Grid, Session, Unit, core
from domain.authority import Actor
from domain.vocabulary import Role, UnitKind

_account, _session, _key, _unit, _grid = (core(model) for model in (Account, Session, ApiKey, Unit, Grid))
_ROLES = {role.value: role for role in Role}


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A person or a machine client behind a token."""

    actor: Actor
    name: str
    machine: bool


def _by_session() -> Select[Any]:
    return (
        select(_account.c.username, _account.c.name, _account.c.roles, _account.c.unit, _unit.c.kind)
        .select_from(
            _session.join(_account, _account.c.username == _session.c.username).outerjoin(
                _unit, _unit.c.code == _account.c.unit
            )
        )
        .where(
            _session.c.token_hash == bindparam("digest"),
            _session.c.revoked_at.is_(None),
            _session.c.expires_at > bindparam("now"),
            _account.c.active,
        )
    )


def _by_key() -> Select[Any]:
    return (
        select(_key.c.username, _key.c.name, _key.c.roles, _key.c.unit, _unit.c.kind)
        .select_from(_key.outerjoin(_unit, _unit.c.code == _key.c.unit))
        .where(_key.c.key_hash == bindparam("digest"), _key.c.revoked_at.is_(None))
    )


_SESSION, _KEY = _by_session(), _by_key()
_GRIDS = select(_grid.c.code).where(_grid.c.officer == bindparam("officer"))


def identify(connection: Connection, digest: str, now: datetime, *, machine: bool) -> Identity | None:
    """Whose token has this digest (SHA-256, hex) and counts at ``now``; None: nobody's."""
    if machine:
        row = connection.execute(_KEY, {"digest": digest}).first()
    else:
        row = connection.execute(_SESSION, {"digest": digest, "now": now}).first()
    if row is None:
        return None
    roles = _roles(row.roles)
    actor = Actor(
        username=row.username,
        unit=row.unit or "",
        unit_kind=row.kind or UnitKind.DEPARTMENT,
        roles=roles,
        grids=_grids(connection, row.username) if Role.GRID_OFFICER in roles and not machine else frozenset(),
    )
    return Identity(actor=actor, name=row.name, machine=machine)


def _grids(connection: Connection, username: str) -> frozenset[str]:
    return frozenset(connection.scalars(_GRIDS, {"officer": username}))


def _roles(stored: Iterable[str]) -> frozenset[Role]:
    return frozenset(_ROLES[role] for role in stored if role in _ROLES)
