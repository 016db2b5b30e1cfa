"""Red cards, the ledger of points, interview files, accountability files.

Nothing here is edited or deleted but the projections' own state; a correction is a counter-entry.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from db.tables import columns
from domain.vocabulary import AccountabilityStatus, AppealStatus, Consequence, InterviewStatus, PointsReason


class RedCard(SQLModel, table=True):
    """The evidence of one missed deadline. ``points`` is negative; ``reversed_at``: an appeal was upheld.

    ``appeal`` is what became of the appeal that was made at ``appealed_at``; None: nobody appealed.
    """

    __tablename__ = "red_card"

    id: str = columns.text(primary_key=True)
    case: str = columns.text(refers="cases.number")
    unit: str = columns.text()
    handler: str | None = columns.text(nullable=True)
    at: datetime = columns.instant()
    due_at: datetime = columns.instant()
    points: int
    reversed_at: datetime | None = columns.instant(nullable=True)
    appeal: AppealStatus | None = columns.code(AppealStatus, nullable=True)
    appealed_at: datetime | None = columns.instant(nullable=True)


class PointsEntry(SQLModel, table=True):
    """One entry of the append-only ledger. ``points`` is negative for a deduction; ``reverses`` names an entry."""

    __tablename__ = "points_entry"
    __table_args__ = (UniqueConstraint("card", "reason", name="uq_points_entry_card_reason"),)

    id: int | None = Field(default=None, primary_key=True)
    unit: str = columns.text()
    at: datetime = columns.instant()
    points: int
    reason: PointsReason = columns.code(PointsReason)
    case: str = columns.text(refers="cases.number")
    card: str = columns.text(refers="red_card.id")
    reverses: int | None = Field(default=None, foreign_key="points_entry.id")


class InterviewRow(SQLModel, table=True):
    """The interview file that a red card opened (A9)."""

    __tablename__ = "interview"

    id: str = columns.text(primary_key=True, refers="dossier.id")
    card: str = columns.text(refers="red_card.id", unique=True)
    case: str = columns.text(refers="cases.number")
    unit: str = columns.text()
    status: InterviewStatus = columns.code(InterviewStatus)
    convene_by: datetime = columns.instant()
    convene_missed: bool = False
    version: int = 0
    opened_at: datetime = columns.instant()
    closed_at: datetime | None = columns.instant(nullable=True)
    state: dict[str, Any] = columns.document(dict)


class AccountabilityRow(SQLModel, table=True):
    """An accountability file for a case with grave consequences (A10)."""

    __tablename__ = "accountability"

    id: str = columns.text(primary_key=True, refers="dossier.id")
    case: str = columns.text(refers="cases.number")
    unit: str | None = columns.text(nullable=True)
    consequence: Consequence = columns.code(Consequence)
    status: AccountabilityStatus = columns.code(AccountabilityStatus)
    version: int = 0
    opened_at: datetime = columns.instant()
    closed_at: datetime | None = columns.instant(nullable=True)
    state: dict[str, Any] = columns.document(dict)


Index("ix_red_card_case", columns.core(RedCard).c.case)
Index("ix_red_card_unit", columns.core(RedCard).c.unit)
Index("ix_points_entry_unit", columns.core(PointsEntry).c.unit, columns.core(PointsEntry).c.id)
Index("ix_points_entry_at", columns.core(PointsEntry).c.unit, columns.core(PointsEntry).c.at)
Index("ix_interview_unit", columns.core(InterviewRow).c.unit)
Index("ix_interview_status", columns.core(InterviewRow).c.status, columns.core(InterviewRow).c.convene_by)
Index("ix_accountability_case", columns.core(AccountabilityRow).c.case)
Index("ix_accountability_unit", columns.core(AccountabilityRow).c.unit)
