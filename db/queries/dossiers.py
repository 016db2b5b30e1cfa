"""Dossiers as ``doctor`` needs them: their heads and states. What is to be started is in ``db.frontdesk.starting``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Row, Select, Table, select

from db.tables import AccountabilityRow, CaseRow, Dossier, InterviewRow, core
from domain.messages import Opening
from domain.vocabulary import DossierKind

_dossiers = core(Dossier)

_STATES: Mapping[DossierKind, tuple[Table, Column[str]]] = {
    DossierKind.INCIDENT: (core(CaseRow), core(CaseRow).c.number),
    DossierKind.SERVICE_REQUEST: (core(CaseRow), core(CaseRow).c.number),
    DossierKind.INTERVIEW: (core(InterviewRow), core(InterviewRow).c.id),
    DossierKind.ACCOUNTABILITY: (core(AccountabilityRow), core(AccountabilityRow).c.id),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A dossier and its plain state, as the database has them."""

    id: str
    kind: DossierKind
    case_number: str
    version: int
    opened_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    urgent: bool
    state: dict[str, Any]

    @property
    def opening(self) -> Opening:
        """What its workflow starts with."""
        return Opening(dossier=self.id, kind=self.kind, state=self.state)


def dossier_head(connection: Connection, dossier: str) -> Head | None:
    """The dossier with this id; None: there is none."""
    heads = _heads(connection, select(_dossiers).where(_dossiers.c.id == dossier))
    return heads[0] if heads else None


def open_dossiers(connection: Connection, *, after: str = "", limit: int = 500) -> Sequence[Head]:
    """The next dossiers by id that have not ended."""
    query = (
        select(_dossiers)
        .where(_dossiers.c.ended_at.is_(None), _dossiers.c.id > after)
        .order_by(_dossiers.c.id)
        .limit(limit)
    )
    return _heads(connection, query)


def _heads(connection: Connection, query: Select[Any]) -> list[Head]:
    rows = connection.execute(query).all()
    states = _states(connection, rows)
    return [Head(**row._mapping, state=states[row.id]) for row in rows]


def _states(connection: Connection, rows: Sequence[Row[Any]]) -> dict[str, dict[str, Any]]:
    states: dict[str, dict[str, Any]] = {}
    for kind, (table, key) in _STATES.items():
        ids = [row.id for row in rows if row.kind is kind]
        if ids:
            query = select(key, table.c.state).where(key.in_(ids))
            states.update((row[0], row.state) for row in connection.execute(query))
    return states
