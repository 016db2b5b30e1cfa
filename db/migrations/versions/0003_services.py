"""Service requests: cases by item, the parts of a case, applications.

Revision: 0003
Follows: 0002
"""

import sqlalchemy as sa
from alembic import op

from db.migrations import columns

revision: str = "0003"
down_revision: str | None = "0002"

_LIGHTS = ("light_yellow_at", "light_due_at")
_PART_INSTANTS = (
    "dispatched_at",
    "ack_yellow_at",
    "ack_by",
    "acknowledged_at",
    "yellow_at",
    "extension_by",
    "due_at",
    "reference_by",
    "frozen_at",
    "completed_at",
)


def upgrade() -> None:
    """To this revision. The light of the incidents that stand is judged by their own deadline."""
    with op.batch_alter_table("cases") as cases:
        cases.alter_column("category", existing_type=sa.String(), nullable=True)
        cases.add_column(columns.text("item", null=True))
        for name in _LIGHTS:
            cases.add_column(columns.instant(name, null=True))
    op.execute("UPDATE cases SET light_yellow_at = yellow_at, light_due_at = due_at")
    op.create_index("ix_cases_item_received", "cases", ["item", "received_at"])
    op.create_index("ix_cases_light_due", "cases", ["light_due_at"])
    _case_part()
    _application()


def downgrade() -> None:
    """Back from it. Raises IntegrityError while there are service requests: they have no category."""
    op.drop_table("application")
    op.drop_table("case_part")
    op.drop_index("ix_cases_light_due", "cases")
    op.drop_index("ix_cases_item_received", "cases")
    with op.batch_alter_table("cases") as cases:
        for name in reversed(_LIGHTS):
            cases.drop_column(name)
        cases.drop_column("item")
        cases.alter_column("category", existing_type=sa.String(), nullable=False)


def _case_part() -> None:
    op.create_table(
        "case_part",
        columns.text("case", key=True, refers="cases.number"),
        columns.whole("seq", key=True),
        columns.text("key"),
        columns.code("kind", null=True),
        columns.text("unit", null=True),
        columns.text("handler", null=True),
        columns.code("status"),
        columns.flag("open"),
        *(columns.instant(name, null=True) for name in _PART_INSTANTS),
        columns.text("outcome", null=True),
    )
    op.create_index("ix_case_part_unit", "case_part", ["unit"], **columns.where("open"))


def _application() -> None:
    op.create_table(
        "application",
        columns.text("case", key=True, refers="cases.number"),
        columns.text("item"),
        columns.text("catalogue_version"),
        columns.text("person", null=True),
        columns.text("applicant_name"),
        columns.text("id_type"),
        columns.text("id_number"),
        columns.text("phone", null=True),
        columns.text("address", null=True),
        columns.document("on_behalf_of", null=True),
        columns.document("form"),
        columns.text("tracking_hash"),
    )
    op.create_index("ix_application_person", "application", ["person"])
