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
from db.queries.joined import joined_report
from domain import case_commands
from domain.case import Case
from domain.catalogue.items import Item
from domain.plain import of_plain
from domain.reports import FIRST
from domain.rulebook import Rulebook
from domain.service import commands as service_commands
from domain.service import resolving
from domain.service.request import ServiceRequest
from domain.vocabulary import CommandKind, DossierKind, EventType


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracked:
    """A case whose code was shown.

    desk       code of the unit that took it in, or the report that was joined
    report     whose code it was; ``joined_at`` when that report was joined, if it was (A19)
    """

    case: Case | ServiceRequest
    desk: str | None
    report: int = FIRST
    joined_at: datetime | None = None

    @property
    def answered(self) -> bool:
        """Whether this reporter has answered in this round, and others are still asked."""
        return isinstance(self.case, Case) and self.report in self.case.answered

    @property
    def may_be_rated(self) -> bool:
        """Whether the resident's answer is waited for."""
        rules = case_commands if isinstance(self.case, Case) else service_commands
        return self.case.status in rules.ALLOWED[CommandKind.RATE]


def find_tracked(connection: Connection, number: str, report: int = FIRST) -> Tracked | None:
    """The case with this number, for whoever has shown the code of this report."""
    row = tracked_row(connection, number)
    if row is None:
        return None
    kind: type[Case | ServiceRequest] = ServiceRequest if row["kind"] is DossierKind.SERVICE_REQUEST else Case
    case = of_plain(kind, row["state"])
    if report == FIRST:
        return Tracked(case=case, desk=row["desk_unit"])
    joined = joined_report(connection, number, report)
    if joined is None:
        return None
    return Tracked(case=case, desk=joined["desk_unit"], report=report, joined_at=joined["at"])


async def item_of(shelf: Shelf, found: Tracked) -> Item | None:
    """The item that was applied for, as the version has it under which the request runs (B6)."""
    case = found.case
    return await shelf.item(case.catalogue_version, case.item) if isinstance(case, ServiceRequest) else None


def timeline(connection: Connection, rules: Rulebook, found: Tracked, item: Item | None) -> dict[str, Any]:
    """What the resident is shown of the case at this moment."""
    case = found.case
    own = {"joined_at": found.joined_at, "answered": found.answered}
    if isinstance(case, ServiceRequest):
        return tracking_request.way(connection, rules, case, item, found.desk, now()) | own
    return tracking_incident.way(connection, rules, case, found.desk, now()) | own


def rated(rules: Rulebook, found: Tracked, given: RatingIn, at: datetime) -> dict[str, Any]:
    """What goes with the resident's answer: the clocks of the redo, if it was not solved."""
    case = found.case
    if isinstance(case, ServiceRequest):
        return resolving.rate(rules, case, given.solved, given.score, at)
    return resolve.rate(rules, resolve.whole(case), given, at) | {"report": found.report}


def was_rated(connection: Connection, number: str, report: int) -> bool:
    """Whether whoever brought this report has answered before."""
    return any(
        item.event.type is EventType.RATED and item.event.data.get("report", FIRST) == report
        for item in list_events(connection, number)
    )
