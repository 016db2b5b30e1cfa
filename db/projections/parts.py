"""The parts of a dossier → ``case_part``: one row for each, in the order of the state."""

from typing import Any

from sqlalchemy import Connection

from db.once import insert_or_renew
from db.projections.instants import instant_or_none
from db.tables import CasePart, core
from domain.holding_values import FINISHED

_PARTS = core(CasePart)
_INSTANTS = ("dispatched_at", "acknowledged_at", "reference_by", "frozen_at", "completed_at")


def write_parts(connection: Connection, number: str, state: dict[str, Any]) -> None:
    """Bring the rows of the parts of the case ``number`` to ``state``. Harmless when repeated."""
    parts = state.get("parts") or ()
    insert_or_renew(connection, _PARTS, [part_row(number, seq, part) for seq, part in enumerate(parts, start=1)])


def part_row(number: str, seq: int, part: dict[str, Any]) -> dict[str, Any]:
    """The row of one part, from its plain state."""
    ack: dict[str, Any] = part.get("ack") or {}
    promise: dict[str, Any] = part.get("promise") or {}
    return {
        "case": number,
        "seq": seq,
        **{name: part.get(name) for name in ("key", "kind", "unit", "handler", "status", "outcome")},
        "open": is_open(part),
        **{name: instant_or_none(part.get(name)) for name in _INSTANTS},
        "ack_yellow_at": instant_or_none(ack.get("yellow_at")),
        "ack_by": instant_or_none(ack.get("ack_by")),
        **{name: instant_or_none(promise.get(name)) for name in ("yellow_at", "extension_by", "due_at")},
    }


def is_open(part: dict[str, Any]) -> bool:
    """Neither completed nor released."""
    return part["status"] not in FINISHED
