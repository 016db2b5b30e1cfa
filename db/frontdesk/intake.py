"""Acceptance of a report: one unit of work after which the case exists, whatever happens to the engine.

Rules are the domain's, what is derived from them comes with the ``Submission``; here are the rows.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

from db.frontdesk.acceptance import Accepted, Entry, Tracking, allot, open_dossier, standing
from db.tables import Report, core
from domain.authority import Actor, require_reporter
from domain.case import Case, open_case
from domain.promise import AckClock, Promise, Terms
from domain.vocabulary import DossierKind, Role, Source

PREFIX = "SJ"

_insert_report = insert(core(Report))


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission(Entry):
    """An acceptable report with everything that rulebook and calendar say about it.

    words      the columns of ``report`` but its case and its tracking digest
    unit       None: no rule matches, the case goes to triage
    """

    category: str
    source: Source
    danger: bool
    grid: str | None
    terms: Terms
    unit: str | None
    rule: str | None
    ack: AckClock | None
    promise: Promise | None
    words: dict[str, Any]


def accept(
    connection: Connection, actor: Actor, submission: Submission, tracking_hash: Tracking, now: datetime
) -> Accepted[Case]:
    """Write the case, or find the one that this key made.

    Raises Forbidden("not_allowed") and Conflict("idempotency_key_reused").
    """
    require_reporter(actor)
    number = allot(connection, PREFIX, submission.received_at)
    stands = standing(connection, actor, submission, number, Case)
    if stands is not None:
        return stands
    case, events = open_case(
        _bare(number, submission, actor),
        by=actor.username,
        unit=submission.unit,
        rule=submission.rule,
        ack=submission.ack,
        promise=submission.promise,
    )
    start = open_dossier(connection, actor, DossierKind.INCIDENT, case, events, now)
    connection.execute(_insert_report, {"case": number, "tracking_hash": tracking_hash(number), **submission.words})
    return Accepted(case=case, desk_unit=actor.unit, start=start)


def _bare(number: str, submission: Submission, actor: Actor) -> Case:
    by_officer = submission.source is Source.OFFICER and Role.GRID_OFFICER in actor.roles
    return Case(
        number=number,
        category=submission.category,
        source=submission.source,
        received_at=submission.received_at,
        terms=submission.terms,
        danger=submission.danger,
        grid=submission.grid,
        reporting_officer=actor.username if by_officer else None,
    )
