"""Rulebooks and catalogues as they were loaded, and whether anything was."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, exists, select

from db.tables import Account, CatalogueRow, RulebookVersion, core
from domain.catalogue.items import CatalogueVersion
from domain.plain import of_plain

_versions = core(RulebookVersion)
_accounts = core(Account)
_catalogues = core(CatalogueRow)


def rulebook_content(connection: Connection, version: str) -> dict[str, Any] | None:
    """The rulebook of this version as its files said; None: it was never loaded."""
    content: dict[str, Any] | None = connection.scalar(
        select(_versions.c.content).where(_versions.c.version == version)
    )
    return content


def catalogue_version(connection: Connection, version: str) -> CatalogueVersion | None:
    """A version of the catalogue as it was loaded, whether its file is still there or not; None: it never was."""
    content = connection.scalar(select(_catalogues.c.content).where(_catalogues.c.version == version))
    return None if content is None else of_plain(CatalogueVersion, content)


def catalogue_versions(connection: Connection) -> Sequence[RowMapping]:
    """Name and days of every version that was ever loaded, by first day and order of loading."""
    shown = (_catalogues.c.version, _catalogues.c.effective_from, _catalogues.c.effective_to, _catalogues.c.loaded_at)
    query = select(*shown).order_by(_catalogues.c.effective_from, _catalogues.c.loaded_at, _catalogues.c.version)
    return connection.execute(query).mappings().all()


def is_seeded(connection: Connection) -> bool:
    """Whether a rulebook was loaded and somebody can sign in."""
    accounts, versions = exists(select(_accounts.c.username)), exists(select(_versions.c.version))
    return bool(connection.scalar(select(accounts & versions)))
