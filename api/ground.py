"""Grids and units as a process works with them: kept in memory, and read again soon after an administrator changed any.

Every process sees for itself whether something was changed: one look at a single row, when it is needed and the last
look is ``FRESH_S`` old.
"""

import time
from typing import Final

from sqlalchemy import Connection

from api.places import GridPlace, Places
from db.engine import Database
from db.queries.administration import last_change
from db.queries.places import list_grids, list_units
from domain.catalogue.holders import Holders, UnitPlace

FRESH_S: Final = 2.0


class Ground:
    """The district's ground: where points lie, and which units hold steps. What was closed is in neither."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._places = Places(())
        self._holders = Holders(())
        self._seen = -1
        self._looked = 0.0

    async def places(self) -> Places:
        """The grids."""
        await self._look()
        return self._places

    async def holders(self) -> Holders:
        """The units among which those who hold steps are found."""
        await self._look()
        return self._holders

    async def refresh(self) -> None:
        """Look at once: something was changed here."""
        self._looked = 0.0
        await self._look()

    async def _look(self) -> None:
        empty, at = not self._places or not self._holders, time.monotonic()
        if not empty and at - self._looked < FRESH_S:
            return
        self._looked = at
        change = await self._database.read(last_change)
        if empty or change != self._seen:
            self._places, self._holders = await self._database.read(_read)
            self._seen = change


def _read(connection: Connection) -> tuple[Places, Holders]:
    grids = [row for row in list_grids(connection) if row["active"]]
    units = [row for row in list_units(connection) if row["active"]]
    placed = ((GridPlace(code=row["code"], unit=row["unit"]), row["boundary"]) for row in grids)
    holding = (UnitPlace(code=row["code"], kind=row["kind"], line=row["line"], parent=row["parent"]) for row in units)
    return Places(placed), Holders(holding)
