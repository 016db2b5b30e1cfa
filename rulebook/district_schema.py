"""The shape of district.yaml: units, grids and people of the demo district."""

from typing import Annotated

from pydantic import Field

from domain.vocabulary import Role, UnitKind
from rulebook.schema import Code, FileModel, Schema, Words

Username = Annotated[str, Field(pattern=r"^[a-z0-9]+([._-][a-z0-9]+)*$", max_length=60)]


class UnitModel(FileModel):
    """A unit."""

    code: Code
    name: Words
    name_en: Words
    kind: Annotated[UnitKind, Field(strict=False)]
    line: Code | None = None
    parent: Code | None = None


class BoxModel(FileModel):
    """The corners of a rectangle, in degrees (WGS-84)."""

    south: Annotated[float, Field(ge=-90, le=90)]
    west: Annotated[float, Field(ge=-180, le=180)]
    north: Annotated[float, Field(ge=-90, le=90)]
    east: Annotated[float, Field(ge=-180, le=180)]


class GridModel(FileModel):
    """A grid: its community, its officer, and its area."""

    code: Code
    name: Words
    name_en: Words
    community: Code
    officer: Username | None = None
    duty_phone: Annotated[str, Field(pattern=r"^[0-9+ -]{5,20}$")] | None = None
    box: BoxModel


class PersonModel(FileModel):
    """A person with an account. Passwords are never in files."""

    username: Username
    name: Words
    unit: Code
    roles: Annotated[list[Annotated[Role, Field(strict=False)]], Field(min_length=1)]


class DistrictModel(FileModel):
    """district.yaml."""

    schema_: Annotated[Schema, Field(alias="schema")]
    name: Words
    name_en: Words
    units: Annotated[list[UnitModel], Field(min_length=1)]
    grids: list[GridModel]
    people: list[PersonModel]
