"""The parts of a dossier → ``case_part``: one row for each, in the order of the state."""

from typing import Any

from sqlalchemy import Connection

from db.once import insert_or_renew
from db.tables import CasePart, core
from domain.holding.values import FINISHED
from domain.plain import instant_or_none
from domain.vocabulary import StepKind

_PARTS = core(CasePart)
_INSTANTS = ("dispatched_at", "acknowledged_at", "frozen_at", "completed_at")


def write_parts(connection: Connection, number: str, state: dict[str, Any]) -> None:
    """Bring the rows of the parts of the case ``number`` to ``state``. Harmless when repeated."""
    parts, steps = state.get("parts") or (), "flow" in state
    rows = [{"case": number, "seq": seq, **_columns(part, steps=steps)} for seq, part in enumerate(parts, start=1)]
    insert_or_renew(connection, _PARTS, rows)


def _columns(part: dict[str, Any], *, steps: bool) -> dict[str, Any]:
    """The columns that follow from the plain state of a part, of a flow of ``steps`` or else of an assisting unit."""
    ack: dict[str, Any] = part.get("ack") or {}
    promise: dict[str, Any] = part.get("promise") or {}
    outside: dict[str, Any] = part.get("outside") or {}
    kind = StepKind.OUTSIDE if outside else StepKind.INSIDE
    return {
        **{name: part.get(name) for name in ("key", "unit", "handler", "status", "outcome")},
        "kind": kind if steps else None,
        "reference_by": instant_or_none(outside.get("reference_by")),
        "open": is_open(part),
        **{name: instant_or_none(part.get(name)) for name in _INSTANTS},
        "ack_yellow_at": instant_or_none(ack.get("yellow_at")),
        "ack_by": instant_or_none(ack.get("ack_by")),
        **{name: instant_or_none(promise.get(name)) for name in ("yellow_at", "extension_by", "due_at")},
    }


def is_open(part: dict[str, Any]) -> bool:
    """Neither completed nor released."""
    return part["status"] not in FINISHED
