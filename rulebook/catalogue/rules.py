"""What is wrong with items and versions, each fault with its place, what was expected, and what stands there instead.

Steps and their graph are ``rulebook.catalogue.step_rules``.
"""

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Final

from domain.catalogue.holders import Holders
from domain.worktime import OfficeHours
from rulebook.catalogue.files import Sheet, Written
from rulebook.catalogue.lengths import nominal
from rulebook.catalogue.schema import MaterialModel
from rulebook.catalogue.step_rules import check_steps
from rulebook.problems import Problem

RESERVED: Final = ("versions", "diff")
"""Not codes of items: addresses of the catalogue itself."""


def check_versions(sheets: Sequence[Sheet], problems: list[Problem]) -> None:
    """Names once, dates in order, no day with two versions, none without one in between."""
    names: dict[str, int] = {}
    for sheet in sheets:
        name, at = sheet.version.version, sheet.marked.at(("version",))
        if name in names:
            problems.append(at.problem("version", "every version once", f"{name} again (first in line {names[name]})"))
        names.setdefault(name, at.line)
        if sheet.version.effective_to is not None and sheet.version.effective_to < sheet.version.effective_from:
            last = sheet.version.effective_to.isoformat()
            problems.append(sheet.marked.at(("effective_to",)).problem(name, "a last day not before the first", last))
    for earlier, later in pairwise(sorted(sheets, key=lambda sheet: sheet.version.effective_from)):
        _check_seam(earlier, later, problems)


def _check_seam(earlier: Sheet, later: Sheet, problems: list[Problem]) -> None:
    """Between two versions that follow each other."""
    begins, ends = later.version.effective_from, earlier.version.effective_to
    last = begins - timedelta(days=1)
    name = earlier.version.version
    if begins == earlier.version.effective_from:
        found = f"{begins} for {name} and {later.version.version}"
        problems.append(later.marked.at(("effective_from",)).problem(later.version.version, "days of its own", found))
    elif ends is not None and ends != last:
        what = "overlaps" if ends > last else "leaves days without a version before"
        found = f"{ends}, which {what} {later.version.version} of {begins}"
        problems.append(earlier.marked.at(("effective_to",)).problem(name, f"{last}, or no last day", found))


def check_items(sheet: Sheet, holders: Holders, hours: OfficeHours, problems: list[Problem]) -> None:
    """Every item of a version."""
    for written in sheet.items:
        _check_line(written, sheet, problems)
        _check_materials(written, sheet, problems)
        _check_limits(written, hours, problems)
        check_steps(written, holders, hours, problems)


def _check_line(written: Written, sheet: Sheet, problems: list[Problem]) -> None:
    line = written.model.line
    if written.model.code in RESERVED:
        problems.append(written.problem(("code",), "another code: this is a page of the catalogue", written.model.code))
    if line not in sheet.lines:
        problems.append(written.problem(("line",), "the code of a line", line))


def _check_materials(written: Written, sheet: Sheet, problems: list[Problem]) -> None:
    seen: set[str] = set()
    for index, material in enumerate(written.model.materials):
        at = ("materials", index)
        if material.code in seen:
            problems.append(written.problem(at, "every material once", f"{material.code} again"))
        seen.add(material.code)
        if material.name is None and material.code not in sheet.materials:
            problems.append(written.problem(at, "a name, or the code of a common material", material.code))
        for expected, found in _contradictions(material, written):
            problems.append(written.problem(at, expected, f"{material.code} {found}"))


def _contradictions(material: MaterialModel, written: Written) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    if material.may_follow and not material.required:
        found.append(("required: true where it may follow", "that may follow and is not required"))
    if material.by_proxy and not written.model.proxy:
        found.append(("proxy: true where a material is asked of proxies", "for proxies, who may not apply"))
    strangers = [kind.value for kind in material.only_for if kind not in written.model.applicants]
    if strangers:
        found.append((f"only_for among {', '.join(written.model.applicants)}", f"only for {', '.join(strangers)}"))
    return found


def _check_limits(written: Written, hours: OfficeHours, problems: list[Problem]) -> None:
    legal, promised = written.model.legal, written.model.promised
    if legal is not None and promised is not None and nominal(promised, hours) > nominal(legal, hours):
        problems.append(written.problem(("promised",), f"at most the legal limit of {legal}", str(promised)))
