"""Personal data on pages: masked, shown once for a reason, and the log of it for whoever reviews."""

from typing import Any

import httpx

from tests.web.conftest import Visitor, accept, token_in
from tests.web.test_requests import applied
from web.session import FIELD

PHONE, MASKED = "+8613800138000", "+86*******8000"


def asked(client: httpx.Client, number: str, **fields: Any) -> httpx.Response:
    token = token_in(client.get(f"/cases/{number}").text)
    return client.post(f"/cases/{number}/contact", data={FIELD: token, **fields})


def test_reporter_is_shown_once_and_only_for_a_reason(visitor: Visitor) -> None:
    client = visitor("supervisor")
    number = accept(client)
    before = client.get(f"/cases/{number}").text
    assert MASKED in before
    assert PHONE not in before
    refused = asked(client, number, note="没有用途")
    assert (refused.status_code, PHONE in refused.text, "没有用途" in refused.text) == (422, False, True)
    shown = asked(client, number, purpose="contact", note="核实位置")
    assert shown.status_code == 200
    assert f'href="tel:{PHONE}"' in shown.text
    assert "只显示这一次" in shown.text
    assert shown.headers["cache-control"] == "no-store"
    assert PHONE not in client.get(f"/cases/{number}").text


def test_applicant_is_masked_and_shown_for_a_reason(visitor: Visitor) -> None:
    client = visitor("rehearsal.handler")
    number = applied(client)["number"]
    assert "李某某" not in client.get(f"/cases/{number}").text
    shown = asked(client, number, purpose="verify_identity").text
    assert "李某某" in shown
    assert "居民身份证" in shown


def test_nobody_is_offered_what_they_may_not_see(visitor: Visitor) -> None:
    number = accept(visitor(None))
    for who in ("rehearsal.handler", "auditor", "statistician"):
        client = visitor(who)
        assert 'id="form-contact"' not in client.get(f"/cases/{number}").text
        assert asked(client, number, purpose="contact").status_code == 403


def test_log_tells_who_looked_why_and_at_what(visitor: Visitor) -> None:
    client = visitor("supervisor")
    number = accept(client)
    asked(client, number, purpose="complaint", note="<b>群众来电</b>")
    for who in ("auditor", "discipline_officer"):
        page = visitor(who).get("/looks").text
        for told in (number, "处理投诉", "&lt;b&gt;群众来电", "姓名、电话"):
            assert told in page, told
        assert PHONE not in page
        assert 'href="/looks"' in page
    auditor = visitor("auditor")
    assert number not in auditor.get("/looks?username=handler").text
    assert number in auditor.get("/looks?username=supervisor&first=2020-01-01&last=2999-12-31").text
    assert auditor.get("/looks?first=2020-13-45").status_code == 422
    assert visitor("supervisor").get("/looks").status_code == 403
    assert number not in visitor("rehearsal.leader").get("/looks").text
