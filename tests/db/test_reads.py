"""The other reads: events with their words, points, notices, dossiers, units and grids."""

from sqlalchemy import Connection, func, insert, select

from db.engine import Database
from db.queries.discipline import list_cards, list_interviews, points_of
from db.queries.dossiers import dossier_head, open_dossiers
from db.queries.events import list_events
from db.queries.notices import count_unread, is_addressed, list_notices
from db.queries.places import grid_row, list_grids, list_units, unit_row
from db.tables import Notice, NoticeRead, core
from domain.vocabulary import CommandKind, DossierKind, EventType, Role, UnitKind
from tests.db import people
from tests.db.people import ROADS, WATER
from tests.db.stories import DAY, LATER, MINUTE, START, begin


def test_words_are_told_once_when_a_command_made_two_events(database: Database) -> None:
    def work(connection: Connection) -> None:
        story = begin(connection, danger=True)
        story.give(CommandKind.ACKNOWLEDGE, START + MINUTE, handler="h", text={"plan": "go"})
        assert [item.text for item in list_events(connection, story.number)][-2:] == [{"plan": "go"}, None]

    database.write_sync(work)


def test_balance_is_the_sum_of_the_entries_behind_it(database: Database) -> None:
    def work(connection: Connection) -> None:
        first, second = begin(connection, 1), begin(connection, 2)
        first.reach_due()
        second.reach_due()
        assert points_of(connection, WATER)[0] == -4
        first.give(CommandKind.APPEAL, START + 11 * DAY)
        first.give(CommandKind.RULE_APPEAL, START + 12 * DAY, unit="centre", uphold=True)
        balance, entries = points_of(connection, WATER)
        assert (balance, [entry["points"] for entry in entries]) == (-2, [-2, -2, 2])
        assert entries[2]["reverses"] == entries[0]["id"]
        assert points_of(connection, ROADS) == (0, [])
        (card,) = list_cards(connection, first.number)
        assert card["reversed_at"] == START + 12 * DAY
        page = list_interviews(connection, people.SUPERVISOR, limit=1)
        rest = list_interviews(connection, people.SUPERVISOR, limit=1, cursor=page.next_cursor)
        assert [row["id"] for row in (*page.items, *rest.items)] == [
            f"{second.number}-R1-I",
            f"{first.number}-R1-I",
        ]
        assert rest.next_cursor is None

    database.write_sync(work)


def test_person_is_told_once_when_among_two_recipients(database: Database) -> None:
    both = people.person(Role.HANDLER, WATER, Role.UNIT_LEADER)

    def work(connection: Connection) -> None:
        people.settle(connection)
        begin(connection)
        assert connection.scalar(select(func.count()).select_from(core(Notice))) == 2
        (notice,) = list_notices(connection, both).items
        assert notice["type"] is EventType.DISPATCHED
        assert notice["read_at"] is None
        assert count_unread(connection, both) == 1
        assert is_addressed(connection, both, notice["id"])
        assert not is_addressed(connection, people.ROADS_HANDLER, notice["id"])
        read = {"notice": notice["id"], "username": both.username, "at": LATER}
        connection.execute(insert(core(NoticeRead)), read)
        assert list_notices(connection, both, unread=True).items == []
        assert list_notices(connection, both).items[0]["read_at"] == LATER
        assert count_unread(connection, both) == 0
        assert count_unread(connection, people.WATER_HANDLER) == 1
        assert list_notices(connection, people.ROADS_HANDLER).items == []

    database.write_sync(work)


def test_notices_page_without_gap_when_recorded_at_one_instant(database: Database) -> None:
    def work(connection: Connection) -> None:
        for running in range(1, 8):
            begin(connection, running)
        seen: list[str] = []
        cursor: str | None = None
        while True:
            page = list_notices(connection, people.WATER_HANDLER, cursor=cursor, limit=3)
            seen += [row["case"] for row in page.items]
            cursor = page.next_cursor
            if cursor is None:
                break
        assert seen == [f"SJ261123-{running:07d}" for running in range(7, 0, -1)]

    database.write_sync(work)


def test_open_dossiers_come_in_pages_until_all_were_seen(database: Database) -> None:
    def work(connection: Connection) -> None:
        begin(connection, 1).reach_due()
        begin(connection, 2).give(CommandKind.WITHDRAW, START + MINUTE, unit="centre")
        begin(connection, 3)
        seen: list[str] = []
        while heads := open_dossiers(connection, after=seen[-1] if seen else "", limit=1):
            seen += [head.id for head in heads]
        assert seen == ["SJ261123-0000001", "SJ261123-0000001-R1-I", "SJ261123-0000003"]
        head = dossier_head(connection, seen[1])
        assert head is not None
        assert (head.kind, head.version, head.state["card"]) == (DossierKind.INTERVIEW, 1, "SJ261123-0000001-R1")
        assert head.opening.dossier == seen[1]
        assert dossier_head(connection, "none") is None

    database.write_sync(work)


def test_units_and_grids_are_listed_by_code(database: Database) -> None:
    def work(connection: Connection) -> None:
        people.settle(connection)
        units = [row["code"] for row in list_units(connection)]
        assert units == sorted(people.UNITS)
        assert [row["code"] for row in list_units(connection, kind=UnitKind.POLICE)] == [people.POLICE]
        assert [row["code"] for row in list_grids(connection)] == ["G01", "G02"]
        water, grid = unit_row(connection, WATER), grid_row(connection, "G01")
        assert water is not None
        assert water["kind"] is UnitKind.DEPARTMENT
        assert grid is not None
        assert grid["officer"] == people.OFFICER.username
        assert unit_row(connection, "none") is None

    database.write_sync(work)
