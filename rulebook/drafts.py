"""A version made of another by changing values of it, by form or by program: the same files, checked the same way.

The rules' files of all layers become one, at the top; the catalogue and the calendar stay where they are.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from domain.errors import Unprocessable
from rulebook.load import Opened, open_package
from rulebook.packed import RULES
from rulebook.problems import RulebookInvalid
from rulebook.schema import ClocksModel

AS_GENERAL: Final = "general"
"""What a category's clock is set to that is to be the general one again."""

CLOCKS: Final = tuple(ClocksModel.model_fields)
SERVICES: Final = ("acknowledgement_in_office_hours", "materials_window", "handoff_within", "chase", "redos")

Given = Mapping[str, Any]
_DRAFT: Final = Path("draft")


def derived(
    opened: Opened,
    *,
    version: str,
    effective_from: str,
    name: str | None = None,
    clocks: Given | None = None,
    services: Given | None = None,
    categories: Mapping[str, Given] | None = None,
) -> Opened:
    """The version that differs from ``opened`` in what is given, under the name ``version``.

    clocks      the general ones, by name; None only for ``extension_lead``
    services    what service requests live under; ``clocks`` in it: their own
    categories  code → ``limit`` and ``clocks``, in which ``AS_GENERAL`` takes the category's own away

    Raises RulebookInvalid for values that are none, and Unprocessable("category_unknown").
    """
    rules = {file.partition(".")[0]: _copy(opened.content[file.partition(".")[0]]) for file in RULES}
    main = rules["rulebook"]
    main |= {"version": version, "effective_from": effective_from} | ({"name": name} if name else {})
    main["clocks"] |= clocks or {}
    _lay(main["services"], services or {})
    by_code = {found["code"]: found for found in rules["categories"]["categories"]}
    for code, given in (categories or {}).items():
        if code not in by_code:
            raise Unprocessable("category_unknown", field=f"categories.{code}")
        _lay(by_code[code], given)
    written = {file: _written(rules[file.partition(".")[0]]) for file in RULES}
    return open_package(opened.package.with_top(written))


def fields_at_fault(fault: RulebookInvalid, opened: Opened) -> dict[str, str]:
    """Path of a changed field → what was expected there: ``categories.CODE.limit`` and the like."""
    codes = [found["code"] for found in opened.content["categories"]["categories"]]
    return {_by_code(problem.where, codes): problem.expected for problem in fault.problems}


def _by_code(where: str, codes: list[str]) -> str:
    kind, _, rest = where.partition(".")
    place, _, field = rest.partition(".")
    if kind == "categories" and place.isdigit() and int(place) < len(codes):
        return f"categories.{codes[int(place)]}.{field}"
    return where


def _lay(entry: dict[str, Any], given: Given) -> None:
    own = dict(entry.get("clocks") or {})
    for name, value in given.items():
        if name != "clocks":
            entry[name] = value
            continue
        for clock, setting in value.items():
            if setting == AS_GENERAL:
                own.pop(clock, None)
            else:
                own[clock] = setting
    if own or "clocks" in entry:
        entry["clocks"] = own


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in value.items()}
    return [_copy(item) for item in value] if isinstance(value, list) else value


def _written(content: dict[str, Any]) -> str:
    """As a file that reads back as it is: text that looks like a number or a word of YAML is quoted."""
    text: str = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=120)
    return text
