"""Service requests as commands and pages see them: what of one a path names, and what it is shown with."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from api.items import item_under
from db.frontdesk.applications import application_of
from db.frontdesk.attachments import attachments_of
from db.queries.events import command_texts
from domain.authority import Actor, Standing
from domain.identity import masked
from domain.service.request import ServiceRequest
from domain.visibility import reads_applicant, reads_text


def names(request: ServiceRequest, part: Mapping[str, Any]) -> bool:
    """Whether it has the extension and the step that a path names."""
    extension, step = part.get("extension"), part.get("part")
    known = extension is None or any(each.id == extension for held in request.parts for each in held.extensions)
    return known and (step is None or request.flow.step(step) is not None)


def beside(connection: Connection, actor: Actor, request: ServiceRequest, standing: Standing) -> dict[str, Any]:
    """What it is shown with: names of its item, words, application and attachments that ``actor`` may see."""
    with_text = reads_text(actor)
    asked = [each for part in request.parts for each in part.extensions]
    ids = [key for each in asked for key in (each.command, each.decision) if key]
    more: dict[str, Any] = {
        "item": item_under(connection, request.catalogue_version, request.item),
        "texts": command_texts(connection, ids) if with_text and ids else {},
        "attachments": attachments_of(connection, request.number) if with_text else [],
    }
    application = application_of(connection, request.number) if reads_applicant(actor, standing) else None
    return more | _application(application) if application is not None and with_text else more


def _application(row: Mapping[str, Any]) -> dict[str, Any]:
    """Who applies, with the number of their paper masked; in full it is in the form that is handed on."""
    return {
        "applicant": {
            "name": row["applicant_name"],
            "id_type": row["id_type"],
            "id_number": masked(row["id_number"]),
            "phone": row["phone"],
            "address": row["address"],
        },
        "on_behalf_of": _masked(row["on_behalf_of"]),
        "form": row["form"],
    }


def _masked(proxy: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if proxy is None else {**proxy, "id_number": masked(proxy["id_number"])}
