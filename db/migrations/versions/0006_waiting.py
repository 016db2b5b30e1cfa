"""What of a case waits for the centre's word, as columns; events by when they were written.

Revision: 0006
Follows: 0005
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from db.migrations import columns

revision: str = "0006"
down_revision: str | None = "0005"

_FLAGS = ("alarm", "extension_pending", "return_pending", "appeal_pending")
_ORDERED = {"alarm": "received_at"}
"""In what order each is read: an index that gives another order would be passed over for one that gives the right."""

_RUNNING = ["light_due_at", "light_yellow_at", "frozen_at", "unit"]
"""Everything that is counted of running cases, so that they are counted in the index."""

_OVER = ("closed", "withdrawn")
_PENDING = "pending"
_AT_A_TIME = 500


def upgrade() -> None:
    """To this revision. The cases that stand are read once."""
    with op.batch_alter_table("cases") as cases:
        for name in _FLAGS:
            cases.add_column(sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    _fill(op.get_bind())
    for name in _FLAGS:
        op.create_index(f"ix_cases_{name}", "cases", [_ORDERED.get(name, "due_at"), "id"], **_where(name))
    op.create_index("ix_cases_running", "cases", _RUNNING, **columns.where("frozen_at IS NULL"))
    op.create_index("ix_event_recorded", "event", ["recorded_at"])


def _where(flag: str) -> dict[str, Any]:
    """As queries say it: SQLite recognises the condition of an index by its words."""
    return {"sqlite_where": sa.text(f"{flag} = 1"), "postgresql_where": sa.text(flag)}


def downgrade() -> None:
    """Back from it."""
    op.drop_index("ix_event_recorded", "event")
    op.drop_index("ix_cases_running", "cases")
    for name in _FLAGS:
        op.drop_index(f"ix_cases_{name}", "cases")
    with op.batch_alter_table("cases") as cases:
        for name in _FLAGS:
            cases.drop_column(name)


def _fill(connection: sa.Connection) -> None:
    cases = sa.table(
        "cases",
        sa.column("id", sa.Integer()),
        columns.document("state"),
        *(sa.column(name, sa.Boolean()) for name in _FLAGS),
    )
    last = -1
    while True:
        page = sa.select(cases.c.id, cases.c.state).where(cases.c.id > last).order_by(cases.c.id).limit(_AT_A_TIME)
        rows = connection.execute(page).all()
        if not rows:
            return
        last = rows[-1].id
        for row in rows:
            flags = _flags(row.state)
            if any(flags.values()):
                connection.execute(cases.update().where(cases.c.id == row.id).values(**flags))


def _flags(state: dict[str, Any]) -> dict[str, bool]:
    running = state.get("status") not in _OVER
    holdings = [state, *(state.get("parts") or ())] if running else []
    extensions = [item for part in holdings for item in part.get("extensions") or ()]
    return {
        "alarm": running and state.get("alarm_next") is not None,
        "extension_pending": any(item.get("status") == _PENDING for item in extensions),
        "return_pending": any(bool(part.get("return_pending")) for part in holdings),
        "appeal_pending": any(card.get("appeal") == _PENDING for card in state.get("red_cards") or ()),
    }
