"""What a service request is shown with: its item, and its application for those who may see it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from api.items import item_under
from db.frontdesk.applications import application_of
from domain.authority import Actor, Standing
from domain.identity import masked
from domain.looks import masked_address, masked_name, masked_phone
from domain.service.request import ServiceRequest
from domain.visibility import reads_applicant, reads_text


def beside(connection: Connection, actor: Actor, request: ServiceRequest, standing: Standing) -> dict[str, Any]:
    """What it is shown with that an incident has not: names of its item, and the application, if ``actor`` may see."""
    more: dict[str, Any] = {"item": item_under(connection, request.catalogue_version, request.item)}
    if not reads_text(actor) or not reads_applicant(actor, standing):
        return more
    application = application_of(connection, request.number)
    return more if application is None else more | _application(application)


def _application(row: Mapping[str, Any]) -> dict[str, Any]:
    """Who applies, masked; in full for a purpose (``api.contacts``), and in the form that is handed on."""
    return {
        "applicant": {
            "name": masked_name(row["applicant_name"]),
            "id_type": row["id_type"],
            "id_number": masked(row["id_number"]),
            "phone": masked_phone(row["phone"]),
            "address": masked_address(row["address"]),
        },
        "on_behalf_of": _masked(row["on_behalf_of"]),
        "form": row["form"],
    }


def _masked(proxy: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if proxy is None:
        return None
    hidden = {"name": masked_name(proxy["name"]), "id_number": masked(proxy["id_number"])}
    return {**proxy, **hidden, "phone": masked_phone(proxy.get("phone"))}
