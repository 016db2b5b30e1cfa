"""Who and what there is in the made-up town: its rulebook, its district, and seeded choices among them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Final

from domain.catalogue.flow import flow_of, materials_of
from domain.catalogue.holders import Holders, UnitPlace
from domain.catalogue.items import CatalogueVersion, Item
from domain.errors import Refused
from domain.routing import Routed, route
from domain.rulebook import Rulebook
from domain.service.flow import Flow
from domain.service.materials import Materials
from domain.vocabulary import Role
from domain.worktime import SHANGHAI
from rulebook.district import Grid
from rulebook.load import Opened

BIG: Final = "urban-management"
"""The unit that gets the most: of the demo's handler and leader."""

_BIG_SHARE: Final = 0.3
_DAY_BEGINS, _DAY_ENDS = 7, 22


@dataclass(frozen=True, slots=True)
class Town:
    """The opened rulebook, ``now``, and what chance decides.

    ``groups``: the ordinary categories, first those that are routed to the big unit.
    """

    opened: Opened
    now: datetime
    rng: Random
    handlers: dict[str, str] = field(default_factory=dict)
    groups: tuple[list[str], list[str]] = field(default_factory=lambda: ([], []))
    flows: list[tuple[str, Item, Flow, Materials, Grid]] = field(default_factory=list)

    @property
    def rules(self) -> Rulebook:
        """The rules in force."""
        return self.opened.rulebook

    @property
    def grids(self) -> Sequence[Grid]:
        """All grids."""
        return self.opened.district.grids

    def category(self) -> str:
        """Of an incident."""
        big, others = self.groups
        return self.rng.choice(big if self.rng.random() < _BIG_SHARE else others)

    def routed(self, category: str, grid: Grid, *, danger: bool = False) -> Routed | None:
        """Which unit it goes to."""
        return route(self.rules, category, grid.code, grid.community, danger=danger)

    def handler(self, unit: str) -> str:
        """Who handles what the unit holds."""
        return self.handlers.get(unit, f"{unit}.handler")

    def daytime(self, earliest: datetime, latest: datetime) -> datetime:
        """An instant between these, when people are awake."""
        for _ in range(50):
            at = earliest + (latest - earliest) * self.rng.random()
            if _DAY_BEGINS <= at.astimezone(SHANGHAI).hour < _DAY_ENDS:
                return at
        return earliest

    def soon(self, at: datetime, least: float, most: float) -> datetime:
        """So many minutes later, but not in the future."""
        return min(at + timedelta(minutes=self.rng.uniform(least, most)), self.now)


def town(opened: Opened, now: datetime, seed: int) -> Town:
    """The town of this rulebook."""
    made = Town(opened, now, Random(seed))
    for person in opened.district.people:
        if {Role.HANDLER, Role.UNIT_LEADER} & {*person.roles}:
            made.handlers.setdefault(person.unit, person.username)
    place = made.grids[0]
    for category in opened.rulebook.categories.values():
        if not category.danger:
            routed = made.routed(category.code, place)
            made.groups[0 if routed is not None and routed.unit == BIG else 1].append(category.code)
    made.flows.extend(_flows(made))
    return made


def _flows(made: Town) -> list[tuple[str, Item, Flow, Materials, Grid]]:
    """The items that can be applied for, each as it runs in some grid."""
    version: CatalogueVersion = made.opened.catalogue.versions[-1]
    holders = Holders(
        UnitPlace(code=unit.code, kind=unit.kind, line=unit.line, parent=unit.parent)
        for unit in made.opened.district.units
    )
    found: list[tuple[str, Item, Flow, Materials, Grid]] = []
    for item, grid in zip(version.items, [*made.grids] * len(version.items), strict=False):
        if item.is_draft:
            continue
        try:
            flow = flow_of(item, lambda holder, place=grid.community: holders.unit_of(holder, place))  # type: ignore[misc]
        except Refused:
            continue
        asked = [material.code for material in item.asked_of(item.applicants[0])]
        given = materials_of(item, item.applicants[0], by_proxy=False, given=asked)
        found.append((version.version, item, flow, given, grid))
    return found
