"""The way of a case as its resident is shown it (B2, D5): no account, no names of people, no internal notes.

What is worked out is ``domain.tracking``; how it is told is ``api.tracking_incident`` and ``api.tracking_request``.
Here is how a case is found by whoever has shown its code, and what their answer to it needs.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from api import resolve, tracking_incident, tracking_request
from api.auth import now
from api.catalogue import Shelf
from api.schemas.public import RatingIn
from db.queries.cases import tracked_row
from db.queries.events import list_events
from domain import case_commands
from domain.case import Case
from domain.catalogue.items import Item
from domain.plain import of_plain
from domain.rulebook import Rulebook
from domain.service import commands as service_commands
from domain.service import resolving
from domain.service.request import ServiceRequest
from domain.vocabulary import CommandKind, DossierKind, EventType


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracked:
    """A case whose code was shown. ``desk``: code of the unit that took it in."""

    case: Case | ServiceRequest
    desk: str | None

    @property
    def may_be_rated(self) -> bool:
        """Whether the resident's answer is waited for."""
        rules = case_commands if isinstance(self.case, Case) else service_commands
        return self.case.status in rules.ALLOWED[CommandKind.RATE]


def find_tracked(connection: Connection, number: str) -> Tracked | None:
    """The case with this number, for whoever has shown its code."""
    row = tracked_row(connection, number)
    if row is None:
        return None
    kind: type[Case | ServiceRequest] = ServiceRequest if row["kind"] is DossierKind.SERVICE_REQUEST else Case
    return Tracked(case=of_plain(kind, row["state"]), desk=row["desk_unit"])


async def item_of(shelf: Shelf, found: Tracked) -> Item | None:
    """The item that was applied for, as the version has it under which the request runs (B6)."""
    case = found.case
    return await shelf.item(case.catalogue_version, case.item) if isinstance(case, ServiceRequest) else None


def timeline(connection: Connection, rules: Rulebook, found: Tracked, item: Item | None) -> dict[str, Any]:
    """What the resident is shown of the case at this moment."""
    case = found.case
    if isinstance(case, ServiceRequest):
        return tracking_request.way(connection, rules, case, item, found.desk, now())
    return tracking_incident.way(connection, rules, case, found.desk, now())


def rated(rules: Rulebook, found: Tracked, given: RatingIn, at: datetime) -> dict[str, Any]:
    """What goes with the resident's answer: the clocks of the redo, if it was not solved."""
    case = found.case
    if isinstance(case, ServiceRequest):
        return resolving.rate(rules, case, given.solved, given.score, at)
    return resolve.rate(rules, resolve.whole(case), given, at)


def was_rated(connection: Connection, number: str) -> bool:
    """Whether the resident has answered before."""
    return any(item.event.type is EventType.RATED for item in list_events(connection, number))
