"""The catalogue in a process of the API: the versions of the files, and those that only the database still has."""

import asyncio
from datetime import datetime

from db.engine import Database
from db.queries.rulebooks import catalogue_version
from domain.catalogue.items import Catalogue, CatalogueVersion, Item
from domain.worktime import shanghai_date
from rulebook.catalogue.chart import Language, Wording
from rulebook.catalogue.search import ItemSearch
from rulebook.district import District

_LONGEST_NAME = 60


class Shelf:
    """Versions of the catalogue. What was once loaded never changes, so that it may be kept."""

    def __init__(self, catalogue: Catalogue, district: District, database: Database) -> None:
        self.catalogue = catalogue
        self._units = district.units
        self._database = database
        self._older: dict[str, CatalogueVersion] = {}
        self._searches: dict[str, ItemSearch] = {}

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

    async def search(self, version: CatalogueVersion) -> ItemSearch:
        """What finds the items of a version: built once, beside the loop."""
        found = self._searches.get(version.version)
        if found is None:
            found = self._searches[version.version] = await asyncio.to_thread(ItemSearch, version)
        return found

    def wording(self, version: CatalogueVersion, language: Language) -> Wording:
        """How a chart of this version names units and lines."""
        lines = {line.code: (line.name, line.name_en) for line in version.lines}
        named = lines | {unit.code: (unit.name, unit.name_en) for unit in self._units}
        place = 0 if language is Language.CHINESE else 1
        return Wording(language, {code: names[place] for code, names in named.items()})
