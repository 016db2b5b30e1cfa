"""Every list as it is filtered, as a spreadsheet in the reader's language (D8)."""

import csv
import io
import re
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook

from tests.web.conftest import Visitor, accept
from tests.web.source import CHINESE
from web.language import COOKIE, Language, english

LISTS = [
    ("/cases", "supervisor", "/cases"),
    ("/board", "supervisor", "/board"),
    ("/work", "rehearsal.handler", "/work"),
    ("/extensions", "supervisor", "/extensions"),
    ("/interviews", "discipline_officer", "/interviews"),
    ("/accountability", "discipline_officer", "/accountability"),
    ("/units", "supervisor", "/units"),
    ("/units/urban-management", "unit_leader", "/units/urban-management/points"),
]


def rows(client: httpx.Client, path: str) -> list[dict[str, Any]]:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    names, *found = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, names), row, strict=True)) for row in found]


@pytest.mark.parametrize(("page", "who", "path"), LISTS)
def test_list_offers_itself_in_both_forms(visitor: Visitor, page: str, who: str, path: str) -> None:
    client = visitor(who)
    number = accept(client)
    shown = client.get(page).text
    for form in ("xlsx", "csv"):
        assert f'href="{path}.{form}' in shown
        answer = client.get(f"{path}.{form}")
        assert answer.status_code == 200, answer.text
        assert "attachment" in answer.headers["content-disposition"]
    text = client.get(f"{path}.csv").content.decode("utf-8-sig")
    listed = [row for row in csv.reader(io.StringIO(text, newline="")) if number in row]
    assert (len(listed) == 1) is (page in ("/cases", "/work", "/board") and number in shown)
    assert client.get(f"{path}.pdf").status_code == 404


def test_filters_of_the_page_are_those_of_its_table(visitor: Visitor) -> None:
    client = visitor("supervisor")
    lamp, road = accept(client), accept(client, category="occupied-road")
    page = client.get("/cases?category=occupied-road&light=").text
    link = re.search(r'href="(/cases\.xlsx\?[^"]*)"', page)
    assert link is not None
    (row,) = rows(client, link[1].replace("&amp;", "&"))
    assert row["编号"] == road
    assert {row["编号"] for row in rows(client, "/cases.xlsx")} == {lamp, road}
    assert "王某某" not in str(rows(client, "/cases.xlsx"))


def test_standings_are_given_out_with_their_figures(visitor: Visitor) -> None:
    client = visitor("supervisor")
    accept(client)
    found = rows(client, "/units.xlsx?period=month")
    (city,) = [row for row in found if row["单位"] == "望桐街道城市管理所"]
    assert (city["名次"], city["按时率"]) == (None, None)
    assert sum(row["接到"] for row in found) >= 1


def test_table_speaks_the_language_of_the_reader(visitor: Visitor) -> None:
    client = visitor("supervisor")
    accept(client, description="x", place={"grid": "qingyou-1"})
    client.cookies.set(COOKIE, Language.ENGLISH)
    (row,) = rows(client, "/cases.xlsx")
    assert not CHINESE.search("".join(row))
    assert row[english()["状态"]] == english()["待响应"]


def test_nobody_gets_the_table_of_a_list_that_they_do_not_see(visitor: Visitor) -> None:
    accept(visitor(None))
    assert rows(visitor("handler"), "/cases.xlsx") == []
    assert visitor("handler").get("/units/sanitation/points.xlsx").status_code == 404
    assert visitor(None).get("/cases.xlsx").headers["location"].startswith("/signin")
    assert visitor("supervisor").get("/cases.xlsx?light=blue").status_code == 422
