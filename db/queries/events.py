"""The events of a dossier, with the words of the commands behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from db.projections.events import event_of
from db.tables import CommandRow, EventRow, core
from domain.messages import Event

_events = core(EventRow)
_commands = core(CommandRow)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedEvent:
    """An event, when it was written, and the words of its command (at the first event of the command only)."""

    event: Event
    recorded_at: datetime
    text: dict[str, Any] | None


def list_events(connection: Connection, dossier: str) -> Sequence[RecordedEvent]:
    """All events of a dossier in order. The caller has checked that the person may see the dossier."""
    query = (
        select(_events, _commands.c.text)
        .select_from(_events.outerjoin(_commands, _commands.c.id == _events.c.command))
        .where(_events.c.dossier == dossier)
        .order_by(_events.c.seq)
    )
    found: list[RecordedEvent] = []
    worded: set[str | None] = set()
    for row in connection.execute(query):
        text = None if row.command in worded else row.text
        worded.add(row.command)
        found.append(RecordedEvent(event=event_of(row), recorded_at=row.recorded_at, text=text))
    return found


def command_texts(connection: Connection, commands: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The words of these commands, by command id (reasons of extensions, notes of decisions)."""
    if not commands:
        return {}
    query = select(_commands.c.id, _commands.c.text).where(_commands.c.id.in_(commands))
    return {row.id: row.text for row in connection.execute(query)}
