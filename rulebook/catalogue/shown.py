"""Versions, items and differences as JSON: what the API answers and the command line prints."""

from enum import StrEnum
from typing import Any

from domain.catalogue.diff import CatalogueDiff, in_words
from domain.catalogue.items import CatalogueVersion, Item
from domain.vocabulary import StepKind


class ChartFormat(StrEnum):
    """How a flow chart is given."""

    SVG = "svg"
    MERMAID = "mermaid"


def item_line(item: Item, version: CatalogueVersion) -> dict[str, Any]:
    """An item in a list."""
    lines = {line.code: line for line in version.lines}
    line = lines.get(item.line)
    return {
        "code": item.code,
        "name": item.name,
        "name_en": item.name_en,
        "line": item.line,
        "line_name": line.name if line else item.line,
        "line_name_en": line.name_en if line else item.line,
        "kind": item.kind.value,
        "legal": in_words(item.legal),
        "promised": in_words(item.promised),
        "draft": item.is_draft,
        "fee": _fee(item),
        "outside": any(step.kind is StepKind.OUTSIDE for step in item.steps),
    }


def item_sheet(item: Item, version: CatalogueVersion) -> dict[str, Any]:
    """An item with its checklist, its steps and their limits (B1)."""
    told = in_words(item)
    more = ("applicants", "who", "who_en", "proxy", "materials", "steps", "results", "keywords")
    return {**item_line(item, version), **{name: told[name] for name in more}, "version": version.version}


def difference_sheet(found: CatalogueDiff) -> dict[str, Any]:
    """What differs between two versions."""
    return {
        "from": found.earlier,
        "to": found.later,
        "added": [_named(item) for item in found.added],
        "removed": [_named(item) for item in found.removed],
        "changed": [
            {
                "code": item.code,
                "name": item.name,
                "name_en": item.name_en,
                "changes": [
                    {"field": change.field, "before": change.before, "after": change.after} for change in item.changes
                ],
            }
            for item in found.changed
        ],
    }


def _named(item: Item) -> dict[str, str]:
    return {"code": item.code, "name": item.name, "name_en": item.name_en}


def _fee(item: Item) -> dict[str, str] | None:
    """In yuan, with two decimals."""
    if item.fee is None:
        return None
    yuan, fen = divmod(item.fee.amount, 100)
    return {"amount": f"{yuan}.{fen:02}", "per": item.fee.per, "per_en": item.fee.per_en}
