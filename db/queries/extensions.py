"""What became of the extensions that units asked for, within what the person may see (A6)."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, func, select

from db.scope import visible_cases
from db.tables import CaseRow, EventRow, core
from domain.authority import Actor
from domain.vocabulary import EventType

_events = core(EventRow)
_c = core(CaseRow).c

_OF_EXTENSIONS: BindParameter[Any] = bindparam(
    "of_extensions",
    (EventType.EXTENSION_REQUESTED, EventType.EXTENSION_GRANTED, EventType.EXTENSION_LAPSED),
    expanding=True,
    literal_execute=True,
)
"""Said word by word, as the index of these events says it."""


def extension_record(connection: Connection, actor: Actor, units: Iterable[str]) -> dict[str, dict[EventType, int]]:
    """Unit → how often its cases were asked to be extended, and what became of it."""
    query = (
        select(_c.unit, _events.c.type, func.count().label("number"))
        .select_from(_events.join(core(CaseRow), _c.number == _events.c.dossier))
        .where(_c.unit.in_(sorted(set(units))), _events.c.type.in_(_OF_EXTENSIONS), visible_cases(actor))
        .group_by(_c.unit, _events.c.type)
    )
    found: dict[str, dict[EventType, int]] = {}
    for row in connection.execute(query):
        found.setdefault(row.unit, {})[row.type] = row.number
    return found
