"""What a grid officer has to do and what became of the officer's reports, within what the officer may see (A12, D4)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, and_, func, or_, select

from db.lights import CASE, light_of
from db.queries.paging import Keyset, Page, page_limit
from db.scope import visible_cases
from db.tables import CaseRow, Report, core
from domain.authority import Actor
from domain.vocabulary import CaseStatus, DossierKind

_cases, _reports = core(CaseRow), core(Report)
_c = _cases.c
_NAMES = (
    "number", "id", "category", "danger", "status", "outcome", "unit", "grid", "round", "received_at", "due_at",
    "frozen_at", "completed_at", "closed_at", "state",
)  # fmt: skip
_FIRST_WORDS = 140
_OVER = (CaseStatus.CLOSED, CaseStatus.WITHDRAWN)
_RECENT = 200
_NEWEST = Keyset("-received_at", _c.received_at, _c.id, True)


def to_verify(connection: Connection, actor: Actor, now: datetime, limit: int) -> Sequence[RowMapping]:
    """Own reports whose unit says that they are done: the officer has to look, the longest waiting first."""
    query = _shown(actor, now).where(_own(actor), _c.status == CaseStatus.AWAITING_VERIFICATION)
    return _first(connection, query, _c.completed_at, limit)


def done_again(connection: Connection, actor: Actor, now: datetime, limit: int) -> Sequence[RowMapping]:
    """What was not solved and is done once more: own reports, and what lies in own grids."""
    query = _shown(actor, now).where(or_(_own(actor), _near(actor)), _c.round > 1, _unfinished(actor))
    return _first(connection, query, _c.due_at, limit)


def under_way(connection: Connection, actor: Actor, now: datetime, limit: int) -> Sequence[RowMapping]:
    """What else is open in own grids, by when it is due."""
    query = _shown(actor, now).where(_near(actor), _c.round == 1, _unfinished(actor))
    return _first(connection, query, _c.due_at, limit)


def own_reports(connection: Connection, actor: Actor, now: datetime, *, cursor: str | None, limit: int) -> Page:
    """A page of what the officer reported, newest first. Raises Unprocessable("cursor_invalid")."""
    size = page_limit(limit)
    query = _shown(actor, now).where(_own(actor)).order_by(*_NEWEST.order()).limit(size + 1)
    if cursor:
        query = query.where(_NEWEST.after(cursor))
    rows = connection.execute(query).mappings().all()
    return Page(items=rows[:size], next_cursor=_NEWEST.cursor(rows[size - 1]) if len(rows) > size else None)


def one_report(connection: Connection, actor: Actor, number: str, now: datetime) -> RowMapping | None:
    """One of the officer's own reports."""
    return connection.execute(_shown(actor, now).where(_own(actor), _c.number == number)).mappings().first()


def usual_categories(connection: Connection, actor: Actor, most: int) -> list[str]:
    """The categories that the officer reported most of late."""
    latest = (
        select(_c.category)
        .where(visible_cases(actor), _own(actor))
        .order_by(_c.received_at.desc(), _c.id.desc())
        .limit(_RECENT)
        .subquery()
    )
    query = (
        select(latest.c.category)
        .group_by(latest.c.category)
        .order_by(func.count().desc(), latest.c.category)
        .limit(most)
    )
    return [str(code) for code in connection.scalars(query)]


def _own(actor: Actor) -> ColumnElement[bool]:
    return and_(_c.reporting_officer == actor.username, _c.kind == DossierKind.INCIDENT)


def _near(actor: Actor) -> ColumnElement[bool]:
    return and_(_c.grid.in_(sorted(actor.grids)), _c.kind == DossierKind.INCIDENT)


def _unfinished(actor: Actor) -> ColumnElement[bool]:
    """Not over, and not among those that this officer has to verify."""
    mine = and_(_c.status == CaseStatus.AWAITING_VERIFICATION, _own(actor))
    return and_(_c.status.not_in(_OVER), _c.status != CaseStatus.AWAITING_ANSWER, ~mine)


def _shown(actor: Actor, now: datetime) -> Select[Any]:
    told = (
        func.substr(_reports.c.description, 1, _FIRST_WORDS).label("description"),
        *(_reports.c[name] for name in ("address", "lat", "lon")),
    )
    return (
        select(*(_c[name] for name in _NAMES), light_of(CASE, now).label("light"), *told)
        .select_from(_cases.outerjoin(_reports, _reports.c.case == _cases.c.number))
        .where(visible_cases(actor))
    )


def _first(connection: Connection, query: Select[Any], by: ColumnElement[Any], limit: int) -> Sequence[RowMapping]:
    return connection.execute(query.order_by(by, _c.id).limit(limit)).mappings().all()
