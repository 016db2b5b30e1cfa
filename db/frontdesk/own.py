"""The own account, changed by its owner. What is done is in the log of administration."""

from datetime import datetime

from sqlalchemy import Connection

from db.frontdesk.adminlog import note
from db.frontdesk.sessions import close_session, close_sessions, rehash, sessions_of
from domain.administration import Act, Subject


def change_password(connection: Connection, username: str, old: str, new: str, *, keep: str, now: datetime) -> bool:
    """Replace the password hash ``old``; every session but ``keep`` (a digest) ends. False: it is another by now."""
    if not rehash(connection, username, old, new):
        return False
    close_sessions(connection, username, now, but=keep)
    note(connection, username, now, subject=Subject.ACCOUNT, name=username, act=Act.PASSWORD_CHANGED)
    return True


def end_session(connection: Connection, username: str, id: str, now: datetime) -> bool:
    """The session with this id ends at once; whether there was one."""
    ended = [one for one in sessions_of(connection, username, now) if one.id == id]
    for one in ended:
        close_session(connection, one.digest, now)
        note(connection, username, now, subject=Subject.ACCOUNT, name=username, act=Act.SESSION_ENDED)
    return bool(ended)
