"""Open parts of cases: what a unit holds of them (steps, and incidents that it assists), and the steps of a request."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, func, select

from db.scope import visible_cases
from db.tables import CasePart, CaseRow, core
from domain.authority import Actor

_cases, _parts = core(CaseRow), core(CasePart)
_p = _parts.c
_NAMES = (
    "case", "key", "kind", "unit", "handler", "status", "dispatched_at", "ack_yellow_at", "ack_by", "acknowledged_at",
    "yellow_at", "due_at", "reference_by", "frozen_at",
)  # fmt: skip
MOST = 200
"""So many steps of one unit are listed."""


def steps_of_unit(connection: Connection, actor: Actor, unit: str) -> Sequence[RowMapping]:
    """The open parts that the unit holds, steps and incidents that it assists (A18), the most urgent first."""
    due: ColumnElement[datetime | None] = func.coalesce(_p.due_at, _p.reference_by)
    return _read(connection, actor, _p.unit == unit, (due.is_(None), due))


def steps_of_cases(connection: Connection, actor: Actor, numbers: Sequence[str]) -> Mapping[str, list[RowMapping]]:
    """Number → its open steps, in the order in which they were handed over."""
    found: dict[str, list[RowMapping]] = {}
    if numbers:
        for row in _read(connection, actor, and_(_p.case.in_(numbers), _p.kind.is_not(None)), (_p.seq,)):
            found.setdefault(row["case"], []).append(row)
    return found


def _read(
    connection: Connection, actor: Actor, which: ColumnElement[bool], order: tuple[ColumnElement[Any], ...]
) -> Sequence[RowMapping]:
    shown = [
        *(_p[name] for name in _NAMES),
        *(_cases.c[name] for name in ("category", "item", "grid", "version", "received_at")),
    ]
    query = (
        select(*shown)
        .select_from(_parts.join(_cases, _cases.c.number == _p.case))
        .where(which, _p.open, visible_cases(actor))
        .order_by(*order, _cases.c.id)
        .limit(MOST)
    )
    return connection.execute(query).mappings().all()
