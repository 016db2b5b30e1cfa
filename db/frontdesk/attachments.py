"""What was attached to a case. The files lie beside the database, named by their content."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, func, insert, select

from db.tables import Attachment, CaseRow, core
from domain.errors import Conflict

_attachments, _cases = core(Attachment), core(CaseRow)
_LISTED = [_attachments.c[name] for name in ("id", "media_type", "size", "name", "at", "uploaded_by", "sent_with")]


def attachments_of(connection: Connection, case: str) -> list[dict[str, Any]]:
    """The attachments of a case, oldest first; what of each a person may see, ``domain.visibility`` says."""
    query = select(*_LISTED).where(_attachments.c.case == case).order_by(_attachments.c.at, _attachments.c.id)
    return [dict(row) for row in connection.execute(query).mappings()]


def attachment(connection: Connection, case: str, attachment_id: str) -> RowMapping | None:
    """One attachment of this case."""
    query = select(_attachments).where(_attachments.c.case == case, _attachments.c.id == attachment_id)
    return connection.execute(query).mappings().first()


def require_room(connection: Connection, case: str, more: int, *, most: int) -> None:
    """Raises Conflict("too_many_attachments") when ``more`` would be beyond ``most`` of a case."""
    count = connection.scalar(select(func.count()).where(_attachments.c.case == case)) or 0
    if count + more > most:
        raise Conflict("too_many_attachments")


def add_attachments(
    connection: Connection, case: str, rows: Sequence[Mapping[str, Any]], *, most: int
) -> list[Mapping[str, Any]]:
    """Attach files that lie in their places; what stands. An id that stands already was this file, sent before.

    Raises Conflict("idempotency_key_reused") when it was another file, Conflict("too_many_attachments") beyond ``most``
    of a case.
    """
    # the lock makes two that come together count one after the other
    connection.execute(select(_cases.c.id).where(_cases.c.number == case).with_for_update())
    there = {row["id"]: found for row in rows if (found := attachment(connection, case, row["id"])) is not None}
    if any(row["sha256"] != there[row["id"]]["sha256"] for row in rows if row["id"] in there):
        raise Conflict("idempotency_key_reused")
    fresh = [dict(row) for row in rows if row["id"] not in there]
    require_room(connection, case, len(fresh), most=most)
    if fresh:
        connection.execute(insert(_attachments), fresh)
    return [dict(there.get(row["id"], row)) for row in rows]
