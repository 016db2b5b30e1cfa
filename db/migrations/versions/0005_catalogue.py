"""Versions of the catalogue of service items.

Revision: 0005
Follows: 0004
"""

from alembic import op

from db.migrations import columns

revision: str = "0005"
down_revision: str | None = "0004"


def upgrade() -> None:
    """To this revision."""
    op.create_table(
        "catalogue_version",
        columns.text("version", key=True),
        columns.day("effective_from"),
        columns.day("effective_to", null=True),
        columns.instant("loaded_at"),
        columns.document("content"),
    )


def downgrade() -> None:
    """Back from it."""
    op.drop_table("catalogue_version")
