"""Figures of units against a naive recount of the events, on both databases; every figure has its list of cases."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import Connection, delete, func, select, text

from db.engine import Database
from db.migrations import downgrade, upgrade
from db.queries.case_filter import CaseFilter
from db.queries.cases import count_each, list_cases
from db.queries.standings import ANYTIME, UnitCounts, cards_of, figure_counts, named_cases, red_by_unit, unit_counts
from db.tables import EventRow, RedCard, UnitFigure, core
from domain.authority import Actor
from domain.counting import Figures, figures_of
from domain.periods import Days, weeks_until
from domain.plain import to_plain
from domain.vocabulary import AppealStatus, CommandKind, Figure, Light
from domain.worktime import shanghai_date
from tests.conftest import BOTH
from tests.db import people
from tests.db.people import CENTRE, ROADS, WATER
from tests.db.requests import Stored
from tests.db.stories import DAY, MINUTE, START, Story, begin, command, promise
from tests.unit.service_world import RECEIVED

NOW = START + 15 * DAY
TODAY = shanghai_date(NOW)
FIRST_WEEK = Days(shanghai_date(START), shanghai_date(START + 6 * DAY))
ALL = Days(shanghai_date(START - 400 * DAY), TODAY)
PERIODS = (FIRST_WEEK, Days(shanghai_date(START + 7 * DAY), TODAY), ALL)
_K = CommandKind


def taken(connection: Connection, running: int, **how: object) -> Story:
    story = begin(connection, running, at=START + running * MINUTE, **how)  # type: ignore[arg-type]
    story.give(_K.ACKNOWLEDGE, START + (running + 5) * MINUTE, handler="handler-water")
    return story


def done(story: Story, days: int) -> Story:
    story.give(_K.COMPLETE, START + days * DAY, verify_by=START + 40 * DAY)
    return story


def fill(connection: Connection) -> None:
    """11 on time, 2 late, 3 excused, 4 appealing, 5 deferred, 6 of roads, late and red, 7 returned to roads,
    8 done again, 9 extended and urged; a request of five steps, whose first one is done."""
    people.settle(connection)
    done(taken(connection, 11), 3)
    late = taken(connection, 2, length=2 * DAY)
    late.reach_due()
    done(late, 4)
    for number in (3, 4):
        carded = taken(connection, number, length=2 * DAY)
        carded.reach_due()
        carded.give(_K.APPEAL, START + 3 * DAY + number * MINUTE, card=None)
        if number == 3:
            carded.give(_K.RULE_APPEAL, START + 4 * DAY, unit=CENTRE, actor="supervisor", uphold=True, card=None)
    paused = taken(connection, 5)
    later = to_plain(promise(START, 30 * DAY))
    paused.give(_K.SUSPEND, START + DAY, unit=CENTRE, actor="supervisor", resume_at=START + 8 * DAY, promise=later)
    paused.give(_K.RESUME, START + 2 * DAY, unit=CENTRE, actor="supervisor", promise=later)
    done(paused, 9)
    begin(connection, 6, at=START + 6 * MINUTE, unit=ROADS, length=DAY).reach_until(START + 2 * DAY)
    back = taken(connection, 7)
    back.give(_K.RETURN, START + 60 * MINUTE)
    ack = {"dispatched_at": START + DAY, "yellow_at": START + 2 * DAY, "ack_by": START + 3 * DAY}
    ruling = {"accept": True, "unit": ROADS, "ack": to_plain(ack), "promise": None}
    ruled = command(_K.RULE_RETURN, START + DAY, unit=CENTRE, actor="supervisor")
    back.record(back.decide(replace(ruled, data=ruling)))
    again = done(taken(connection, 8), 2)
    anew = to_plain(promise(START + 3 * DAY))
    again.give(_K.VERIFY, START + 3 * DAY, unit=CENTRE, actor="supervisor", solved=False, promise=anew)
    longer = to_plain(promise(START, 30 * DAY))
    extended = taken(connection, 9)
    extended.give(_K.REQUEST_EXTENSION, START + DAY, until=longer["due_at"], promise=longer)
    extended.give(_K.DECIDE_EXTENSION, START + 2 * DAY, unit=CENTRE, actor="supervisor", extension="1", grant=True)
    extended.give(_K.URGE, START + 3 * DAY, unit=CENTRE, actor="supervisor")
    Stored(connection).through("check", RECEIVED + DAY)


@pytest.fixture
def filled(database: Database) -> Database:
    database.write_sync(fill)
    return database


def recounted(connection: Connection) -> dict[str, Figures]:
    """Case → what its whole history counts for whom."""
    events = core(EventRow)
    histories: dict[str, list[object]] = {}
    for row in connection.execute(select(events).order_by(events.c.dossier, events.c.seq)):
        histories.setdefault(row.dossier, []).append(row)
    return {case: figures_of(history) for case, history in histories.items()}  # type: ignore[arg-type]


def naive(connection: Connection, days: Days) -> dict[str, Counter[Figure]]:
    found: dict[str, Counter[Figure]] = {}
    for figures in recounted(connection).values():
        for (unit, figure), at in figures.items():
            if figure in ANYTIME or days.begins <= at < days.ends:
                found.setdefault(unit, Counter())[figure] += 1
    return found


def test_rows_are_what_the_histories_say(filled: Database) -> None:
    def check(connection: Connection) -> None:
        rows = connection.execute(select(core(UnitFigure))).all()
        stand = {(row.case, row.unit, row.figure): row.at for row in rows}
        wanted = {
            (case, unit, figure): at
            for case, figures in recounted(connection).items()
            for (unit, figure), at in figures.items()
        }
        assert stand == wanted
        assert {figure for _, _, figure in stand} == set(Figure)

    filled.read_sync(check)


@pytest.mark.parametrize("days", PERIODS)
def test_figures_are_those_of_a_naive_recount(filled: Database, days: Days) -> None:
    def check(connection: Connection) -> None:
        wanted, counts = naive(connection, days), unit_counts(connection, days, ())
        assert {one.unit["code"] for one in counts} == set(people.UNITS)
        for one in counts:
            assert {f: n for f, n in one.figures.items() if n} == dict(wanted.get(one.unit["code"], {}))

    filled.read_sync(check)


@pytest.mark.parametrize("days", PERIODS)
@pytest.mark.parametrize("actor", [people.SUPERVISOR, people.WATER_LEADER], ids=lambda actor: actor.username)
def test_every_figure_is_the_number_of_cases_behind_it(filled: Database, days: Days, actor: Actor) -> None:
    def check(connection: Connection) -> None:
        for one in unit_counts(connection, days, ()):
            code = one.unit["code"]
            if actor is people.WATER_LEADER and code != WATER:
                continue
            for figure, number in one.figures.items():
                wanted = of_figure(code, figure, days)
                page = list_cases(connection, actor, wanted, NOW, total=True)
                assert (page.total, len(page.items)) == (number, number), (code, figure)

    filled.read_sync(check)


def of_figure(unit: str, figure: Figure, days: Days) -> CaseFilter:
    period = {} if figure in ANYTIME else {"figure_from": days.begins, "figure_to": days.ends}
    return CaseFilter(figure=figure, figure_unit=unit, **period)  # type: ignore[arg-type]


def test_red_lights_of_units_are_those_of_the_list(filled: Database) -> None:
    def check(connection: Connection) -> None:
        found = red_by_unit(connection, people.SUPERVISOR, NOW)
        assert found[ROADS] >= 1
        for unit in people.UNITS:
            wanted = CaseFilter(unit=unit, light=Light.RED, running=True)
            assert count_each(connection, people.SUPERVISOR, [wanted], NOW) == [found.get(unit, 0)]
        assert set(red_by_unit(connection, people.ROADS_HANDLER, NOW)) <= {ROADS, WATER}

    filled.read_sync(check)


def of(counts: list[UnitCounts], unit: str) -> UnitCounts:
    return next(one for one in counts if one.unit["code"] == unit)


def test_points_of_a_period_are_those_of_its_entries_and_an_upheld_appeal_gives_them_back(filled: Database) -> None:
    counts = filled.read_sync(lambda connection: unit_counts(connection, FIRST_WEEK, ()))
    assert (of(counts, WATER).points, of(counts, WATER).balance) == (-4, -4)  # three cards, one of them given back
    assert of(counts, ROADS).points == -2
    before = Days(shanghai_date(START - 30 * DAY), shanghai_date(START - DAY))
    counts = filled.read_sync(lambda connection: unit_counts(connection, before, ()))
    assert (of(counts, WATER).points, of(counts, WATER).balance) == (0, -4)


def test_weeks_add_up_to_their_time(filled: Database) -> None:
    weeks = weeks_until(TODAY, 12)
    counts = filled.read_sync(lambda connection: unit_counts(connection, ALL, weeks))
    for one in counts:
        assert sum(on_time for on_time, _ in one.weeks) == one.figures[Figure.ON_TIME]
        assert sum(late for _, late in one.weeks) == one.figures[Figure.LATE]
    wanted = [(figure, week) for week in weeks for figure in (Figure.ON_TIME, Figure.LATE)]
    for unit, category in ((WATER, None), (None, None), (None, "burst-pipe"), (WATER, "burst-pipe"), (None, "none")):
        found = filled.read_sync(
            lambda connection, unit=unit, category=category: figure_counts(  # type: ignore[misc]
                connection, people.SUPERVISOR, wanted, unit, category
            )
        )
        lists = [
            replace(of_figure(unit or "", figure, week), figure_unit=unit, category=category) for figure, week in wanted
        ]
        listed = filled.read_sync(
            lambda connection, lists=lists: count_each(connection, people.SUPERVISOR, lists, NOW)  # type: ignore[misc]
        )
        assert found == listed, (unit, category)
        assert category == "none" or any(found)


def test_cards_tell_what_became_of_their_appeals(filled: Database) -> None:
    cards = filled.read_sync(lambda connection: cards_of(connection, WATER))
    assert Counter(card["appeal"] for card in cards) == {None: 1, AppealStatus.UPHELD: 1, AppealStatus.PENDING: 1}
    assert all((card["appealed_at"] is None) == (card["appeal"] is None) for card in cards)


def test_deferred_cases_are_named(filled: Database) -> None:
    named = filled.read_sync(lambda connection: named_cases(connection, WATER, Figure.DEFERRED, ALL))
    assert [row["case"][-1] for row in named] == ["5"]


@pytest.mark.parametrize("actor", [people.ROADS_HANDLER, people.CLERK, people.DISCIPLINE_OFFICER])
def test_figure_lists_only_what_its_reader_may_see(filled: Database, actor: Actor) -> None:
    def check(connection: Connection) -> None:
        wanted = CaseFilter(figure_unit=WATER)
        listed = {row["number"] for row in list_cases(connection, actor, wanted, NOW).items}
        seen = {row["number"] for row in list_cases(connection, actor, CaseFilter(), NOW).items}
        assert listed <= seen

    filled.read_sync(check)


BEFORE = "0007"
"""The revision before."""

CLOSINGS = ("due", "received", "closed")


@pytest.mark.parametrize("name", CLOSINGS)
def test_days_of_a_list_share_its_cases_out(filled: Database, name: str) -> None:
    until = "due_before" if name == "due" else f"{name}_to"
    start = START - 2 * DAY
    span = 60

    def filters(step: int) -> list[CaseFilter]:
        edges = [start + timedelta(days=day) for day in range(0, span + 1, step)]
        return [CaseFilter(**{f"{name}_from": a, until: b}) for a, b in pairwise(edges)]  # type: ignore[arg-type]

    days, whole = (
        filled.read_sync(lambda connection, step=step: count_each(connection, people.SUPERVISOR, filters(step), NOW))  # type: ignore[misc]
        for step in (1, span)
    )
    assert sum(days) == whole[0]
    assert name == "closed" or whole[0] > 0


@pytest.mark.parametrize("blank_url", BOTH, indirect=True)
def test_cases_that_stand_are_counted_when_the_revision_comes(blank_url: str) -> None:
    upgrade(blank_url)
    store = Database(blank_url)
    store.write_sync(fill)
    figures, cards = core(UnitFigure), core(RedCard)
    query = select(figures).order_by(figures.c.case, figures.c.unit, figures.c.figure)
    appeals = select(cards.c.id, cards.c.appeal, cards.c.appealed_at).order_by(cards.c.id)
    before = store.read_sync(lambda connection: (connection.execute(query).all(), connection.execute(appeals).all()))
    downgrade(blank_url, BEFORE)
    upgrade(blank_url)
    after = store.read_sync(lambda connection: (connection.execute(query).all(), connection.execute(appeals).all()))
    store.close()
    assert after == before
    assert len(before[0]) > 20


def test_repeated_event_counts_once(filled: Database) -> None:
    def check(connection: Connection) -> None:
        figures = core(UnitFigure)
        assert connection.scalar(select(func.count()).select_from(figures)) == connection.scalar(
            text('SELECT count(*) FROM (SELECT DISTINCT "case", unit, figure FROM unit_figure) AS counted')
        )
        connection.execute(delete(figures))

    filled.write_sync(check)
