"""Events → ``event`` and back."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from db.tables import EventRow, core
from domain.messages import Event

_events = core(EventRow)
_insert = insert(_events)
_columns = (_events.c.seq, _events.c.type, _events.c.at, _events.c.actor, _events.c.command, _events.c.data)


def append_events(connection: Connection, dossier: str, events: Iterable[Event], now: datetime) -> None:
    """Append ``events``, recorded ``now``. Raises IntegrityError when a sequence number is taken."""
    rows = [
        {
            "dossier": dossier,
            "seq": event.seq,
            "type": event.type,
            "at": event.at,
            "recorded_at": now,
            "actor": event.actor,
            "command": event.command,
            "data": event.data,
        }
        for event in events
    ]
    if rows:
        connection.execute(_insert, rows)


def events_from(connection: Connection, dossier: str, first: int) -> tuple[Event, ...]:
    """The events of a dossier from sequence number ``first`` on, in order."""
    query = select(*_columns).where(_events.c.dossier == dossier, _events.c.seq >= first).order_by(_events.c.seq)
    return tuple(event_of(row) for row in connection.execute(query))


def event_of(row: Any) -> Event:
    """The event in a row that has these columns."""
    return Event(seq=row.seq, type=row.type, at=row.at, actor=row.actor, command=row.command, data=row.data)
