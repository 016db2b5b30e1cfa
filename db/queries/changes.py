"""Whether anything happened, without saying what: for whoever waits for it."""

from datetime import datetime

from sqlalchemy import Connection, func, select

from db.tables import EventRow, core

_events = core(EventRow)


def written_since(connection: Connection, since: datetime) -> tuple[datetime | None, int]:
    """When the latest event was written, and how many were from ``since`` on.

    The number tells of one that was written earlier than another and became visible later.
    """
    query = select(func.max(_events.c.recorded_at), func.count()).where(_events.c.recorded_at >= since)
    latest, number = connection.execute(query).one()
    return latest, number
