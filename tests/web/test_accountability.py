"""Accountability files as pages: who may open, decide and read one, and what it prints (A10)."""

import re

import httpx
import pytest

from tests.api.conftest import token_of
from tests.web.conftest import Visitor, accept, send

_FILE = re.compile(r"/accountability/([\w-]+)")


@pytest.fixture
def number(visitor: Visitor) -> str:
    return accept(visitor(None), category="exposed-rubbish")


def opened(visitor: Visitor, number: str, **fields: str) -> httpx.Response:
    form = {"consequence": "safety_accident", "note": "三人受伤", "key": "once", **fields}
    return send(visitor("supervisor"), f"/cases/{number}", f"/cases/{number}/hold_accountable", **form)


def file_of(answer: httpx.Response) -> str:
    found = _FILE.search(answer.headers["location"])
    assert found is not None
    return found[1]


def test_centre_opens_a_file_from_the_page_of_its_case_and_once(visitor: Visitor, number: str) -> None:
    page = visitor("supervisor").get(f"/cases/{number}").text
    assert "群体性事件" in page
    first, again = opened(visitor, number), opened(visitor, number)
    assert first.status_code == 303
    assert file_of(first) == file_of(again)
    file = visitor("supervisor").get(f"/accountability/{file_of(first)}").text
    assert "安全事故" in file
    assert "三人受伤" in file
    assert number in visitor("discipline_officer").get("/accountability").text
    assert f"/accountability/{file_of(first)}" in visitor("supervisor").get(f"/cases/{number}").text


def test_form_is_shown_again_when_the_consequence_is_missing(visitor: Visitor, number: str) -> None:
    answer = opened(visitor, number, consequence="")
    assert answer.status_code == 422
    assert "三人受伤" in answer.text
    assert "hold_accountable-consequence-error" in answer.text


@pytest.mark.parametrize("who", ["handler", "organization_officer"])
def test_nobody_but_the_centre_opens_one(visitor: Visitor, number: str, who: str) -> None:
    opened(visitor, number)
    page = visitor(who).get(f"/cases/{number}")
    assert "hold_accountable" not in page.text
    answer = send(visitor(who), "/notices", f"/cases/{number}/hold_accountable", consequence="mass_incident", key="x")
    assert answer.status_code in (403, 404)


def test_officers_are_offered_findings_first(visitor: Visitor, number: str) -> None:
    file = file_of(opened(visitor, number))
    page = visitor("discipline_officer").get(f"/accountability/{file}").text
    assert re.search(r'<details class="command" open>\s*<summary>记录调查结论', page)
    assert "<b>问责决定</b>" in page
    assert "<b>完结归档</b>" in page
    watching = visitor("supervisor").get(f"/accountability/{file}").text
    assert "这份档案目前没有需要您办理的事。" in watching


def test_command_is_kept_on_the_page_when_the_engine_is_away(visitor: Visitor, number: str) -> None:
    file = file_of(opened(visitor, number))
    client = visitor("discipline_officer")
    path = f"/accountability/{file}"
    answer = send(client, path, f"{path}/record_findings", note="起因 <b>查明</b>", key="k1-record_findings")
    assert answer.status_code == 503
    assert "起因 &lt;b&gt;查明&lt;/b&gt;" in answer.text
    assert 'value="k1-record_findings"' in answer.text
    assert send(client, path, f"{path}/close", key="k2").status_code == 404


def test_file_of_another_unit_is_not_found(visitor: Visitor, number: str) -> None:
    file = file_of(opened(visitor, number))
    assert visitor("rehearsal.leader").get(f"/accountability/{file}").status_code == 404
    assert file not in visitor("rehearsal.leader").get("/accountability").text
    assert visitor("intake_clerk").get(f"/accountability/{file}").status_code == 404
    assert visitor("supervisor").get("/accountability?status=closed").status_code == 200
    assert visitor("supervisor").get("/accountability?status=lost").status_code == 422


def test_file_of_the_api_and_of_the_page_is_the_same(visitor: Visitor, number: str) -> None:
    file = file_of(opened(visitor, number))
    headers = {"Authorization": f"Bearer {token_of('supervisor')}"}
    told = visitor(None).get(f"/api/v1/accountability/{file}", headers=headers).json()
    assert (told["case"], told["consequence"], len(told["events"])) == (number, "safety_accident", 1)
