"""Numbers of identity papers: which kind, whether it can be one, what it says by itself, and how little of it is shown.

Check digit and birth date decide. The region in a number only warns: divisions are renamed, merged and split every
year, and a number is for life. Passports and travel permits are taken by their shape.

Numbers of residents: GB 11643-1999, 18 characters: region (6), birth date (8), sequence (3; odd: male), check digit by
MOD 11-2 of ISO 7064. Before 1999: 15 digits without century and check digit. Residence permits for Hong Kong, Macao and
Taiwan begin with 81, 82 and 83, foreigners' permanent residence cards since 2023 with 9; both end like a resident's.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

from domain.errors import Unprocessable

REGION_UNKNOWN: Final = "id_number_region_unknown"
"""A warning: nobody is sent home for it."""

LONGEST: Final = 40
"""More characters than any paper has, blanks and dashes included."""

OLDEST: Final = 130
"""Years; nobody has been older."""


class IdentityKind(StrEnum):
    """What kind of paper a number is of."""

    RESIDENT = "resident_identity_card"
    REGIONAL_RESIDENT = "hong_kong_macao_taiwan_residence_permit"
    FOREIGN_RESIDENT = "foreign_permanent_residence_card"
    PASSPORT = "passport"
    HONG_KONG_MACAO_TRAVEL = "hong_kong_macao_travel_permit"
    TAIWAN_TRAVEL = "taiwan_travel_permit"


class Sex(StrEnum):
    """As the number says."""

    FEMALE = "female"
    MALE = "male"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """An acceptable number in its one spelling, and what it says by itself."""

    kind: IdentityKind
    number: str
    born_on: date | None = None
    sex: Sex | None = None
    warnings: tuple[str, ...] = ()

    @property
    def masked(self) -> str:
        """Enough to tell one person at a desk from another, and no more: the birth date is never in it."""
        return masked(self.number)


class _Shape(NamedTuple):
    pattern: re.Pattern[str]
    kind: IdentityKind


_WEIGHTS: Final = tuple(pow(2, 17 - place, 11) for place in range(17))
_CHECK_DIGITS: Final = "10X98765432"

_LONG: Final = re.compile(r"\d{17}[\dX]")
_OLD: Final = re.compile(r"\d{15}")
_CENTENARIANS: Final = frozenset({"996", "997", "998", "999"})
"""Sequences that 15-digit numbers kept for people who were a hundred years old then."""

_BY_SHAPE: Final = (
    _Shape(re.compile(r"[A-Z]{3}\d{12}"), IdentityKind.FOREIGN_RESIDENT),
    _Shape(re.compile(r"[HM]\d{8}(?:\d{2})?"), IdentityKind.HONG_KONG_MACAO_TRAVEL),
    _Shape(re.compile(r"\d{8}|\d{10}[A-Z]?"), IdentityKind.TAIWAN_TRAVEL),
    _Shape(re.compile(r"(?=.*\d)[A-Z0-9]{5,12}"), IdentityKind.PASSPORT),
)
_NOT_TOLD_BY_DIGITS: Final = frozenset({IdentityKind.TAIWAN_TRAVEL})

_PROVINCES: Final = frozenset(
    str(code)
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83))
    for code in range(first, last + 1)
)
_REGIONAL: Final = ("81", "82", "83")
_FOREIGN: Final = "9"


def read_identity(text: str, *, today: date, kind: IdentityKind | None = None) -> Identity:
    """The number in ``text``, of the paper ``kind`` or, when that is not said, of the kind that its shape tells.

    Blanks, dashes, full-width characters and small letters are put right; 15-digit numbers become the 18-digit ones
    that replaced them. Raises Unprocessable("id_number_malformed") for what is no number of that kind,
    ("id_number_birth_date") for a date that never was, is still to come, or is longer ago than anybody lives,
    ("id_number_check_digit"); the field is ``id_number``.
    """
    number = _spelled(text)
    found = _kind_of(number) if kind is None else kind
    if found is IdentityKind.RESIDENT and _OLD.fullmatch(number):
        number = _renewed(number)
    if _LONG.fullmatch(number) and found in _NUMBERED and _kind_of(number) is found:
        return _numbered(found, number, today)
    if any(shape.kind is found and shape.pattern.fullmatch(number) for shape in _BY_SHAPE):
        return Identity(kind=found, number=number)
    raise _refused("id_number_malformed")


def check_digit(first: str) -> str:
    """The check digit that belongs to the first 17 digits of a number (MOD 11-2 of ISO 7064)."""
    return _CHECK_DIGITS[sum(int(digit) * weight for digit, weight in zip(first, _WEIGHTS, strict=True)) % 11]


def masked(number: str) -> str:
    """The end of a number, at most four characters and at most a quarter of it, behind stars."""
    shown = min(4, len(number) // 4)
    return "*" * (len(number) - shown) + number[len(number) - shown :]


_NUMBERED: Final = frozenset({IdentityKind.RESIDENT, IdentityKind.REGIONAL_RESIDENT, IdentityKind.FOREIGN_RESIDENT})


def _spelled(text: str) -> str:
    if len(text) > LONGEST:
        raise _refused("id_number_malformed")
    narrow = unicodedata.normalize("NFKC", text)
    number = re.sub(r"[\s\-‐-―]", "", narrow).upper()
    if not number.isascii():  # digits of other scripts are digits to Python, too
        raise _refused("id_number_malformed")
    return number


def _kind_of(number: str) -> IdentityKind:
    """The kind that the number itself tells. Digits alone tell nothing, unless they are 15 or 18."""
    if _LONG.fullmatch(number):
        if number.startswith(_FOREIGN):
            return IdentityKind.FOREIGN_RESIDENT
        return IdentityKind.REGIONAL_RESIDENT if number.startswith(_REGIONAL) else IdentityKind.RESIDENT
    if _OLD.fullmatch(number):
        return IdentityKind.RESIDENT
    told = (shape.kind for shape in _BY_SHAPE if not number.isdigit() and shape.pattern.fullmatch(number))
    found = next((kind for kind in told if kind not in _NOT_TOLD_BY_DIGITS), None)
    if found is None:
        raise _refused("id_number_malformed")
    return found


def _renewed(old: str) -> str:
    """A 15-digit number as the 18-digit one that replaced it."""
    century = "18" if old[12:] in _CENTENARIANS else "19"
    first = old[:6] + century + old[6:]
    return first + check_digit(first)


def _numbered(kind: IdentityKind, number: str, today: date) -> Identity:
    born_on = _birth_date(number[6:14], today)
    if number[17] != check_digit(number[:17]):
        raise _refused("id_number_check_digit")
    region = number[1:3] if kind is IdentityKind.FOREIGN_RESIDENT else number[:2]
    return Identity(
        kind=kind,
        number=number,
        born_on=born_on,
        sex=Sex.MALE if int(number[16]) % 2 else Sex.FEMALE,
        warnings=() if region in _PROVINCES else (REGION_UNKNOWN,),
    )


def _birth_date(digits: str, today: date) -> date:
    try:
        born_on = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise _refused("id_number_birth_date") from None
    if born_on > today or born_on.year < today.year - OLDEST:
        raise _refused("id_number_birth_date")
    return born_on


def _refused(code: str) -> Unprocessable:
    return Unprocessable(code, field="id_number")
