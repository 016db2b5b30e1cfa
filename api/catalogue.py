"""The catalogue in a process of the API: the versions of the files, and those that only the database still has."""

from datetime import datetime

from db.engine import Database
from db.queries.rulebooks import catalogue_version
from domain.catalogue import Catalogue, CatalogueVersion, Item
from domain.worktime import shanghai_date

_LONGEST_NAME = 60


class Shelf:
    """Versions of the catalogue. What was once loaded never changes, so that it may be kept."""

    def __init__(self, catalogue: Catalogue, database: Database) -> None:
        self.catalogue = catalogue
        self._database = database
        self._older: dict[str, CatalogueVersion] = {}

    def in_force(self, at: datetime) -> CatalogueVersion:
        """The version for what is received at that instant. Raises Unprocessable("catalogue_not_in_force")."""
        return self.catalogue.in_force(shanghai_date(at))

    async def version(self, name: str) -> CatalogueVersion | None:
        """The version of this name, as the files have it or as it was loaded; None: there never was one."""
        found = self.catalogue.version(name) or self._older.get(name)
        if found is None and len(name) <= _LONGEST_NAME and "\0" not in name:
            found = await self._database.read(lambda connection: catalogue_version(connection, name))
            if found is not None:
                self._older[name] = found
        return found

    async def item(self, version: str, code: str) -> Item | None:
        """The item under which a case of that version runs (B6)."""
        found = await self.version(version)
        return None if found is None else next((item for item in found.items if item.code == code), None)
