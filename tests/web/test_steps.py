"""Steps of service requests in the lists of staff, and as their applicant follows them."""

import re
from typing import Any

import httpx
import pytest

from tests.api.applications import application
from tests.api.conftest import token_of
from tests.web.conftest import Visitor
from web.files import files
from web.language import COOKIE, Language

RESIDENTS_LOAD = 50_000


def applied(client: httpx.Client, **changes: Any) -> dict[str, Any]:
    """A request, applied for over the API, as it was answered."""
    headers = {"Authorization": f"Bearer {token_of('intake_clerk')}"}
    answer = client.post("/api/v1/service-requests", json=application(**changes), headers=headers)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def test_work_list_has_the_unit_s_own_step_and_answers_it(visitor: Visitor) -> None:
    number = applied(visitor(None))["number"]
    ours = visitor("rehearsal.handler")
    listed = ours.get("/work").text
    row = listed[listed.index(f'data-row="{number}-acceptance"') :]
    assert "受理审查" in row[: row.index("</li>")]
    assert listed.count(f'data-row="{number}') == 1
    address = f"/work?answer={number}&step=acceptance"
    assert address.replace("&", "&amp;") in listed
    answering = ours.get(address).text
    assert 'id="form-acknowledge-acceptance"' in answering
    assert 'name="step" value="acceptance"' in answering


def test_work_list_has_no_step_of_another_unit(visitor: Visitor) -> None:
    number = applied(visitor(None))["number"]
    assert number not in visitor("rehearsal-partner.handler").get("/work").text


def test_nothing_is_answered_when_the_step_is_not_open(visitor: Visitor) -> None:
    number = applied(visitor(None))["number"]
    page = visitor("rehearsal.handler").get(f"/work?answer={number}&step=delivery")
    assert page.status_code == 200
    assert 'id="answer"' not in page.text


def test_board_says_which_step_is_held_by_whom(visitor: Visitor) -> None:
    number = applied(visitor(None))["number"]
    board = visitor("supervisor").get("/board").text
    row = board[board.index(f'data-row="{number}"') :]
    assert "受理审查 · " in row[: row.index("</li>")]


@pytest.mark.parametrize("language", Language)
def test_applicant_follows_every_step_without_account_or_script(visitor: Visitor, language: Language) -> None:
    client = visitor(None)
    made = applied(client)
    client.cookies.set(COOKIE, language.value)
    way = client.get(f"/track/{made['number']}", params={"code": made["tracking_code"]})
    name = "name_en" if language is Language.ENGLISH else "name"
    steps = re.findall(r'<li class="step-(\w+)"', way.text)
    assert steps == ["now", "ahead", "ahead", "ahead", "ahead"]
    assert all(step[name] in way.text for step in made["steps"])
    assert ("只有参考时间" if language is Language.CHINESE else "for reference only") in way.text
    assert "<script" not in way.text
    weight = len(way.content) + len(files()["bihuan.css"].content) + len(files()["mark.svg"].content)
    assert weight < RESIDENTS_LOAD


def test_applicant_is_told_what_is_missing_and_until_when(visitor: Visitor) -> None:
    client = visitor(None)
    made = applied(client, materials=[])
    way = client.get(f"/track/{made['number']}", params={"code": made["tracking_code"]}).text
    assert "等您补齐材料，期间不计时" in way
    missing = way[way.index("还缺这些材料") :]
    assert "演练申请表" in missing
    assert "前补齐" in missing
