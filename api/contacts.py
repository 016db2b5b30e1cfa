"""Who reported a case or applies for it: masked for those who may know, and shown in full for a purpose that is noted.

A unit that is accused never gets here unless the reporter agreed, and administrators never do (A13, C7, C8).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import Request
from sqlalchemy import Connection

from api.auth import acting, now
from api.bodies import Checked
from api.commanding import Subject
from api.house import house
from api.joined_view import standing_of
from api.problems import not_found
from api.routes.cases import visible
from api.schemas.looks import ContactIn
from db.frontdesk.applications import application_of
from db.frontdesk.looks import Looked, note_look
from db.queries.cases import case_report
from db.queries.joined import joined_report
from domain.authority import Actor, Standing
from domain.errors import Forbidden
from domain.intake import check_text
from domain.looks import ContactField, opened
from domain.reports import FIRST, of
from domain.service.request import ServiceRequest
from domain.visibility import reads_contact
from domain.vocabulary import LookKind

_F = ContactField
Known = Mapping[ContactField, str | None]


@dataclass(frozen=True, slots=True)
class Contact:
    """What is known of a contact of a case: whether a unit may know it too, and how people stand to it."""

    known: Known
    open_to_units: bool
    standing: Standing


async def contact(request: Request, number: str, checked: Checked[ContactIn]) -> dict[str, Any]:
    """What this purpose opens of the contact of a case. The look is noted, in the same unit of work.

    Raises Problem(401), Problem(404), Forbidden("not_allowed") and what is wrong with the body, in this order.
    """
    here, at = house(request), now()

    def look(connection: Connection, actor: Actor) -> dict[str, Any]:
        found = visible(connection, actor, number)
        asked = checked.value.report if checked.value else FIRST
        behind = contact_of(connection, found, asked)
        if behind is None:
            raise not_found()
        if not may_look(actor, behind):
            raise Forbidden("not_allowed")
        wanted = checked.demand()
        note = check_text(wanted.note, here.rulebook.texts.note, field="note", empty_allowed=True)
        shown = opened(behind.known, wanted.purpose)
        looked = Looked(
            kind=LookKind.CONTACT,
            purpose=wanted.purpose,
            fields=list(shown),
            case=number,
            grid=found.value.grid,
            note=note,
        )
        note_look(connection, actor, looked, at)
        return {"number": number, "purpose": wanted.purpose, "at": at, "fields": shown}

    return await here.database.write(acting(request, look))


def may_look(actor: Actor, behind: Contact) -> bool:
    """Whether ``actor`` may be shown this contact at all."""
    return reads_contact(actor, behind.standing, open_to_units=behind.open_to_units)


def may_look_at(connection: Connection, actor: Actor, found: Subject) -> list[int]:
    """The reports of a case whose contact ``actor`` may be shown; an application is the first."""
    reports = (FIRST,) if isinstance(found.value, ServiceRequest) else of(found.value)
    behind = {report: contact_of(connection, found, report) for report in reports}
    return [report for report, contact in behind.items() if contact is not None and may_look(actor, contact)]


def contact_of(connection: Connection, found: Subject, report: int = FIRST) -> Contact | None:
    """The contact of one report of a case that was found already; None: there is no such report."""
    if isinstance(found.value, ServiceRequest):
        row = application_of(connection, found.dossier) if report == FIRST else None
        return None if row is None else Contact(_applicant(row), open_to_units=True, standing=found.standing)
    case = found.dossier
    said = case_report(connection, case) if report == FIRST else joined_report(connection, case, report)
    if said is None:
        return None
    known = {_F.NAME: said["reporter_name"], _F.PHONE: said["reporter_phone"]}
    standing = standing_of(connection, found.standing, case, report)
    return Contact(known, open_to_units=bool(said["disclose"]), standing=standing)


def note_form(connection: Connection, actor: Actor, found: Subject, purpose: str, at: datetime) -> None:
    """Note that the filled form of an application is handed out: everything of the contact is in it."""
    behind = contact_of(connection, found)
    fields = [name for name in ContactField if behind is not None and behind.known.get(name)]
    looked = Looked(
        kind=LookKind.FORM, purpose=purpose, fields=fields, case=found.dossier, grid=found.value.grid, note=None
    )
    note_look(connection, actor, looked, at)


def _applicant(row: Mapping[str, Any]) -> Known:
    proxy: Mapping[str, Any] = row.get("on_behalf_of") or {}
    return {
        _F.NAME: row.get("applicant_name"),
        _F.PHONE: row.get("phone"),
        _F.ADDRESS: row.get("address"),
        _F.ID_TYPE: row.get("id_type"),
        _F.ID_NUMBER: row.get("id_number"),
        _F.PROXY_NAME: proxy.get("name"),
        _F.PROXY_PHONE: proxy.get("phone"),
        _F.PROXY_ID_NUMBER: proxy.get("id_number"),
    }
