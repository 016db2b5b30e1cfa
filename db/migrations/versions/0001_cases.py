"""The first tables: people, dossiers, cases and their reports.

Revision: 0001
Follows: nothing
"""

import sqlalchemy as sa
from alembic import op

from db.migrations import columns

revision: str = "0001"
down_revision: str | None = None

_RUNNING = "case_running_number"


def upgrade() -> None:
    """To this revision."""
    for make in _MAKE:
        make()
    if op.get_bind().dialect.name == "postgresql":
        op.execute(sa.schema.CreateSequence(sa.Sequence(_RUNNING)))


def downgrade() -> None:
    """Back to an empty database."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(sa.schema.DropSequence(sa.Sequence(_RUNNING)))
    for make in reversed(_MAKE):
        op.drop_table(make.__name__.removeprefix("_"))


def _accepted_key() -> None:
    op.create_table(
        "accepted_key",
        columns.text("actor", key=True),
        columns.text("key", key=True),
        columns.text("body_hash"),
        columns.text("number"),
    )


def _account() -> None:
    op.create_table(
        "account",
        columns.text("username", key=True),
        columns.text("password_hash"),
        columns.text("name"),
        columns.text("unit", null=True),
        columns.document("roles"),
        columns.flag("active"),
        columns.instant("created_at"),
    )


def _api_key() -> None:
    op.create_table(
        "api_key",
        columns.text("key_hash", key=True),
        columns.text("name"),
        columns.text("unit", null=True),
        columns.text("username"),
        columns.document("roles"),
        columns.instant("created_at"),
        columns.instant("revoked_at", null=True),
    )


def _dossier() -> None:
    op.create_table(
        "dossier",
        columns.text("id", key=True),
        columns.code("kind"),
        columns.text("case_number"),
        columns.whole("version"),
        columns.instant("opened_at"),
        columns.instant("started_at", null=True),
        columns.instant("ended_at", null=True),
        columns.flag("urgent"),
    )
    op.create_index("ix_dossier_case", "dossier", ["case_number"])
    op.create_index("ix_dossier_not_started", "dossier", ["opened_at"], **columns.where("started_at IS NULL"))
    op.create_index("ix_dossier_open", "dossier", ["id"], **columns.where("ended_at IS NULL"))


def _grid() -> None:
    op.create_table(
        "grid",
        columns.text("code", key=True),
        columns.text("name"),
        columns.text("unit"),
        columns.text("officer", null=True),
        columns.text("officer_phone", null=True),
        columns.document("boundary", null=True),
    )
    op.create_index("ix_grid_officer", "grid", ["officer"])


def _rulebook_version() -> None:
    op.create_table(
        "rulebook_version",
        columns.text("version", key=True),
        columns.text("name"),
        columns.instant("effective_from"),
        columns.instant("loaded_at"),
        columns.document("content"),
    )


def _unit() -> None:
    op.create_table(
        "unit",
        columns.text("code", key=True),
        columns.text("name"),
        columns.code("kind"),
        columns.text("line", null=True),
        columns.text("parent", null=True),
    )
    op.create_index("ix_unit_kind", "unit", ["kind"])


_CASE_INSTANTS = (
    "dispatched_at",
    "ack_yellow_at",
    "ack_by",
    "acknowledged_at",
    "yellow_at",
    "extension_by",
    "due_at",
    "frozen_at",
    "completed_at",
    "closed_at",
)
_CASE_INDEXES = {
    "ix_cases_category_received": ["category", "received_at"],
    "ix_cases_desk": ["desk_unit"],
    "ix_cases_due": ["due_at", "id"],
    "ix_cases_grid_received": ["grid", "received_at"],
    "ix_cases_officer": ["reporting_officer"],
    "ix_cases_received": ["received_at", "id"],
    "ix_cases_status_due": ["status", "due_at"],
    "ix_cases_unit_due": ["unit", "due_at"],
}


def _cases() -> None:
    op.create_table(
        "cases",
        columns.text("number", key=True, refers="dossier.id"),
        columns.whole("id"),
        columns.code("kind"),
        columns.text("category"),
        columns.code("source"),
        columns.flag("danger"),
        columns.code("status"),
        columns.code("outcome", null=True),
        columns.text("unit", null=True),
        columns.text("handler", null=True),
        columns.text("grid", null=True),
        columns.whole("version"),
        columns.whole("round"),
        columns.instant("received_at"),
        *(columns.instant(name, null=True) for name in _CASE_INSTANTS),
        columns.flag("provisional"),
        columns.text("desk_unit", null=True),
        columns.text("taken_by", null=True),
        columns.text("reporting_officer", null=True),
        columns.document("state"),
    )
    for name, indexed in _CASE_INDEXES.items():
        op.create_index(name, "cases", indexed)
    op.create_index("uq_cases_id", "cases", ["id"], unique=True)


def _command() -> None:
    op.create_table(
        "command",
        columns.text("id", key=True),
        columns.text("dossier", refers="dossier.id"),
        columns.code("kind"),
        columns.text("actor", null=True),
        columns.text("unit", null=True),
        columns.instant("at"),
        columns.document("text"),
        columns.text("key", null=True),
        columns.text("body_hash", null=True),
        columns.text("refused", null=True),
        sa.UniqueConstraint("actor", "key", name="uq_command_actor_key"),
    )
    op.create_index("ix_command_dossier", "command", ["dossier"])


def _event() -> None:
    op.create_table(
        "event",
        columns.text("dossier", key=True, refers="dossier.id"),
        columns.whole("seq", key=True),
        columns.code("type"),
        columns.instant("at"),
        columns.instant("recorded_at"),
        columns.text("actor", null=True),
        columns.text("command", null=True),
        columns.document("data"),
    )
    op.create_index("ix_event_command", "event", ["command"])


def _session() -> None:
    op.create_table(
        "session",
        columns.text("token_hash", key=True),
        columns.text("username", refers="account.username"),
        columns.instant("created_at"),
        columns.instant("expires_at"),
        columns.instant("revoked_at", null=True),
    )
    op.create_index("ix_session_username", "session", ["username"])


def _attachment() -> None:
    op.create_table(
        "attachment",
        columns.text("id", key=True),
        columns.text("case", refers="cases.number"),
        columns.text("sha256"),
        columns.text("media_type"),
        columns.whole("size"),
        columns.text("name"),
        columns.text("uploaded_by"),
        columns.instant("at"),
    )
    op.create_index("ix_attachment_case", "attachment", ["case"])


def _case_unit() -> None:
    op.create_table(
        "case_unit",
        columns.text("case", key=True, refers="cases.number"),
        columns.text("unit", key=True),
        columns.instant("since"),
    )
    op.create_index("ix_case_unit_unit", "case_unit", ["unit"])


def _report() -> None:
    op.create_table(
        "report",
        columns.text("case", key=True, refers="cases.number"),
        columns.text("description"),
        columns.text("address", null=True),
        columns.real("lat", null=True),
        columns.real("lon", null=True),
        columns.instant("occurred_at", null=True),
        columns.text("reporter_name", null=True),
        columns.text("reporter_phone", null=True),
        columns.flag("anonymous"),
        columns.flag("disclose"),
        columns.text("tracking_hash"),
    )


_MAKE = (
    _accepted_key,
    _account,
    _api_key,
    _dossier,
    _grid,
    _rulebook_version,
    _unit,
    _cases,
    _command,
    _event,
    _session,
    _attachment,
    _case_unit,
    _report,
)
