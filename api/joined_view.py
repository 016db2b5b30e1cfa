"""Further reports that share a case, as those who see it are shown them (A19): words, and contacts by the rule."""

from typing import Any

from sqlalchemy import Connection, RowMapping

from api.receipt import receipt_path
from db.queries.joined import joined_report, joined_reports
from domain.authority import Actor, Standing
from domain.looks import masked_name, masked_phone
from domain.reports import FIRST
from domain.visibility import gives_receipt, reads_reporter
from domain.vocabulary import Source


def reports_view(connection: Connection, actor: Actor, number: str, standing: Standing) -> list[dict[str, Any]]:
    """All of them, oldest first. Each has its own desk and officer, and only these and the centre see who it was."""
    return [_report(actor, row, _standing(standing, row)) for row in joined_reports(connection, number)]


def standing_of(connection: Connection, standing: Standing, number: str, report: int) -> Standing:
    """How people stand to one report of a case: its desk and officer are those who took it."""
    row = None if report == FIRST else joined_report(connection, number, report)
    return standing if row is None else _standing(standing, row)


def reporter_view(report: RowMapping) -> dict[str, Any]:
    """Who reported, masked: in full it is shown for a purpose (``api.contacts``)."""
    return {
        "name": masked_name(report["reporter_name"]),
        "phone": masked_phone(report["reporter_phone"]),
        "anonymous": report["anonymous"],
        "disclose": report["disclose"],
    }


def place_view(report: RowMapping) -> dict[str, Any]:
    """Where it was said to be."""
    point = {"lat": report["lat"], "lon": report["lon"]} if report["lat"] is not None else None
    return {"address": report["address"], "point": point}


def _standing(case: Standing, row: RowMapping) -> Standing:
    officer = row["taken_by"] if row["source"] is Source.OFFICER else None
    return Standing(units=case.units, desk=row["desk_unit"], reporting_officer=officer)


def _report(actor: Actor, row: RowMapping, standing: Standing) -> dict[str, Any]:
    shown = {
        "report": row["seq"],
        "at": row["at"],
        "description": row["description"],
        "place": {"grid": row["grid"], **place_view(row)},
        "occurred_at": row["occurred_at"],
        "receipt": receipt_path(row["case"], row["seq"]) if gives_receipt(actor, standing) else None,
    }
    if not reads_reporter(actor, standing, disclose=row["disclose"]):
        return shown
    return {**shown, "source": row["source"], "reporter": reporter_view(row)}
