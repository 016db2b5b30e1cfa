"""What refers to what within a rulebook: codes that must exist, be of the right kind, and stand only once."""

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from domain.vocabulary import Role, UnitKind
from rulebook.district_schema import DistrictModel
from rulebook.marked import Marked
from rulebook.problems import Problem
from rulebook.schema import CategoriesModel, RoutingModel, RulebookModel

TO_COMMUNITY: Final = "community"
Entry = TypeVar("Entry")


def check_categories(model: CategoriesModel, marked: Marked, problems: list[Problem]) -> None:
    """Groups exist; nothing stands twice."""
    _once(model.groups, lambda group: group.code, ("groups", "code"), marked, problems)
    _once(model.categories, lambda category: category.code, ("categories", "code"), marked, problems)
    groups = {group.code for group in model.groups}
    for index, category in enumerate(model.categories):
        if category.group not in groups:
            _unknown(marked, ("categories", index, "group"), "the code of a group", category.group, problems)


def check_district(model: DistrictModel, marked: Marked, problems: list[Problem]) -> None:
    """Units, communities and officers exist and are what they are referred to as."""
    _once(model.units, lambda unit: unit.code, ("units", "code"), marked, problems)
    _once(model.grids, lambda grid: grid.code, ("grids", "code"), marked, problems)
    _once(model.people, lambda person: person.username, ("people", "username"), marked, problems)
    kinds = {unit.code: unit.kind for unit in model.units}
    officers = {person.username for person in model.people if Role.GRID_OFFICER in person.roles}
    for index, unit in enumerate(model.units):
        if unit.parent is not None and unit.parent not in kinds:
            _unknown(marked, ("units", index, "parent"), "the code of a unit", unit.parent, problems)
    for index, person in enumerate(model.people):
        if person.unit not in kinds:
            _unknown(marked, ("people", index, "unit"), "the code of a unit", person.unit, problems)
    for index, grid in enumerate(model.grids):
        if kinds.get(grid.community) is not UnitKind.COMMUNITY:
            at = ("grids", index, "community")
            _unknown(marked, at, "the code of a unit of kind community", grid.community, problems)
        if grid.officer is not None and grid.officer not in officers:
            _unknown(marked, ("grids", index, "officer"), "a person with role grid_officer", grid.officer, problems)
        if grid.box.south >= grid.box.north or grid.box.west >= grid.box.east:
            _unknown(marked, ("grids", index, "box"), "south below north and west before east", "no area", problems)


def check_routing(
    model: RoutingModel, marked: Marked, categories: CategoriesModel, district: DistrictModel, problems: list[Problem]
) -> None:
    """Every code in a rule exists."""
    _once(model.rules, lambda rule: rule.name, ("rules", "name"), marked, problems)
    units = {unit.code for unit in district.units}
    communities = {unit.code for unit in district.units if unit.kind is UnitKind.COMMUNITY}
    known = {
        "unit": units | {TO_COMMUNITY},
        "category": {category.code for category in categories.categories},
        "group": {group.code for group in categories.groups},
        "grid": {grid.code for grid in district.grids},
        "community": communities,
    }
    for index, rule in enumerate(model.rules):
        for key, codes in known.items():
            code = getattr(rule, key)
            if code is not None and code not in codes:
                _unknown(marked, ("rules", index, key), f"the code of a {key}", code, problems)


def check_danger(model: RulebookModel, marked: Marked, district: DistrictModel, problems: list[Problem]) -> None:
    """The unit for danger to life is the police channel."""
    kinds = {unit.code: unit.kind for unit in district.units}
    if kinds.get(model.danger.unit) is not UnitKind.POLICE:
        _unknown(marked, ("danger", "unit"), "the code of a unit of kind police", model.danger.unit, problems)


def _once(
    entries: Sequence[Entry],
    code_of: Callable[[Entry], str],
    keys: tuple[str, str],
    marked: Marked,
    problems: list[Problem],
) -> None:
    """Nothing stands twice under the same code."""
    lines: dict[str, int] = {}
    for index, entry in enumerate(entries):
        at, code = (keys[0], index, keys[1]), code_of(entry)
        if code in lines:
            _unknown(marked, at, "every code once", f"{code} again (first in line {lines[code]})", problems)
        lines.setdefault(code, marked.at(at).line)


def _unknown(marked: Marked, path: tuple[int | str, ...], expected: str, found: str, problems: list[Problem]) -> None:
    problems.append(marked.at(path).problem(".".join(map(str, path)), expected, found))
