"""The log of what administrators do: written in the unit of work of the change itself, never edited."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

from db.tables import AdminLog, core
from domain.administration import Act, Subject, without_secrets
from domain.plain import to_plain

_log = core(AdminLog)

Values = Mapping[str, Any]


def note(
    connection: Connection,
    actor: str,
    now: datetime,
    *,
    subject: Subject,
    name: str,
    act: Act,
    before: Values | None = None,
    after: Values | None = None,
) -> None:
    """Append what was done. Secrets are left out of ``before`` and ``after``."""
    row = {"at": now, "actor": actor, "subject": subject, "name": name, "act": act}
    kept = {"before": to_plain(without_secrets(before or {})), "after": to_plain(without_secrets(after or {}))}
    connection.execute(insert(_log).values(**row, **kept))
