"""What was attached to a case. The files lie beside the database, named by their content."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, RowMapping, func, insert, select

from db.tables import Attachment, CaseRow, core
from domain.errors import Conflict

_attachments, _cases = core(Attachment), core(CaseRow)
_SHOWN = [_attachments.c[name] for name in ("id", "media_type", "size", "name", "at")]


def attachments_of(connection: Connection, case: str) -> list[dict[str, Any]]:
    """The attachments of a case as they are listed, oldest first."""
    query = select(*_SHOWN).where(_attachments.c.case == case).order_by(_attachments.c.at, _attachments.c.id)
    return [dict(row) for row in connection.execute(query).mappings()]


def attachment(connection: Connection, case: str, attachment_id: str) -> RowMapping | None:
    """One attachment of this case."""
    query = select(_attachments).where(_attachments.c.case == case, _attachments.c.id == attachment_id)
    return connection.execute(query).mappings().first()


def add_attachment(connection: Connection, row: Mapping[str, Any], *, most: int) -> Mapping[str, Any]:
    """Attach a file that lies in its place; what stands. An id that stands already was this file, sent before.

    Raises Conflict("idempotency_key_reused") when it was another file, Conflict("too_many_attachments") beyond ``most``
    of a case.
    """
    # the lock makes two that come together count one after the other
    connection.execute(select(_cases.c.id).where(_cases.c.number == row["case"]).with_for_update())
    stands = attachment(connection, row["case"], row["id"])
    if stands is not None:
        if stands["sha256"] != row["sha256"]:
            raise Conflict("idempotency_key_reused")
        return dict(stands)
    count = connection.scalar(select(func.count()).where(_attachments.c.case == row["case"])) or 0
    if count >= most:
        raise Conflict("too_many_attachments")
    connection.execute(insert(_attachments).values(**row))
    return row
