"""Notices of a recipient in the order in which they are read.

Revision: 0014
Follows: 0013
"""

from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"


def upgrade() -> None:
    """To this revision."""
    op.drop_index("ix_notice_recipient", "notice")
    op.create_index("ix_notice_told", "notice", ["recipient", "recorded_at", "id"])


def downgrade() -> None:
    """Back from it."""
    op.drop_index("ix_notice_told", "notice")
    op.create_index("ix_notice_recipient", "notice", ["recipient", "id"])
