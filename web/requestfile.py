"""What only the page of a service request has: its steps as a way, who applies, what the form says."""

from collections.abc import Mapping
from typing import Any

from domain.catalogue.items import Item
from domain.catalogue.step_graph import layers
from domain.register import RegisterField
from domain.service.request import ServiceRequest
from domain.vocabulary import StepStatus
from web.page import Content, Visit
from web.words import Words


def request_content(seen: Visit, request: ServiceRequest, view: Mapping[str, Any], item: Item | None) -> Content:
    """The steps in stages, and the names of everything that the item names."""
    words, steps = seen.words, {step["key"]: step for step in view["steps"]}
    here = {part.key for part in request.open_parts}
    return {
        "stages": [
            [_step(words, steps[key], item, here=key in here) for key in level]
            for level in layers({step.key: step.after for step in request.flow.steps})
        ],
        "step_names": {key: _name(words, item, key) for key in steps},
        "filled": [
            (_label(words, name), value) for name, value in view.get("form", {}).items() if value not in ("", None)
        ],
    }


def _step(words: Words, step: Mapping[str, Any], item: Item | None, *, here: bool) -> dict[str, Any]:
    """A step as it is shown. ``passage``: behind, here or ahead."""
    rule = item.step(step["key"]) if item else None
    return {
        **step,
        "called": _name(words, item, step["key"]),
        "concluded": words.outcome(rule, step["outcome"]) if step["outcome"] else None,
        "passage": "now" if here else "ahead" if step["status"] is StepStatus.WAITING else "passed",
    }


def _name(words: Words, item: Item | None, key: str) -> str:
    rule = item.step(key) if item else None
    return words.named(rule) if rule else key


def _label(words: Words, name: str) -> str:
    return words.word(RegisterField(name)) if name in set(RegisterField) else name
