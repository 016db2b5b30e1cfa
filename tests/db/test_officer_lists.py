"""What a grid officer is shown to do, on both databases; and which grids residents find."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, RowMapping, insert, update

from db.engine import Database
from db.frontdesk.officers import grids_with_officers, officer_of
from db.queries.officer import done_again, one_report, own_reports, to_verify, under_way, usual_categories
from db.tables import Account, Grid, core
from domain.authority import Actor
from domain.errors import Unprocessable
from domain.plain import to_plain
from domain.vocabulary import CommandKind
from tests.db import people
from tests.db.people import CENTRE, OFFICER
from tests.db.stories import DAY, MINUTE, START, Story, begin, promise

NOW = START + 5 * DAY
STRANGER = replace(OFFICER, username="stranger", grids=frozenset({"G02"}))

List = Callable[[Connection, Actor, Any, int], Sequence[RowMapping]]


def taken(connection: Connection, running: int, **fields: Any) -> Story:
    story = begin(connection, running, **fields)
    story.give(CommandKind.ACKNOWLEDGE, START + running * MINUTE, handler="handler-water")
    return story


def fill(connection: Connection) -> None:
    """1 open in the own grid, 2 to verify, 3 done again, 4 elsewhere, 5 withdrawn, 6 own but elsewhere."""
    people.settle(connection)
    mine = {"reporting_officer": OFFICER.username}
    taken(connection, 1, grid="G01")
    done = taken(connection, 2, grid="G01", **mine)
    done.give(CommandKind.COMPLETE, START + DAY, verify_by=START + 30 * DAY)
    again = taken(connection, 3, grid="G01", **mine)
    again.give(CommandKind.COMPLETE, START + DAY + MINUTE, verify_by=START + 30 * DAY)
    redo = {"solved": False, "promise": to_plain(promise(START + 2 * DAY)), "ack": ack()}
    again.give(CommandKind.VERIFY, START + 2 * DAY, unit=CENTRE, actor="supervisor-centre", **redo)
    taken(connection, 4, grid="G02")
    taken(connection, 5, grid="G01").give(CommandKind.WITHDRAW, START + DAY, unit=CENTRE, actor="supervisor-centre")
    taken(connection, 6, grid="G02", category="street-lamp", **mine)


def ack() -> dict[str, Any]:
    at = START + 2 * DAY
    times = {"dispatched_at": at, "yellow_at": at + 20 * MINUTE, "ack_by": at + 30 * MINUTE}
    plain: dict[str, Any] = to_plain(times)
    return plain


@pytest.fixture
def filled(database: Database) -> Database:
    database.write_sync(fill)
    return database


def ids(database: Database, wanted: List, actor: Actor = OFFICER) -> list[int]:
    rows = database.read_sync(lambda connection: wanted(connection, actor, NOW, 10))
    return [row["id"] for row in rows]


def test_each_case_stands_in_the_list_of_what_the_officer_has_to_do(filled: Database) -> None:
    assert ids(filled, to_verify) == [2]
    assert ids(filled, done_again) == [3]
    assert ids(filled, under_way) == [1]


def test_nobody_else_has_the_officer_s_lists(filled: Database) -> None:
    assert ids(filled, to_verify, STRANGER) == []
    assert ids(filled, under_way, STRANGER) == [4, 6]


def test_own_reports_are_read_page_by_page_newest_first(filled: Database) -> None:
    first = filled.read_sync(lambda connection: own_reports(connection, OFFICER, NOW, cursor=None, limit=2))
    assert [row["id"] for row in first.items] == [6, 3]
    rest = filled.read_sync(lambda connection: own_reports(connection, OFFICER, NOW, cursor=first.next_cursor, limit=2))
    assert ([row["id"] for row in rest.items], rest.next_cursor) == ([2], None)
    with pytest.raises(Unprocessable, match="cursor_invalid"):
        filled.read_sync(lambda connection: own_reports(connection, OFFICER, NOW, cursor="x", limit=2))


def test_report_of_somebody_else_is_not_one_of_mine(filled: Database) -> None:
    def numbers(connection: Connection) -> list[bool]:
        return [one_report(connection, OFFICER, f"SJ261123-000000{n}", NOW) is not None for n in (1, 2, 4, 9)]

    assert filled.read_sync(numbers) == [False, True, False, False]


def test_usual_categories_are_those_reported_most(filled: Database) -> None:
    found = filled.read_sync(lambda connection: usual_categories(connection, OFFICER, 5))
    assert found == ["burst-pipe", "street-lamp"]


def test_grids_are_found_by_name_and_community_while_somebody_is_on_duty(filled: Database) -> None:
    def on_duty(connection: Connection, active: bool) -> None:
        account = {"username": OFFICER.username, "password_hash": "x", "name": "Officer", "unit": "willow",
                   "roles": [], "active": active, "created_at": START}  # fmt: skip
        connection.execute(insert(core(Account)), account)
        connection.execute(update(core(Grid)).where(core(Grid).c.code == "G01").values(officer_phone="000-1"))

    filled.write_sync(lambda connection: on_duty(connection, active=True))

    def found(words: str) -> list[str]:
        return [row["code"] for row in filled.read_sync(lambda c: grids_with_officers(c, words, 10))]

    assert [found(words) for words in ("", "g01", "WILLOW", "will 01", "g02", "%", "a\x00b")] == [
        ["G01"], ["G01"], ["G01"], ["G01"], [], [], [],
    ]  # fmt: skip
    called = filled.read_sync(lambda connection: officer_of(connection, "G01"))
    assert called is not None
    assert called["phone"] == "000-1"
