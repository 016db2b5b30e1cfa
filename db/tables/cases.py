"""The case as people read it, its report, the units that held it, its attachments.

``cases`` is a projection: written at intake and by the recorder only, always from the state of the case. Its parts are
in ``db.tables.parts``, the application behind a service request too.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import SQLModel

from db.tables import columns
from domain.vocabulary import CaseStatus, CommandKind, DossierKind, Outcome, Source


class CaseRow(SQLModel, table=True):
    """One case: an incident, which has a category, or a service request, which has an item.

    id              running number, unique, in order of acceptance
    frozen_at       completed, suspended, withdrawn or closed: lights are judged as of then
    light_yellow_at, light_due_at   by which the light is judged: of an incident those of its lead unit, of a request
                    the earliest of the whole and of its open steps
    alarm, extension_pending, return_pending, appeal_pending   what waits for a person's word
    desk_unit       unit of the desk that took it; ``taken_by`` the account that did
    """

    __tablename__ = "cases"

    number: str = columns.text(primary_key=True, refers="dossier.id")
    id: int
    kind: DossierKind = columns.code(DossierKind)
    category: str | None = columns.text(nullable=True)
    item: str | None = columns.text(nullable=True)
    source: Source = columns.code(Source)
    danger: bool = False
    status: CaseStatus = columns.code(CaseStatus)
    outcome: Outcome | None = columns.code(Outcome, nullable=True)
    unit: str | None = columns.text(nullable=True)
    handler: str | None = columns.text(nullable=True)
    grid: str | None = columns.text(nullable=True)
    version: int = 0
    round: int = 1
    received_at: datetime = columns.instant()
    dispatched_at: datetime | None = columns.instant(nullable=True)
    ack_yellow_at: datetime | None = columns.instant(nullable=True)
    ack_by: datetime | None = columns.instant(nullable=True)
    acknowledged_at: datetime | None = columns.instant(nullable=True)
    yellow_at: datetime | None = columns.instant(nullable=True)
    extension_by: datetime | None = columns.instant(nullable=True)
    due_at: datetime | None = columns.instant(nullable=True)
    light_yellow_at: datetime | None = columns.instant(nullable=True)
    light_due_at: datetime | None = columns.instant(nullable=True)
    provisional: bool = False
    frozen_at: datetime | None = columns.instant(nullable=True)
    completed_at: datetime | None = columns.instant(nullable=True)
    closed_at: datetime | None = columns.instant(nullable=True)
    desk_unit: str | None = columns.text(nullable=True)
    taken_by: str | None = columns.text(nullable=True)
    reporting_officer: str | None = columns.text(nullable=True)
    alarm: bool = False
    extension_pending: bool = False
    return_pending: bool = False
    appeal_pending: bool = False
    state: dict[str, Any] = columns.document(dict)


class Report(SQLModel, table=True):
    """What was reported and by whom: personal data, never outside this table."""

    case: str = columns.text(primary_key=True, refers="cases.number")
    description: str = columns.text()
    address: str | None = columns.text(nullable=True)
    lat: float | None = None
    lon: float | None = None
    occurred_at: datetime | None = columns.instant(nullable=True)
    reporter_name: str | None = columns.text(nullable=True)
    reporter_phone: str | None = columns.text(nullable=True)
    anonymous: bool = False
    disclose: bool = False
    tracking_hash: str = columns.text()


class JoinedReport(SQLModel, table=True):
    """A further report of the same matter and by whom (A19): personal data, never outside this table.

    id    of the command that joined it
    seq   number of its event, by which the case knows it; None: not joined (yet)
    """

    __tablename__ = "joined_report"

    id: str = columns.text(primary_key=True)
    case: str = columns.text(refers="cases.number")
    seq: int | None = None
    at: datetime = columns.instant()
    source: Source = columns.code(Source)
    category: str = columns.text()
    danger: bool = False
    grid: str | None = columns.text(nullable=True)
    description: str = columns.text()
    address: str | None = columns.text(nullable=True)
    lat: float | None = None
    lon: float | None = None
    occurred_at: datetime | None = columns.instant(nullable=True)
    reporter_name: str | None = columns.text(nullable=True)
    reporter_phone: str | None = columns.text(nullable=True)
    anonymous: bool = False
    disclose: bool = False
    desk_unit: str = columns.text()
    taken_by: str = columns.text()


class CaseUnit(SQLModel, table=True):
    """A unit that holds the case, or once held it."""

    __tablename__ = "case_unit"

    case: str = columns.text(primary_key=True, refers="cases.number")
    unit: str = columns.text(primary_key=True)
    since: datetime = columns.instant()


class Attachment(SQLModel, table=True):
    """A file that came with the case, kept under the SHA-256 of its content.

    sent_with  the command that it was sent with; None: by itself
    """

    id: str = columns.text(primary_key=True)
    case: str = columns.text(refers="cases.number")
    sha256: str = columns.text()
    media_type: str = columns.text()
    size: int
    name: str = columns.text()
    uploaded_by: str = columns.text()
    sent_with: CommandKind | None = columns.code(CommandKind, nullable=True)
    at: datetime = columns.instant()


_case = columns.core(CaseRow)
Index("uq_cases_id", _case.c.id, unique=True)
_listed = ("received_at", "id", "number", "status", "kind", "unit", "desk_unit", "grid")
Index("ix_cases_listed", *(_case.c[name] for name in _listed))
Index("ix_cases_closed", _case.c.closed_at, _case.c.id)
Index("ix_cases_due", _case.c.due_at, _case.c.id)
Index("ix_cases_unit_acknowledged", _case.c.unit, _case.c.acknowledged_at)
Index("ix_cases_unit_due", _case.c.unit, _case.c.due_at)
Index("ix_cases_status_due", _case.c.status, _case.c.due_at)
Index("ix_cases_grid_received", _case.c.grid, _case.c.received_at)
Index("ix_cases_category_received", _case.c.category, _case.c.received_at)
Index("ix_cases_item_received", _case.c.item, _case.c.received_at)
Index("ix_cases_light_due", _case.c.light_due_at)
_runs = _case.c.frozen_at.is_(None)
_counted = (_case.c.light_due_at, _case.c.light_yellow_at, _case.c.frozen_at, _case.c.unit)
Index("ix_cases_running", *_counted, sqlite_where=_runs, postgresql_where=_runs)
Index("ix_cases_officer", _case.c.reporting_officer)
Index("ix_cases_desk", _case.c.desk_unit)
Index("ix_cases_alarm", _case.c.received_at, _case.c.id, sqlite_where=_case.c.alarm, postgresql_where=_case.c.alarm)
for _waiting in (_case.c.extension_pending, _case.c.return_pending, _case.c.appeal_pending):
    Index(f"ix_cases_{_waiting.name}", _case.c.due_at, _case.c.id, sqlite_where=_waiting, postgresql_where=_waiting)
_held = columns.core(CaseUnit)
Index("ix_case_unit_held", _held.c.unit, _held.c.case)
_joined = columns.core(JoinedReport)
Index("ix_joined_report_case", _joined.c.case, _joined.c.seq)
Index("ix_joined_report_desk", _joined.c.desk_unit)
Index("ix_joined_report_taken_by", _joined.c.taken_by)
Index("ix_attachment_case", columns.core(Attachment).c.case)
