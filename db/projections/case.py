"""Case → ``cases``. The names of the columns are those of the fields of ``domain.case.Case``.

A field that is renamed there is renamed in one of the tuples here (and in the table).
"""

from typing import Any

from sqlalchemy import Connection, bindparam, update

from db.projections.parts import write_parts
from db.projections.waiting import waiting_columns
from db.tables import CaseRow, core
from domain.plain import instant_or_none

COPIED = (
    "category",
    "source",
    "danger",
    "status",
    "outcome",
    "unit",
    "handler",
    "grid",
    "version",
    "round",
    "reporting_officer",
)
INSTANTS = ("received_at", "dispatched_at", "acknowledged_at", "frozen_at", "completed_at", "closed_at")
OF_ACK = {"ack_yellow_at": "yellow_at", "ack_by": "ack_by"}
OF_PROMISE = ("yellow_at", "extension_by", "due_at")
LIGHTS = {"light_yellow_at": "yellow_at", "light_due_at": "due_at"}

_cases = core(CaseRow)
_update = update(_cases).where(_cases.c.number == bindparam("key"))


def case_columns(state: dict[str, Any]) -> dict[str, Any]:
    """The columns of ``cases`` that follow from the plain state of a case."""
    ack: dict[str, Any] = state.get("ack") or {}
    promise: dict[str, Any] = state.get("promise") or {}
    return {
        **{name: state[name] for name in COPIED},
        "item": None,
        **{name: instant_or_none(state.get(name)) for name in INSTANTS},
        **{column: instant_or_none(ack.get(name)) for column, name in OF_ACK.items()},
        **{name: instant_or_none(promise.get(name)) for name in OF_PROMISE},
        **{column: instant_or_none(promise.get(name)) for column, name in LIGHTS.items()},
        "provisional": bool(promise.get("provisional")),
        **waiting_columns(state),
        "state": state,
    }


def update_case(connection: Connection, number: str, state: dict[str, Any]) -> None:
    """Bring the rows of the case and of its assisting units to ``state``."""
    write_case(connection, number, case_columns(state))
    write_parts(connection, number, state)


def write_case(connection: Connection, number: str, columns: dict[str, Any]) -> None:
    """Bring the row of the case to these columns."""
    connection.execute(_update, {"key": number, **columns})
