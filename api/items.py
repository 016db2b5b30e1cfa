"""The item under which a case runs, by its name in the version of its own: read once a process, for a version never
changes (its name includes the digest of its content)."""

from sqlalchemy import Connection

from db.queries.rulebooks import catalogue_version
from domain.catalogue.items import Item

_READ: dict[str, dict[str, Item]] = {}


def item_under(connection: Connection, version: str, code: str) -> Item | None:
    """The item as this version has it; None: it was never loaded here."""
    if version not in _READ:
        found = catalogue_version(connection, version)
        if found is None:
            return None
        _READ[version] = {item.code: item for item in found.items}
    return _READ[version].get(code)
