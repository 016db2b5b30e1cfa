"""Rulebooks and catalogues as they were loaded, and whether anything was."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, exists, func, or_, select

from db.tables import Account, CatalogueRow, Dossier, RulebookPackage, RulebookVersion, core
from domain.catalogue.items import CatalogueVersion
from domain.plain import of_plain
from domain.vocabulary import CASES

_versions, _packages, _dossiers = core(RulebookVersion), core(RulebookPackage), core(Dossier)
_LONGEST = 240
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


def rulebook_versions(connection: Connection) -> Sequence[RowMapping]:
    """Every version that is kept, the newest first: name, who brought it, the catalogue's versions in it."""
    shown = (_versions.c.version, _versions.c.name, _versions.c.loaded_at)
    more = (_packages.c.digest, _packages.c.added_by, _packages.c.catalogues)
    query = select(*shown, *more).join(_packages, _packages.c.version == _versions.c.version, isouter=True)
    return connection.execute(query.order_by(_versions.c.loaded_at.desc(), _versions.c.version)).mappings().all()


def count_running(connection: Connection) -> int:
    """How many cases run, each under the rules of its own version."""
    query = select(func.count()).select_from(_dossiers).where(
        _dossiers.c.ended_at.is_(None), _dossiers.c.kind.in_(CASES)
    )  # fmt: skip
    return connection.scalar(query) or 0


def version_named(connection: Connection, name: str) -> str | None:
    """The version of this name, whole or by its digest alone; None: there is none. A blank stands for a plus sign."""
    if not 0 < len(name) <= _LONGEST or "\0" in name:
        return None
    whole = name.replace(" ", "+")
    query = select(_versions.c.version).where(
        or_(_versions.c.version == whole, _versions.c.version.endswith(f"+{name}", autoescape=True))
    )
    found: str | None = connection.scalar(query.order_by(_versions.c.loaded_at.desc()).limit(1))
    return found
