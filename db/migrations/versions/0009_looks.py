"""Looks at personal data of any kind, each with its case and what was unusual; with which command a file was sent.

Revision: 0009
Follows: 0007
"""

import sqlalchemy as sa
from alembic import op

from db.migrations import columns

revision: str = "0009"
down_revision: str | None = "0007"

_REGISTER = "register"
"""What every look was until now."""

_INDEXES = {"ix_look_at": ["at", "id"], "ix_look_unit": ["unit", "at"], "ix_look_case": ["case", "at"]}
_ADDED = ("kind", "case", "grid", "note", "oddities", "unusual")


def upgrade() -> None:
    """To this revision."""
    with op.batch_alter_table("attachment") as attachment:
        attachment.add_column(columns.code("sent_with", null=True))
    with op.batch_alter_table("look") as look:
        look.add_column(sa.Column("kind", sa.String(64), nullable=False, server_default=_REGISTER))
        for name in ("case", "grid", "note"):
            look.add_column(columns.text(name, null=True))
        look.add_column(columns.document("oddities", null=True))
        look.add_column(sa.Column("unusual", sa.Boolean(), nullable=False, server_default=sa.false()))
    for name, of in _INDEXES.items():
        op.create_index(name, "look", of)


def downgrade() -> None:
    """Back from it."""
    for name in _INDEXES:
        op.drop_index(name, "look")
    with op.batch_alter_table("look") as look:
        for name in reversed(_ADDED):
            look.drop_column(name)
    with op.batch_alter_table("attachment") as attachment:
        attachment.drop_column("sent_with")
