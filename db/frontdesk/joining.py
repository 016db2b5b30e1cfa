"""A further report is kept beside the command that joins it to a case, and forgotten if the rules say no (A19)."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from db.frontdesk import commands
from db.frontdesk.commands import Kept, Words
from db.scope import visible_cases
from db.tables import CaseRow, CaseUnit, EventRow, JoinedReport, core
from domain.authority import Actor, Standing
from domain.case import Case
from domain.plain import of_plain
from domain.visibility import joins_unseen
from domain.vocabulary import DossierKind, EventType

_cases, _case_units = core(CaseRow), core(CaseUnit)
_joined, _events = core(JoinedReport), core(EventRow)


@dataclass(frozen=True, slots=True, kw_only=True)
class Joinable:
    """A case that somebody may join a report to. ``seen``: they may see it anyway."""

    case: Case
    seen: bool
    standing: Standing


def joinable(connection: Connection, actor: Actor, number: str, protected: frozenset[str]) -> Joinable | None:
    """The incident with this number, for whoever takes a report of the same matter; None: they may not know of it.

    ``protected``: categories that are offered to nobody who does not see the case (A14).
    """
    columns = (_cases.c.state, _cases.c.category, _cases.c.desk_unit, _cases.c.reporting_officer)
    query = select(*columns, visible_cases(actor).label("seen")).where(
        _cases.c.number == number, _cases.c.kind == DossierKind.INCIDENT
    )
    row = connection.execute(query).first()
    if row is None or not (row.seen or joins_unseen(actor, row.category, protected)):
        return None
    units = connection.scalars(select(_case_units.c.unit).where(_case_units.c.case == number))
    standing = Standing(units=frozenset(units), desk=row.desk_unit, reporting_officer=row.reporting_officer)
    return Joinable(case=of_plain(Case, row.state), seen=bool(row.seen), standing=standing)


def keep(connection: Connection, actor: Actor, words: Words, report: dict[str, Any]) -> Kept:
    """Keep the command and the report beside it, or find what came under its key before.

    Raises Conflict("idempotency_key_reused").
    """
    kept = commands.keep(connection, actor, words)
    if kept.id == words.id:
        own = {"id": words.id, "case": words.dossier, "seq": None, "at": words.at}
        by = {"desk_unit": actor.unit, "taken_by": actor.username}
        connection.execute(insert(_joined), {**own, **by, **report})
    return kept


def refuse(connection: Connection, command: str, code: str) -> None:
    """The rules said no: that is noted, and the report is not kept."""
    commands.refuse(connection, command, code)
    connection.execute(delete(_joined).where(_joined.c.id == command, _joined.c.seq.is_(None)))


def joined_as(connection: Connection, command: str) -> int | None:
    """By which number the case knows the report of this command; None: it is not joined."""
    query = select(_events.c.seq).where(_events.c.command == command, _events.c.type == EventType.REPORT_JOINED)
    seq: int | None = connection.scalar(query)
    return seq
