"""The register of persons: which of its fields a purpose opens, and what an application claims about its applicant.

A purpose is the item that somebody applies for. It opens what its form needs and nothing else (C8); the rows of the
register are ``db.tables.register``. What a claim says becomes a fact when the application is approved (B5).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from domain.authority import Actor
from domain.errors import Forbidden
from domain.vocabulary import Role

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

_LOOKERS: Final = frozenset({Role.INTAKE_CLERK, Role.SUPERVISOR})

_PAPER: Final = "paper:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """Why somebody looks: an item, the line that it belongs to, and the materials that its checklist asks for."""

    item: str
    line: str
    materials: frozenset[str] = frozenset()

    @property
    def opens(self) -> tuple[RegisterField, ...]:
        """The fields that it opens, in the order of the register."""
        wanted = COLUMNS | OF_LINE.get(self.line, frozenset())
        return tuple(field for field in RegisterField if field in wanted)

    def papers(self, facts: Mapping[str, Any]) -> list[str]:
        """Codes of the materials that need not be brought: papers that this office itself gave the person."""
        return sorted(code for code in self.materials if paper(code) in facts)


def require_looker(actor: Actor) -> None:
    """Raises Forbidden("not_allowed") unless the actor sits where applications are typed in."""
    if actor.roles.isdisjoint(_LOOKERS):
        raise Forbidden("not_allowed")


def paper(code: str) -> str:
    """The name of the fact that a person has been given the result with this code."""
    return _PAPER + code


def claims_of(form: Mapping[str, Any], results: Mapping[str, str]) -> dict[str, str]:
    """What approval will have proved: the fields of the form that the register knows, and the papers that are given.

    ``results`` are the codes of the item's results with the item that gives each. What is no short text or number is
    left where it is.
    """
    said = {field.value: _short(form[field]) for field in RegisterField if field in CLAIMABLE and field in form}
    given = {paper(code): item for code, item in results.items()}
    return {name: value for name, value in (said | given).items() if value}


def _short(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = str(value).strip()
    return text if len(text) <= VALUE_LENGTH else ""
