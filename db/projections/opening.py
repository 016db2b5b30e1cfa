"""The first rows of a dossier: its head, its first events, its projection and what these events bring about.

Used by the front desk at intake, and when an accountability file is opened. Interview files open by themselves, as a
consequence of a red card (``db.projections.consequences``).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

from db.projections.case import case_columns
from db.projections.consequences import carry_out
from db.projections.events import append_events
from db.projections.files import accountability_columns
from db.projections.notices import tell
from db.projections.parts import write_parts
from db.projections.service_request import request_columns
from db.tables import AccountabilityRow, CaseRow, Dossier, core
from domain.messages import Event
from domain.vocabulary import CASES, DossierKind

_insert_dossier = insert(core(Dossier))
_insert_case = insert(core(CaseRow))
_insert_accountability = insert(core(AccountabilityRow))


def insert_opening(
    connection: Connection,
    kind: DossierKind,
    state: dict[str, Any],
    events: Sequence[Event],
    now: datetime,
    *,
    desk_unit: str | None = None,
    taken_by: str | None = None,
) -> None:
    """Insert a dossier that does not exist yet, in its plain state after ``events``, not started.

    ``desk_unit`` and ``taken_by`` say who took the report of a case, or the application for a service. Raises
    IntegrityError when the dossier exists.
    """
    case = kind in CASES
    dossier, number = (state["number"], state["number"]) if case else (state["id"], state["case"])
    connection.execute(_insert_dossier, _head(dossier, kind, number, state, events[0].at))
    append_events(connection, dossier, events, now)
    if case:
        row = {"number": number, "id": running_id(number), "kind": kind, "desk_unit": desk_unit, "taken_by": taken_by}
        columns = case_columns(state) if kind is DossierKind.INCIDENT else request_columns(state)
        connection.execute(_insert_case, row | columns)
        write_parts(connection, number, state)
        carry_out(connection, number, events, now)
    else:
        connection.execute(_insert_accountability, {"id": dossier, **accountability_columns(state)})
    tell(connection, dossier, kind, events, state, now)


def _head(dossier: str, kind: DossierKind, number: str, state: dict[str, Any], opened_at: datetime) -> dict[str, Any]:
    return {
        "id": dossier,
        "kind": kind,
        "case_number": number,
        "version": state["version"],
        "opened_at": opened_at,
        "urgent": bool(state.get("danger")),
    }


def running_id(number: str) -> int:
    """The running number at the end of a case number (``SJ261123-0000042`` → 42)."""
    return int(number.rpartition("-")[2])
