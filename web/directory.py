"""What codes are called on pages: units, grids, categories, people. Read anew for every page: few rows, never stale."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import Connection

from api.house import House
from db.queries.people import names_of
from db.queries.places import list_grids, list_units
from web.words import Words


@dataclass(frozen=True, slots=True)
class Directory:
    """Names of codes, in the order in which lists show them.

    ``communities``: grid → unit of its community; ``open_units``: those that may be given something.
    """

    units: dict[str, str]
    grids: dict[str, str]
    categories: dict[str, str]
    items: dict[str, str]
    communities: dict[str, str]
    people: dict[str, str] = field(default_factory=dict)
    open_units: dict[str, str] = field(default_factory=dict)

    def unit(self, code: str | None) -> str:
        """What the unit is called."""
        return self.units.get(code, code) if code else "—"

    def grid(self, code: str | None) -> str:
        """What the grid is called."""
        return self.grids.get(code, code) if code else "—"

    def matter(self, category: str | None, item: str | None) -> str:
        """What an incident's category or a request's item is called; its code when it is no longer known here."""
        if category is not None:
            return self.categories.get(category, category)
        return self.items.get(item, item) if item else "—"

    def person(self, username: str | None) -> str:
        """What the person is called."""
        return self.people.get(username, username) if username else "—"


def directory(connection: Connection, here: House, words: Words, people: Iterable[str | None] = ()) -> Directory:
    """The names, and those of these ``people``."""
    units = [dict(row) for row in list_units(connection)]
    grids = [dict(row) for row in list_grids(connection)]
    return Directory(
        units={row["code"]: words.called(row) for row in units},
        grids={row["code"]: words.called(row) for row in grids},
        categories={code: words.named(category) for code, category in here.rulebook.categories.items()},
        items={item.code: words.named(item) for version in here.shelf.catalogue.versions for item in version.items},
        communities={row["code"]: row["unit"] for row in grids},
        people=names_of(connection, people),
        open_units={row["code"]: words.called(row) for row in units if row["active"]},
    )
