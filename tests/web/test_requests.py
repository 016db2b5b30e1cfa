"""Service requests on pages: found, applied for, worked on; every form as a browser sends it."""

import re
from typing import Any

import httpx
import pytest

from domain.vocabulary import Role, StepStatus
from tests.api.applications import ID_NUMBER, application
from tests.api.conftest import token_of
from tests.api.served import Served
from tests.web.conftest import Visitor, send
from tests.web.source import CHINESE
from web.language import COOKIE, Language, english
from web.words import NAMES

APPLY = "/items/rehearsal-service/apply"
FORM = {
    "kind": "person", "id_number": ID_NUMBER, "name": "李某某", "phone": "13800138000", "key": "one-application",
    "materials.rehearsal-form": "true", "materials.rehearsal-photo": "true",
}  # fmt: skip


def applied(client: httpx.Client, **changes: Any) -> dict[str, Any]:
    """A request, applied for over the API, as it was answered."""
    headers = {"Authorization": f"Bearer {token_of('intake_clerk')}"}
    answer = client.post("/api/v1/service-requests", json=application(**changes), headers=headers)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


@pytest.mark.parametrize("query", ["演练办件", "五个环节", "ylbj", "yanlian", "Rehearsal service", "rehearsal-service"])
def test_item_is_found_however_it_is_called(visitor: Visitor, query: str) -> None:
    client = visitor("intake_clerk")
    whole, part = (client.get(path, params={"q": query, "line": ""}) for path in ("/items", "/items-found"))
    for page in (whole, part):
        assert page.status_code == 200
        assert 'href="/items/rehearsal-service"' in page.text
    assert "<html" in whole.text
    assert "<html" not in part.text


def test_search_says_what_to_do_when_nothing_is_found(visitor: Visitor) -> None:
    assert "换一个说法试试" in visitor("intake_clerk").get("/items?q=zzzzzz").text


def test_item_shows_checklist_steps_chart_and_promise(visitor: Visitor) -> None:
    client = visitor("intake_clerk")
    page = client.get("/items/rehearsal-service").text
    for told in ("演练申请表", "受理审查", "上级审批", "参考 4 秒 至 8 秒", "80 秒", "120 秒", APPLY):
        assert told in page, told
    chart = re.search(r'<img src="(/api/[^"]*)"', page)
    assert chart is not None
    assert client.get(chart[1]).headers["content-type"] == "image/svg+xml"
    assert visitor("handler").get("/items/rehearsal-service").text.count(APPLY) == 0


def test_item_that_is_not_there_is_not_found(visitor: Visitor) -> None:
    client = visitor("intake_clerk")
    assert client.get("/items/no-such-item").status_code == 404
    assert client.get("/items/no-such-item/apply").status_code == 404


def test_application_is_taken_once_when_the_form_is_sent_twice(visitor: Visitor) -> None:
    client = visitor("intake_clerk")
    first, again = (send(client, APPLY, APPLY, **FORM) for _ in range(2))
    assert first.status_code == 303, first.text
    assert first.headers["location"] == again.headers["location"]
    receipt = client.get(first.headers["location"]).text
    for told in ("受理回执", "演练办件", "演练照片", "法定期限"):
        assert told in receipt, told


def test_receipt_names_what_is_missing(visitor: Visitor) -> None:
    client = visitor("intake_clerk")
    form = {name: value for name, value in FORM.items() if not name.startswith("materials.")}
    receipt = client.get(send(client, APPLY, APPLY, **form).headers["location"]).text
    assert "请补交" in receipt
    assert "□ 演练申请表" in receipt
    assert "材料收齐、交给第一个环节后开始计时。" in receipt


@pytest.mark.parametrize(("field", "value"), [("id_number", "123"), ("phone", "12"), ("grid", "nowhere")])
def test_fault_stands_at_its_field_when_an_application_is_refused(visitor: Visitor, field: str, value: str) -> None:
    client = visitor("intake_clerk")
    answer = send(client, APPLY, APPLY, **{**FORM, "name": "<b>李某某</b>", field: value})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert "&lt;b&gt;李某某&lt;/b&gt;" in answer.text
    assert re.search(r'name="materials\.rehearsal-form" value="true" checked', answer.text)


def test_register_fills_in_what_it_knows_and_says_so(visitor: Visitor) -> None:
    client = visitor("intake_clerk")
    send(client, APPLY, APPLY, **{**FORM, "address": "青柚路 8 号"})
    known = send(client, APPLY, APPLY, id_number=ID_NUMBER, name="", act="look_up", kind="person")
    assert known.status_code == 200
    assert "来自登记库" in known.text
    assert 'value="青柚路 8 号"' in known.text
    typed = send(client, APPLY, APPLY, id_number=ID_NUMBER, name="王某某", act="look_up", kind="person")
    assert 'value="王某某"' in typed.text


def test_look_of_a_number_that_is_none_is_refused_at_the_field(visitor: Visitor) -> None:
    client = visitor("intake_clerk")
    answer = send(client, APPLY, APPLY, id_number="123", act="look_up")
    assert answer.status_code == 422
    assert 'id="id_number-error"' in answer.text


def test_application_form_is_for_desks_only(visitor: Visitor) -> None:
    client = visitor("handler")
    assert client.get(APPLY).status_code == 403
    forged = send(client, "/notices", APPLY, **FORM)
    assert forged.status_code == 403
    assert visitor("intake_clerk").post(APPLY, data=FORM).status_code == 403  # no token of ours


def test_step_s_commands_are_offered_to_its_holder_only(visitor: Visitor) -> None:
    number = applied(visitor(None))["number"]
    ours = visitor("rehearsal.handler").get(f"/cases/{number}").text
    assert 'id="form-acknowledge-acceptance"' in ours
    assert 'id="form-acknowledge-survey"' not in ours  # not handed over yet
    centre = visitor("supervisor").get(f"/cases/{number}").text
    assert 'id="form-acknowledge-acceptance"' not in centre
    for form in ("form-urge-acceptance", "form-dispatch-acceptance", "form-suspend", "form-withdraw"):
        assert f'id="{form}"' in centre, form


def test_desk_that_waits_for_materials_is_asked_for_them_first(visitor: Visitor) -> None:
    number = applied(visitor(None), materials=[])["number"]
    page = visitor("intake_clerk").get(f"/cases/{number}").text
    first = page[page.index('<details class="command" open>') :]
    assert first.index('id="form-bring_materials"') < first.index("</details>")
    assert 'name="codes.rehearsal-form"' in page
    assert "补交期限" in page


def test_command_to_a_step_is_kept_on_the_page_when_the_engine_is_away(visitor: Visitor) -> None:
    client = visitor("rehearsal.handler")
    number = applied(client)["number"]
    page = f"/cases/{number}"
    answer = send(
        client, page, f"{page}/acknowledge", handler="rehearsal.handler", plan="当面核对", step="acceptance",
        key="k7-acknowledge-acceptance",
    )  # fmt: skip
    assert answer.status_code == 503
    assert "当面核对" in answer.text
    assert 'value="k7-acknowledge-acceptance"' in answer.text  # sent again it is the same command


def test_page_of_a_request_tells_every_step_and_hides_the_number_of_the_paper(visitor: Visitor) -> None:
    made = applied(visitor(None))
    page = visitor("supervisor").get(f"/cases/{made['number']}").text
    assert page.count('class="step-card') == len(made["steps"])
    assert sum(step["status"] == StepStatus.WAITING for step in made["steps"]) == page.count("step-card-ahead")
    assert ID_NUMBER not in page
    assert ID_NUMBER[-4:] in page


def test_pages_of_requests_are_complete_in_english(visitor: Visitor, pages: Served) -> None:
    made = applied(visitor(None))
    number, code = made["number"], made["tracking_code"]
    own = set(english()) - set(NAMES[Role].values())  # accounts and units are called so, too
    clerk = visitor("intake_clerk")
    clerk.cookies.set(COOKIE, Language.ENGLISH.value)
    paths = ("/items", "/items/rehearsal-service", APPLY, f"/cases/{number}", f"/cases/{number}/receipt",
             f"/track/{number}?code={code}", "/board", "/work")  # fmt: skip
    for path in paths:
        text = re.sub(r"<[^>]*>", "\n", clerk.get(path).text)
        said = {line.strip() for line in text.split("\n") if CHINESE.search(line)}
        assert said & own == set(), path
