"""Which running cases a new calendar concerns, page by page (E2)."""

from dataclasses import replace

import pytest
from sqlalchemy import Connection

from db.engine import Database
from db.queries.rebasing import provisional_within, running_cases
from domain.promise import Promise
from domain.vocabulary import CommandKind
from tests.db import people
from tests.db.people import CENTRE
from tests.db.requests import Stored
from tests.db.stories import DAY, MINUTE, START, begin, promise
from tests.unit.rulebooks import local

K = CommandKind
WANTED = ["1", "2", "4", "5"]


def promised(due: str, *, provisional: bool = False) -> Promise:
    """A promise that is due then; stories begin on 23 November 2026."""
    return replace(promise(START, local(due) - START), provisional=provisional)


def fill(connection: Connection) -> None:
    """1 and 2 provisional, 3 certain and soon, 4 due in December, 5 suspended, 6 withdrawn although provisional."""
    people.settle(connection)
    begin(connection, 1, promised=promised("2027-02-01 17:30", provisional=True))
    begin(connection, 2, promised=promised("2028-02-01 17:30", provisional=True))
    begin(connection, 3, promised=promised("2026-11-27 17:30"))
    begin(connection, 4, promised=promised("2026-12-01 17:30"))
    fifth = begin(connection, 5, promised=promised("2026-11-27 17:30"))
    fifth.give(K.ACKNOWLEDGE, START + MINUTE, handler="handler-water")
    resumed = promised("2027-01-05 17:30", provisional=True)
    fifth.give(K.SUSPEND, START + 2 * MINUTE, unit=CENTRE, actor="supervisor", resume_at=START + 40 * DAY,
               promise=resumed)  # fmt: skip
    sixth = begin(connection, 6, promised=promised("2027-02-01 17:30", provisional=True))
    sixth.give(K.WITHDRAW, START + MINUTE, unit=CENTRE, actor="supervisor")


@pytest.fixture
def filled(database: Database) -> Database:
    """A database with these cases."""
    database.write_sync(fill)
    return database


def numbers(database: Database, last_year: int, after: str = "", limit: int = 50) -> list[str]:
    """The cases that are found, in order, by the end of their numbers."""
    found = database.read_sync(lambda connection: running_cases(connection, last_year, after=after, limit=limit))
    assert all(case.state["number"] == case.number and case.state["version"] == case.version for case in found)
    return [case.number[-1] for case in found]


def test_cases_are_found_when_a_new_calendar_may_concern_them(filled: Database) -> None:
    assert numbers(filled, 2027) == WANTED
    assert numbers(filled, 2026) == ["1", "2", "3", "4", "5"], "all that is due since December 2025"


def test_request_is_found_when_only_the_limit_of_the_law_reaches_the_year(database: Database) -> None:
    def apply(connection: Connection) -> None:
        people.settle(connection)
        Stored(connection, received_at=local("2026-11-02 10:00"), promised="5 working days")  # by law: 14 December

    database.write_sync(apply)
    assert numbers(database, 2027) == ["1"]
    assert numbers(database, 2028) == []


def test_pages_join_when_they_are_read_one_after_another(filled: Database) -> None:
    first = numbers(filled, 2027, limit=3)
    rest = numbers(filled, 2027, after=f"SJ261123-000000{first[-1]}", limit=3)
    assert [*first, *rest] == WANTED


def test_one_case_is_read_again_when_it_is_asked_for(filled: Database) -> None:
    (found,) = filled.read_sync(
        lambda connection: running_cases(connection, 2027, after="", limit=9, number="SJ261123-0000004")
    )
    assert found.number == "SJ261123-0000004"


@pytest.mark.parametrize(("last_year", "missed"), [(2026, False), (2027, True), (2028, True)])
def test_it_is_begun_again_when_a_case_is_provisional_that_need_not_be(
    filled: Database, last_year: int, missed: bool
) -> None:
    assert filled.read_sync(lambda connection: provisional_within(connection, last_year)) is missed
