"""Open parts by what they wait for.

Revision: 0015
Follows: 0014
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"


def upgrade() -> None:
    """To this revision."""
    op.create_index(
        "ix_case_part_status",
        "case_part",
        ["status", "ack_by"],
        sqlite_where=sa.text("open = 1"),
        postgresql_where=sa.text("open"),
    )


def downgrade() -> None:
    """Back from it."""
    op.drop_index("ix_case_part_status", "case_part")
