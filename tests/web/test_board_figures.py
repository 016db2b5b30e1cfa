"""Every figure of the board is the number of cases behind its link, however the board is narrowed (D1)."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from sqlalchemy import Connection

from domain.plain import to_plain
from domain.vocabulary import CommandKind
from tests.api.served import Served
from tests.db.people import CENTRE
from tests.db.stories import DAY, MINUTE, Story, begin, command, promise
from tests.web.conftest import Visitor

UNIT, RIVAL = "urban-management", "sanitation"
GRID, OTHER_GRID = "qingyou-1", "qingyou-2"
NOW = datetime.now(UTC)
START = NOW - 9 * DAY
_COUNTER = re.compile(r'<a class="counter" href="([^"]*)"[^>]*><b>(\d+)</b>')
_CHIP = re.compile(r'<a class="chip" href="([^"]*)"><span[^>]*>.*?</span>\s*(\d+)</a>', re.DOTALL)
_TOTAL = re.compile(r'data-total="(\d+)"')
_K = CommandKind


def taken(connection: Connection, running: int, length: timedelta, unit: str = UNIT, grid: str = GRID) -> Story:
    """A case that its unit has answered."""
    story = begin(connection, running, at=START, unit=unit, grid=grid, length=length)
    story.give(_K.ACKNOWLEDGE, START + timedelta(seconds=running), unit=unit, handler=f"{unit}.{running}")
    return story


def assist(story: Story, *units: str) -> None:
    """These units are to help, and none of them has answered."""
    for number, unit in enumerate(units):
        at = START + (60 + number) * MINUTE
        ack = {"dispatched_at": at, "yellow_at": at + 20 * MINUTE, "ack_by": at + 30 * MINUTE}
        clocks = to_plain({"ack": ack, "promise": promise(START, 30 * DAY)})
        asked = command(_K.ASSIST, at, unit=CENTRE, actor="supervisor")
        story.record(story.decide(replace(asked, data={"unit": unit, **clocks})))


def fill(connection: Connection) -> None:
    """Something in every lane but that of appeals, and more than a lane shows among the unanswered."""
    begin(connection, 1, at=START, unit=UNIT, grid=GRID, danger=True)
    for running in range(2, 12):
        begin(connection, running, at=START, unit=RIVAL, grid=OTHER_GRID, length=20 * DAY)
    assist(taken(connection, 12, 30 * DAY), RIVAL)
    assist(taken(connection, 13, 8 * DAY), RIVAL, "housing")
    assist(taken(connection, 14, 30 * DAY, RIVAL, OTHER_GRID), UNIT)
    taken(connection, 15, 8 * DAY)
    taken(connection, 16, 9 * DAY + MINUTE)
    later = to_plain(promise(START, 40 * DAY))
    ask = {"until": later["due_at"], "promise": later}
    taken(connection, 17, 30 * DAY).give(_K.REQUEST_EXTENSION, START + DAY, unit=UNIT, **ask)
    taken(connection, 18, 30 * DAY).give(_K.RETURN, START + 60 * MINUTE, unit=UNIT)
    begin(connection, 19, at=START, unit=None, grid=GRID)
    done: dict[str, Any] = {"unit": UNIT, "verify_by": NOW + DAY}
    taken(connection, 20, 30 * DAY).give(_K.COMPLETE, START + DAY, **done)


def total(client: httpx.Client, address: str) -> int:
    """How many cases the list has."""
    found = _TOTAL.search(client.get(unescape(address)).text)
    return int(found[1]) if found else 0


@pytest.mark.parametrize(
    "wanted",
    [{}, {"unit": UNIT}, {"unit": RIVAL}, {"grid": GRID}, {"category": "burst-pipe"}, {"unit": "housing"}],
    ids=str,
)
def test_every_figure_is_the_number_of_cases_behind_its_link(
    pages: Served, visitor: Visitor, wanted: dict[str, str]
) -> None:
    pages.app.state.house.database.write_sync(fill)
    client = visitor("supervisor")
    page = client.get(f"/board?{urlencode(wanted)}").text
    counters, chips = _COUNTER.findall(page), _CHIP.findall(page)
    assert (len(counters), len(chips)) == (9, 3)
    assert sum(int(number) > 0 for _, number in counters) >= (7 if not wanted else 1)
    wrong = [(address, number, total(client, address)) for address, number in counters + chips]
    assert [found for found in wrong if int(found[1]) != found[2]] == []
    if not wanted:
        assert int(counters[1][1]) == 13
