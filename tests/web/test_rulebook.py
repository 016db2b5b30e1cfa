"""Pages of the rulebook's versions: read by everybody, changed by form, scheduled and taken back by administrators."""

import re
from urllib.parse import quote

import pytest

from tests.api.test_rulebook_versions import NEW, packed
from tests.web.conftest import Visitor, send, token_in
from web.session import FIELD

HOME = "/admin/rulebook"
LIMITS = {
    "limit": "2", "limit.unit": "hours", "acknowledgement": "5", "acknowledgement.unit": "seconds",
    "extension_lead": "20", "extension_lead.unit": "seconds", "yellow_lead": "8", "yellow_lead.unit": "seconds",
    "points": "",
}  # fmt: skip


def test_whoever_watches_reads_and_compares_and_finds_no_form(visitor: Visitor) -> None:
    for who in ("supervisor", "auditor", "organization_officer", "unit_leader"):
        client = visitor(who)
        page = client.get(HOME)
        assert page.status_code == 200
        assert "现行规则" in page.text
        assert "上传并检查" not in page.text
        version = re.findall(r'href="(/admin/rulebook/versions/[^"]+)"', page.text)[0]
        assert "演练事项" in client.get(version).text
        assert client.get(f"{HOME}/compare").status_code == 200
        assert client.get(f"{HOME}/change").status_code == 403
        assert send(client, "/notices", f"{version}/schedule").status_code == 403


def test_limit_is_changed_by_form_compared_scheduled_and_taken_back(visitor: Visitor) -> None:
    client = visitor("administrator")
    change = f"{HOME}/change?scope=rehearsal"
    assert 'name="limit" value="40"' in client.get(change).text
    answer = send(client, change, f"{HOME}/change", scope="rehearsal", version="2026.2", **LIMITS)
    assert answer.status_code == 303, answer.text
    draft = answer.headers["location"].partition("?")[0]
    page = client.get(draft).text
    assert "2 处变化" in page
    assert re.search(r"<del>40 秒</del>.*<ins>2 小时</ins>", page)
    assert re.search(r"<del>2</del>.*<ins>5</ins>", page), "its own points are taken away: the general ones count"
    answer = send(client, draft, f"{draft}/schedule", effective_from="2020-01-01T00:00")
    assert answer.status_code == 422
    assert "已经过去" in answer.text
    answer = send(client, draft, f"{draft}/schedule", effective_from="2027-03-01T00:00")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{draft}?done=scheduled")
    assert "2027-03-01 00:00" in client.get(HOME).text
    assert "已排定" in client.get(f"{draft}?done=scheduled").text
    assert send(client, draft, f"{draft}/withdraw").status_code == 303
    assert "已撤回" in client.get(draft).text
    assert send(client, draft, f"{draft}/withdraw").status_code == 409
    assert "排定规则版本" in client.get("/admin/log").text


def test_value_that_is_none_is_told_at_its_field_and_what_was_typed_stays(visitor: Visitor) -> None:
    client = visitor("administrator")
    answer = send(
        client, f"{HOME}/change?scope=rehearsal", f"{HOME}/change", scope="rehearsal", version="2026.2",
        **LIMITS | {"limit": "soon", "yellow_lead": "7"},
    )  # fmt: skip
    assert answer.status_code == 422
    assert 'id="limit-error"' in answer.text
    assert 'name="limit" value="soon"' in answer.text
    assert 'name="yellow_lead" value="7"' in answer.text


@pytest.mark.parametrize("scope", ["general", "services"])
def test_what_is_sent_as_it_was_shown_changes_nothing(visitor: Visitor, scope: str) -> None:
    client = visitor("administrator")
    page = client.get(f"{HOME}/change?scope={scope}").text
    values = dict(re.findall(r'<input id="([a-z_]+)" name="[a-z_]+" value="([^"]*)"', page))
    units = dict(re.findall(r'name="([a-z_]+\.unit)".*?value="([^"]*)" selected', page, re.DOTALL))
    answer = client.post(f"{HOME}/change", data={FIELD: token_in(page), "scope": scope, **values, **units})
    assert answer.status_code == 303, answer.text
    assert "规则相同" in client.get(answer.headers["location"]).text


def test_files_are_checked_and_every_fault_is_shown(visitor: Visitor) -> None:
    client = visitor("administrator")
    token = token_in(client.get(HOME).text)
    bad = packed(categories=("limit: 40 seconds", "limit: 40 secunds"))
    answer = client.post(HOME, data={FIELD: token}, files={"file": ("rules.zip", bad)})
    assert answer.status_code == 422
    assert "categories.yaml:" in answer.text
    assert "40 secunds" in answer.text
    answer = client.post(HOME, data={FIELD: token}, files={"file": ("rules.zip", packed(rulebook=NEW))})
    assert answer.status_code == 303
    page = answer.headers["location"].partition("?")[0]
    assert "规则相同" in client.get(page).text
    assert send(client, page, f"{page}/drop").headers["location"] == f"{HOME}?done=dropped"
    assert client.get(page).status_code == 404


def test_upload_without_our_token_or_by_others_is_refused(visitor: Visitor) -> None:
    files = {"file": ("rules.zip", packed(rulebook=NEW))}
    for who in ("administrator", "supervisor"):
        client = visitor(who)
        client.get("/notices")
        assert client.post(HOME, data={FIELD: "0" * 64}, files=files).status_code == 403


def test_version_is_named_in_english_too(visitor: Visitor) -> None:
    client = visitor("supervisor")
    client.cookies.set("bihuan_language", "en")
    page = client.get(HOME).text
    assert "Rules in force" in page
    version = re.findall(r'href="(/admin/rulebook/versions/[^"]+)"', page)[0]
    assert "40 s<" in client.get(version).text
    assert quote("+", safe="") in version
