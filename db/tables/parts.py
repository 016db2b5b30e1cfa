"""The parts of a case, and what a service request was applied for with.

``case_part`` is a projection as ``cases`` is: one row for every part in the state, in the order of the state.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from db.tables import columns
from domain.vocabulary import CaseStatus, StepKind


class CasePart(SQLModel, table=True):
    """What one more unit holds of a case: an assisting unit of an incident, or a step of a service request.

    key           code of the assisting unit, or key of the step; a redo of a step is another row
    kind          None: an assisting unit
    open          neither completed nor released
    reference_by  until when an outside step is usually decided (B4)
    """

    __tablename__ = "case_part"

    case: str = columns.text(primary_key=True, refers="cases.number")
    seq: int = Field(primary_key=True)
    key: str = columns.text()
    kind: StepKind | None = columns.code(StepKind, nullable=True)
    unit: str | None = columns.text(nullable=True)
    handler: str | None = columns.text(nullable=True)
    status: CaseStatus = columns.code(CaseStatus)
    open: bool = True
    dispatched_at: datetime | None = columns.instant(nullable=True)
    ack_yellow_at: datetime | None = columns.instant(nullable=True)
    ack_by: datetime | None = columns.instant(nullable=True)
    acknowledged_at: datetime | None = columns.instant(nullable=True)
    yellow_at: datetime | None = columns.instant(nullable=True)
    extension_by: datetime | None = columns.instant(nullable=True)
    due_at: datetime | None = columns.instant(nullable=True)
    reference_by: datetime | None = columns.instant(nullable=True)
    frozen_at: datetime | None = columns.instant(nullable=True)
    completed_at: datetime | None = columns.instant(nullable=True)
    outcome: str | None = columns.text(nullable=True)


class Application(SQLModel, table=True):
    """Who applies for what, as the desk wrote it down: personal data, never outside this table.

    person        the record of the register that belongs to the applicant, if there is one
    id_type       what the number is a number of: identity card, passport, permit
    on_behalf_of  who comes for the applicant, and by what right
    form          further fields of the item's form
    """

    case: str = columns.text(primary_key=True, refers="cases.number")
    item: str = columns.text()
    catalogue_version: str = columns.text()
    person: str | None = columns.text(nullable=True)
    applicant_name: str = columns.text()
    id_type: str = columns.text()
    id_number: str = columns.text()
    phone: str | None = columns.text(nullable=True)
    address: str | None = columns.text(nullable=True)
    on_behalf_of: dict[str, Any] | None = columns.document(nullable=True)
    form: dict[str, Any] = columns.document(dict)
    tracking_hash: str = columns.text()


_part = columns.core(CasePart)
Index("ix_case_part_held", _part.c.unit, _part.c.case, sqlite_where=_part.c.open, postgresql_where=_part.c.open)
Index("ix_case_part_status", _part.c.status, _part.c.ack_by, sqlite_where=_part.c.open, postgresql_where=_part.c.open)
Index("ix_application_person", columns.core(Application).c.person)
