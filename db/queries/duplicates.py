"""Cases that may be the matter of a report that is being taken (A19): by grid or category, newest first.

How alike they are is ``domain.duplicates``; what of a case is told to somebody who does not see it, too.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, or_, select

from db.scope import visible_cases
from db.tables import CaseRow, Report, core
from domain.authority import Actor
from domain.vocabulary import CaseStatus, DossierKind

MOST: Final = 100
"""So many of each grid are looked at, the newest."""

_c = core(CaseRow).c
_reports = core(Report)
_LISTED = (_c.number, _c.category, _c.grid, _c.status, _c.outcome, _c.received_at, _c.closed_at, _c.danger, _c.unit)
_SAID = (_reports.c.description, _reports.c.address, _reports.c.lat, _reports.c.lon)


def near_cases(
    connection: Connection,
    actor: Actor,
    *,
    grids: Iterable[str],
    category: str | None,
    received_from: datetime,
    closed_from: datetime,
    hidden: frozenset[str],
) -> list[RowMapping]:
    """Incidents of these grids (without one: of the category) that run or were closed since, each with ``seen``.

    ``hidden``: categories of which only those are found that the actor sees.
    """
    seen = visible_cases(actor)
    recent = and_(
        _c.kind == DossierKind.INCIDENT,
        _c.received_at >= received_from,
        _c.status != CaseStatus.WITHDRAWN,
        or_(_c.closed_at.is_(None), _c.closed_at >= closed_from),
        or_(_c.category.not_in(sorted(hidden)), seen),
    )
    places: list[ColumnElement[bool]] = [_c.grid == grid for grid in sorted(set(grids))]
    if not places and category is not None:
        places = [_c.category == category]
    found: list[RowMapping] = []
    for place in places:  # one after the other: each is read in the order of its index
        query = select(*_LISTED, *_SAID, seen.label("seen")).join(_reports, _reports.c.case == _c.number)
        query = query.where(place, recent).order_by(_c.received_at.desc(), _c.id.desc()).limit(MOST)
        found += connection.execute(query).mappings()
    return found
