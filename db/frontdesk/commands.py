"""Commands with their words, committed before the engine hears of them, and what became of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, exists, select, update

from db.once import insert_once
from db.scope import visible_cases
from db.tables import Account, CaseRow, CaseUnit, CommandRow, EventRow, core
from domain.authority import Actor, Standing
from domain.errors import Conflict
from domain.vocabulary import CommandKind, DossierKind, Role

_commands, _events, _accounts = core(CommandRow), core(EventRow), core(Account)
_cases, _case_units = core(CaseRow), core(CaseUnit)
_held = _cases.outerjoin(_case_units, _case_units.c.case == _cases.c.number)
_ACKNOWLEDGED_BY = frozenset({Role.HANDLER.value, Role.UNIT_LEADER.value})


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A command that stands under a key. ``done``: it has become events; ``refused``: the rules said no."""

    id: str
    dossier: str
    refused: str | None
    done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A command as it is kept: who asked what of which dossier, with its free text."""

    id: str
    dossier: str
    kind: CommandKind
    at: datetime
    text: Mapping[str, Any]
    key: str | None
    body_hash: str


def _under_key(connection: Connection, actor: Actor, key: str | None, body_hash: str) -> Kept | None:
    """What the actor asked under this key before. Raises Conflict("idempotency_key_reused") for another body."""
    if key is None:
        return None
    done = exists(select(_events.c.seq).where(_events.c.command == _commands.c.id)).label("done")
    row = connection.execute(
        select(_commands.c.id, _commands.c.dossier, _commands.c.body_hash, _commands.c.refused, done).where(
            _commands.c.actor == actor.username, _commands.c.key == key
        )
    ).first()
    if row is None:
        return None
    if row.body_hash != body_hash:
        raise Conflict("idempotency_key_reused")
    return Kept(id=row.id, dossier=row.dossier, refused=row.refused, done=bool(row.done))


def keep(connection: Connection, actor: Actor | None, words: Words) -> Kept:
    """Keep a command, or find what came under its key before. Raises Conflict("idempotency_key_reused").

    ``actor`` None: whoever reported the case; such a command has no key.
    """
    row = {
        "id": words.id,
        "dossier": words.dossier,
        "kind": words.kind,
        "actor": actor.username if actor else None,
        "unit": actor.unit if actor else None,
        "at": words.at,
        "text": dict(words.text),
        "key": words.key,
        "body_hash": words.body_hash,
        "refused": None,
    }
    new = insert_once(connection, _commands, [row])
    standing = _under_key(connection, actor, words.key, words.body_hash) if actor and not new else None
    return standing or Kept(id=words.id, dossier=words.dossier, refused=None, done=False)


def was_done(connection: Connection, dossier: str, body_hash: str) -> bool:
    """Whether a command of this digest was put to the dossier, by whomever, and has become events."""
    done = exists(select(_events.c.seq).where(_events.c.command == _commands.c.id))
    asked = select(_commands.c.id).where(_commands.c.dossier == dossier, _commands.c.body_hash == body_hash, done)
    return connection.execute(asked.limit(1)).first() is not None


def refuse(connection: Connection, command: str, code: str) -> None:
    """Note once that the rules said no."""
    connection.execute(
        update(_commands).where(_commands.c.id == command, _commands.c.refused.is_(None)).values(refused=code)
    )


@dataclass(frozen=True, slots=True)
class SeenCase:
    """A case that somebody may see: its plain state, and what decides a person's relation to it."""

    kind: DossierKind
    state: dict[str, Any]
    standing: Standing


def visible_case(connection: Connection, actor: Actor, number: str) -> SeenCase | None:
    """The case with this number; None when there is none, or the actor may not see it.

    As ``db.queries.cases.case_row`` without lights and columns: one short statement for what each command begins with.
    """
    rows = connection.execute(_sought(actor), {"number": number}).all()
    return _seen(rows) if rows else None


def visible_among(connection: Connection, actor: Actor, numbers: Sequence[str]) -> dict[str, SeenCase]:
    """Number → the case, as ``visible_case``: all in one statement."""
    found: dict[str, list[Row[Any]]] = {}
    query = _held_by(_cases.c.number).where(_cases.c.number.in_(numbers), visible_cases(actor))
    for row in connection.execute(query) if numbers else ():
        found.setdefault(row.number, []).append(row)
    return {number: _seen(rows) for number, rows in found.items()}


def _seen(rows: Sequence[Row[Any]]) -> SeenCase:
    units = frozenset(row.unit for row in rows if row.unit is not None)
    first = rows[0]
    standing = Standing(units=units, desk=first.desk_unit, reporting_officer=first.reporting_officer)
    return SeenCase(first.kind, first.state, standing)


@lru_cache(maxsize=256)
def _sought(actor: Actor) -> Select[Any]:
    """A case. Kept, because putting it together takes longer than running it."""
    return _held_by().where(_cases.c.number == bindparam("number"), visible_cases(actor))


def _held_by(*more: ColumnElement[Any]) -> Select[Any]:
    """Cases, once for each unit that ever held them."""
    columns = (_cases.c.kind, _cases.c.state, _cases.c.desk_unit, _cases.c.reporting_officer, _case_units.c.unit)
    return select(*columns, *more).select_from(_held)


def case_category(connection: Connection, number: str) -> str | None:
    """The category of a case, under whose clocks its files run too; a service request has none."""
    category: str | None = connection.scalar(select(_cases.c.category).where(_cases.c.number == number))
    return category


def may_handle(connection: Connection, username: str, unit: str) -> bool:
    """Whether this is an active handler or leader of the unit."""
    roles = connection.scalar(
        select(_accounts.c.roles).where(_accounts.c.username == username, _accounts.c.unit == unit, _accounts.c.active)
    )
    return roles is not None and not _ACKNOWLEDGED_BY.isdisjoint(roles)
