"""What of a case counts for which unit; what became of appeals; cases by when they were closed.

Revision: 0010
Follows: 0009
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from db.migrations import columns
from domain.counting import COUNTED, figures_of

revision: str = "0010"
down_revision: str | None = "0009"

_COUNTED = ["unit", "figure", "at", "case"]
_MADE = "appealed"
_APPEALS = {_MADE: "pending", "appeal_upheld": "upheld", "appeal_dismissed": "dismissed"}
_AT_A_TIME = 500


def upgrade() -> None:
    """To this revision. The history of the cases that stand is read once."""
    op.create_table(
        "unit_figure",
        columns.text("case", key=True, refers="cases.number"),
        columns.text("unit", key=True),
        columns.code("figure", key=True),
        columns.instant("at"),
    )
    with op.batch_alter_table("red_card") as cards:
        cards.add_column(columns.code("appeal", null=True))
        cards.add_column(columns.instant("appealed_at", null=True))
    _fill(op.get_bind())
    op.create_index("ix_unit_figure_counted", "unit_figure", _COUNTED)
    op.create_index("ix_unit_figure_at", "unit_figure", ["figure", "at", "case"])
    op.create_index("ix_points_entry_at", "points_entry", ["unit", "at"])
    op.create_index("ix_cases_closed", "cases", ["closed_at", "id"])


def downgrade() -> None:
    """Back from it."""
    op.drop_index("ix_cases_closed", "cases")
    op.drop_index("ix_points_entry_at", "points_entry")
    with op.batch_alter_table("red_card") as cards:
        cards.drop_column("appealed_at")
        cards.drop_column("appeal")
    op.drop_table("unit_figure")


def _fill(connection: sa.Connection) -> None:
    """What counts is said in one place; a rule that changes there brings a revision that fills anew."""
    cases = sa.table("cases", sa.column("number", sa.String()))
    last = ""
    while True:
        page = sa.select(cases.c.number).where(cases.c.number > last).order_by(cases.c.number).limit(_AT_A_TIME)
        numbers = connection.scalars(page).all()
        if not numbers:
            return
        last = numbers[-1]
        _fill_page(connection, _histories(connection, numbers))


def _histories(connection: sa.Connection, numbers: Any) -> dict[str, list[Any]]:
    events = sa.table(
        "event",
        *(sa.column(name) for name in ("dossier", "seq")),
        sa.column("type", sa.String()),
        columns.instant("at"),
        columns.document("data"),
    )
    wanted = (events.c.dossier.in_(numbers), events.c.type.in_(sorted(COUNTED)))
    found: dict[str, list[Any]] = {}
    for row in connection.execute(sa.select(events).where(*wanted).order_by(events.c.dossier, events.c.seq)):
        found.setdefault(row.dossier, []).append(row)
    return found


def _fill_page(connection: sa.Connection, histories: dict[str, list[Any]]) -> None:
    names: tuple[Any, ...] = (sa.column("case"), sa.column("unit"), sa.column("figure"), columns.instant("at"))
    rows = [
        {"case": number, "unit": unit, "figure": figure.value, "at": at}
        for number, events in histories.items()
        for (unit, figure), at in figures_of(events).items()
    ]
    if rows:
        connection.execute(sa.table("unit_figure", *names).insert(), rows)
    cards = sa.table("red_card", sa.column("id"), sa.column("appeal"), columns.instant("appealed_at"))
    for event in (event for events in histories.values() for event in events if event.type in _APPEALS):
        made = {"appealed_at": event.at} if event.type == _MADE else {}
        change = cards.update().where(cards.c.id == event.data["card"])
        connection.execute(change.values(appeal=_APPEALS[event.type], **made))
