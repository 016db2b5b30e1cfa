"""Scope: a table of who sees which cases, files and points."""

from dataclasses import replace

import pytest
from sqlalchemy import Connection

from db.engine import Database
from db.frontdesk.commands import visible_case
from db.queries.case_filter import CaseFilter
from db.queries.cases import case_row, case_standing, count_cases, list_cases
from db.queries.discipline import interview_row, list_accountability, list_interviews
from db.scope import sees_points
from domain.authority import Actor
from domain.messages import Event
from domain.plain import to_plain
from domain.visibility import (
    reads_file_text,
    reads_reporter,
    reads_revealing_actors,
    reads_text,
    shown_actor,
    shown_data,
)
from domain.vocabulary import CommandKind, EventType, Role
from tests.db import people
from tests.db.people import CENTRE, DESK, OTHER_DESK, ROADS, WATER
from tests.db.stories import LATER, MINUTE, START, begin, command

OWN_GRID = "G01"


def district(connection: Connection) -> None:
    """1 water · 2 roads, was water's · 3 triage · 4 water, red card · 5 officer's own grid · 6 reported by the officer,
    other desk · 7 danger at roads."""
    people.settle(connection)
    begin(connection, 1)
    moved = begin(connection, 2)
    redispatch = command(CommandKind.DISPATCH, START + MINUTE, unit=CENTRE)
    moved.record(moved.decide(replace(redispatch, data={"unit": ROADS, "ack": to_plain(moved.case.ack)})))
    begin(connection, 3, unit=None)
    begin(connection, 4).reach_due()
    begin(connection, 5, unit=ROADS, grid=OWN_GRID)
    begin(connection, 6, unit=ROADS, desk_unit=OTHER_DESK, reporting_officer=people.OFFICER.username)
    begin(connection, 7, unit=ROADS, danger=True)


ALL = {1, 2, 3, 4, 5, 6, 7}
VISIBLE: list[tuple[Actor, set[int]]] = [
    (people.SUPERVISOR, ALL),
    (people.AUDITOR, ALL),
    (people.STATISTICIAN, ALL),
    (people.CENTRE_LEADER, ALL),
    (people.WATER_HANDLER, {1, 2, 4}),
    (people.WATER_LEADER, {1, 2, 4}),
    (people.ROADS_HANDLER, {2, 5, 6, 7}),
    (people.OFFICER, {5, 6}),
    (people.CLERK, {1, 2, 3, 4, 5, 7}),
    (people.OTHER_CLERK, {6}),
    (people.ORGANIZATION_OFFICER, {4}),
    (people.DISCIPLINE_OFFICER, {4}),
    (people.POLICE_HANDLER, {7}),
    (people.ADMINISTRATOR, set()),
    (people.person(Role.HANDLER, CENTRE), set()),
    (people.person(Role.HANDLER, WATER, Role.GRID_OFFICER, grids=(OWN_GRID,)), {1, 2, 4, 5}),
    (people.person(Role.GRID_OFFICER, WATER), set()),
]


@pytest.fixture
def settled(database: Database) -> Database:
    database.write_sync(district)
    return database


def test_each_person_sees_the_own_cases_only(settled: Database) -> None:
    def work(connection: Connection) -> None:
        for actor, wanted in VISIBLE:
            page = list_cases(connection, actor, CaseFilter(), LATER, total=True)
            assert {row["id"] for row in page.items} == wanted, actor.username
            assert page.total == len(wanted)
            assert count_cases(connection, actor, CaseFilter(), LATER).total == len(wanted)
            for running in ALL:
                number = f"SJ261123-{running:07d}"
                seen = case_row(connection, actor, number, LATER), visible_case(connection, actor, number)
                assert [found is not None for found in seen] == [running in wanted] * 2, (actor.username, running)

    settled.read_sync(work)


def test_interview_files_are_seen_by_officers_and_the_own_unit(settled: Database) -> None:
    file = "SJ261123-0000004-R1-I"
    seers = {
        people.SUPERVISOR, people.AUDITOR, people.CENTRE_LEADER, people.ORGANIZATION_OFFICER,
        people.DISCIPLINE_OFFICER, people.WATER_HANDLER, people.WATER_LEADER,
    }  # fmt: skip

    def work(connection: Connection) -> None:
        for actor, _ in VISIBLE[:14]:
            sees = actor in seers
            assert (interview_row(connection, actor, file) is not None) == sees, actor.username
            assert len(list_interviews(connection, actor).items) == int(sees)
            assert list_accountability(connection, actor).items == []
        assert len(list_interviews(connection, people.SUPERVISOR, unit=WATER).items) == 1
        assert list_interviews(connection, people.SUPERVISOR, unit=ROADS).items == []

    settled.read_sync(work)


@pytest.mark.parametrize(
    ("actor", "sees"),
    [
        (people.SUPERVISOR, True),
        (people.STATISTICIAN, True),
        (people.DISCIPLINE_OFFICER, True),
        (people.CENTRE_LEADER, True),
        (people.WATER_LEADER, True),
        (people.WATER_HANDLER, True),
        (people.ROADS_HANDLER, False),
        (people.OFFICER, False),
        (people.ADMINISTRATOR, False),
    ],
)
def test_points_are_seen_by_the_own_unit_and_those_who_judge(actor: Actor, sees: bool) -> None:
    assert sees_points(actor, WATER) is sees


def test_standing_names_every_unit_that_held_the_case(settled: Database) -> None:
    def work(connection: Connection) -> None:
        standing = case_standing(connection, "SJ261123-0000002")
        assert standing is not None
        assert standing.units == {WATER, ROADS}
        assert standing.desk == DESK
        assert case_standing(connection, "SJ261123-0000099") is None

    settled.read_sync(work)


def test_reporter_is_shown_only_to_those_who_may_know(settled: Database) -> None:
    def work(connection: Connection) -> None:
        theirs = case_standing(connection, "SJ261123-0000006")
        ours = case_standing(connection, "SJ261123-0000001")
        assert theirs is not None
        assert ours is not None
        shown = {actor for actor, _ in VISIBLE if reads_reporter(actor, theirs, disclose=False)}
        assert shown == {people.SUPERVISOR, people.CENTRE_LEADER, people.OFFICER, people.OTHER_CLERK}
        assert reads_reporter(people.ROADS_HANDLER, theirs, disclose=True)
        assert not reads_reporter(people.WATER_HANDLER, theirs, disclose=True)
        assert not reads_revealing_actors(people.WATER_HANDLER, ours, disclose=False)
        assert reads_revealing_actors(people.WATER_HANDLER, ours, disclose=True)
        assert reads_revealing_actors(people.AUDITOR, ours, disclose=False)

    settled.read_sync(work)


@pytest.mark.parametrize(
    "kind",
    [
        EventType.RECEIVED,
        EventType.VERIFIED,
        EventType.RATED,
        EventType.REOPENED,
        EventType.CLOSED,
        EventType.WITHDRAWN,
    ],
)
def test_accused_unit_does_not_learn_the_actor_when_the_reporter_did_not_agree(kind: EventType) -> None:
    event = Event(seq=1, type=kind, at=START, actor="officer")
    other = Event(seq=2, type=EventType.ACKNOWLEDGED, at=START, actor="handler")
    assert shown_actor(event, revealing=False) is None
    assert shown_actor(event, revealing=True) == "officer"
    assert shown_actor(other, revealing=False) == "handler"


def test_door_of_a_report_is_hidden_when_the_reporter_is() -> None:
    data = {"category": "burst-pipe", "grid": "G01", "source": "officer", "danger": False}
    event = Event(seq=1, type=EventType.RECEIVED, at=START, actor="officer", data=data)
    assert "source" not in shown_data(event, None, revealing=False, with_text=True)
    assert shown_data(event, None, revealing=True, with_text=True) == data


def test_words_are_left_out_when_only_numbers_may_be_read() -> None:
    event = Event(seq=1, type=EventType.COMPLETED, at=START, data={"verify_by": "x"})
    assert not reads_text(people.STATISTICIAN)
    assert not reads_text(people.ADMINISTRATOR)
    assert reads_text(people.person(Role.STATISTICIAN, WATER, Role.HANDLER))
    words = {"result": "words"}
    assert shown_data(event, words, revealing=True, with_text=False) == {"verify_by": "x"}
    assert shown_data(event, words, revealing=True, with_text=True) == {**words, "verify_by": "x"}
    assert reads_file_text(people.WATER_LEADER, WATER)
    assert not reads_file_text(people.WATER_HANDLER, WATER)
