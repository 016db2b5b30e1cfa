"""Every page of every role, in both languages; errors that say what to do; files that are kept."""

import re

import pytest

from domain.vocabulary import Role
from tests.api.applications import application
from tests.api.conftest import token_of
from tests.api.served import Served
from tests.web.conftest import Visitor, accept, send
from tests.web.source import CHINESE
from web.files import files
from web.language import COOKIE, Language, english
from web.words import NAMES

HOMES = {
    Role.INTAKE_CLERK: "/desk/incident",
    Role.GRID_OFFICER: "/officer",
    Role.HANDLER: "/work",
    Role.UNIT_LEADER: "/work",
    Role.SUPERVISOR: "/board",
    Role.ORGANIZATION_OFFICER: "/interviews",
    Role.DISCIPLINE_OFFICER: "/interviews",
    Role.STATISTICIAN: "/cases",
    Role.AUDITOR: "/board",
    Role.ADMINISTRATOR: "/admin",
}
FIRST_LOAD = 150_000
RESIDENTS_LOAD = 50_000
_LINK = re.compile(r'<nav class="nav".*?</nav>', re.DOTALL)
_FILE = re.compile(r"/static/([\w.]+)\?v=")
_HREF = re.compile(r'href="(/[^"]*)"')


def test_every_role_has_a_home() -> None:
    assert set(HOMES) == set(Role)


@pytest.mark.parametrize("role", HOMES)
def test_home_leads_to_the_role_s_own_page_and_every_link_there_opens(visitor: Visitor, role: Role) -> None:
    client = visitor(role.value)
    accept(client)
    home = client.get("/")
    assert (home.status_code, home.headers["location"]) == (303, HOMES[role])
    for path in navigation(client.get(HOMES[role]).text):
        assert client.get(path).status_code == 200, path


def navigation(page: str) -> list[str]:
    found = _LINK.search(page)
    assert found is not None
    return _HREF.findall(found[0])


@pytest.mark.parametrize(
    "role", [Role.SUPERVISOR, Role.HANDLER, Role.INTAKE_CLERK, Role.DISCIPLINE_OFFICER, Role.GRID_OFFICER]
)
def test_english_page_says_nothing_of_ours_in_chinese(visitor: Visitor, role: Role) -> None:
    client = visitor(role.value)
    number = accept(client, category="exposed-rubbish")
    client.cookies.set(COOKIE, Language.ENGLISH.value)
    own = set(english()) - set(NAMES[Role].values()) - {"公安"}  # accounts and units are called so, too
    for path in [*navigation(client.get(HOMES[role]).text), f"/cases/{number}"]:
        page = client.get(path)
        text = re.sub(r"<[^>]*>", "\n", page.text)
        said = {line.strip() for line in text.split("\n") if CHINESE.search(line)}
        assert said & own == set(), path
        assert '<html lang="en"' in page.text


def test_language_is_kept_when_it_was_chosen(visitor: Visitor) -> None:
    client = visitor(None)
    assert '<html lang="zh-CN"' in client.get("/signin").text
    client.get("/language/en?back=/signin")
    assert '<html lang="en"' in client.get("/signin").text
    client.get("/language/xx")
    assert '<html lang="en"' in client.get("/signin").text


@pytest.mark.parametrize("path", ["/board", "/work", "/cases", "/cases/SJ261123-0000001", "/units", "/notices"])
def test_whoever_is_not_signed_in_is_sent_to_sign_in_and_back(visitor: Visitor, path: str) -> None:
    answer = visitor(None).get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/signin?next=%2F")


def test_fragment_of_an_ended_session_leads_to_sign_in(visitor: Visitor) -> None:
    answer = visitor(None).get("/board/lanes", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/signin")


@pytest.mark.parametrize(
    ("path", "status"),
    [("/nowhere", 404), ("/cases/SJ000000-0000000", 404), ("/cases?cursor=nonsense", 422), ("/cases?light=blue", 422),
     ("/board?rows=9999", 422), ("/units/no-such-unit", 404), ("/interviews/none", 404), ("/work?answer=none", 404)],
)  # fmt: skip
def test_error_says_what_happened_what_was_kept_and_what_to_do(visitor: Visitor, path: str, status: int) -> None:
    answer = visitor("supervisor").get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert "什么都没有改变。" in answer.text
    assert '<a href="/">' in answer.text


def test_problem_of_the_api_stays_a_problem(visitor: Visitor) -> None:
    answer = visitor(None).get("/api/v1/cases")
    assert answer.headers["content-type"] == "application/problem+json"


def test_command_is_kept_on_the_page_when_the_engine_is_away(visitor: Visitor) -> None:
    client = visitor("supervisor")
    number = accept(client)
    answer = send(client, f"/cases/{number}", f"/cases/{number}/urge", note="请尽快 <b>处理</b>", key="k1-urge")
    assert answer.status_code == 503
    assert "请尽快 &lt;b&gt;处理&lt;/b&gt;" in answer.text
    assert 'value="k1-urge"' in answer.text  # sent again it is the same command


def test_service_request_is_shown_with_its_steps(visitor: Visitor) -> None:
    client = visitor("supervisor")
    headers = {"Authorization": f"Bearer {token_of('intake_clerk')}"}
    answer = client.post("/api/v1/service-requests", json=application(), headers=headers)
    assert answer.status_code == 201, answer.text
    number, steps = answer.json()["number"], answer.json()["steps"]
    for language in Language:
        client.cookies.set(COOKIE, language.value)
        page = client.get(f"/cases/{number}")
        assert page.status_code == 200
        assert all(step["name_en" if language is Language.ENGLISH else "name"] in page.text for step in steps)
    for path in ("/board", "/cases", "/notices"):
        assert client.get(path).status_code == 200
    assert client.get("/board").text.count(number) > 0


def test_command_of_another_role_is_refused_with_a_page(visitor: Visitor) -> None:
    number = accept(visitor(None))
    client = visitor("supervisor")
    answer = send(client, f"/cases/{number}", f"/cases/{number}/acknowledge", handler="handler", plan="x")
    assert answer.status_code == 403
    assert "这一步不能由您来做" in answer.text


def test_report_is_taken_once_when_the_form_is_sent_twice(visitor: Visitor) -> None:
    client = visitor("intake_clerk")
    form = {"category": "exposed-rubbish", "description": "垃圾没有清运", "grid": "qingyou-1", "source": "desk",
            "anonymous": "true", "key": "one-form"}  # fmt: skip
    first = send(client, "/desk/incident", "/desk/incident", **form)
    again = send(client, "/desk/incident", "/desk/incident", **form)
    assert first.status_code == 303
    assert first.headers["location"] == again.headers["location"]
    receipt = client.get(first.headers["location"])
    assert receipt.status_code == 200
    assert "受理回执" in receipt.text


def test_danger_stops_the_form_until_somebody_was_called(visitor: Visitor) -> None:
    client = visitor("intake_clerk")
    form = {"category": "exposed-rubbish", "description": "有人持刀", "grid": "qingyou-1", "source": "hotline",
            "anonymous": "true", "danger": "true", "key": "danger"}  # fmt: skip
    stopped = send(client, "/desk/incident", "/desk/incident", **form)
    assert stopped.status_code == 422
    for number in ("tel:110", "tel:119", "tel:120"):
        assert number in stopped.text
    assert "有人持刀" in stopped.text
    assert send(client, "/desk/incident", "/desk/incident", **form, called="true").status_code == 303


def test_faults_stand_at_their_fields_when_a_report_is_refused(visitor: Visitor) -> None:
    client = visitor("intake_clerk")
    answer = send(
        client, "/desk/incident", "/desk/incident", category="exposed-rubbish", description="x", source="desk",
        reporter_phone="12", key="faults",
    )  # fmt: skip
    assert answer.status_code == 422
    assert 'id="reporter_phone-error"' in answer.text
    assert 'id="grid-error"' in answer.text


def test_resident_follows_a_case_without_account_or_script(pages: Served, visitor: Visitor) -> None:
    client = visitor(None)
    number = accept(client)
    code = pages.app.state.house.tracking_code(number)
    form = client.get("/track", params={"number": number.lower(), "code": code})
    assert form.status_code == 303
    way = client.get(form.headers["location"])
    assert way.status_code == 200
    assert number in way.text
    assert "<script" not in way.text
    weight = len(way.content) + len(files()["bihuan.css"].content) + len(files()["mark.svg"].content)
    assert weight < RESIDENTS_LOAD


def test_resident_reads_who_has_the_case_in_the_language_of_the_page(pages: Served, visitor: Visitor) -> None:
    client = visitor(None)
    number = accept(client)
    code = pages.app.state.house.tracking_code(number)
    assert "望桐街道" in client.get(f"/track/{number}", params={"code": code}).text
    client.cookies.set(COOKIE, Language.ENGLISH.value)
    assert "望桐街道" not in client.get(f"/track/{number}", params={"code": code}).text


def test_wrong_code_and_unknown_number_look_the_same(visitor: Visitor) -> None:
    number = accept(visitor(None))
    wrong = visitor(None).get(f"/track/{number}", params={"code": "AAAAAAAAAA"})
    unknown = visitor(None).get("/track/SJ261123-9999999", params={"code": "AAAAAAAAAA"})
    assert (wrong.status_code, unknown.status_code) == (404, 404)
    assert "编号和查询码对不上" in wrong.text
    assert "编号和查询码对不上" in unknown.text


def test_first_load_of_a_page_is_light(visitor: Visitor) -> None:
    client = visitor("supervisor")
    for _ in range(30):
        accept(client)
    for path in ("/board", "/cases", "/triage"):
        assert first_load(client.get(path).text) < FIRST_LOAD


def first_load(page: str) -> int:
    """Bytes of a page and of every file that it names, none of them packed."""
    return len(page.encode()) + sum(len(files()[name].content) for name in set(_FILE.findall(page)))


def test_file_is_kept_for_good_under_its_version_only(visitor: Visitor) -> None:
    client, file = visitor(None), files()["bihuan.css"]
    current = client.get(f"/static/bihuan.css?v={file.version}")
    assert "immutable" in current.headers["cache-control"]
    assert current.headers["content-encoding"] == "gzip"
    assert current.content == file.content
    assert "immutable" not in client.get("/static/bihuan.css?v=old").headers["cache-control"]
    assert client.get("/static/../web/app.py").status_code == 404
    assert client.get("/static/nothing.js").status_code == 404
