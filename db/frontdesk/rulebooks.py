"""Versions of the rulebook as they are kept, put in force and taken back. What counts when is for the domain to say."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, exists, insert, select, update

from db.once import insert_once
from db.tables import CatalogueRow, RulebookEntry, RulebookPackage, RulebookVersion, core
from domain.catalogue.items import CatalogueVersion
from domain.errors import Conflict
from domain.plain import to_plain
from domain.rulebook_versions import Entry, withdrawable

_versions, _packages, _entries = core(RulebookVersion), core(RulebookPackage), core(RulebookEntry)
_catalogues = core(CatalogueRow)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A version, checked, as it is kept.

    content     the rules' own JSON
    layers      its files, as ``rulebook.packed`` writes them; ``digest`` tells them from others of the same name
    catalogues  the names of the catalogue's versions in it
    added_by    None: the installation
    """

    version: str
    name: str
    effective_from: datetime
    content: dict[str, Any]
    digest: str
    layers: list[Any]
    catalogues: list[str]
    added_at: datetime
    added_by: str | None = None


def entries(connection: Connection) -> tuple[Entry, ...]:
    """Everything that was put in force, oldest first."""
    rows = connection.execute(select(_entries).order_by(_entries.c.effective_from, _entries.c.id)).mappings()
    return tuple(Entry(**row) for row in rows)


def digests(connection: Connection) -> dict[str, str]:
    """Version → digest of its files."""
    return {row.version: row.digest for row in connection.execute(select(_packages.c.version, _packages.c.digest))}


def keep(connection: Connection, kept: Kept, *, follow: bool = False) -> bool:
    """Keep a version; whether it was new. A draft of the same rules takes the new files; ``follow``: any version does.

    Raises Conflict("rulebook_version_known") when other files were put in force under this name.
    """
    made = insert_once(connection, _versions, [_version(kept)])
    known = connection.scalar(select(_packages.c.digest).where(_packages.c.version == kept.version))
    if known is None:
        connection.execute(insert(_packages).values(**_package(kept)))
    elif known != kept.digest:
        if not follow and _was_scheduled(connection, kept.version):
            raise Conflict("rulebook_version_known")
        connection.execute(update(_packages).where(_packages.c.version == kept.version).values(**_package(kept)))
    return bool(made)


def keep_catalogues(connection: Connection, catalogues: Iterable[CatalogueVersion], now: datetime) -> int:
    """Every version as a whole: a running case is shown its own when the file is long gone (B6). How many were new."""
    rows = [
        {
            "version": version.version,
            "effective_from": version.effective_from,
            "effective_to": version.effective_to,
            "loaded_at": now,
            "content": to_plain(version),
        }
        for version in catalogues
    ]
    known = set(connection.scalars(select(_catalogues.c.version)))
    new = [row for row in rows if row["version"] not in known]
    insert_once(connection, _catalogues, new)
    return len(new)


def put_in_force(connection: Connection, version: str, since: datetime, by: str | None, now: datetime) -> None:
    """From ``since`` on this version counts.

    Raises Conflict("rulebook_instant_taken") when another one begins then, ("rulebook_scheduled") when this one waits.
    """
    waiting = select(_entries.c.id).where(
        _entries.c.version == version, _entries.c.withdrawn_at.is_(None), _entries.c.effective_from > now
    )
    if connection.scalar(waiting) is not None:
        raise Conflict("rulebook_scheduled")
    row = {
        "version": version,
        "effective_from": since,
        "scheduled_at": now,
        "scheduled_by": by,
        "withdrawn_at": None,
        "withdrawn_by": None,
    }
    if not insert_once(connection, _entries, [row]):
        raise Conflict("rulebook_instant_taken")


def take_back(connection: Connection, version: str, by: str, now: datetime) -> Entry:
    """The version does not come into force; what is taken back. Raises Conflict("rulebook_not_scheduled")."""
    waiting = withdrawable(version, entries(connection), now)
    ended = (
        update(_entries)
        .where(_entries.c.id == waiting.id, _entries.c.withdrawn_at.is_(None))
        .values(withdrawn_at=now, withdrawn_by=by)
    )
    if not connection.execute(ended).rowcount:
        raise Conflict("rulebook_not_scheduled")
    return waiting


def throw_away(connection: Connection, version: str) -> None:
    """Drop a draft. Raises Conflict("rulebook_not_draft") for a version that was put in force, or is going to be."""
    if _was_scheduled(connection, version):
        raise Conflict("rulebook_not_draft")
    connection.execute(delete(_packages).where(_packages.c.version == version))
    connection.execute(delete(_versions).where(_versions.c.version == version))


def layers_of(connection: Connection, version: str) -> list[Any] | None:
    """The files of a version; None: they were never kept."""
    layers: list[Any] | None = connection.scalar(select(_packages.c.layers).where(_packages.c.version == version))
    return layers


def _was_scheduled(connection: Connection, version: str) -> bool:
    return bool(connection.scalar(select(exists().where(_entries.c.version == version))))


def _version(kept: Kept) -> dict[str, Any]:
    return {
        "version": kept.version,
        "name": kept.name,
        "effective_from": kept.effective_from,
        "loaded_at": kept.added_at,
        "content": kept.content,
    }


def _package(kept: Kept) -> dict[str, Any]:
    return {
        "version": kept.version,
        "digest": kept.digest,
        "layers": kept.layers,
        "catalogues": kept.catalogues,
        "added_at": kept.added_at,
        "added_by": kept.added_by,
    }
