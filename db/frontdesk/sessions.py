"""Signing in and out. Only digests of tokens are kept."""

from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from db.tables import Account, Session, core

ID_LENGTH: Final = 16

_account, _session = core(Account), core(Session)


class Credentials(NamedTuple):
    """What an account is checked against."""

    password_hash: str
    active: bool


def credentials(connection: Connection, username: str) -> Credentials | None:
    """What to check a password against; None: there is no such account."""
    row = connection.execute(
        select(_account.c.password_hash, _account.c.active).where(_account.c.username == username)
    ).first()
    return None if row is None else Credentials(row.password_hash, row.active)


def open_session(
    connection: Connection, username: str, digest: str, *, checked: str, now: datetime, until: datetime
) -> bool:
    """Keep a new session under the digest of its token, and forget the account's expired ones.

    ``checked`` is the password hash that the password was checked against. False, and nothing is kept, when the account
    was deactivated or given another password in between.
    """
    current = credentials(connection, username)
    if current is None or not current.active or current.password_hash != checked:
        return False
    connection.execute(delete(_session).where(_session.c.username == username, _session.c.expires_at <= now))
    connection.execute(insert(_session).values(token_hash=digest, username=username, created_at=now, expires_at=until))
    connection.execute(update(_account).where(_account.c.username == username).values(signed_in_at=now))
    return True


def close_session(connection: Connection, digest: str, now: datetime) -> None:
    """The session ends at once. Harmless when repeated."""
    connection.execute(
        update(_session).where(_session.c.token_hash == digest, _session.c.revoked_at.is_(None)).values(revoked_at=now)
    )


def close_sessions(connection: Connection, username: str, now: datetime, *, but: str = "") -> None:
    """All sessions of an account end at once, but the one with this digest."""
    theirs = (_session.c.username == username, _session.c.token_hash != but, _session.c.revoked_at.is_(None))
    connection.execute(update(_session).where(*theirs).values(revoked_at=now))


class OpenSession(NamedTuple):
    """A session that counts. ``id``: the beginning of its digest, with which nobody gets in."""

    id: str
    created_at: datetime
    expires_at: datetime
    digest: str


def sessions_of(connection: Connection, username: str, now: datetime) -> list[OpenSession]:
    """The sessions of an account that count, newest first."""
    counting = (_session.c.username == username, _session.c.revoked_at.is_(None), _session.c.expires_at > now)
    shown = (_session.c.token_hash, _session.c.created_at, _session.c.expires_at)
    rows = connection.execute(select(*shown).where(*counting).order_by(_session.c.created_at.desc()))
    return [OpenSession(row.token_hash[:ID_LENGTH], row.created_at, row.expires_at, row.token_hash) for row in rows]


def rehash(connection: Connection, username: str, old: str, new: str) -> bool:
    """Put another password hash in the place of ``old``; whether that stood there."""
    replaced = (
        update(_account)
        .where(_account.c.username == username, _account.c.password_hash == old)
        .values(password_hash=new)
    )
    return connection.execute(replaced).rowcount > 0
