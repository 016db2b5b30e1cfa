"""Checked items become the domain's values; a version gets the digest of what it says."""

import hashlib
import json
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import zip_longest
from typing import Final

from domain.catalogue.items import (
    Catalogue,
    CatalogueVersion,
    Item,
    ItemResult,
    Line,
    MaterialRule,
    OutcomeRule,
    StepRule,
)
from domain.plain import to_plain
from domain.service.flow import PASSED, TURNED_DOWN, Condition
from domain.vocabulary import OutcomeEffect
from rulebook.catalogue.files import Sheet
from rulebook.catalogue.schema import (
    CommonMaterialModel,
    ConditionModel,
    ItemModel,
    MaterialModel,
    OutcomeModel,
    StepModel,
)

USUAL: Final = (
    OutcomeRule(code=PASSED, name="通过", name_en="Passed", effect=OutcomeEffect.GO_ON),
    OutcomeRule(code=TURNED_DOWN, name="不予通过", name_en="Refused", effect=OutcomeEffect.REFUSE),
)
"""The outcomes of a step that names none itself."""


def catalogue_of(sheets: Sequence[Sheet]) -> Catalogue:
    """The catalogue of checked sheets. A version without last day ends the day before the next one."""
    ordered = sorted(sheets, key=lambda sheet: sheet.version.effective_from)
    ends: list[date | None] = [sheet.version.effective_from - timedelta(days=1) for sheet in ordered[1:]]
    return Catalogue(tuple(_version(sheet, end) for sheet, end in zip_longest(ordered, ends)))


def item_of(model: ItemModel, materials: dict[str, CommonMaterialModel]) -> Item:
    """An item as a value; materials take from the common ones what they do not say."""
    return Item(
        code=model.code,
        name=model.name,
        name_en=model.name_en or model.name,
        line=model.line,
        kind=model.kind,
        legal=model.legal,
        promised=model.promised,
        applicants=tuple(model.applicants),
        who=model.who or "",
        who_en=model.who_en or "",
        proxy=model.proxy,
        fee=model.fee,
        materials=tuple(_material(found, materials.get(found.code)) for found in model.materials),
        steps=steps_of(model.steps),
        results=tuple(
            ItemResult(code=found.code, name=found.name, name_en=found.name_en, valid_for=found.valid_for)
            for found in model.results
        ),
        keywords=tuple(model.keywords),
    )


def steps_of(models: Sequence[StepModel]) -> tuple[StepRule, ...]:
    """The steps of an item; one that does not say what it comes after comes after the one above it."""
    above: tuple[str, ...] = ()
    made: list[StepRule] = []
    for model in models:
        first, last = model.reference or (None, None)
        step = StepRule(
            key=model.key,
            name=model.name,
            name_en=model.name_en,
            kind=model.kind,
            holder=model.holder,
            limit=model.limit,
            reference_min=first,
            reference_max=last,
            after=above if model.after is None else tuple(model.after),
            only_if=_condition(model.only_if, negated=False) or _condition(model.unless, negated=True),
            outcomes=tuple(map(_outcome, model.outcomes)) if model.outcomes else USUAL,
            connector=model.connector,
        )
        made.append(step)
        above = (model.key,)
    return tuple(made)


def _version(sheet: Sheet, end: date | None) -> CatalogueVersion:
    items = tuple(item_of(written.model, sheet.materials) for written in sheet.items)
    used = {item.line for item in items}
    lines = tuple(
        Line(code=line.code, name=line.name, name_en=line.name_en) for line in sheet.lines.values() if line.code in used
    )
    return CatalogueVersion(
        version=f"{sheet.version.version}+{_digest(items, lines)}",
        effective_from=sheet.version.effective_from,
        effective_to=sheet.version.effective_to or end,
        lines=lines,
        items=items,
    )


def _digest(items: tuple[Item, ...], lines: tuple[Line, ...]) -> str:
    content = {"items": to_plain(items), "lines": to_plain(lines)}
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:8]


def _material(model: MaterialModel, common: CommonMaterialModel | None) -> MaterialRule:
    name = model.name or (common.name if common else model.code)
    copies = model.copies if model.copies is not None else (common.copies if common else 1)
    return MaterialRule(
        code=model.code,
        name=name,
        name_en=model.name_en or (common.name_en if common and not model.name else name),
        required=model.required,
        may_follow=model.may_follow,
        only_for=tuple(model.only_for),
        by_proxy=model.by_proxy,
        copies=copies,
        original=model.original if model.original is not None else (common.original if common else True),
        note=model.note or "",
    )


def _outcome(model: OutcomeModel) -> OutcomeRule:
    return OutcomeRule(code=model.code, name=model.name, name_en=model.name_en, effect=model.effect)


def _condition(model: ConditionModel | None, *, negated: bool) -> Condition | None:
    if model is None:
        return None
    return Condition(step=model.step, outcome=model.outcome, material=model.material, negated=negated)
