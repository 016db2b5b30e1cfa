"""The opening of an accountability file (A10): its command, its rows and its first event in one unit of work."""

from dataclasses import replace

from sqlalchemy import Connection, select

from db.frontdesk.commands import Words, keep
from db.frontdesk.starting import Start
from db.projections.opening import insert_opening
from db.queries.discipline import count_accountability
from db.tables import CaseRow, EventRow, core
from domain.accountability import Accountability, open_accountability
from domain.authority import Actor
from domain.messages import Command
from domain.plain import to_plain
from domain.vocabulary import DossierKind

_cases, _events = core(CaseRow), core(EventRow)


def open_file(connection: Connection, actor: Actor, words: Words, file: Accountability) -> tuple[str, Start | None]:
    """Open ``file`` on its case, or find the one that its key opened: its id, and how to start it if it is new.

    The id of ``file`` is replaced by the next one of the case. Raises Conflict("idempotency_key_reused").
    """
    # the lock makes two that come together open one after the other
    connection.execute(select(_cases.c.id).where(_cases.c.number == file.case).with_for_update())
    kept = keep(connection, actor, words)
    if kept.done:
        opened = select(_events.c.dossier).where(_events.c.command == kept.id, _events.c.seq == 1)
        return str(connection.scalar(opened)), None
    command = Command(id=kept.id, kind=words.kind, at=words.at, actor=actor.username, unit=actor.unit)
    numbered = replace(file, id=f"{file.case}-A{count_accountability(connection, file.case) + 1}")
    made, events = open_accountability(numbered, command)
    state = to_plain(made)
    insert_opening(connection, DossierKind.ACCOUNTABILITY, state, events, words.at)
    return made.id, Start(dossier=made.id, kind=DossierKind.ACCOUNTABILITY, state=state)
