"""The register of persons: which of its fields a purpose opens, and what an application claims about its applicant.

A purpose is the item that somebody applies for. It opens what its form needs and nothing else (C8); the rows of the
register are ``db.tables.register``. What a claim says becomes a fact when the application is approved (B5).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple

from domain.catalogue.items import ApplicantKind, Item
from domain.limits import Limit
from domain.worktime import WorkTime

VALUE_LENGTH: Final = 200
"""Characters of a claim; what is longer is a story, not a fact."""


class RegisterField(StrEnum):
    """What the register may know of a person."""

    NAME = "name"
    SEX = "sex"
    BORN_ON = "born_on"
    PHONE = "phone"
    ADDRESS = "address"
    GRID = "grid"
    HOUSEHOLD_ADDRESS = "household_address"
    HOUSEHOLD_SIZE = "household_size"
    MARITAL_STATUS = "marital_status"
    CHILDREN = "children"
    EMPLOYMENT = "employment"
    EMPLOYER = "employer"
    MONTHLY_INCOME = "monthly_income"
    EDUCATION = "education"
    PENSION = "pension"
    MEDICAL_INSURANCE = "medical_insurance"
    DISABILITY = "disability"
    HOUSING = "housing"
    SERVICE_RECORD = "service_record"


_F = RegisterField

COLUMNS: Final = frozenset({_F.NAME, _F.SEX, _F.BORN_ON, _F.PHONE, _F.ADDRESS, _F.GRID})
"""What a record has of everybody; all others are facts that some application proved."""

CLAIMABLE: Final = frozenset(RegisterField) - COLUMNS

OF_LINE: Final[Mapping[str, frozenset[RegisterField]]] = {
    "civil-affairs": frozenset({_F.HOUSEHOLD_ADDRESS, _F.HOUSEHOLD_SIZE, _F.MARITAL_STATUS, _F.MONTHLY_INCOME,
                                _F.DISABILITY}),
    "disabled-persons": frozenset({_F.HOUSEHOLD_ADDRESS, _F.DISABILITY, _F.MONTHLY_INCOME}),
    "education": frozenset({_F.HOUSEHOLD_ADDRESS, _F.CHILDREN, _F.EDUCATION}),
    "health": frozenset({_F.HOUSEHOLD_ADDRESS, _F.MARITAL_STATUS, _F.CHILDREN}),
    "housing": frozenset({_F.HOUSEHOLD_ADDRESS, _F.HOUSEHOLD_SIZE, _F.MARITAL_STATUS, _F.MONTHLY_INCOME, _F.HOUSING}),
    "labour-security": frozenset({_F.HOUSEHOLD_ADDRESS, _F.EMPLOYMENT, _F.EMPLOYER, _F.EDUCATION, _F.PENSION}),
    "medical-insurance": frozenset({_F.HOUSEHOLD_ADDRESS, _F.MEDICAL_INSURANCE, _F.EMPLOYMENT, _F.EMPLOYER}),
    "public-security": frozenset({_F.HOUSEHOLD_ADDRESS, _F.MARITAL_STATUS, _F.CHILDREN}),
    "veterans-affairs": frozenset({_F.HOUSEHOLD_ADDRESS, _F.SERVICE_RECORD, _F.EMPLOYMENT}),
}  # fmt: skip
"""What the forms of a line need beyond the columns. A line that is not here gets the columns only."""

_PAPER: Final = "paper:"
_WITHOUT_END: Final = "without end"
PERSONS: Final = frozenset({ApplicantKind.PERSON, ApplicantKind.SELF_EMPLOYED})
"""Who applies for themselves; for all others somebody signs."""


class Fact(NamedTuple):
    """A value that is proved, and since when."""

    value: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """Why somebody looks: an item, the line that it belongs to, and its checklist: names of materials by code."""

    item: str
    line: str
    materials: Mapping[str, str] = field(default_factory=dict)

    @property
    def opens(self) -> tuple[RegisterField, ...]:
        """The fields that it opens, in the order of the register."""
        wanted = COLUMNS | OF_LINE.get(self.line, frozenset())
        return tuple(name for name in RegisterField if name in wanted)

    def papers(self, facts: Mapping[str, Fact], work: WorkTime, at: datetime) -> list[str]:
        """Codes of the materials that need not be brought: papers that were given to the person here, and still hold.

        A material and a result are the same paper when they have the same public name.
        """
        given = {code: facts.get(paper(name)) for code, name in self.materials.items()}
        return sorted(code for code, fact in given.items() if fact is not None and _holds(fact, work, at))


def paper(name: str) -> str:
    """The name of the fact that a person has been given the paper of this public name."""
    return _PAPER + name


def claims_of(form: Mapping[str, Any], item: Item, applicant: ApplicantKind) -> dict[str, str]:
    """What approval will have proved: the fields of the form that the register knows, and the papers that are given.

    The value of a paper is how long it holds. What is no short text or number is left where it is. The register knows
    persons: what an enterprise or organisation says is not about the person who signs for it.
    """
    if applicant not in PERSONS:
        return {}
    said = {name.value: _short(form[name]) for name in RegisterField if name in CLAIMABLE and name in form}
    given = {paper(result.name): str(result.valid_for or _WITHOUT_END) for result in item.results}
    return {name: value for name, value in (said | given).items() if value}


def _holds(fact: Fact, work: WorkTime, at: datetime) -> bool:
    return fact.value == _WITHOUT_END or at < work.deadline(Limit.parse(fact.value), fact.at).at


def _short(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = str(value).strip()
    return text if len(text) <= VALUE_LENGTH else ""
