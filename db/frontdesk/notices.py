"""A notice is read by somebody: noted once a person."""

from datetime import datetime

from sqlalchemy import Connection

from db.once import insert_once
from db.tables import NoticeRead, core

_read = core(NoticeRead)


def mark_read(connection: Connection, username: str, notice: int, now: datetime) -> None:
    """Note that the account has read the notice. Harmless when repeated."""
    insert_once(connection, _read, [{"notice": notice, "username": username, "at": now}])
