"""A directory of rulebook files becomes the domain's rulebook and the demo district, or says all that is wrong."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from domain.catalogue.items import Catalogue
from domain.rulebook import Rulebook
from domain.worktime import OfficeHours
from rulebook.calendars import Known, known_days
from rulebook.catalogue.load import read_catalogue
from rulebook.district import District, district_of
from rulebook.district_schema import DistrictModel
from rulebook.files import MAIN, checked, layers, tree
from rulebook.marked import Marked
from rulebook.packed import Package, packed
from rulebook.problems import Problem, RulebookInvalid
from rulebook.references import check_categories, check_danger, check_district, check_routing
from rulebook.schema import CategoriesModel, RoutingModel, RulebookModel
from rulebook.values import content_of, office_hours, rulebook_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A rulebook directory, read and checked.

    content  the rules' own JSON, without district and catalogue
    package  its files, so that they can be kept, and opened again elsewhere
    """

    rulebook: Rulebook
    district: District
    catalogue: Catalogue
    content: dict[str, Any]
    package: Package


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    main: RulebookModel
    categories: CategoriesModel
    routing: RoutingModel
    district: DistrictModel
    catalogue: Catalogue
    known: Known
    content: dict[str, Any]


def load(directory: Path) -> Rulebook:
    """The rulebook in ``directory``. Raises RulebookInvalid with every fault that was found."""
    return open_rulebook(directory).rulebook


def load_district(directory: Path) -> District:
    """The district that goes with the rulebook in ``directory``. Raises RulebookInvalid."""
    return open_rulebook(directory).district


def open_rulebook(directory: Path) -> Opened:
    """Rulebook, district and content of ``directory``. Raises RulebookInvalid with every fault that was found."""
    problems: list[Problem] = []
    return _opened(layers(directory, problems), problems)


def open_package(package: Package) -> Opened:
    """As ``open_rulebook``, of files that are kept. Raises RulebookInvalid; files are named as the package does."""
    with package.unpacked() as paths:
        try:
            return replace(_opened(paths, []), package=package)
        except RulebookInvalid as fault:
            raise package.named(fault, paths) from fault


def _opened(paths: list[Path], problems: list[Problem]) -> Opened:
    parts = _parts(paths, problems)
    if problems or parts is None:
        raise RulebookInvalid(problems)
    return Opened(
        rulebook=rulebook_of(parts.main, parts.categories, parts.routing, parts.known, parts.content),
        district=district_of(parts.district),
        catalogue=parts.catalogue,
        content=parts.content,
        package=packed(paths),
    )


def _parts(paths: list[Path], problems: list[Problem]) -> _Parts | None:
    trees = {name: tree(paths, f"{name}.yaml", problems) for name in ("rulebook", "categories", "routing", "district")}
    main = checked(RulebookModel, trees["rulebook"], problems)
    categories = checked(CategoriesModel, trees["categories"], problems)
    routing = checked(RoutingModel, trees["routing"], problems)
    district = checked(DistrictModel, trees["district"], problems)
    _check_references(main, categories, routing, district, trees, problems)
    known = known_days(paths, main, problems)
    hours = _hours(main, trees["rulebook"], problems)
    if main is None or categories is None or routing is None or district is None or hours is None:
        return None
    catalogue = read_catalogue(paths, district, hours, problems)
    if catalogue is None:
        return None
    rules = {name: found.plain for name, found in trees.items() if found is not None and name != "district"}
    return _Parts(
        main=main,
        categories=categories,
        routing=routing,
        district=district,
        catalogue=catalogue,
        known=known,
        content=content_of(rules, known),
    )


def _check_references(
    main: RulebookModel | None,
    categories: CategoriesModel | None,
    routing: RoutingModel | None,
    district: DistrictModel | None,
    trees: dict[str, Marked | None],
    problems: list[Problem],
) -> None:
    """As much of it as the shapes allow."""
    if categories is not None and trees["categories"] is not None:
        check_categories(categories, trees["categories"], problems)
    if district is None or trees["district"] is None:
        return
    check_district(district, trees["district"], problems)
    if main is not None and trees["rulebook"] is not None:
        check_danger(main, trees["rulebook"], district, problems)
    if routing is not None and trees["routing"] is not None and categories is not None:
        check_routing(routing, trees["routing"], categories, district, problems)


def _hours(main: RulebookModel | None, marked: Marked | None, problems: list[Problem]) -> OfficeHours | None:
    if main is None or marked is None:
        return None
    try:
        return office_hours(main)
    except ValueError:
        found = "one that begins before the last has ended, or ends before it begins"
        problems.append(marked.at(("office_hours",)).problem("office_hours", "periods in order of time", found))
        return None


__all__ = ["MAIN", "Opened", "RulebookInvalid", "load", "load_district", "open_package", "open_rulebook"]
