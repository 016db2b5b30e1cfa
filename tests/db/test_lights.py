"""Lights: the rule, and that SQL says the same for every combination of instants."""

import itertools
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, insert, select

from db.engine import Database
from db.lights import ACK, CASE, light_is, light_of
from db.tables import CaseRow, Dossier, core
from domain.lights import ack_light, case_light
from domain.vocabulary import CaseStatus, DossierKind, Light, Source
from tests.db.stories import START

_cases = core(CaseRow)
STEPS = [None, *(START + timedelta(seconds=n) for n in range(5))]
INSTANTS = [step for step in STEPS if step is not None]

TABLE = [
    # yellow, due, frozen, now → light
    (1, 3, None, 0, Light.GREEN),
    (1, 3, None, 1, Light.YELLOW),
    (1, 3, None, 2, Light.YELLOW),
    (1, 3, None, 3, Light.RED),
    (1, 3, None, 4, Light.RED),
    (1, 3, 0, 4, Light.GREEN),
    (1, 3, 2, 4, Light.YELLOW),
    (1, 3, 3, 4, Light.RED),
    (1, 3, 4, 0, Light.GREEN),
    (None, None, None, 4, Light.GREEN),
    (None, 3, None, 2, Light.GREEN),
]


@pytest.mark.parametrize(("yellow", "due", "frozen", "now", "light"), TABLE)
def test_light_is_judged_at_now_or_when_it_was_frozen(
    yellow: int | None, due: int | None, frozen: int | None, now: int, light: Light
) -> None:
    yellow_at, due_at, frozen_at = (None if n is None else START + timedelta(seconds=n) for n in (yellow, due, frozen))
    assert case_light(yellow_at, due_at, frozen_at, START + timedelta(seconds=now)) is light


@given(st.lists(st.sampled_from(STEPS), min_size=4, max_size=4), st.sampled_from(INSTANTS))
def test_ack_light_stops_when_acknowledged_or_frozen_first(at: list[object], now: object) -> None:
    yellow, by, acknowledged, frozen = at
    stops = [stop for stop in (acknowledged, frozen, now) if stop is not None]
    assert ack_light(yellow, by, acknowledged, frozen, now) is case_light(yellow, by, None, min(stops))  # type: ignore[arg-type,type-var]


def fill(connection: Connection) -> None:
    """One row for every combination of yellow, due and two stops, in both clocks."""
    combinations = list(itertools.product(STEPS, repeat=4))
    numbers = [str(n) for n in range(len(combinations))]
    heads = [{"id": n, "kind": DossierKind.INCIDENT, "case_number": n, "opened_at": START} for n in numbers]
    connection.execute(insert(core(Dossier)), heads)
    fixed = {
        "kind": DossierKind.INCIDENT,
        "category": "c",
        "source": Source.DESK,
        "status": CaseStatus.DISPATCHED,
        "received_at": START,
        "state": {},
    }
    rows = [
        {
            **fixed, "number": number, "id": int(number), "yellow_at": yellow, "due_at": due, "frozen_at": frozen,
            "light_yellow_at": yellow, "light_due_at": due,
            "ack_yellow_at": yellow, "ack_by": due, "acknowledged_at": stopped,
        }
        for number, (yellow, due, frozen, stopped) in zip(numbers, combinations, strict=True)
    ]  # fmt: skip
    connection.execute(insert(_cases), rows)


def test_sql_says_the_same_as_the_rule_for_every_combination(database: Database) -> None:
    database.write_sync(fill)
    c = _cases.c
    for now in INSTANTS:
        query = select(_cases, light_of(CASE, now).label("light"), light_of(ACK, now).label("ack_light"))
        rows = database.read_sync(lambda connection, query=query: connection.execute(query).all())  # type: ignore[misc]
        assert len(rows) == len(STEPS) ** 4
        expected = {row.number: case_light(row.yellow_at, row.due_at, row.frozen_at, now) for row in rows}
        expected_ack = {
            row.number: ack_light(row.ack_yellow_at, row.ack_by, row.acknowledged_at, row.frozen_at, now)
            for row in rows
        }
        assert {row.number: row.light for row in rows} == expected
        assert {row.number: row.ack_light for row in rows} == expected_ack
        for clock, wanted in ((CASE, expected), (ACK, expected_ack)):
            for light in Light:
                found = select(c.number).where(light_is(light, clock, now))
                numbers = database.read_sync(lambda connection, found=found: set(connection.scalars(found)))  # type: ignore[misc]
                assert numbers == {number for number, shown in wanted.items() if shown is light}
