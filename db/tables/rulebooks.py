"""Versions of the rulebook: which counts from when on, and the files that each is made of."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from db.tables import columns


class RulebookEntry(SQLModel, table=True):
    """A version is put in force from an instant on; appended, never deleted: what is taken back says so.

    ``scheduled_by`` None: it came with the files of the installation.
    """

    __tablename__ = "rulebook_schedule"

    id: int | None = Field(default=None, primary_key=True)
    version: str = columns.text(refers="rulebook_version.version")
    effective_from: datetime = columns.instant()
    scheduled_at: datetime = columns.instant()
    scheduled_by: str | None = columns.text(nullable=True)
    withdrawn_at: datetime | None = columns.instant(nullable=True)
    withdrawn_by: str | None = columns.text(nullable=True)


class RulebookPackage(SQLModel, table=True):
    """The files of a version as ``rulebook.packed`` has them, and the names of the catalogue's versions in them."""

    __tablename__ = "rulebook_package"

    version: str = columns.text(primary_key=True, refers="rulebook_version.version")
    digest: str = columns.text()
    layers: list[Any] = columns.document(list)
    catalogues: list[str] = columns.document(list)
    added_at: datetime = columns.instant()
    added_by: str | None = columns.text(nullable=True)


Index(
    "ix_rulebook_schedule_instant",
    columns.core(RulebookEntry).c.effective_from,
    unique=True,
    sqlite_where=text("withdrawn_at IS NULL"),
    postgresql_where=text("withdrawn_at IS NULL"),
)
