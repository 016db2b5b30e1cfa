"""A catalogue of a rulebook: its files read, checked, and turned into values."""

from pathlib import Path

from domain.catalogue.holders import Holders, UnitPlace
from domain.catalogue.items import Catalogue
from domain.worktime import OfficeHours
from rulebook.catalogue.files import sheets
from rulebook.catalogue.rules import check_items, check_versions
from rulebook.catalogue.values import catalogue_of
from rulebook.district_schema import DistrictModel
from rulebook.problems import Problem


def read_catalogue(
    paths: list[Path], district: DistrictModel, hours: OfficeHours, problems: list[Problem]
) -> Catalogue | None:
    """The catalogue in these layers of directories, lowest last; None, with every fault noted, when it is none."""
    own: list[Problem] = []
    found = sheets(paths, own)
    holders = Holders(UnitPlace(code=u.code, kind=u.kind, line=u.line, parent=u.parent) for u in district.units)
    check_versions(found, own)
    for sheet in found:
        check_items(sheet, holders, hours, own)
    problems.extend(own)
    return None if own else catalogue_of(found)
