"""Running cases that a new calendar may concern, in the order of their numbers (E2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, or_, select

from db.tables import CasePart, CaseRow, Dossier, core
from domain.plain import to_plain
from domain.vocabulary import CaseStatus, DossierKind
from domain.worktime import SHANGHAI

_cases, _dossiers, _parts = core(CaseRow), core(Dossier), core(CasePart)
_STANDS = (CaseStatus.SUSPENDED, CaseStatus.AWAITING_MATERIALS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A case that has not ended, with its plain state."""

    number: str
    kind: DossierKind
    version: int
    state: dict[str, Any]


def running_cases(
    connection: Connection, last_year: int, *, after: str, limit: int, number: str | None = None
) -> Sequence[Running]:
    """The next cases (or the one with this ``number``) that a calendar up to ``last_year`` may concern.

    Those with a provisional deadline; those due from the last December before that year on, by their promise or by law,
    whose windows reach into it; and those whose clock stands, for it may go on with a deadline in it.
    """
    query = (
        select(_cases.c.number, _cases.c.kind, _cases.c.version, _cases.c.state)
        .join(_dossiers, _dossiers.c.id == _cases.c.number)
        .where(_dossiers.c.ended_at.is_(None), _cases.c.closed_at.is_(None), _dossiers.c.id > after)
        .where(_concerned(last_year))
        .order_by(_dossiers.c.id)  # by the index of open dossiers: those that have ended are many more
        .limit(limit)
    )
    if number is not None:
        query = query.where(_cases.c.number == number)
    return [Running(**row._mapping) for row in connection.execute(query)]


def provisional_within(connection: Connection, last_year: int) -> bool:
    """Whether a running case is provisional although its deadline lies in or before ``last_year``."""
    end = datetime.combine(date(last_year + 1, 1, 1), time(), SHANGHAI).astimezone(UTC)
    query = (
        select(_cases.c.number)
        .join(_dossiers, _dossiers.c.id == _cases.c.number)
        .where(_dossiers.c.ended_at.is_(None), _cases.c.closed_at.is_(None), _cases.c.frozen_at.is_(None))
        .where(_cases.c.provisional, _cases.c.due_at < end, _dossiers.c.id > "")
        .order_by(_dossiers.c.id)
        .limit(1)
    )
    return connection.scalar(query) is not None


def _concerned(last_year: int) -> ColumnElement[bool]:
    since = datetime.combine(date(last_year - 1, 12, 1), time(), SHANGHAI).astimezone(UTC)
    later_part = exists().where(_parts.c.case == _cases.c.number, _parts.c.open, _parts.c.due_at >= since)
    by_law = _cases.c.state["legal_due_at"].as_string() >= to_plain(since)
    return or_(_cases.c.provisional, _cases.c.due_at >= since, _cases.c.status.in_(_STANDS), later_part, by_law)
