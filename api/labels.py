"""What the engine's own pages show of a dossier, and find it by: codes and instants only; what it tells of itself."""

from datetime import datetime
from typing import Any, NamedTuple

from temporalio.common import SearchAttributePair, TypedSearchAttributes

from db.frontdesk.starting import Start
from domain.messages import Rebasing
from domain.vocabulary import Light
from workflows import options


class Progress(NamedTuple):
    """Of a calendar that is carried into the cases; ``reached`` None: not begun, or nobody could say."""

    running: bool
    reached: Rebasing | None


def summary(start: Start) -> str:
    """One line for the engine's own page: codes only."""
    # not its category: some are protected, and summaries can be read by every operator
    parts = (start.kind.value, start.state.get("unit"), start.state.get("grid"))
    return " · ".join(str(part) for part in parts if part)


def attributes(start: Start) -> TypedSearchAttributes:
    """What a dossier can be searched by there, when it is started."""
    state = start.state
    pairs: list[SearchAttributePair[Any]] = [
        SearchAttributePair(options.KIND, start.kind.value),
        SearchAttributePair(options.LIGHT, Light.GREEN.value),
    ]
    if state.get("unit"):
        pairs.append(SearchAttributePair(options.UNIT, state["unit"]))
    if state.get("grid"):
        pairs.append(SearchAttributePair(options.GRID, state["grid"]))
    promise = state.get("promise")
    if promise:
        pairs.append(SearchAttributePair(options.DUE, datetime.fromisoformat(promise["due_at"])))
    return TypedSearchAttributes(pairs)
