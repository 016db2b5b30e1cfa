"""The running number of a case: unique, rising, allotted inside the transaction that accepts the report."""

from sqlalchemy import Connection, Sequence, func, select

from db.tables import CaseRow, core, metadata

CASE_NUMBERS = Sequence("case_running_number", metadata=metadata)

_highest = select(func.coalesce(func.max(core(CaseRow).c.id), 0))


def next_running(connection: Connection) -> int:
    """The next running number. SQLite has one writer, so the highest plus one is safe there."""
    if connection.dialect.name == "postgresql":
        return int(connection.scalar(CASE_NUMBERS))
    return int(connection.scalar(_highest) or 0) + 1
