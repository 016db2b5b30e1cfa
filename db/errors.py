"""What goes wrong with a store.

Exception
└── StoreUnavailable    away, locked, full or closed: nothing was changed for sure or for all that is known;
                        the same unit of work may be tried again, because every write is keyed
"""

import sqlite3

import psycopg
from sqlalchemy import exc

_SQLITE_AWAY = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
    }
)
_PRIMARY_CODE = 0xFF


class StoreUnavailable(Exception):
    """The database is away, locked, full or closed. Trying again later is right."""


def is_unavailable(error: BaseException) -> bool:
    """Whether an error says that the database could not be reached or would not answer now."""
    if isinstance(error, StoreUnavailable | exc.TimeoutError):
        return True
    if not isinstance(error, exc.DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    if isinstance(error.orig, psycopg.OperationalError):
        return True
    if isinstance(error.orig, sqlite3.OperationalError):
        return getattr(error.orig, "sqlite_errorcode", 0) & _PRIMARY_CODE in _SQLITE_AWAY
    return False


def unavailable(error: BaseException) -> StoreUnavailable:
    """The error that callers see for an error of the driver."""
    return StoreUnavailable(str(getattr(error, "orig", None) or error))
