"""The list of cases: filters, words, lights, pages."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from db.engine import Database
from db.queries.case_filter import CaseFilter
from db.queries.cases import case_report, case_row, count_cases, list_cases
from db.queries.events import command_texts, list_events
from db.queries.paging import MAX_LIMIT, CaseSort
from domain.case import Case
from domain.errors import Unprocessable
from domain.plain import of_plain
from domain.vocabulary import CaseStatus, CommandKind, DossierKind, EventType, Light
from tests.db import people
from tests.db.people import ROADS, WATER
from tests.db.stories import DAY, MINUTE, START, begin

NOW = START + 9 * DAY + timedelta(hours=12)
DESCRIPTIONS = {
    1: "Burst pipe in Willow Lane",
    2: "100% of the lamps are out",
    3: "1000 lamps",
    4: r"path C:\lamps_all",
    5: "path C:/lampsXall",
    6: "水管爆裂，柳巷",
}

PIECES = [
    "sj",
    "SJ2611",
    "0000003",
    "3-0000002",
    "0",
    "1",
    "sj261123-0000001",
    "0000002 lamps",
    "bj",
    "wifi",
    "000001x",
]
"""Of numbers, and what looks like them."""


def fill(connection: Connection) -> None:
    """1–6 with different words; 2 acknowledged; 3 in triage; 4 due soon after; 5 at roads; 6 withdrawn."""
    people.settle(connection)
    begin(connection, 1, description=DESCRIPTIONS[1])
    second = begin(connection, 2, description=DESCRIPTIONS[2], at=START + MINUTE)
    second.give(CommandKind.ACKNOWLEDGE, START + 5 * MINUTE, handler="handler-water", text={"plan": "at once"})
    begin(connection, 3, description=DESCRIPTIONS[3], unit=None, at=START + 2 * MINUTE)
    begin(connection, 4, description=DESCRIPTIONS[4], length=8 * DAY, at=START + 3 * MINUTE)
    begin(connection, 5, description=DESCRIPTIONS[5], unit=ROADS, grid="G01", category="lamp", at=START + 4 * MINUTE)
    sixth = begin(connection, 6, description=DESCRIPTIONS[6], length=20 * DAY, at=START + 5 * MINUTE)
    sixth.give(CommandKind.WITHDRAW, START + 10 * MINUTE, unit="centre", actor="supervisor")


@pytest.fixture
def filled(database: Database) -> Database:
    database.write_sync(fill)
    return database


FILTERS: list[tuple[dict[str, Any], set[int]]] = [
    ({}, {1, 2, 3, 4, 5, 6}),
    ({"kind": DossierKind.INCIDENT}, {1, 2, 3, 4, 5, 6}),
    ({"kind": DossierKind.INTERVIEW}, set()),
    ({"status": (CaseStatus.DISPATCHED,)}, {1, 4, 5}),
    ({"status": (CaseStatus.IN_PROGRESS, CaseStatus.WITHDRAWN)}, {2, 6}),
    ({"light": Light.GREEN}, {3, 6}),
    ({"light": Light.YELLOW}, {1, 2, 5}),
    ({"light": Light.RED}, {4}),
    ({"ack_light": Light.GREEN}, {2, 3, 6}),
    ({"ack_light": Light.RED}, {1, 4, 5}),
    ({"unit": ROADS}, {5}),
    ({"grid": "G01"}, {5}),
    ({"category": "lamp"}, {5}),
    ({"due_before": START + 8 * DAY + 3 * MINUTE}, set()),
    ({"due_before": START + 8 * DAY + 4 * MINUTE}, {4}),
    ({"received_from": START + 4 * MINUTE}, {5, 6}),
    ({"received_to": START + MINUTE}, {1}),
    ({"received_from": START + MINUTE, "received_to": START + 3 * MINUTE}, {2, 3}),
    ({"unit": WATER, "light": Light.YELLOW, "status": (CaseStatus.DISPATCHED,)}, {1}),
    ({"q": "PIPE willow"}, {1}),
    ({"q": "pipe lamps"}, set()),
    ({"q": "100%"}, {2}),
    ({"q": "%"}, {2}),
    ({"q": "lamps_all"}, {4}),
    ({"q": "C:\\lamps"}, {4}),
    ({"q": "C:/lamps"}, {5}),
    ({"q": "0000003"}, {3}),
    ({"q": "sj261123-0000003 lamps"}, {3}),
    ({"q": "柳巷"}, {6}),
    ({"q": "pipe\x00"}, {1}),
    ({"q": "'; drop table cases; --"}, set()),
    ({"q": "   "}, {1, 2, 3, 4, 5, 6}),
]


def test_list_and_counts_hold_what_was_asked_for(filled: Database) -> None:
    def work(connection: Connection) -> None:
        for asked, wanted in FILTERS:
            page = list_cases(connection, people.SUPERVISOR, CaseFilter(**asked), NOW, total=True)
            assert {row["id"] for row in page.items} == wanted, asked
            assert page.total == len(wanted), asked
            assert count_cases(connection, people.SUPERVISOR, CaseFilter(**asked), NOW).total == len(wanted), asked

    filled.read_sync(work)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.text(alphabet="aBpPeI 1%_\\\\/水管柳巷，", min_size=1, max_size=4),
        st.sampled_from(["PIPE", "ipe", "爆裂", *PIECES]),
    )
)
def test_words_find_what_holds_them_and_nothing_else(filled: Database, q: str) -> None:
    words = q.lower().split()
    numbers = {running: f"sj261123-{running:07d}" for running in DESCRIPTIONS}
    wanted = {
        running
        for running, said in DESCRIPTIONS.items()
        if all(word in said.lower() or word in numbers[running] for word in words)
    }
    page = filled.read_sync(lambda connection: list_cases(connection, people.SUPERVISOR, CaseFilter(q=q), NOW))
    assert {row["id"] for row in page.items} == wanted


def test_counts_and_rows_show_the_lights_of_the_moment(filled: Database) -> None:
    def work(connection: Connection) -> None:
        counts = count_cases(connection, people.SUPERVISOR, CaseFilter(), NOW)
        assert counts.light == {Light.GREEN: 2, Light.YELLOW: 3, Light.RED: 1}
        assert counts.ack_light == {Light.GREEN: 3, Light.YELLOW: 0, Light.RED: 3}
        assert counts.status[CaseStatus.DISPATCHED] == 3
        assert counts.status[CaseStatus.CLOSED] == 0
        row = case_row(connection, people.SUPERVISOR, "SJ261123-0000004", NOW)
        assert row is not None
        assert (row["light"], row["ack_light"]) == (Light.RED, Light.RED)
        assert of_plain(Case, row["state"]).number == row["number"]
        report = case_report(connection, row["number"])
        assert report is not None
        assert report["description"] == DESCRIPTIONS[4]

    filled.read_sync(work)


def test_description_is_not_searched_when_the_person_may_not_read_it(filled: Database) -> None:
    def found(connection: Connection, q: str) -> set[int]:
        page = list_cases(connection, people.STATISTICIAN, CaseFilter(q=q), NOW)
        return {row["id"] for row in page.items}

    assert filled.read_sync(lambda connection: found(connection, "pipe")) == set()
    assert filled.read_sync(lambda connection: found(connection, "0000001")) == {1}


def pages(connection: Connection, sort: CaseSort, limit: int) -> Iterator[list[int]]:
    cursor: str | None = None
    while True:
        page = list_cases(connection, people.SUPERVISOR, CaseFilter(), NOW, sort=sort, cursor=cursor, limit=limit)
        yield [row["id"] for row in page.items]
        cursor = page.next_cursor
        if cursor is None:
            return


def test_pages_join_without_gap_or_repeat_when_instants_are_equal_or_missing(database: Database) -> None:
    def work(connection: Connection) -> None:
        for running in range(1, 24):
            at = START + (running % 3) * MINUTE
            begin(connection, running, at=at, unit=None if running % 4 == 0 else WATER, length=(running % 2 + 1) * DAY)
        for sort in CaseSort:
            whole = next(pages(connection, sort, MAX_LIMIT))
            assert sorted(whole) == list(range(1, 24))
            for limit in (1, 2, 5, 22, 23):
                joined = [number for page in pages(connection, sort, limit) for number in page]
                assert joined == whole, (sort, limit)
        by_due = next(pages(connection, CaseSort.DUE, MAX_LIMIT))
        assert {number % 4 for number in by_due[-5:]} == {0}
        received = next(pages(connection, CaseSort.RECEIVED, MAX_LIMIT))
        assert received == next(pages(connection, CaseSort.RECEIVED_LAST, MAX_LIMIT))[::-1]

    database.write_sync(work)


def test_page_goes_on_where_it_was_when_new_cases_arrive(database: Database) -> None:
    def work(connection: Connection) -> None:
        for running in range(1, 7):
            begin(connection, running, at=START + running * MINUTE)
        first = list_cases(connection, people.SUPERVISOR, CaseFilter(), NOW, limit=3)
        begin(connection, 7, at=START + 7 * MINUTE)
        cursor = first.next_cursor
        second = list_cases(connection, people.SUPERVISOR, CaseFilter(), NOW, limit=3, cursor=cursor)
        assert [row["id"] for row in (*first.items, *second.items)] == [6, 5, 4, 3, 2, 1]
        assert second.next_cursor is None

    database.write_sync(work)


@pytest.mark.parametrize(
    "cursor",
    ["x", "====", "bm8", "WzEsMiwzXQ", "水", "WyItcmVjZWl2ZWRfYXQiLG51bGwsdHJ1ZV0", "W" * 5000, "\x00", "W1tbW1tbW1tb"],
)
def test_cursor_is_refused_when_it_is_not_one_of_ours(database: Database, cursor: str) -> None:
    with pytest.raises(Unprocessable, match="cursor_invalid"):
        database.read_sync(
            lambda connection: list_cases(connection, people.SUPERVISOR, CaseFilter(), NOW, cursor=cursor)
        )


def test_cursor_is_refused_when_it_belongs_to_another_order(filled: Database) -> None:
    def work(connection: Connection) -> None:
        page = list_cases(connection, people.SUPERVISOR, CaseFilter(), NOW, sort=CaseSort.DUE, limit=1)
        with pytest.raises(Unprocessable, match="cursor_invalid"):
            list_cases(connection, people.SUPERVISOR, CaseFilter(), NOW, cursor=page.next_cursor)

    filled.read_sync(work)


def test_words_of_a_command_stand_at_its_first_event_only(filled: Database) -> None:
    def work(connection: Connection) -> None:
        events = list_events(connection, "SJ261123-0000002")
        assert [item.event.seq for item in events] == [1, 2, 3]
        assert [item.event.type for item in events][-1] is EventType.ACKNOWLEDGED
        assert [item.text for item in events] == [None, None, {"plan": "at once"}]
        command = events[-1].event.command
        assert command is not None
        assert command_texts(connection, [command]) == {command: {"plan": "at once"}}
        assert command_texts(connection, []) == {}

    filled.read_sync(work)
