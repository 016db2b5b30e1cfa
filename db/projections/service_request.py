"""Service request → ``cases``. What of a single unit a row shows is that of the step that falls due first.

The light is judged by the earliest instants of the whole and of its open steps: a step's limit may end before it.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from db.projections.case import OF_ACK, OF_PROMISE, write_case
from db.projections.parts import is_open, write_parts
from db.projections.waiting import waiting_columns
from domain.plain import instant_or_none
from domain.vocabulary import Source

COPIED: Final = ("item", "status", "outcome", "grid", "version", "round")
INSTANTS: Final = ("received_at", "frozen_at", "completed_at", "closed_at")
OF_STEP: Final = ("unit", "handler")
STEP_INSTANTS: Final = ("dispatched_at", "acknowledged_at")


def request_columns(state: dict[str, Any]) -> dict[str, Any]:
    """The columns of ``cases`` that follow from the plain state of a service request."""
    promise: dict[str, Any] = state.get("promise") or {}
    parts: list[dict[str, Any]] = state["parts"]
    step = leading(parts) or {}
    ack: dict[str, Any] = step.get("ack") or {}
    running = [promise, *(part.get("promise") or {} for part in parts if is_open(part))]
    return {
        **{name: state[name] for name in COPIED},
        "category": None,
        "source": Source.DESK,
        "danger": False,
        "reporting_officer": None,
        **{name: step.get(name) for name in OF_STEP},
        **{name: instant_or_none(state.get(name)) for name in INSTANTS},
        **{name: instant_or_none(step.get(name)) for name in STEP_INSTANTS},
        **{column: instant_or_none(ack.get(name)) for column, name in OF_ACK.items()},
        **{name: instant_or_none(promise.get(name)) for name in OF_PROMISE},
        "extension_by": instant_or_none((step.get("promise") or {}).get("extension_by")),
        "light_yellow_at": _earliest(running, "yellow_at"),
        "light_due_at": _earliest(running, "due_at"),
        "provisional": any(one.get("provisional") for one in running),
        **waiting_columns(state),
        "state": state,
    }


def update_request(connection: Connection, number: str, state: dict[str, Any]) -> None:
    """Bring the rows of the service request to ``state``."""
    write_case(connection, number, request_columns(state))
    write_parts(connection, number, state)


def leading(parts: Iterable[dict[str, Any]]) -> dict[str, Any] | None:
    """As ``domain.service.request.ServiceRequest.leading``, of plain parts."""
    ordered = list(parts)
    opened = (part for part in ordered if is_open(part))
    return min(opened, key=_falls_due, default=ordered[-1] if ordered else None)


def _falls_due(part: dict[str, Any]) -> tuple[bool, bool, str]:
    """Instants of plain states are all written in UTC: they are in order as texts."""
    promise, by = part.get("promise"), (part.get("outside") or {}).get("reference_by")
    return (False, False, promise["due_at"]) if promise else (True, by is None, by or "")


def _earliest(promises: Iterable[dict[str, Any]], name: str) -> datetime | None:
    return instant_or_none(min((promise[name] for promise in promises if promise), default=None))
