"""What every dossier has: its head, its events, the commands that were put to it.

Events and commands are appended and never edited; ``refused`` of a command is set once, when its outcome is known.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from db.tables import columns
from domain.vocabulary import CommandKind, DossierKind, EventType


class Dossier(SQLModel, table=True):
    """The head of an incident case, an interview file or an accountability file.

    version     seq of its last event
    started_at  when its workflow was first started; None: not yet
    ended_at    when its workflow ended for good; never started again after that
    urgent      danger to life: to be started before all others (A11)
    """

    id: str = columns.text(primary_key=True)
    kind: DossierKind = columns.code(DossierKind)
    case_number: str = columns.text()
    version: int = 0
    opened_at: datetime = columns.instant()
    started_at: datetime | None = columns.instant(nullable=True)
    ended_at: datetime | None = columns.instant(nullable=True)
    urgent: bool = False


class EventRow(SQLModel, table=True):
    """One event. ``at`` is the instant it happened or fell due, ``recorded_at`` when it was written."""

    __tablename__ = "event"

    dossier: str = columns.text(primary_key=True, refers="dossier.id")
    seq: int = Field(primary_key=True)
    type: EventType = columns.code(EventType)
    at: datetime = columns.instant()
    recorded_at: datetime = columns.instant()
    actor: str | None = columns.text(nullable=True)
    command: str | None = columns.text(nullable=True)
    data: dict[str, Any] = columns.document(dict)


class CommandRow(SQLModel, table=True):
    """What somebody asked of a dossier, with its free text, committed before the engine hears of it.

    key, body_hash  the client's Idempotency-Key and the digest of what came with it
    refused         the code of the refusal, once the rules said no
    """

    __tablename__ = "command"
    __table_args__ = (UniqueConstraint("actor", "key", name="uq_command_actor_key"),)

    id: str = columns.text(primary_key=True)
    dossier: str = columns.text(refers="dossier.id")
    kind: CommandKind = columns.code(CommandKind)
    actor: str | None = columns.text(nullable=True)
    unit: str | None = columns.text(nullable=True)
    at: datetime = columns.instant()
    text: dict[str, Any] = columns.document(dict)
    key: str | None = columns.text(nullable=True)
    body_hash: str | None = columns.text(nullable=True)
    refused: str | None = columns.text(nullable=True)


class AcceptedKey(SQLModel, table=True):
    """An Idempotency-Key of intake: the case that it made."""

    __tablename__ = "accepted_key"

    actor: str = columns.text(primary_key=True)
    key: str = columns.text(primary_key=True)
    body_hash: str = columns.text()
    number: str = columns.text()


_dossier = columns.core(Dossier)
Index(
    "ix_dossier_not_started",
    _dossier.c.opened_at,
    sqlite_where=_dossier.c.started_at.is_(None),
    postgresql_where=_dossier.c.started_at.is_(None),
)
Index(
    "ix_dossier_open",
    _dossier.c.id,
    sqlite_where=_dossier.c.ended_at.is_(None),
    postgresql_where=_dossier.c.ended_at.is_(None),
)
Index("ix_dossier_case", _dossier.c.case_number)
Index("ix_event_recorded", columns.core(EventRow).c.recorded_at)
_event = columns.core(EventRow)
_extensions = text("type IN ('extension_requested', 'extension_granted', 'extension_lapsed')")
Index(
    "ix_event_extension",
    _event.c.type,
    _event.c.dossier,
    sqlite_where=_extensions,
    postgresql_where=_extensions,
)
Index("ix_event_command", columns.core(EventRow).c.command)
Index("ix_command_dossier", columns.core(CommandRow).c.dossier)
