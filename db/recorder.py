"""The recorder: a workflow's decisions become rows, once per (dossier, sequence).

One transaction holds the events, the head of the dossier, its projection and every consequence. When another event
stands where one of the batch should, nothing is written and the answer says what stands: the workflow adopts it.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, literal, select, update

from db.projections.case import update_case
from db.projections.consequences import carry_out
from db.projections.events import append_events, events_from
from db.projections.files import update_accountability, update_interview
from db.projections.notices import tell
from db.projections.service_request import update_request
from db.tables import Dossier, Instant, core
from domain.messages import Event, Recorded, Recording
from domain.vocabulary import CASES, DossierKind

_dossiers = core(Dossier)

_PROJECT: Mapping[DossierKind, Callable[[Connection, str, dict[str, Any]], None]] = {
    DossierKind.INCIDENT: update_case,
    DossierKind.SERVICE_REQUEST: update_request,
    DossierKind.INTERVIEW: update_interview,
    DossierKind.ACCOUNTABILITY: update_accountability,
}


class RecordBroken(Exception):
    """The dossier is not in the database, or events before the batch are missing: for ``doctor``, not for a retry."""


def record(connection: Connection, recording: Recording, now: datetime) -> Recorded:
    """Write what of ``recording`` does not stand yet, dated ``now`` in ``recorded_at``.

    Returns an empty answer when the batch stands, else the events that stand in its place and after. A batch without
    events marks the dossier ended, if it says so, and returns what stands after its state. Raises RecordBroken.
    """
    version = _lock(connection, recording.dossier)
    events = recording.events
    if not events:
        if recording.ended:
            _set_head(connection, recording.dossier, version, now)
        return Recorded(standing=events_from(connection, recording.dossier, recording.state["version"] + 1))
    if version < events[0].seq - 1:
        raise RecordBroken(f"{recording.dossier}: event {events[0].seq} does not follow on {version}")
    standing = events_from(connection, recording.dossier, events[0].seq) if version >= events[0].seq else ()
    if any(not _same(stands, ours) for stands, ours in zip(standing, events, strict=False)):
        return Recorded(standing=standing)
    missing = events[len(standing) :]
    if missing:
        _write(connection, recording, missing, now)
    return Recorded()


def _lock(connection: Connection, dossier: str) -> int:
    """The version of the dossier, whose row is ours until the transaction ends."""
    query = select(_dossiers.c.version).where(_dossiers.c.id == dossier).with_for_update()
    version = connection.scalar(query)
    if version is None:
        raise RecordBroken(f"{dossier}: no such dossier")
    return int(version)


def _same(stands: Event, ours: Event) -> bool:
    return (stands.type, stands.command, stands.at) == (ours.type, ours.command, ours.at)


def _write(connection: Connection, recording: Recording, events: tuple[Event, ...], now: datetime) -> None:
    dossier, kind, state = recording.dossier, recording.kind, recording.state
    append_events(connection, dossier, events, now)
    _set_head(connection, dossier, events[-1].seq, now if recording.ended else None)
    _PROJECT[kind](connection, dossier, state)
    if kind in CASES:
        carry_out(connection, dossier, events, now)
    tell(connection, dossier, kind, events, state, now)


def _set_head(connection: Connection, dossier: str, version: int, ended_at: datetime | None) -> None:
    values: dict[str, Any] = {"version": version}
    if ended_at is not None:
        values["ended_at"] = func.coalesce(_dossiers.c.ended_at, literal(ended_at, Instant()))
    connection.execute(update(_dossiers).where(_dossiers.c.id == dossier).values(values))
