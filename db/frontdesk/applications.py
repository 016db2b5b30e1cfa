"""Acceptance of an application for a service item, at any desk (B1): the case, its application, its applicant's record.

Rules are the domain's, what is derived from them comes with the ``Application``; here are the rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from db.frontdesk.acceptance import Accepted, Entry, Tracking, allot, open_dossier, standing
from db.frontdesk.register import Applicant, claim, remember
from db.tables import Application as ApplicationRow
from db.tables import core
from domain.authority import Actor, require_desk
from domain.service.opening import open_request
from domain.service.request import ServiceRequest
from domain.vocabulary import DossierKind

PREFIX = "BJ"

_applications = core(ApplicationRow)
_insert = insert(_applications)


@dataclass(frozen=True, slots=True, kw_only=True)
class Application(Entry):
    """An acceptable application with everything that catalogue, rulebook and calendar say about it.

    request    the bare request, without its number and its desk
    resolved   what runs from its receipt on
    applicant  as the register remembers them; ``claims`` what approval will have proved about them (B5)
    words      the columns of ``application`` but its case, its person and its tracking digest
    """

    request: ServiceRequest
    resolved: Mapping[str, Any]
    applicant: Applicant
    claims: Mapping[str, str]
    words: Mapping[str, Any]


def accept(
    connection: Connection, actor: Actor, application: Application, tracking_hash: Tracking, now: datetime
) -> Accepted[ServiceRequest]:
    """Write the service request, or find the one that this key made.

    Raises Forbidden("not_allowed") and Conflict("idempotency_key_reused").
    """
    require_desk(actor)
    number = allot(connection, PREFIX, application.received_at)
    stands = standing(connection, actor, application, number, ServiceRequest)
    if stands is not None:
        return stands
    bare = replace(application.request, number=number, desk=actor.unit)
    request, events = open_request(bare, application.resolved, by=actor.username)
    start = open_dossier(connection, actor, DossierKind.SERVICE_REQUEST, request, events, now)
    person = remember(connection, application.applicant, now)
    row = {"case": number, "person": person, "tracking_hash": tracking_hash(number), **application.words}
    connection.execute(_insert, row)
    claim(connection, number, person, application.claims, now)
    return Accepted(case=request, desk_unit=actor.unit, start=start)


def application_of(connection: Connection, number: str) -> dict[str, Any] | None:
    """The application behind a service request: personal data, to be shown as ``domain.visibility`` says."""
    found = connection.execute(select(_applications).where(_applications.c.case == number)).mappings().first()
    return None if found is None else dict(found)
