"""The outbox of notices: who was to be told what, once, and who has read it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from db.tables import columns
from domain.vocabulary import EventType


class Notice(SQLModel, table=True):
    """One telling. ``recipient`` is an audience (``leader:roads``), ``key`` what caused it (``{dossier}:{seq}``)."""

    __table_args__ = (UniqueConstraint("key", "recipient", name="uq_notice_key_recipient"),)

    id: int | None = Field(default=None, primary_key=True)
    key: str = columns.text()
    recipient: str = columns.text()
    case: str | None = columns.text(nullable=True)
    type: EventType = columns.code(EventType)
    at: datetime = columns.instant()
    recorded_at: datetime = columns.instant()
    data: dict[str, Any] = columns.document(dict)


class NoticeRead(SQLModel, table=True):
    """An account has read a notice."""

    __tablename__ = "notice_read"

    notice: int = Field(primary_key=True, foreign_key="notice.id")
    username: str = columns.text(primary_key=True)
    at: datetime = columns.instant()


_notice = columns.core(Notice)
Index("ix_notice_told", _notice.c.recipient, _notice.c.recorded_at, _notice.c.id)
