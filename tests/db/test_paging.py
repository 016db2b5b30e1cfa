"""A page begins where the one before ended: the index leads there, however far down the list it is."""

from typing import Any

import pytest
from sqlalchemy import Connection, event, select

from db.engine import Database
from db.queries.paging import Keyset
from db.tables import CaseRow, core
from tests.conftest import SQLITE
from tests.db.stories import START

_c = core(CaseRow).c


# On SQLite alone: PostgreSQL plans by how many rows there are, and here are none.
@pytest.mark.parametrize("database_url", [SQLITE], indirect=True)
@pytest.mark.parametrize("descending", [True, False])
def test_next_page_is_sought_and_not_read_up_to(database: Database, descending: bool) -> None:
    keyset = Keyset("received_at", _c.received_at, _c.id, descending)
    cursor = keyset.cursor({"received_at": START, "id": 7})  # type: ignore[arg-type]
    query = select(_c.number).where(keyset.after(cursor)).order_by(*keyset.order()).limit(50)

    def plan(connection: Connection) -> str:
        def explain(_: Any, __: Any, statement: str, parameters: Any, *more: Any) -> tuple[str, Any]:
            return f"EXPLAIN QUERY PLAN {statement}", parameters

        event.listen(connection, "before_cursor_execute", explain, retval=True)
        return "; ".join(str(row[3]) for row in connection.execute(query))

    assert database.read_sync(plan).startswith("SEARCH cases USING COVERING INDEX ix_cases_listed")
