"""How SQLite finds what lists and lanes show: in an index, never by reading through a table that grows.

PostgreSQL plans by how many rows there are, and here are few.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event

from db.engine import Database
from db.queries.board import Field, Lane, Moment, lanes, last_handler, open_by_unit, running_lights
from db.queries.case_filter import CaseFilter
from db.queries.cases import case_row, list_cases
from db.queries.extensions import extension_record
from db.queries.notices import count_unread, list_notices
from db.queries.paging import CaseSort
from db.queries.steps import steps_of_unit
from domain.authority import Actor
from domain.vocabulary import CaseStatus, DossierKind, Figure, Light, Waiting
from tests.conftest import SQLITE
from tests.db import people
from tests.db.people import WATER
from tests.db.stories import START

NOW = START + timedelta(days=9)
MOMENT = Moment(now=NOW, day_ends=NOW + timedelta(hours=15))
READERS = [
    people.SUPERVISOR, people.WATER_HANDLER, people.POLICE_HANDLER, people.CLERK, people.OFFICER,
    people.ORGANIZATION_OFFICER, people.AUDITOR,
]  # fmt: skip
FIELDS = [Field(), Field(unit=WATER), Field(grid="G01"), Field(category="burst-pipe")]
FILTERS: list[dict[str, Any]] = [
    {},
    {"status": (CaseStatus.CLOSED,)},
    {"status": (CaseStatus.DISPATCHED, CaseStatus.IN_PROGRESS), "light": Light.RED},
    {"kind": DossierKind.SERVICE_REQUEST},
    {"light": Light.RED},
    {"light": Light.YELLOW, "unit": WATER},
    {"unit": WATER},
    {"due_before": NOW},
    {"received_from": START, "received_to": NOW},
    {"figure": Figure.LATE, "figure_unit": WATER},
    {"q": "柳巷"},
    {"q": "0000003"},
]
GROWING = ("cases", "case_part", "case_unit", "event", "notice", "unit_figure", "red_card")

Work = Callable[[Connection], object]


def plan_of(database: Database, work: Work) -> list[str]:
    """The steps of the plans of everything that ``work`` asks."""
    steps: list[str] = []

    def look(connection: Connection) -> None:
        def explain(*asked: Any) -> None:
            _, cursor, statement, parameters, *_ = asked
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            steps.extend(row[3] for row in cursor.fetchall())

        event.listen(connection, "before_cursor_execute", explain)
        try:
            work(connection)
        finally:
            event.remove(connection, "before_cursor_execute", explain)

    database.read_sync(look)
    return steps


def read_through(steps: list[str]) -> list[str]:
    """Steps that read a table that grows from its beginning to its end."""
    return [
        step for step in steps for table in GROWING if step.split()[:2] == ["SCAN", table] and " INDEX " not in step
    ]


@pytest.fixture
def settled(database: Database) -> Database:
    database.write_sync(people.settle)
    return database


pytestmark = pytest.mark.parametrize("database_url", [SQLITE], indirect=True)


@pytest.mark.parametrize("lane", Lane)
def test_no_lane_reads_through_a_table(settled: Database, lane: Lane) -> None:
    for actor in READERS:
        for field in FIELDS:
            steps = plan_of(settled, lambda c, a=actor, f=field: lanes(c, a, f, MOMENT, (lane,), limit=1))  # type: ignore[misc]
            assert read_through(steps) == [], (actor.username, field, steps)


@pytest.mark.parametrize("sort", [CaseSort.RECEIVED_LAST, CaseSort.DUE])
@pytest.mark.parametrize("wanted", FILTERS, ids=str)
def test_no_list_reads_through_a_table(settled: Database, wanted: dict[str, Any], sort: CaseSort) -> None:
    asked = CaseFilter(**wanted)
    for actor in READERS:
        steps = plan_of(settled, lambda c, a=actor: list_cases(c, a, asked, NOW, sort=sort))  # type: ignore[misc]
        assert read_through(steps) == [], (actor.username, steps)


@pytest.mark.parametrize("wanted", FILTERS, ids=str)
def test_list_in_the_order_of_receipt_sorts_nothing(settled: Database, wanted: dict[str, Any]) -> None:
    for actor in READERS:
        steps = plan_of(settled, lambda c, a=actor: list_cases(c, a, CaseFilter(**wanted), NOW))  # type: ignore[misc]
        assert not [step for step in steps if step == "USE TEMP B-TREE FOR ORDER BY"], (actor.username, steps)


@pytest.mark.parametrize("waiting", Waiting)
def test_what_waits_is_read_in_its_own_index(settled: Database, waiting: Waiting) -> None:
    steps = plan_of(settled, lambda c: list_cases(c, people.SUPERVISOR, CaseFilter(waiting=waiting), NOW))
    assert read_through(steps) == []


@pytest.mark.parametrize("lane", Lane)
def test_list_of_a_lane_is_read_in_the_lane_s_index(settled: Database, lane: Lane) -> None:
    for unit in (None, WATER):
        asked = CaseFilter(lane=lane, unit=unit)
        steps = plan_of(settled, lambda c, a=asked: list_cases(c, people.SUPERVISOR, a, NOW))  # type: ignore[misc]
        assert read_through(steps) == []


def test_what_stands_beside_a_list_reads_through_no_table(settled: Database) -> None:
    handler: Actor = people.WATER_HANDLER
    everything: list[Work] = [
        lambda c: running_lights(c, handler, Field(unit=WATER), NOW),
        lambda c: open_by_unit(c, people.SUPERVISOR),
        lambda c: last_handler(c, handler, WATER),
        lambda c: extension_record(c, people.SUPERVISOR, [WATER]),
        lambda c: steps_of_unit(c, handler, WATER),
        lambda c: case_row(c, handler, "SJ261123-0000001", NOW),
        lambda c: list_notices(c, handler, unread=True),
        lambda c: count_unread(c, handler, most=100),
    ]
    for work in everything:
        assert read_through(plan_of(settled, work)) == []
