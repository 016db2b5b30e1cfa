"""Acceptance of a report: one unit of work after which the case exists, whatever happens to the engine.

Rules are the domain's, what is derived from them comes with the ``Submission``; here are the rows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from db.frontdesk.starting import Start
from db.numbers import next_running
from db.once import insert_once
from db.projections.opening import insert_opening
from db.tables import AcceptedKey, CaseRow, Report, core
from domain.authority import Actor, require_reporter
from domain.case import Case, open_case
from domain.errors import Conflict
from domain.plain import of_plain, to_plain
from domain.promise import AckClock, Promise, Terms
from domain.vocabulary import DossierKind, Role, Source
from domain.worktime import shanghai_date

_keys, _cases = core(AcceptedKey), core(CaseRow)
_insert_report = insert(core(Report))


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """An acceptable report with everything that rulebook and calendar say about it.

    words      the columns of ``report`` but its case and its tracking digest
    unit       None: no rule matches, the case goes to triage
    key        the client's Idempotency-Key, ``body_hash`` the digest of what came with it
    """

    received_at: datetime
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
    key: str | None
    body_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The case that stands, and how to start it; ``start`` is None when the same key had made it before."""

    case: Case
    desk_unit: str
    start: Start | None


def accept(
    connection: Connection, actor: Actor, submission: Submission, tracking_hash: Callable[[str], str], now: datetime
) -> Accepted:
    """Write the case, or find the one that this key made.

    Raises Forbidden("not_allowed") and Conflict("idempotency_key_reused").
    """
    require_reporter(actor)
    running = next_running(connection)
    number = f"SJ{shanghai_date(submission.received_at):%y%m%d}-{running:07d}"
    if submission.key is not None:
        standing = _claim(connection, actor, submission, number)
        if standing is not None:
            return standing
    case, events = open_case(
        _bare(number, submission, actor),
        by=actor.username,
        unit=submission.unit,
        rule=submission.rule,
        ack=submission.ack,
        promise=submission.promise,
    )
    state = to_plain(case)
    insert_opening(connection, DossierKind.INCIDENT, state, events, now, desk_unit=actor.unit, taken_by=actor.username)
    connection.execute(_insert_report, {"case": number, "tracking_hash": tracking_hash(number), **submission.words})
    start = Start(dossier=number, kind=DossierKind.INCIDENT, state=state, urgent=case.danger)
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


def _claim(connection: Connection, actor: Actor, submission: Submission, number: str) -> Accepted | None:
    """Take the key for ``number``; what it made before, if it is taken."""
    row = {
        "actor": actor.username,
        "key": submission.key,
        "body_hash": submission.body_hash,
        "number": number,
    }
    if insert_once(connection, _keys, [row]):
        return None
    taken = connection.execute(
        select(_keys.c.body_hash, _keys.c.number).where(_keys.c.actor == actor.username, _keys.c.key == submission.key)
    ).one()
    if taken.body_hash != submission.body_hash:
        raise Conflict("idempotency_key_reused")
    found = connection.execute(select(_cases.c.state, _cases.c.desk_unit).where(_cases.c.number == taken.number)).one()
    return Accepted(case=of_plain(Case, found.state), desk_unit=found.desk_unit, start=None)
