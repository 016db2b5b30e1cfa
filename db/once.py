"""Inserts that are harmless when repeated: a row that is there stays, or follows. The only dialect-specific writes."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import Insert


@cache
def _renewal(dialect: str, table: Table) -> Insert:
    keys = [column.name for column in table.primary_key]
    made = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    news = {column.name: made.excluded[column.name] for column in table.c if column.name not in keys}
    return made.on_conflict_do_update(index_elements=keys, set_=news)


@cache
def _statement(dialect: str, table: Table) -> Insert:
    if dialect == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    return sqlite.insert(table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)


def insert_once(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> int:
    """Insert ``rows``, each of the same columns, leaving out those whose key stands already; how many were new.

    The number is exact for one row; PostgreSQL may not tell it for several (-1).
    """
    if not rows:
        return 0
    values: Any = rows[0] if len(rows) == 1 else list(rows)
    return connection.execute(_statement(connection.dialect.name, table), values).rowcount


def insert_or_renew(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert ``rows``, each with all columns; a row whose primary key stands takes the new values."""
    if rows:
        connection.execute(_renewal(connection.dialect.name, table), list(rows))
