"""What administrators change: a log of it, notices of years, English names, what is closed and who keeps it.

Revision: 0007
Follows: 0006
"""

import sqlalchemy as sa
from alembic import op

from db.migrations import columns

revision: str = "0007"
down_revision: str | None = "0006"

_PLACES = ("unit", "grid")


def upgrade() -> None:
    """To this revision."""
    op.create_table(
        "admin_log",
        columns.whole("id", key=True),
        columns.instant("at"),
        columns.text("actor"),
        columns.code("subject"),
        columns.text("name"),
        columns.code("act"),
        columns.document("before"),
        columns.document("after"),
    )
    op.create_index("ix_admin_log_name", "admin_log", ["subject", "name"])
    op.create_table(
        "calendar_notice",
        columns.whole("id", key=True),
        columns.whole("year"),
        columns.document("days"),
        columns.document("names"),
        columns.instant("added_at"),
        columns.text("added_by"),
    )
    op.create_index("ix_calendar_notice_year", "calendar_notice", ["year"])
    for place in _PLACES:
        with op.batch_alter_table(place) as table:
            table.add_column(columns.text("name_en", null=True))
            table.add_column(sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.true()))
            table.add_column(columns.instant("kept_since", null=True))
    with op.batch_alter_table("account") as account:
        account.add_column(columns.instant("signed_in_at", null=True))


def downgrade() -> None:
    """Back from it."""
    with op.batch_alter_table("account") as account:
        account.drop_column("signed_in_at")
    for place in _PLACES:
        with op.batch_alter_table(place) as table:
            for name in ("kept_since", "active", "name_en"):
                table.drop_column(name)
    op.drop_table("calendar_notice")
    op.drop_table("admin_log")
