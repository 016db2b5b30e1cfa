"""What the desk has to know and note about starting a dossier's workflow."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, case, select, union_all, update

from db.queries.dossiers import dossier_head
from db.tables import Dossier, core
from domain.vocabulary import DossierKind

RECENT: Final = timedelta(minutes=1)
"""For how long the process that accepted a report may still be about to start it."""

_dossier = core(Dossier)


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A dossier whose workflow is to be started, with its plain state as the database holds it."""

    dossier: str
    kind: DossierKind
    state: dict[str, Any]
    urgent: bool = False


def start_of(connection: Connection, dossier: str) -> Start | None:
    """How to start this dossier; None when the database shows it ended, or does not have it."""
    head = dossier_head(connection, dossier)
    if head is None or head.ended_at is not None:
        return None
    return Start(dossier=head.id, kind=head.kind, state=head.state, urgent=head.urgent)


def not_started(connection: Connection, *, before: datetime, urgent_before: datetime, limit: int) -> list[Start]:
    """Dossiers opened before these instants whose workflow was never started: danger first, then as they came.

    The last ``RECENT`` before ``before`` come after all others, newest first: whoever accepted them works through the
    same backlog from the oldest on.
    """
    stale = before - RECENT
    waiting = _dossier.c.started_at.is_(None) & _dossier.c.ended_at.is_(None)
    columns = (_dossier.c.id, _dossier.c.urgent, _dossier.c.opened_at)
    urgent = select(*columns).where(waiting, _dossier.c.urgent, _dossier.c.opened_at < urgent_before)
    others = select(*columns).where(waiting, ~_dossier.c.urgent, _dossier.c.opened_at < before)
    both = union_all(urgent, others).subquery()
    recent = both.c.opened_at >= stale
    order = (both.c.urgent.desc(), recent, case((recent, None), else_=both.c.opened_at), both.c.opened_at.desc())
    ids = connection.scalars(select(both.c.id).order_by(*order).limit(limit))
    found = (start_of(connection, dossier) for dossier in ids.all())
    return [start for start in found if start is not None]


def was_started(connection: Connection, dossier: str) -> bool:
    """Whether its workflow was started, as far as was noted."""
    return connection.scalar(select(_dossier.c.started_at).where(_dossier.c.id == dossier)) is not None


def mark_started(connection: Connection, dossiers: Iterable[str], now: datetime) -> None:
    """Their workflows run. Harmless when repeated."""
    ids: Sequence[str] = list(dossiers)
    if ids:
        connection.execute(
            update(_dossier).where(_dossier.c.id.in_(ids), _dossier.c.started_at.is_(None)).values(started_at=now)
        )
