"""What every acceptance has in common: a number of its own, and a key that makes the same case once.

What is accepted, and its rows, are in ``db.frontdesk.intake`` (incidents) and ``db.frontdesk.applications``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, exists, select

from db.frontdesk.starting import Start
from db.numbers import next_running
from db.once import insert_once
from db.projections.opening import insert_opening
from db.tables import AcceptedKey, CaseRow, core
from domain.authority import Actor
from domain.errors import Conflict
from domain.messages import Event
from domain.plain import of_plain, to_plain
from domain.vocabulary import DossierKind
from domain.worktime import shanghai_date

_keys, _cases = core(AcceptedKey), core(CaseRow)

T = TypeVar("T")
Tracking = Callable[[str], str]
"""The digest under which the tracking code of a number is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What comes in by any door. ``key``: the client's Idempotency-Key, ``body_hash`` the digest of what came along."""

    received_at: datetime
    key: str | None
    body_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted(Generic[T]):
    """The case that stands, and how to start it; ``start`` is None when the same key had made it before."""

    case: T
    desk_unit: str
    start: Start | None


def allot(connection: Connection, prefix: str, received_at: datetime) -> str:
    """The next number. Incidents and service requests share one running series."""
    return f"{prefix}{shanghai_date(received_at):%y%m%d}-{next_running(connection):07d}"


def standing(connection: Connection, actor: Actor, entry: Entry, number: str, kind: type[T]) -> Accepted[T] | None:
    """Take the key of ``entry`` for ``number``; what it made before, if it is taken.

    Raises Conflict("idempotency_key_reused").
    """
    if entry.key is None:
        return None
    row = {"actor": actor.username, "key": entry.key, "body_hash": entry.body_hash, "number": number}
    if insert_once(connection, _keys, [row]):
        return None
    taken = connection.execute(
        select(_keys.c.body_hash, _keys.c.number).where(_keys.c.actor == actor.username, _keys.c.key == entry.key)
    ).one()
    if taken.body_hash != entry.body_hash:
        raise Conflict("idempotency_key_reused")
    found = connection.execute(select(_cases.c.state, _cases.c.desk_unit).where(_cases.c.number == taken.number)).one()
    return Accepted(case=of_plain(kind, found.state), desk_unit=found.desk_unit, start=None)


def was_accepted(connection: Connection, actor: Actor, key: str) -> bool:
    """Whether the actor has had something accepted under this key before."""
    return bool(connection.scalar(select(exists().where(_keys.c.actor == actor.username, _keys.c.key == key))))


def open_dossier(
    connection: Connection, actor: Actor, kind: DossierKind, case: Any, events: tuple[Event, ...], now: datetime
) -> Start:
    """Write the first rows of a case that ``actor`` took in; how to start it."""
    state = to_plain(case)
    insert_opening(connection, kind, state, events, now, desk_unit=actor.unit, taken_by=actor.username)
    return Start(dossier=state["number"], kind=kind, state=state, urgent=bool(state.get("danger")))
