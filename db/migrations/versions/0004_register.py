"""The register of persons: persons, claims, facts, looks.

Revision: 0004
Follows: 0003
"""

import sqlalchemy as sa
from alembic import op

from db.migrations import columns

revision: str = "0004"
down_revision: str | None = "0003"


def upgrade() -> None:
    """To this revision."""
    for make in _MAKE:
        make()


def downgrade() -> None:
    """Back from it."""
    for make in reversed(_MAKE):
        op.drop_table(make.__name__.removeprefix("_"))


def _person() -> None:
    op.create_table(
        "person",
        columns.text("id", key=True),
        columns.code("id_type"),
        columns.text("id_number"),
        columns.text("name", null=True),
        columns.code("sex", null=True),
        columns.day("born_on", null=True),
        columns.text("phone", null=True),
        columns.text("address", null=True),
        columns.text("grid", null=True),
        columns.instant("updated_at"),
        sa.UniqueConstraint("id_type", "id_number", name="uq_person_paper"),
    )


def _person_claim() -> None:
    op.create_table("person_claim", *_said())
    op.create_index("ix_person_claim_person", "person_claim", ["person"])


def _person_fact() -> None:
    op.create_table("person_fact", *_said(), columns.instant("withdrawn_at", null=True))
    op.create_index("ix_person_fact_person", "person_fact", ["person", "at"])


def _said() -> list[sa.Column[object]]:
    return [
        columns.text("case", key=True, refers="cases.number"),
        columns.text("name", key=True),
        columns.text("person", refers="person.id"),
        columns.text("value"),
        columns.instant("at"),
    ]


def _look() -> None:
    op.create_table(
        "look",
        columns.whole("id", key=True),
        columns.instant("at"),
        columns.text("username"),
        columns.text("unit"),
        columns.text("person", refers="person.id", null=True),
        columns.text("purpose"),
        columns.document("fields"),
    )
    op.create_index("ix_look_person", "look", ["person", "at"])
    op.create_index("ix_look_username", "look", ["username", "at"])


_MAKE = (_person, _person_claim, _person_fact, _look)
