"""Units and grids as administrators add and change them. What is not named stays; null takes a value away."""

import re
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BeforeValidator

from api.fields import Code, Contract, Name, PublicPhone, fault
from api.outlines import outline
from domain.vocabulary import UnitKind

_NEW_CODE: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_CODE: Final = 60


def _new_code(value: str) -> str:
    if len(value) > _LONGEST_CODE or not _NEW_CODE.fullmatch(value):
        raise fault("code_malformed")
    return value


NewCode = Annotated[str, AfterValidator(_new_code)]
Outline = Annotated[dict[str, Any], BeforeValidator(outline)]


class UnitIn(Contract):
    """A new unit."""

    code: NewCode
    name: Name
    name_en: Name | None = None
    kind: UnitKind
    line: NewCode | None = None
    parent: Code | None = None


class UnitChange(Contract):
    """What of a unit is to change. Its kind stays: rights hang on it."""

    name: Name | None = None
    name_en: Name | None = None
    line: NewCode | None = None
    parent: Code | None = None
    active: bool | None = None


class GridIn(Contract):
    """A new grid. ``unit``: its community; ``boundary``: a GeoJSON polygon in WGS-84 degrees."""

    code: NewCode
    name: Name
    name_en: Name | None = None
    unit: Code
    officer: Code | None = None
    officer_phone: PublicPhone | None = None
    boundary: Outline | None = None


class GridChange(Contract):
    """What of a grid is to change."""

    name: Name | None = None
    name_en: Name | None = None
    unit: Code | None = None
    officer: Code | None = None
    officer_phone: PublicPhone | None = None
    boundary: Outline | None = None
    active: bool | None = None
