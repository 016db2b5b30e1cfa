"""What keeps a browser safe: headers, cookies, tokens of forms, escaping, no way out by our links."""

import httpx
import pytest

from api.auth import COOKIE
from tests.api.conftest import token_of
from tests.api.served import PASSWORD, Served
from tests.web.conftest import Visitor, accept, send, token_in
from web.session import FIELD, SEED_COOKIE, local

POLICY = "default-src 'self'"
WILD = (
    "<script>alert(1)</script> <img src=x onerror=alert(2)> \"'` {{ 7*7 }} "
    "\u202eright to left\u202c 🚧👷\u200d♀️ العربية 第三号楼 " + "很长的文字" * 720
)[:3700]


def test_every_page_forbids_foreign_and_inline_content(visitor: Visitor) -> None:
    for who, path in [(None, "/signin"), ("supervisor", "/board"), ("handler", "/work"), (None, "/track")]:
        answer = visitor(who).get(path)
        assert answer.status_code == 200
        assert answer.headers["content-security-policy"].startswith(POLICY)
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert " style=" not in answer.text
        assert "<script>" not in answer.text


def test_session_is_kept_in_a_cookie_that_no_script_reads(visitor: Visitor) -> None:
    client = visitor(None)
    answer = send(client, "/signin", "/signin", username="supervisor", password=PASSWORD, next="/board")
    assert (answer.status_code, answer.headers["location"]) == (303, "/board")
    cookie = next(line for line in answer.headers.get_list("set-cookie") if line.startswith(COOKIE))
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert client.get("/board").status_code == 200


def test_cookie_is_secure_when_the_page_came_over_https(pages: Served) -> None:
    transport = httpx.ASGITransport(app=pages.app)

    async def look() -> str:
        async with httpx.AsyncClient(transport=transport, base_url="https://bihuan.example") as client:
            return (await client.get("/signin")).headers["set-cookie"]

    import asyncio

    assert "Secure" in asyncio.run(look())


def test_session_ends_everywhere_when_its_owner_signs_out(visitor: Visitor) -> None:
    client, other = visitor("handler"), visitor("handler")
    assert send(client, "/notices", "/signout").status_code == 303
    answer = other.get("/work")
    assert (answer.status_code, answer.headers["location"]) == (303, "/signin?next=%2Fwork")


def test_wrong_password_is_told_and_nothing_is_opened(visitor: Visitor) -> None:
    client = visitor(None)
    answer = send(client, "/signin", "/signin", username="supervisor", password="not-the-password")
    assert answer.status_code == 401
    assert "用户名或密码不对" in answer.text
    assert COOKIE not in client.cookies


@pytest.mark.parametrize("token", [None, "", "0" * 64, "of another browser"])
def test_form_without_our_token_changes_nothing(visitor: Visitor, token: str | None) -> None:
    client = visitor("supervisor")
    number = accept(client)
    if token == "of another browser":
        token = token_in(visitor("supervisor").get("/notices").text)
    client.get("/notices")
    data = {"note": "x"} | ({FIELD: token} if token is not None else {})
    answer = client.post(f"/cases/{number}/urge", data=data)
    assert answer.status_code == 403
    assert "form_expired" in answer.text
    headers = {"Authorization": f"Bearer {token_of('supervisor')}"}
    events = client.get(f"/api/v1/cases/{number}/events", headers=headers).json()["items"]
    assert "urged" not in {event["type"] for event in events}


def test_token_of_a_form_does_not_open_the_api(visitor: Visitor) -> None:
    client = visitor("supervisor")
    token = token_in(client.get("/notices").text)
    answer = client.post("/api/v1/incidents", json={}, headers={"X-Form-Token": token})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "evil",
        "/a\nb",
        "",
        "http:x",
    ],
)
def test_nobody_is_sent_away_by_our_links(visitor: Visitor, path: str) -> None:
    assert local(path) == "/"
    client = visitor(None)
    answer = client.get("/language/en", params={"back": path})
    assert answer.headers["location"] == "/"
    answer = send(client, "/signin", "/signin", username="handler", password=PASSWORD, next=path)
    assert answer.headers["location"] == "/"


def test_wild_text_is_shown_as_text(visitor: Visitor) -> None:
    client = visitor("supervisor")
    number = accept(client, description=WILD)
    for path in (f"/cases/{number}", "/board", "/cases"):
        shown = client.get(path).text
        assert "<script>alert" not in shown
        assert "onerror=alert(2)>" not in shown.replace("&gt;", "")
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
        assert " 49 " not in shown
    assert "العربية" in client.get(f"/cases/{number}").text


def test_case_of_others_looks_as_if_it_were_not_there(visitor: Visitor) -> None:
    number = accept(visitor(None))
    hidden, missing = visitor("handler").get(f"/cases/{number}"), visitor("handler").get("/cases/SJ261123-9999999")
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert number not in hidden.text.replace(f"back=/cases/{number}", "").replace(f"back=%2Fcases%2F{number}", "")


def test_session_cookie_is_not_renewed_by_reading(visitor: Visitor) -> None:
    answer = visitor("handler").get("/work")
    kept = [line for line in answer.headers.get_list("set-cookie") if not line.startswith(SEED_COOKIE)]
    assert kept == []


def test_token_of_a_form_never_reads_the_same_and_counts_each_time(visitor: Visitor) -> None:
    client = visitor("handler")
    first, second = (token_in(client.get("/notices").text) for _ in range(2))
    assert first != second
    for token in (first, second):
        assert client.post("/notices/read", data={FIELD: token, "notices": ""}).status_code == 303
    for wrong in ("", first[:-2], first[:64] + second[64:], "0" * 128, "水" * 128):
        assert client.post("/notices/read", data={FIELD: wrong, "notices": ""}).status_code == 403


def test_page_is_sent_packed_to_a_browser_that_takes_it_so(visitor: Visitor) -> None:
    client = visitor("supervisor")
    plain = client.get("/units", headers={"Accept-Encoding": "identity"})
    packed = client.get("/units", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert plain.headers["vary"] == packed.headers["vary"] == "Accept-Encoding"
    assert int(packed.headers["content-length"]) * 3 < len(plain.content)
    assert packed.text.count("<tr") == plain.text.count("<tr")
