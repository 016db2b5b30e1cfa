"""Events → the outbox of notices. Whom an event tells is in ``domain.notices``."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from db.once import insert_once
from db.tables import JoinedReport, Notice, Unit, core
from domain.messages import Event
from domain.notices import Setting, audiences, notice_data, told
from domain.vocabulary import CASES, Audience, DossierKind, Source, UnitKind

_units, _joined = core(Unit), core(JoinedReport)
_posts = select(_units.c.code, _units.c.kind).where(_units.c.kind.in_([UnitKind.CENTRE, UnitKind.POLICE]))
_POSTED = frozenset({Audience.CENTRE_LEADER, Audience.POLICE})


def tell(
    connection: Connection,
    dossier: str,
    kind: DossierKind,
    events: Iterable[Event],
    state: dict[str, Any],
    now: datetime,
) -> None:
    """Write the notices of ``events``, each recipient once an event; harmless when repeated."""
    telling = [event for event in events if audiences(kind, event)]
    if not telling:
        return
    setting = _setting(connection, kind, telling, state)
    rows = [
        {
            "key": f"{dossier}:{event.seq}",
            "recipient": recipient,
            "case": setting.case,
            "type": event.type,
            "at": event.at,
            "recorded_at": now,
            "data": notice_data(event),
        }
        for event in telling
        for recipient in told(kind, event, setting)
    ]
    insert_once(connection, core(Notice), rows)


def _setting(connection: Connection, kind: DossierKind, events: list[Event], state: dict[str, Any]) -> Setting:
    centres: list[str] = []
    police: list[str] = []
    if any(not _POSTED.isdisjoint(audiences(kind, event)) for event in events):
        for row in connection.execute(_posts):
            (centres if row.kind is UnitKind.CENTRE else police).append(row.code)
    joined: tuple[int, ...] = tuple(state.get("joined") or ())
    asks = joined and any(Audience.REPORTING_OFFICER in audiences(kind, event) for event in events)
    return Setting(
        case=state["number"] if kind in CASES else state["case"],
        unit=state.get("unit"),
        handler=state.get("handler"),
        handlers={part["key"]: part.get("handler") for part in state.get("parts") or ()},
        joined=joined,
        officers=_officers(connection, state["number"]) if asks else (),
        reporting_officer=state.get("reporting_officer"),
        desk=state.get("desk"),
        centres=tuple(centres),
        police=tuple(police),
    )


def _officers(connection: Connection, case: str) -> tuple[str, ...]:
    """Grid officers who brought a further report of the case."""
    own = (_joined.c.case == case, _joined.c.source == Source.OFFICER, _joined.c.seq.is_not(None))
    return tuple(connection.scalars(select(_joined.c.taken_by).where(*own).order_by(_joined.c.seq)))
