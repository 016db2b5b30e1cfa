"""The pages of administration and of the own account: for whom they are, what they do, what they never tell."""

import json
import re

import httpx

from domain.vocabulary import Role
from tests.api.conftest import token_of
from tests.api.served import PASSWORD
from tests.api.test_calendar import notice
from tests.api.test_places import FIELD as FIELD_GRID
from tests.api.test_places import LIBRARY, box
from tests.launch.test_calendar import OFF, ON
from tests.web.conftest import Visitor, accept, send, token_in
from tests.web.source import CHINESE
from web.language import COOKIE, Language, english
from web.session import FIELD
from web.words import NAMES

PAGES = ("/admin", "/admin/accounts", "/admin/new-account", "/admin/accounts/handler", "/admin/keys", "/admin/units",
         "/admin/units/sanitation", "/admin/grids", "/admin/grids/qingyou-1", "/admin/log", "/admin/calendar",
         "/admin/calendar/2027", "/admin/calendar/progress")  # fmt: skip
FORMS = ("/admin/new-account", "/admin/accounts/handler", "/admin/accounts/handler/password", "/admin/keys",
         "/admin/keys/feed/revocation", "/admin/units", "/admin/units/sanitation", "/admin/grids",
         "/admin/grids/qingyou-1", "/admin/calendar/2027")  # fmt: skip
AUDITED = {"/admin", "/admin/log"}
OTHERS = [role for role in Role if role is not Role.ADMINISTRATOR]
_SECRET = re.compile(r'id="secret">([^<]+)<')


def entries(client: httpx.Client) -> list[dict[str, object]]:
    headers = {"Authorization": f"Bearer {token_of('auditor')}"}
    found: list[dict[str, object]] = client.get("/api/v1/admin-log", headers=headers).json()["items"]
    return found


def test_pages_are_the_administrators(visitor: Visitor) -> None:
    for role in Role:
        client = visitor(role.value)
        for path in PAGES:
            reads = role is Role.ADMINISTRATOR or (role is Role.AUDITOR and path in AUDITED)
            assert client.get(path).status_code == (200 if reads else 403), (role, path)
        links = re.findall(r'href="(/admin)"', client.get("/account").text)
        assert links == (["/admin"] if role in (Role.ADMINISTRATOR, Role.AUDITOR) else [])


def test_form_without_token_or_right_changes_nothing(visitor: Visitor) -> None:
    body = {"name": "x", "active": "false", "code": "x", "kind": "desk", "unit": "sanitation", "roles.handler": "true"}
    for path in FORMS:
        assert visitor("administrator").post(path, data=body).status_code == 403, path
        assert visitor(None).post(path, data=body).status_code in (303, 403), path
    for role in OTHERS:
        client = visitor(role.value)
        ours = {**body, FIELD: token_in(client.get("/account").text)}
        for path in FORMS:
            assert client.post(path, data=ours).status_code == 403, (role, path)
    assert entries(visitor(None)) == []


def test_pages_tell_nothing_of_cases(visitor: Visitor) -> None:
    client = visitor("administrator")
    number = accept(client, description="只有承办单位看得到的话")
    for path in PAGES:
        page = client.get(path).text
        assert number not in page
        assert "只有承办单位看得到的话" not in page
    assert client.get(f"/cases/{number}").status_code == 404


def test_english_pages_say_nothing_of_ours_in_chinese(visitor: Visitor) -> None:
    client = visitor("administrator")
    client.cookies.set(COOKIE, Language.ENGLISH.value)
    own = set(english()) - set(NAMES[Role].values()) - {"公安"}  # accounts and units are called so, too
    send(client, "/admin/units/sanitation", "/admin/units/sanitation", form="change", name="环卫所")
    for path in (*PAGES, "/account"):
        text = re.sub(r"<[^>]*>", "\n", client.get(path).text)
        said = {line.strip() for line in text.split("\n") if CHINESE.search(line)}
        assert said & own == set(), path


def test_account_is_added_and_its_password_is_shown_once(visitor: Visitor) -> None:
    client = visitor("administrator")
    wanted = {
        "username": "new.handler",
        "name": "新处理员",
        "unit": "sanitation",
        "roles.": "",
        "roles.handler": "true",
    }
    shown = send(client, "/admin/new-account", "/admin/new-account", **wanted)
    secret = _SECRET.search(shown.text)
    assert secret is not None
    assert _SECRET.search(client.get("/admin/accounts/new.handler").text) is None
    other = visitor(None)
    assert send(other, "/signin", "/signin", username="new.handler", password=secret[1]).status_code == 303
    assert other.get("/work").status_code == 200
    again = send(client, "/admin/new-account", "/admin/new-account", **wanted)
    assert again.status_code == 409
    assert "这个用户名" in again.text
    assert 'value="new.handler"' in again.text


def test_form_comes_back_with_what_was_in_it(visitor: Visitor) -> None:
    client = visitor("administrator")
    wanted = {"username": "Wrong Name", "name": "某某", "unit": "sanitation", "roles.": ""}
    sent = send(client, "/admin/new-account", "/admin/new-account", **wanted)
    assert sent.status_code == 422
    assert 'value="Wrong Name"' in sent.text
    assert sent.text.count('aria-invalid="true"') == 2


def test_deactivated_account_is_out_at_once_and_may_come_back(visitor: Visitor) -> None:
    client, handler = visitor("administrator"), visitor("handler")
    page = "/admin/accounts/handler"
    assert send(client, page, page, form="active", active="false").status_code == 303
    assert handler.get("/work").status_code == 303
    assert "停用" in client.get("/admin/accounts?active=false").text
    assert send(client, page, page, form="active", active="true").status_code == 303
    assert send(visitor(None), "/signin", "/signin", username="handler", password=PASSWORD).status_code == 303


def test_last_administrator_is_told_why_it_stays(visitor: Visitor) -> None:
    client, page = visitor("administrator"), "/admin/accounts/administrator"
    refused = send(client, page, page, form="active", active="false")
    assert refused.status_code == 409
    assert "最后一个在用的管理员" in refused.text
    refused = send(
        client,
        page,
        page,
        form="change",
        name="管理员",
        unit="supervision-centre",
        **{"roles.": "", "roles.auditor": "true"},
    )
    assert refused.status_code == 409
    assert client.get("/admin").status_code == 200


def test_password_is_reset_and_shown_once(visitor: Visitor) -> None:
    client, handler = visitor("administrator"), visitor("handler")
    shown = send(client, "/admin/accounts/handler", "/admin/accounts/handler/password")
    secret = _SECRET.search(shown.text)
    assert secret is not None
    assert shown.headers["cache-control"] == "no-store"
    assert handler.get("/work").status_code == 303
    assert secret[1] not in client.get("/admin/log").text
    assert "重设密码" in client.get("/admin/log").text


def test_key_is_made_shown_once_and_revoked(visitor: Visitor) -> None:
    client = visitor("administrator")
    wanted = {"name": "feed", "unit": "intake-desk", "roles.": "", "roles.intake_clerk": "true"}
    made = _SECRET.search(send(client, "/admin/keys", "/admin/keys", **wanted).text)
    assert made is not None
    headers = {"Authorization": f"Bearer {made[1]}"}
    assert client.get("/api/v1/cases", headers=headers).status_code == 200
    assert made[1] not in client.get("/admin/keys").text
    assert send(client, "/admin/keys", "/admin/keys/feed/revocation").status_code == 303
    assert client.get("/api/v1/cases", headers=headers).status_code == 401


def test_unit_is_added_renamed_and_closed(visitor: Visitor) -> None:
    client = visitor("administrator")
    assert (
        send(client, "/admin/units", "/admin/units", **LIBRARY).headers["location"]
        == "/admin/units/street-library?done=1"
    )
    page = "/admin/units/street-library"
    changes = {"form": "change", "name": "图书馆", "name_en": "", "line": "", "parent": ""}
    assert send(client, page, page, **changes).status_code == 303
    assert "图书馆" in client.get("/admin/units").text
    assert send(client, page, page, form="active", active="false").status_code == 303
    refused = send(client, "/admin/units/street-office", "/admin/units/street-office", form="active", active="false")
    assert refused.status_code == 409
    assert "下级单位" in refused.text
    assert visitor("supervisor").get("/board").text.count(">图书馆<") <= 1


def test_grid_is_drawn_and_overlap_is_told(visitor: Visitor) -> None:
    client = visitor("administrator")
    wanted = {
        **FIELD_GRID,
        "boundary": json.dumps(box(105.105, 30.405, 105.13, 30.42)),
        "officer": "",
        "officer_phone": "000-555001",
    }
    refused = send(client, "/admin/grids", "/admin/grids", **wanted)
    assert refused.status_code == 422
    made = send(client, "/admin/grids", "/admin/grids", **{**wanted, "officer_phone": "12345"})
    assert made.headers["location"] == "/admin/grids/field-1?done=1"
    shown = client.get("/admin/grids/field-1").text
    assert "边界与其他网格重叠" in shown
    assert '<polygon points="' in shown
    assert " style=" not in shown
    page, same = "/admin/grids/field-1", {"form": "change", "name": "空地", "unit": "qingyou-community"}
    kept = send(client, page, page, **same, officer="grid_officer", officer_phone="", boundary="")
    assert kept.status_code == 303
    assert '<polygon points="' in client.get("/admin/grids/field-1").text
    bad = send(client, page, page, **same, boundary="{not json")
    assert bad.status_code == 422
    assert "{not json" in bad.text


def test_own_password_is_changed_with_the_old_one(visitor: Visitor) -> None:
    client, elsewhere = visitor("handler"), visitor(None)
    send(elsewhere, "/signin", "/signin", username="handler", password=PASSWORD)
    wanted = {"old": PASSWORD, "new": "another-password", "again": "another-password"}
    for wrong in ({"old": "no"}, {"again": "something else"}, {"new": "short", "again": "short"}):
        refused = send(client, "/account", "/account/password", **{**wanted, **wrong})
        assert refused.status_code == 422
        assert "密码没有更改" in refused.text
        assert "another-password" not in refused.text
    assert send(client, "/account", "/account/password", **wanted).status_code == 303
    assert client.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303
    assert send(visitor(None), "/signin", "/signin", username="handler", password="another-password").status_code == 303


def test_own_session_elsewhere_is_ended(visitor: Visitor) -> None:
    client, elsewhere = visitor("handler"), visitor(None)
    send(elsewhere, "/signin", "/signin", username="handler", password=PASSWORD)
    found = re.findall(r'data-session="(\w+)">\s*<p>(<span)?', client.get("/account").text)
    assert len(found) == 2
    other = next(id for id, current in found if not current)
    assert send(client, "/account", f"/account/sessions/{other}/end").status_code == 303
    assert elsewhere.get("/account").status_code == 303
    assert client.get("/account").status_code == 200


def test_notice_is_loaded_and_its_year_is_drawn(visitor: Visitor) -> None:
    client, page = visitor("administrator"), "/admin/calendar/2027"
    assert "尚无通知" in client.get(page).text
    wrong = send(client, page, page, text=notice(OFF, ON, "2027-10-08,x,2", "nonsense")["text"])
    assert wrong.status_code == 422
    assert "第 28 行" in wrong.text
    assert "第 29 行" in wrong.text
    assert "2027-10-08,x,2" in wrong.text
    assert send(client, page, page, text=notice()["text"]).headers["location"] == f"{page}?done=1"
    shown = client.get(page).text
    assert "247 个工作日" in shown
    assert 'title="调休 调休上班"' in shown
    refused = send(client, page, page, text=notice(OFF, ON[1:])["text"])
    assert refused.status_code == 409
    assert "已有通知" in refused.text
    assert send(client, page, page, text=notice(OFF, ON[1:])["text"], replace="true").status_code == 303
    assert client.get("/admin/calendar/20x7").status_code == 404


def test_what_nobody_touched_is_not_judged_again(visitor: Visitor) -> None:
    client, page = visitor("administrator"), "/admin/grids/qingyou-1"
    same = {"form": "change", "unit": "qingyou-community", "officer_phone": "000-555001", "name_en": "Qingyou grid 1"}
    assert send(client, page, page, **same, name="青柚一格").status_code == 303
    assert entries(client)[0]["after"] == {"name": "青柚一格"}


def test_grid_whose_officer_has_left_is_counted_and_marked(visitor: Visitor) -> None:
    client, page = visitor("administrator"), "/admin/grids/qingyou-1"
    same = {"form": "change", "unit": "qingyou-community", "name": "青柚第一网格", "name_en": "Qingyou grid 1"}
    send(client, page, page, **same, officer="grid_officer", officer_phone="000-555001")
    row = re.compile(r'data-row="qingyou-1">.*?</tr>', re.DOTALL)
    assert "账号已停用" not in row.findall(client.get("/admin/grids").text)[0]
    send(client, "/admin/accounts/grid_officer", "/admin/accounts/grid_officer", form="active", active="false")
    assert "账号已停用" in row.findall(client.get("/admin/grids").text)[0]
