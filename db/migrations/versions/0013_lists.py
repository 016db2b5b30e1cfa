"""Indexes for lists: all cases in the order of their receipt, with what most filters ask; what a unit holds, and held.

Revision: 0013
Follows: 0012
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"

_LISTED = ["received_at", "id", "number", "status", "kind", "unit", "desk_unit", "grid"]
_EXTENSIONS = "type IN ('extension_requested', 'extension_granted', 'extension_lapsed')"


def upgrade() -> None:
    """To this revision."""
    op.drop_index("ix_cases_received", "cases")
    op.create_index("ix_cases_listed", "cases", _LISTED)
    op.create_index("ix_cases_unit_acknowledged", "cases", ["unit", "acknowledged_at"])
    op.drop_index("ix_case_unit_unit", "case_unit")
    op.create_index("ix_case_unit_held", "case_unit", ["unit", "case"])
    op.drop_index("ix_case_part_unit", "case_part")
    op.create_index("ix_case_part_held", "case_part", ["unit", "case"], **_where("open = 1", "open"))
    op.create_index("ix_event_extension", "event", ["type", "dossier"], **_where(_EXTENSIONS, _EXTENSIONS))


def downgrade() -> None:
    """Back from it."""
    op.drop_index("ix_event_extension", "event")
    op.drop_index("ix_case_part_held", "case_part")
    op.create_index("ix_case_part_unit", "case_part", ["unit"], **_where("open", "open"))
    op.drop_index("ix_case_unit_held", "case_unit")
    op.create_index("ix_case_unit_unit", "case_unit", ["unit"])
    op.drop_index("ix_cases_unit_acknowledged", "cases")
    op.drop_index("ix_cases_listed", "cases")
    op.create_index("ix_cases_received", "cases", ["received_at", "id"])


def _where(sqlite: str, postgresql: str) -> dict[str, Any]:
    """As queries say it: SQLite recognises the condition of an index by its words."""
    return {"sqlite_where": sa.text(sqlite), "postgresql_where": sa.text(postgresql)}
