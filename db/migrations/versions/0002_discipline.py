"""Red cards, points, interview and accountability files, notices.

Revision: 0002
Follows: 0001
"""

import sqlalchemy as sa
from alembic import op

from db.migrations import columns

revision: str = "0002"
down_revision: str | None = "0001"


def upgrade() -> None:
    """To this revision."""
    for make in _MAKE:
        make()


def downgrade() -> None:
    """Back from it."""
    for make in reversed(_MAKE):
        op.drop_table(make.__name__.removeprefix("_"))


def _notice() -> None:
    op.create_table(
        "notice",
        columns.whole("id", key=True),
        columns.text("key"),
        columns.text("recipient"),
        columns.text("case", null=True),
        columns.code("type"),
        columns.instant("at"),
        columns.instant("recorded_at"),
        columns.document("data"),
        sa.UniqueConstraint("key", "recipient", name="uq_notice_key_recipient"),
    )
    op.create_index("ix_notice_recipient", "notice", ["recipient", "id"])


def _notice_read() -> None:
    op.create_table(
        "notice_read",
        columns.whole("notice", key=True, refers="notice.id"),
        columns.text("username", key=True),
        columns.instant("at"),
    )


def _accountability() -> None:
    op.create_table(
        "accountability",
        columns.text("id", key=True, refers="dossier.id"),
        columns.text("case", refers="cases.number"),
        columns.text("unit", null=True),
        columns.code("consequence"),
        columns.code("status"),
        columns.whole("version"),
        columns.instant("opened_at"),
        columns.instant("closed_at", null=True),
        columns.document("state"),
    )
    op.create_index("ix_accountability_case", "accountability", ["case"])
    op.create_index("ix_accountability_unit", "accountability", ["unit"])


def _red_card() -> None:
    op.create_table(
        "red_card",
        columns.text("id", key=True),
        columns.text("case", refers="cases.number"),
        columns.text("unit"),
        columns.text("handler", null=True),
        columns.instant("at"),
        columns.instant("due_at"),
        columns.whole("points"),
        columns.instant("reversed_at", null=True),
    )
    op.create_index("ix_red_card_case", "red_card", ["case"])
    op.create_index("ix_red_card_unit", "red_card", ["unit"])


def _interview() -> None:
    op.create_table(
        "interview",
        columns.text("id", key=True, refers="dossier.id"),
        columns.text("card", refers="red_card.id"),
        columns.text("case", refers="cases.number"),
        columns.text("unit"),
        columns.code("status"),
        columns.instant("convene_by"),
        columns.flag("convene_missed"),
        columns.whole("version"),
        columns.instant("opened_at"),
        columns.instant("closed_at", null=True),
        columns.document("state"),
        sa.UniqueConstraint("card"),
    )
    op.create_index("ix_interview_status", "interview", ["status", "convene_by"])
    op.create_index("ix_interview_unit", "interview", ["unit"])


def _points_entry() -> None:
    op.create_table(
        "points_entry",
        columns.whole("id", key=True),
        columns.text("unit"),
        columns.instant("at"),
        columns.whole("points"),
        columns.code("reason"),
        columns.text("case", refers="cases.number"),
        columns.text("card", refers="red_card.id"),
        columns.whole("reverses", refers="points_entry.id", null=True),
        sa.UniqueConstraint("card", "reason", name="uq_points_entry_card_reason"),
    )
    op.create_index("ix_points_entry_unit", "points_entry", ["unit", "id"])


_MAKE = (
    _notice,
    _notice_read,
    _accountability,
    _red_card,
    _interview,
    _points_entry,
)
