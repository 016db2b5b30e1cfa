"""Further reports of the same matter that share a case.

Revision: 0012
Follows: 0011
"""

from alembic import op

from db.migrations import columns

revision: str = "0012"
down_revision: str | None = "0011"

_INDEXES = {"case": ["case", "seq"], "desk": ["desk_unit"], "taken_by": ["taken_by"]}


def upgrade() -> None:
    """To this revision."""
    op.create_table(
        "joined_report",
        columns.text("id", key=True),
        columns.text("case", refers="cases.number"),
        columns.whole("seq", null=True),
        columns.instant("at"),
        columns.code("source"),
        columns.text("category"),
        columns.flag("danger"),
        columns.text("grid", null=True),
        columns.text("description"),
        columns.text("address", null=True),
        columns.real("lat", null=True),
        columns.real("lon", null=True),
        columns.instant("occurred_at", null=True),
        columns.text("reporter_name", null=True),
        columns.text("reporter_phone", null=True),
        columns.flag("anonymous"),
        columns.flag("disclose"),
        columns.text("desk_unit"),
        columns.text("taken_by"),
    )
    for name, indexed in _INDEXES.items():
        op.create_index(f"ix_joined_report_{name}", "joined_report", indexed)


def downgrade() -> None:
    """Back from it."""
    op.drop_table("joined_report")
