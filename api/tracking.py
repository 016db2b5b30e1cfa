"""The way of a case as its resident is shown it (B2, D5): no account, no names of people, no internal notes.

What is worked out is ``domain.tracking``; how it is told is ``api.tracking_incident`` and ``api.tracking_request``.
Here is how a case is found by whoever has shown its code.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from api import tracking_incident
from api.auth import now
from api.catalogue import Shelf
from db.queries.cases import tracked_row
from db.queries.events import list_events
from domain.case import Case
from domain.catalogue import Item
from domain.plain import of_plain
from domain.rulebook import Rulebook
from domain.vocabulary import DossierKind, EventType


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracked:
    """A case whose code was shown. ``desk``: code of the unit that took it in."""

    case: Case
    desk: str | None


def find_tracked(connection: Connection, number: str) -> Tracked | None:
    """The case with this number, for whoever has shown its code."""
    row = tracked_row(connection, number)
    if row is None or row["kind"] is not DossierKind.INCIDENT:
        return None
    return Tracked(case=of_plain(Case, row["state"]), desk=row["desk_unit"])


async def item_of(shelf: Shelf, found: Tracked) -> Item | None:
    """The item that was applied for, as the version has it under which the case runs (B6)."""
    return None


def timeline(connection: Connection, rules: Rulebook, found: Tracked, item: Item | None) -> dict[str, Any]:
    """What the resident is shown of the case at this moment."""
    return tracking_incident.way(connection, rules, found.case, found.desk, now())


def was_rated(connection: Connection, number: str) -> bool:
    """Whether the resident has answered before."""
    return any(item.event.type is EventType.RATED for item in list_events(connection, number))
