"""Made-up lives as rows, written by the store's own functions.

What was received long ago comes without its events and notices: nobody reads them in a list, and they would be most of
the database.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, update

from benchmarks.made.lives import Life
from db.projections.case import case_columns
from db.projections.consequences import carry_out
from db.projections.opening import insert_opening, running_id
from db.projections.parts import write_parts
from db.projections.service_request import request_columns
from db.tables import Application, CaseRow, CommandRow, Dossier, Report, core
from domain.plain import to_plain
from domain.vocabulary import DossierKind

_dossiers, _cases, _commands = core(Dossier), core(CaseRow), core(CommandRow)
_words = {DossierKind.INCIDENT: core(Report), DossierKind.SERVICE_REQUEST: core(Application)}


def write_life(connection: Connection, life: Life[Any], *, told: bool) -> None:
    """The rows of one case. ``told``: with its events, the words of its commands and its notices."""
    state, number = to_plain(life.case), life.case.number
    if told:
        _told(connection, life, state)
    else:
        _silent(connection, life, state)
    row = {"case": number, "tracking_hash": f"made-up-{number}", **life.words}
    connection.execute(insert(_words[life.kind]), row)
    at = life.case.received_at
    ended = {"ended_at": at} if life.case.ended else {}
    connection.execute(update(_dossiers).where(_dossiers.c.case_number == number).values(started_at=at, **ended))


def _told(connection: Connection, life: Life[Any], state: dict[str, Any]) -> None:
    now, desk, by = _stamp(life), life.desk_unit, life.taken_by
    insert_opening(connection, life.kind, state, life.events, now, desk_unit=desk, taken_by=by)
    if life.asked:
        connection.execute(insert(_commands), life.asked)


def _silent(connection: Connection, life: Life[Any], state: dict[str, Any]) -> None:
    number, at = life.case.number, life.case.received_at
    head = {"id": number, "kind": life.kind, "case_number": number, "version": life.case.version, "opened_at": at}
    connection.execute(insert(_dossiers), {**head, "urgent": False})
    own = {"number": number, "id": running_id(number), "kind": life.kind}
    taken = {"desk_unit": life.desk_unit, "taken_by": life.taken_by}
    columns = case_columns(state) if life.kind is DossierKind.INCIDENT else request_columns(state)
    connection.execute(insert(_cases), {**own, **taken, **columns})
    write_parts(connection, number, state)
    carry_out(connection, number, life.events, _stamp(life))


def _stamp(life: Life[Any]) -> datetime:
    return life.events[-1].at
