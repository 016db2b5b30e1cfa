"""The filled form of an application, for a closed system above: so that nobody types it again (B5, B8)."""

import csv
import io
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from domain.catalogue.items import Item
from domain.cells import inert
from domain.service.request import ServiceRequest

Row = Mapping[str, Any]


class FormFormat(StrEnum):
    """How it is written."""

    JSON = "json"
    CSV = "csv"


def filled_form(request: ServiceRequest, application: Row, item: Item | None) -> dict[str, Any]:
    """Everything that the desk wrote down, with the materials that are there."""
    given = request.materials.given
    return {
        "number": request.number,
        "item": request.item,
        "item_name": item.name if item else None,
        "catalogue_version": request.catalogue_version,
        "received_at": request.received_at,
        "grid": request.grid,
        "applicant": {
            "name": application["applicant_name"],
            "id_type": application["id_type"],
            "id_number": application["id_number"],
            "phone": application["phone"],
            "address": application["address"],
        },
        "on_behalf_of": application["on_behalf_of"],
        "form": application["form"],
        "materials": [{"code": code, "name": _named(item, code)} for code in given],
    }


def _named(item: Item | None, code: str) -> str | None:
    rule = item.material(code) if item else None
    return rule.name if rule else None


def as_csv(filled: Mapping[str, Any]) -> bytes:
    """The form as a table of one row, its names dotted; with the mark by which Excel knows UTF-8."""
    flat = {name: _cell(value) for name, value in _flat(filled)}
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(flat)
    writer.writerow(flat.values())
    return text.getvalue().encode("utf-8-sig")


def _flat(values: Mapping[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for name, value in values.items():
        if isinstance(value, Mapping):
            found += _flat(value, f"{prefix}{name}.")
        elif isinstance(value, list):
            found.append((prefix + name, " ".join(str(each["code"]) for each in value)))
        else:
            found.append((prefix + name, value))
    return [(_cell(name), value) for name, value in found]


def _cell(value: Any) -> str:
    """As text that a spreadsheet shows and does not compute."""
    if isinstance(value, datetime):
        return value.isoformat()
    return "" if value is None else inert(str(value))
