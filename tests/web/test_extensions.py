"""The page of extensions that wait: each with its words and its form, all read together (A6)."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection

from db.queries.board import usual_units
from domain.plain import to_plain
from domain.vocabulary import CommandKind
from tests.api.served import Served
from tests.db import people
from tests.db.stories import DAY, promise
from tests.web.conftest import Visitor
from tests.web.test_board_figures import START, UNIT, taken
from tests.web.test_cost import counted

FEW, MANY = 2, 12
MOST = 12


def asking(first: int, last: int) -> Callable[[Connection], None]:
    """Cases whose unit asks for more time."""

    def write(connection: Connection) -> None:
        later = to_plain(promise(START, 40 * DAY))
        for running in range(first, last + 1):
            at = datetime.fromtimestamp(START.timestamp() + DAY.total_seconds() + running, UTC)
            words = {"reason": f"the part of case {running} is on order"}
            more = {"until": later["due_at"], "promise": later}
            story = taken(connection, running, 30 * DAY)
            story.give(CommandKind.REQUEST_EXTENSION, at, text=words, unit=UNIT, **more)

    return write


def test_requests_are_read_together_however_many_there_are(pages: Served, visitor: Visitor) -> None:
    supervisor, write = visitor("supervisor"), pages.app.state.house.database.write_sync
    found = {}
    for first, last in ((1, FEW), (FEW + 1, MANY)):
        write(asking(first, last))
        with counted() as statements:
            page = supervisor.get("/extensions").text
        found[last] = len(statements)
        for running in range(1, last + 1):
            assert f"the part of case {running} is on order" in page
        assert page.count("/decision") + page.count("/decide_extension") >= last
    assert found[FEW] == found[MANY] <= MOST


@pytest.mark.parametrize("who", ["statistician"])
def test_words_are_for_those_who_may_read_them(pages: Served, visitor: Visitor, who: str) -> None:
    pages.app.state.house.database.write_sync(asking(1, 1))
    page = visitor(who).get("/extensions")
    assert "on order" not in page.text


def test_unit_that_had_the_latest_cases_is_suggested(pages: Served) -> None:
    database = pages.app.state.house.database
    database.write_sync(asking(1, 3))
    found = database.read_sync(lambda connection: usual_units(connection, people.SUPERVISOR, ["burst-pipe", "noise"]))
    assert found == {"burst-pipe": (UNIT, 3)}
    assert database.read_sync(lambda connection: usual_units(connection, people.SUPERVISOR, [])) == {}
