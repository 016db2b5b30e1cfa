"""The shape of catalogue files. Unknown keys are refused; what refers to what: ``rulebook.catalogue.rules``.

``catalogue/catalogue.yaml`` names lines, common materials and versions; ``catalogue/<version>/*.yaml`` hold items.
"""

import re
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, PlainValidator
from pydantic_core import PydanticCustomError

from domain.catalogue.items import ApplicantKind, Fee, Holder, HolderKind, ItemKind
from domain.errors import Unprocessable
from domain.limits import Limit
from domain.vocabulary import OutcomeEffect, StepKind
from rulebook.schema import Code, DateText, FileModel, LimitText, Words

FREE: Final = "free"
_REFERENCE: Final = re.compile(r"(\d+)(?:\s*(?:to|-|–)\s*(\d+))?\s+([a-z ]+)")
_HOLDER: Final = "'community', {unit: code} or {line: code}"
_DEAREST: Final = Decimal(10_000_000)


def _holder(value: Any) -> Holder:
    if value == HolderKind.COMMUNITY:
        return Holder(kind=HolderKind.COMMUNITY)
    if isinstance(value, dict) and len(value) == 1:
        ((kind, code),) = value.items()
        if kind in (HolderKind.UNIT, HolderKind.LINE) and isinstance(code, str) and code:
            return Holder(kind=HolderKind(kind), code=code)
    raise PydanticCustomError("holder", _HOLDER)


def _reference(value: Any) -> tuple[Limit, Limit]:
    found = _REFERENCE.fullmatch(value.strip().lower()) if isinstance(value, str) else None
    if found:
        first, last, unit = found.groups()
        try:
            return Limit.parse(f"{first} {unit}"), Limit.parse(f"{last or first} {unit}")
        except Unprocessable:
            pass
    raise PydanticCustomError("reference", "a reference time such as '6 to 10 working days' or '10 working days'")


def _fee(value: Any) -> Fee | None:
    if value == FREE:
        return None
    if isinstance(value, dict) and set(value) == {"amount", "per", "per_en"}:
        try:
            fen = Decimal(value["amount"]) * 100 if isinstance(value["amount"], str) else Decimal(-1)
        except InvalidOperation:
            fen = Decimal(-1)
        if (
            0 < fen < _DEAREST
            and fen == fen.to_integral()
            and all(isinstance(value[k], str) for k in ("per", "per_en"))
        ):
            return Fee(amount=int(fen), per=value["per"], per_en=value["per_en"])
    raise PydanticCustomError("fee", "'free', or {amount: \"20.00\", per: 本, per_en: booklet}")


def _coded(value: Any) -> Any:
    return {"code": value} if isinstance(value, str) else value


ItemCode = Annotated[str, Field(pattern=r"^[A-Za-z0-9]+([._-][A-Za-z0-9]+)*$", max_length=64)]
LongWords = Annotated[str, Field(min_length=1, max_length=400, pattern=r"\S")]
VersionName = Annotated[str, Field(pattern=r"^[a-z0-9]+([.-][a-z0-9]+)*$", max_length=40)]
HolderText = Annotated[Holder, PlainValidator(_holder)]
ReferenceText = Annotated[tuple[Limit, Limit], PlainValidator(_reference)]
FeeText = Annotated[Fee | None, PlainValidator(_fee)]
Applicant = Annotated[ApplicantKind, Field(strict=False)]
Copies = Annotated[int, Field(ge=0, le=20)]
Schema = Literal[1]


class LineModel(FileModel):
    """A line of departments."""

    code: Code
    name: Words
    name_en: Words


class CommonMaterialModel(FileModel):
    """A material that many items ask for."""

    code: Code
    name: Words
    name_en: Words
    original: bool = True
    copies: Copies = 1


class VersionModel(FileModel):
    """A version: from when until when, and on which other one it is based."""

    version: VersionName
    effective_from: DateText
    effective_to: DateText | None = None
    based_on: VersionName | None = None


class CatalogueModel(FileModel):
    """catalogue.yaml."""

    schema_: Annotated[Schema, Field(alias="schema")]
    lines: Annotated[list[LineModel], Field(min_length=1)]
    materials: list[CommonMaterialModel] = Field(default_factory=list)
    versions: Annotated[list[VersionModel], Field(min_length=1)]


class OutcomeModel(FileModel):
    """An outcome of a step. Without an effect the request goes on."""

    code: Code
    name: Words
    name_en: Words
    effect: Annotated[OutcomeEffect, Field(strict=False)] = OutcomeEffect.GO_ON


class ConditionModel(FileModel):
    """What a step hangs on: the outcome of one before it, or a material."""

    step: Code | None = None
    outcome: Code | None = None
    material: Code | None = None


class StepModel(FileModel):
    """A step. ``after`` left out: after the one that is written above it."""

    key: Code
    name: Words
    name_en: Words
    kind: Annotated[StepKind, Field(strict=False)] = StepKind.INSIDE
    holder: HolderText
    limit: LimitText | None = None
    reference: ReferenceText | None = None
    after: list[Code] | None = None
    only_if: ConditionModel | None = None
    unless: ConditionModel | None = None
    outcomes: Annotated[list[OutcomeModel], Field(min_length=1)] | None = None
    connector: Code | None = None


class MaterialModel(FileModel):
    """A material of an item; what is not said is as among the common materials."""

    code: Code
    name: Words | None = None
    name_en: Words | None = None
    required: bool = True
    may_follow: bool = False
    only_for: list[Applicant] = Field(default_factory=list)
    by_proxy: bool = False
    original: bool | None = None
    copies: Copies | None = None
    note: Words | None = None


class ResultModel(FileModel):
    """What the applicant gets."""

    code: Code
    name: Words
    name_en: Words
    valid_for: LimitText | None = None


class ItemModel(FileModel):
    """An item. Without ``promised`` it is a draft."""

    code: ItemCode
    name: LongWords
    name_en: LongWords | None = None
    line: Code
    kind: Annotated[ItemKind, Field(strict=False)]
    legal: LimitText | None = None
    promised: LimitText | None = None
    applicants: list[Applicant] = Field(default_factory=lambda: [ApplicantKind.PERSON], min_length=1)
    who: LongWords | None = None
    who_en: LongWords | None = None
    proxy: bool = True
    fee: FeeText = None
    materials: list[Annotated[MaterialModel, BeforeValidator(_coded)]] = Field(default_factory=list)
    steps: list[StepModel] = Field(default_factory=list)
    results: list[ResultModel] = Field(default_factory=list)
    keywords: list[Words] = Field(default_factory=list)


class ItemsModel(FileModel):
    """A file of items; ``withdrawn``: codes of the version below that this one no longer has."""

    schema_: Annotated[Schema, Field(alias="schema")]
    lines: list[LineModel] = Field(default_factory=list)
    materials: list[CommonMaterialModel] = Field(default_factory=list)
    items: list[Any] = Field(default_factory=list)
    withdrawn: list[ItemCode] = Field(default_factory=list)
