"""The board's lanes, what of a case waits for somebody's word, and whether anything happened."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event, select, text

from db.connections import make_engine
from db.engine import Database
from db.migrations import downgrade, upgrade
from db.queries.board import Field, Filled, Lane, Moment, first_words, lanes, last_handler, open_by_unit, running_lights
from db.queries.case_filter import CaseFilter
from db.queries.cases import list_cases
from db.queries.changes import written_since
from db.queries.people import handlers_of, names_of
from db.queries.steps import steps_of_unit
from db.tables import CaseRow, core
from domain.authority import Actor
from domain.plain import to_plain
from domain.vocabulary import CaseStatus, CommandKind, Light, Waiting
from domain.worktime import end_of_day
from tests.conftest import BOTH
from tests.db import people
from tests.db.people import ROADS, WATER
from tests.db.stories import DAY, MINUTE, START, Story, begin, command, promise

NOW = START + 9 * DAY + timedelta(hours=12)
MOMENT = Moment(now=NOW, day_ends=NOW + timedelta(hours=15))


def acknowledged(connection: Connection, running: int, length: timedelta) -> Story:
    story = begin(connection, running, length=length, description=f"made-up report {running}")
    story.give(CommandKind.ACKNOWLEDGE, START + running * MINUTE, handler="handler-water")
    return story


def fill(connection: Connection) -> None:
    """One case for each lane: 1 danger, 2 unanswered, 3 red, 4 today, 5 extension, 6 return, 7 triage, 8 to verify."""
    people.settle(connection)
    begin(connection, 1, danger=True)
    begin(connection, 2, unit=ROADS, length=20 * DAY)
    acknowledged(connection, 3, 8 * DAY)
    acknowledged(connection, 4, 10 * DAY)
    later = to_plain(promise(START, 40 * DAY))
    ask = {"until": later["due_at"], "promise": later}
    acknowledged(connection, 5, 30 * DAY).give(CommandKind.REQUEST_EXTENSION, START + DAY, **ask)
    acknowledged(connection, 6, 30 * DAY).give(CommandKind.RETURN, START + 60 * MINUTE)
    begin(connection, 7, unit=None)
    acknowledged(connection, 8, 30 * DAY).give(CommandKind.COMPLETE, START + DAY, verify_by=START + 30 * DAY)


@pytest.fixture
def filled(database: Database) -> Database:
    database.write_sync(fill)
    return database


def board(database: Database, actor: Actor, field: Field | None = None, limit: int = 5) -> dict[Lane, Filled]:
    return database.read_sync(
        lambda connection: lanes(connection, actor, field or Field(), MOMENT, list(Lane), limit=limit)
    )


def ids(found: dict[Lane, Filled]) -> dict[Lane, list[int]]:
    return {lane: [row["id"] for row in filled.rows] for lane, filled in found.items()}


def test_each_case_stands_in_the_lane_of_what_is_urgent_about_it(filled: Database) -> None:
    assert ids(board(filled, people.SUPERVISOR)) == {
        Lane.DANGER: [1],
        Lane.UNANSWERED: [2],
        Lane.RED: [3],
        Lane.TODAY: [4],
        Lane.EXTENSION: [5],
        Lane.RETURNED: [6],
        Lane.TRIAGE: [7],
        Lane.APPEAL: [],
        Lane.VERIFICATION: [8],
        Lane.LATER: [5, 6],
        Lane.PAUSED: [],
    }


def test_row_tells_what_was_reported_when_the_reader_may_read_it(filled: Database) -> None:
    (row,) = board(filled, people.SUPERVISOR)[Lane.RED].rows
    assert (row["description"], row["light"], row["unit"]) == ("made-up report 3", Light.RED, WATER)
    (row,) = board(filled, people.STATISTICIAN)[Lane.RED].rows
    assert row["description"] is None
    numbers = [row["number"]]
    read = filled.read_sync(lambda connection: first_words(connection, people.SUPERVISOR, numbers))
    assert read[row["number"]]["description"] == "made-up report 3"
    assert filled.read_sync(lambda connection: first_words(connection, people.STATISTICIAN, numbers)) == {}
    assert filled.read_sync(lambda connection: first_words(connection, people.ROADS_HANDLER, numbers)) == {}


def test_unit_sees_its_own_cases_only(filled: Database) -> None:
    own = {number for found in ids(board(filled, people.ROADS_HANDLER)).values() for number in found}
    assert own == {2}
    assert filled.read_sync(lambda connection: open_by_unit(connection, people.ROADS_HANDLER)) == {ROADS: 1}


def assisted(connection: Connection) -> None:
    """40: water leads and has answered, roads assists and has not."""
    people.settle(connection)
    assisted_too(connection)


def assisted_too(connection: Connection) -> None:
    """The same, where people are settled already."""
    story = acknowledged(connection, 40, 30 * DAY)
    at = START + 60 * MINUTE
    ack = {"dispatched_at": at, "yellow_at": at + 20 * MINUTE, "ack_by": at + 30 * MINUTE}
    joined = to_plain({"ack": ack, "promise": promise(START, 30 * DAY)})
    asked = command(CommandKind.ASSIST, at, unit=people.CENTRE, actor="supervisor")
    story.record(story.decide(replace(asked, data={"unit": ROADS, **joined})))


def test_unit_that_assists_has_to_answer_for_itself(database: Database) -> None:
    database.write_sync(assisted)
    centre = board(database, people.SUPERVISOR)
    (row,) = centre[Lane.UNANSWERED].rows
    assert (row["id"], row["unit"], row["status"], row["ack_light"]) == (40, ROADS, CaseStatus.DISPATCHED, Light.RED)
    assert row["ack_by"] == START + 90 * MINUTE
    assert centre[Lane.UNANSWERED].total == 1
    assert ids(centre)[Lane.LATER] == [40]
    assert ids(board(database, people.SUPERVISOR, Field(unit=ROADS)))[Lane.UNANSWERED] == [40]
    assert ids(board(database, people.SUPERVISOR, Field(unit=WATER)))[Lane.UNANSWERED] == []
    assert not any(ids(board(database, people.ROADS_HANDLER, Field(unit=ROADS, leads=True))).values())
    (part,) = database.read_sync(lambda connection: steps_of_unit(connection, people.ROADS_HANDLER, ROADS))
    assert (part["case"], part["kind"], part["ack_by"]) == (row["number"], None, row["ack_by"])


def test_board_is_narrowed_when_a_unit_a_grid_or_a_category_is_named(filled: Database) -> None:
    narrowed = ids(board(filled, people.SUPERVISOR, Field(unit=ROADS)))
    assert {number for found in narrowed.values() for number in found} == {2}
    assert not any(ids(board(filled, people.SUPERVISOR, Field(grid="G01"))).values())
    assert any(ids(board(filled, people.SUPERVISOR, Field(grid="G02", category="burst-pipe"))).values())


def test_lane_says_how_many_there_are_when_it_shows_fewer(filled: Database) -> None:
    def more(connection: Connection) -> None:
        for running in range(20, 25):
            begin(connection, running, unit=ROADS, length=20 * DAY)

    filled.write_sync(more)
    lane = board(filled, people.SUPERVISOR, limit=2)[Lane.UNANSWERED]
    assert (len(lane.rows), lane.total) == (2, 6)


def test_lights_are_counted_of_cases_whose_clock_runs(filled: Database) -> None:
    counted = filled.read_sync(lambda connection: running_lights(connection, people.SUPERVISOR, Field(), NOW))
    assert counted == {Light.GREEN: 3, Light.YELLOW: 2, Light.RED: 1}


@pytest.mark.parametrize(
    ("waiting", "wanted"),
    [(Waiting.ALARM, {1}), (Waiting.EXTENSION, {5}), (Waiting.RETURN, {6}), (Waiting.APPEAL, set())],
)
def test_list_is_narrowed_to_what_waits_for_a_word(filled: Database, waiting: Waiting, wanted: set[int]) -> None:
    found = filled.read_sync(
        lambda connection: list_cases(connection, people.SUPERVISOR, CaseFilter(waiting=waiting), NOW)
    )
    assert {row["id"] for row in found.items} == wanted


@pytest.mark.parametrize("field", [Field(), Field(unit=WATER), Field(unit=ROADS)], ids=str)
def test_list_of_a_lane_has_the_cases_that_the_lane_counts(filled: Database, field: Field) -> None:
    filled.write_sync(assisted_too)
    today = Moment(now=NOW, day_ends=end_of_day(NOW))
    shown = filled.read_sync(lambda c: lanes(c, people.SUPERVISOR, field, today, tuple(Lane), limit=50))
    assert shown[Lane.UNANSWERED].total == (0 if field.unit == WATER else 2)
    for lane, found in shown.items():
        asked = CaseFilter(lane=lane, unit=field.unit)
        listed = filled.read_sync(lambda c, a=asked: list_cases(c, people.SUPERVISOR, a, NOW, total=True))  # type: ignore[misc]
        assert {row["id"] for row in listed.items} == {row["id"] for row in found.rows}, lane
        assert listed.total == found.total, lane


def test_nothing_waits_any_more_when_the_case_is_withdrawn(database: Database) -> None:
    def live(connection: Connection) -> None:
        people.settle(connection)
        story = begin(connection, 1, danger=True)
        story.give(CommandKind.WITHDRAW, START + MINUTE, unit="centre", actor="supervisor")

    database.write_sync(live)
    assert ids(board(database, people.SUPERVISOR))[Lane.DANGER] == []


def test_last_handler_is_the_one_of_the_latest_case(filled: Database) -> None:
    def look(connection: Connection) -> tuple[str | None, str | None]:
        own = last_handler(connection, people.WATER_HANDLER, WATER)
        return own, last_handler(connection, people.ROADS_HANDLER, ROADS)

    assert filled.read_sync(look) == ("handler-water", None)


def test_people_are_named_when_they_have_an_account(database: Database) -> None:
    def look(connection: Connection) -> tuple[dict[str, str], dict[str, str]]:
        return names_of(connection, ["nobody", None]), handlers_of(connection, WATER)

    assert database.read_sync(look) == ({}, {})


def test_something_written_is_noticed_even_when_it_was_written_earlier(filled: Database) -> None:
    since = START - DAY
    latest, number = filled.read_sync(lambda connection: written_since(connection, since))
    filled.write_sync(lambda connection: begin(connection, 30))
    again, more = filled.read_sync(lambda connection: written_since(connection, since))
    assert latest == again
    assert more > number


@pytest.mark.parametrize("blank_url", BOTH, indirect=True)
def test_cases_that_stand_are_read_once_when_the_columns_come(blank_url: str) -> None:
    upgrade(blank_url)
    database = Database(blank_url)
    database.write_sync(fill)
    database.close()
    downgrade(blank_url, "0005")
    upgrade(blank_url)
    engine = make_engine(blank_url, writes=False, size=1)
    cases = core(CaseRow).c
    with engine.connect() as connection:
        waiting = {
            name: set(connection.scalars(select(cases.id).where(cases[name])))
            for name in ("alarm", "extension_pending", "return_pending", "appeal_pending")
        }
        assert connection.scalar(text("SELECT count(*) FROM cases")) == 8
    engine.dispose()
    assert waiting == {"alarm": {1}, "extension_pending": {5}, "return_pending": {6}, "appeal_pending": set()}


SERVED_BY = {
    Lane.DANGER: "ix_cases_alarm",
    Lane.UNANSWERED: "ix_cases_status_due",
    Lane.RED: "ix_cases_running",
    Lane.TODAY: "ix_cases_running",
    Lane.EXTENSION: "ix_cases_extension_pending",
    Lane.RETURNED: "ix_cases_return_pending",
    Lane.TRIAGE: "ix_cases_status_due",
    Lane.APPEAL: "ix_cases_appeal_pending",
    Lane.VERIFICATION: "ix_cases_status_due",
    Lane.LATER: "ix_cases_running",
    Lane.PAUSED: "ix_cases_status_due",
}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("lane", Lane)
def test_lane_is_sought_in_an_index_of_its_own(filled: Database, lane: Lane) -> None:
    plans: list[str] = []

    def look(connection: Connection) -> None:
        def explain(*asked: Any) -> None:
            _, cursor, statement, parameters, *_ = asked
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(row[3] for row in cursor.fetchall())

        event.listen(connection, "before_cursor_execute", explain)
        try:
            lanes(connection, people.SUPERVISOR, Field(), MOMENT, (lane,), limit=5)
        finally:
            event.remove(connection, "before_cursor_execute", explain)

    filled.read_sync(look)
    assert any(SERVED_BY[lane] in step for step in plans), plans
