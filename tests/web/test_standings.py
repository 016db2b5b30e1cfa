"""Standings and trends as pages: every figure is the number of cases behind its link (D1, D6)."""

import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection

from api.auth import COOKIE
from domain.vocabulary import CommandKind, Figure
from domain.worktime import shanghai_date
from tests.api.conftest import token_of
from tests.api.served import Served, served, settings_for
from tests.db.people import CENTRE
from tests.db.stories import DAY, Story, begin, promise
from tests.web.conftest import Visitor, accept
from web.app import create_app
from web.standing_view import percent

UNIT, RIVAL = "urban-management", "sanitation"
NOW = datetime.now(UTC)
START = NOW - 20 * DAY
_LINK = re.compile(r'<a[^>]*href="(/cases\?[^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_TOTAL = re.compile(r'data-total="(\d+)"')
_NUMBER = re.compile(r"\d+")
_K = CommandKind


def taken(connection: Connection, running: int, unit: str = UNIT, **how: Any) -> Story:
    at = START + timedelta(minutes=running)
    story = begin(connection, running, at=at, unit=unit, grid="qingyou-1", **how)
    story.give(_K.ACKNOWLEDGE, at + timedelta(minutes=5), unit=unit, handler=f"{unit}.{running}")
    return story


def fill(connection: Connection) -> None:
    """At the unit: three on time, two late, one excused, one deferred, one open; at the rival two late."""
    for running in (1, 2, 3):
        taken(connection, running).give(_K.COMPLETE, START + (running + 1) * DAY, unit=UNIT, verify_by=NOW)
    for running in (4, 5, 6):
        late = taken(connection, running, length=2 * DAY)
        late.reach_due()
        if running > 4:
            late.give(_K.APPEAL, START + 3 * DAY + running * timedelta(minutes=1), unit=UNIT, card=None)
        if running > 5:
            late.give(_K.RULE_APPEAL, START + 4 * DAY, unit=CENTRE, actor="supervisor", uphold=True, card=None)
    paused = taken(connection, 7)
    later = promise(START, 30 * DAY)
    resume: dict[str, Any] = {"resume_at": START + 8 * DAY, "promise": later}
    paused.give(_K.SUSPEND, START + DAY, unit=CENTRE, actor="supervisor", **resume)
    paused.give(_K.RESUME, START + 2 * DAY, unit=CENTRE, actor="supervisor", promise=later)
    paused.give(_K.COMPLETE, START + 9 * DAY, unit=UNIT, verify_by=NOW)
    taken(connection, 8, length=40 * DAY)
    for running in (9, 10):
        taken(connection, running, RIVAL, length=2 * DAY).reach_due()


@pytest.fixture(scope="module")
def lived(sqlite_district: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A month of two units, for all tests here: they read, and one of them adds a case."""
    directory = tmp_path_factory.mktemp("standings")
    path = directory / "store.db"
    shutil.copy(sqlite_district, path)
    with served(settings_for(f"sqlite:///{path}", directory), make=create_app) as running:
        running.app.state.house.database.write_sync(fill)
        yield running


@pytest.fixture
def visitor(lived: Served) -> Iterator[Visitor]:
    """As everywhere, before these units."""
    with ExitStack() as clients:

        def come(username: str | None) -> httpx.Client:
            client = clients.enter_context(httpx.Client(base_url=lived.base_url, timeout=30))
            if username is not None:
                client.cookies.set(COOKIE, token_of(username))
            return client

        yield come


QUARTER = f"?from={shanghai_date(START - DAY).isoformat()}"


def links(page: str) -> list[tuple[str, int]]:
    """Each link to a list of cases, with the number that it shows."""
    found = []
    for address, inside in _LINK.findall(page):
        numbers = _NUMBER.findall(
            re.sub(r"<[^>]*>", " ", re.sub(r"<span class=\"out-of-sight\".*?</span>", "", inside))
        )
        if numbers:
            found.append((unescape(address), int(numbers[0])))
    return found


def total(client: httpx.Client, address: str) -> int:
    """How many cases the list has."""
    found = _TOTAL.search(client.get(address).text)
    return int(found[1]) if found else 0


@pytest.mark.parametrize(
    ("who", "path", "least"),
    [
        ("supervisor", f"/units{QUARTER}", 12),
        ("supervisor", f"/units/{UNIT}{QUARTER}", 10),
        ("supervisor", "/trends?days=30", 4),
        ("supervisor", f"/trends?days=30&unit={UNIT}", 4),
        ("supervisor", "/trends?days=30&category=burst-pipe", 4),
        ("statistician", f"/units{QUARTER}", 12),
        ("unit_leader", f"/units{QUARTER}", 8),
        ("unit_leader", f"/units/{UNIT}{QUARTER}", 8),
        ("unit_leader", "/trends?days=30", 4),
        ("handler", "/trends?days=30", 4),
        ("discipline_officer", f"/units{QUARTER}", 4),
        ("organization_officer", f"/units/{UNIT}{QUARTER}", 4),
    ],
)
def test_every_figure_is_the_number_of_cases_behind_its_link(visitor: Visitor, who: str, path: str, least: int) -> None:
    client = visitor(who)
    page = client.get(path)
    assert page.status_code == 200
    figures = links(page.text)
    assert len(figures) >= least
    wrong = {address: (number, total(client, address)) for address, number in set(figures)}
    assert {address: pair for address, pair in wrong.items() if pair[0] != pair[1]} == {}


def test_units_are_ranked_among_comparable_ones_and_deferred_cases_are_named(visitor: Visitor) -> None:
    client = visitor("supervisor")
    page = client.get(f"/units{QUARTER}").text
    assert page.index(f'data-row="{UNIT}"') < page.index(f'data-row="{RIVAL}"')
    own = client.get(f"/units/{UNIT}{QUARTER}").text
    assert "60%" in own  # three on time, two late: neither the excused nor the deferred case is in it
    assert "第 1 名，共 2 个" in own
    assert "不计入按时率：挂账不计" in own
    assert "-0000007</a>" in own
    assert "不计入按时率：申诉不计" in own


def test_point_leads_to_its_card_its_case_and_its_appeal(visitor: Visitor) -> None:
    page = visitor("unit_leader").get(f"/units/{UNIT}{QUARTER}").text
    for said in ("申诉中", "申诉成立", "未申诉"):
        assert said in page
    (entry,) = re.findall(r'href="#entry-(\d+)"', page)
    assert f'id="entry-{entry}"' in page
    assert re.search(r'id="card-[^"]*-R1" class="reversed"', page)


@pytest.mark.parametrize("who", ["unit_leader", "handler"])
def test_unit_never_sees_the_figures_of_another(visitor: Visitor, who: str) -> None:
    client = visitor(who)
    page = client.get(f"/units{QUARTER}").text
    assert f'data-row="{UNIT}"' in page
    assert RIVAL not in page
    assert client.get(f"/units/{RIVAL}").status_code == 404
    assert client.get(f"/trends?unit={RIVAL}").status_code == 403


def test_officer_is_led_only_to_cases_that_officers_see(visitor: Visitor) -> None:
    page = visitor("discipline_officer").get(f"/units{QUARTER}").text
    led = set(re.findall(r"figure=(\w+)", page))
    assert led <= {Figure.LATE, Figure.EXCUSED, Figure.APPEALING, Figure.CARDED}
    assert Figure.LATE in led


def test_list_says_where_it_comes_from_and_carries_it_along(visitor: Visitor) -> None:
    page = visitor("supervisor").get(f"/cases?figure=late&figure_unit={UNIT}").text
    assert "望桐街道城市管理所：逾期" in page
    assert f'<input type="hidden" name="figure_unit" value="{UNIT}">' in page
    assert _TOTAL.search(page)


def test_trends_have_nothing_of_strangers(visitor: Visitor) -> None:
    assert visitor("intake_clerk").get("/trends").status_code == 403
    before = {who: received(visitor(who)) for who in ("handler", "supervisor")}
    accept(visitor(None), category="exposed-rubbish")
    assert received(visitor("handler")) == before["handler"]
    assert received(visitor("supervisor")) == before["supervisor"] + 1


def received(client: httpx.Client) -> int:
    """How many cases came in the days of the trends."""
    found = re.search(r"近 30 天受理 (\d+) 件", client.get("/trends").text)
    assert found is not None
    return int(found[1])


def test_share_is_never_rounded_to_all_or_nothing() -> None:
    shares = [None, Fraction(0), Fraction(1, 3000), Fraction(1, 3), Fraction(2999, 3000), Fraction(1)]
    assert [percent(share) for share in shares] == ["—", "0%", "0.1%", "33.3%", "99.9%", "100%"]
