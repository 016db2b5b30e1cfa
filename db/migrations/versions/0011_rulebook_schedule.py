"""Which version of the rulebook counts from when on, and the files of each.

Revision: 0011
Follows: 0010
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from db.migrations import columns

revision: str = "0011"
down_revision: str | None = "0010"

_NOT_WITHDRAWN = "withdrawn_at IS NULL"


def upgrade() -> None:
    """To this revision. What was loaded so far was in force from when it was loaded, the first from its own day."""
    op.create_table(
        "rulebook_schedule",
        columns.whole("id", key=True),
        columns.text("version", refers="rulebook_version.version"),
        columns.instant("effective_from"),
        columns.instant("scheduled_at"),
        columns.text("scheduled_by", null=True),
        columns.instant("withdrawn_at", null=True),
        columns.text("withdrawn_by", null=True),
    )
    op.create_index(
        "ix_rulebook_schedule_instant",
        "rulebook_schedule",
        ["effective_from"],
        unique=True,
        **columns.where(_NOT_WITHDRAWN),
    )
    op.create_table(
        "rulebook_package",
        columns.text("version", key=True, refers="rulebook_version.version"),
        columns.text("digest"),
        columns.document("layers"),
        columns.document("catalogues"),
        columns.instant("added_at"),
        columns.text("added_by", null=True),
    )
    _fill(op.get_bind())


def downgrade() -> None:
    """Back from it. A version that never counted goes: further up again it would count from when it was loaded."""
    _forget_what_never_counted(op.get_bind())
    op.drop_table("rulebook_package")
    op.drop_index("ix_rulebook_schedule_instant", "rulebook_schedule")
    op.drop_table("rulebook_schedule")


def _forget_what_never_counted(connection: sa.Connection) -> None:
    versions = sa.table("rulebook_version", columns.text("version"))
    schedule = sa.table(
        "rulebook_schedule",
        columns.text("version"),
        columns.instant("effective_from"),
        columns.instant("withdrawn_at", null=True),
    )
    counted = sa.select(schedule.c.version).where(
        schedule.c.withdrawn_at.is_(None), schedule.c.effective_from <= datetime.now(UTC)
    )
    gone = connection.scalars(sa.select(versions.c.version).where(versions.c.version.not_in(counted))).all()
    for named in ("rulebook_package", "rulebook_schedule", "rulebook_version"):
        table = sa.table(named, sa.column("version", sa.String()))
        connection.execute(table.delete().where(table.c.version.in_(gone)))


def _fill(connection: sa.Connection) -> None:
    versions = sa.table(
        "rulebook_version",
        columns.text("version"),
        columns.instant("effective_from"),
        columns.instant("loaded_at"),
    )
    schedule = sa.table(
        "rulebook_schedule",
        columns.text("version"),
        columns.instant("effective_from"),
        columns.instant("scheduled_at"),
    )
    rows = connection.execute(sa.select(versions).order_by(versions.c.loaded_at, versions.c.version)).mappings().all()
    for number, row in enumerate(rows):
        since = row["loaded_at"] if number else min(row["effective_from"], row["loaded_at"])
        connection.execute(
            schedule.insert().values(version=row["version"], effective_from=since, scheduled_at=row["loaded_at"])
        )
