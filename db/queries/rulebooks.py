"""Rulebooks as they were loaded, and whether anything was."""

from typing import Any

from sqlalchemy import Connection, exists, select

from db.tables import Account, RulebookVersion, core

_versions = core(RulebookVersion)
_accounts = core(Account)


def rulebook_content(connection: Connection, version: str) -> dict[str, Any] | None:
    """The rulebook of this version as its files said; None: it was never loaded."""
    content: dict[str, Any] | None = connection.scalar(
        select(_versions.c.content).where(_versions.c.version == version)
    )
    return content


def is_seeded(connection: Connection) -> bool:
    """Whether a rulebook was loaded and somebody can sign in."""
    accounts, versions = exists(select(_accounts.c.username)), exists(select(_versions.c.version))
    return bool(connection.scalar(select(accounts & versions)))
