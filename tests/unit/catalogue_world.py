"""A small catalogue to spoil: one version, one item with every kind of step, within the shipped district."""

from functools import cache
from pathlib import Path
from typing import Final

from domain.catalogue.items import Catalogue
from rulebook.catalogue.load import read_catalogue
from rulebook.district_schema import DistrictModel
from rulebook.files import checked, tree
from rulebook.problems import Problem
from tests.unit.rulebooks import SHIPPED, shipped

MAIN: Final = """\
schema: 1
lines:
  - {code: civil-affairs, name: 民政, name_en: Civil affairs}
  - {code: housing, name: 住房, name_en: Housing}
materials:
  - {code: id-card, name: 居民身份证, name_en: Identity card, copies: 2}
versions:
  - {version: "2025", effective_from: 2025-01-01}
  - {version: "2026", effective_from: 2026-01-01, based_on: "2025"}
"""
ITEMS: Final = """\
schema: 1
items:
  - code: tea-house
    name: 茶馆登记
    name_en: Tea house
    line: civil-affairs
    kind: licence
    legal: 30 working days
    promised: 20 working days
    applicants: [person, enterprise]
    keywords: [喝茶]
    materials:
      - id-card
      - {code: lease, name: 租赁合同, name_en: Lease, may_follow: true}
      - {code: licence, name: 营业执照, name_en: Licence, only_for: [enterprise]}
      - {code: letter, name: 委托书, name_en: Letter, by_proxy: true}
    steps:
      - key: check
        name: 审查
        name_en: Check
        holder: {line: civil-affairs}
        limit: 2 working days
        outcomes:
          - {code: clear, name: 清楚, name_en: Clear}
          - {code: doubtful, name: 存疑, name_en: Doubtful}
          - {code: refused, name: 不予, name_en: Refused, effect: refuse}
      - {key: visit, name: 上门, name_en: Visit, holder: community, limit: 5 working days,
         only_if: {step: check, outcome: doubtful}}
      - {key: survey, name: 勘验, name_en: Survey, holder: {unit: housing}, limit: 8 working days, after: [check]}
      - {key: above, name: 上级, name_en: Above, kind: outside, holder: {unit: district-civil-affairs},
         reference: 6 to 10 working days, after: [visit, survey]}
      - {key: issue, name: 发证, name_en: Issue, holder: {line: civil-affairs}, limit: 8 working hours,
         unless: {material: lease}}
"""


def write(directory: Path, *, main: str = MAIN, items: str = ITEMS, newer: str | None = None) -> Path:
    """The catalogue as files below ``directory``; ``newer``: what the version of 2026 says of its own."""
    for name, text in (("catalogue.yaml", main), ("2025/items.yaml", items), ("2026/items.yaml", newer)):
        if text is not None:
            file = directory / "catalogue" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    return directory


def read(*directories: Path) -> tuple[Catalogue | None, list[str]]:
    """The catalogue, and its faults without directories. The first directory lies over the second."""
    problems: list[Problem] = []
    found = read_catalogue(list(directories), district(), shipped().rulebook.hours, problems)
    told = sorted({str(problem) for problem in problems})
    for directory in directories:
        told = [fault.removeprefix(f"{directory}/catalogue/") for fault in told]
    return found, told


def catalogue(*directories: Path) -> Catalogue:
    """The catalogue of directories in which nothing is wrong."""
    found, told = read(*directories)
    assert told == []
    assert found is not None
    return found


@cache
def district() -> DistrictModel:
    """The shipped district, as its file says it."""
    problems: list[Problem] = []
    found = checked(DistrictModel, tree([SHIPPED / "default"], "district.yaml", problems), problems)
    assert found is not None
    return found
