"""What administrators change besides rows that have their own tables: the log of it, and notices of a year's days."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from db.tables import columns
from domain.administration import Act, Subject


class AdminLog(SQLModel, table=True):
    """One thing that was changed, appended and never edited: who, when, what, before and after, without secrets."""

    __tablename__ = "admin_log"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = columns.instant()
    actor: str = columns.text()
    subject: Subject = columns.code(Subject)
    name: str = columns.text()
    act: Act = columns.code(Act)
    before: dict[str, Any] = columns.document(dict)
    after: dict[str, Any] = columns.document(dict)


class CalendarNotice(SQLModel, table=True):
    """A year's notice of days off and make-up days, as it was loaded here. Of several of a year the last one counts.

    ``days``: date → whether it is off, as ``rulebook.calendars`` reads them; ``names``: date → what it is called.
    """

    __tablename__ = "calendar_notice"

    id: int | None = Field(default=None, primary_key=True)
    year: int
    days: dict[str, bool] = columns.document(dict)
    names: dict[str, str] = columns.document(dict)
    added_at: datetime = columns.instant()
    added_by: str = columns.text()


Index("ix_admin_log_name", columns.core(AdminLog).c.subject, columns.core(AdminLog).c.name)
Index("ix_calendar_notice_year", columns.core(CalendarNotice).c.year)
