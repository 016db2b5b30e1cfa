"""A grid officer's phone pages without a browser's help: who may, what is taken, what is refused, what stays (D4)."""

import json
import re
from typing import Any

import httpx

from api.auth import COOKIE
from domain.vocabulary import CaseStatus, Role, Source
from tests.api.conftest import token_of
from tests.api.served import Served, key, report
from tests.api.test_attachments import PDF, PNG
from tests.web.conftest import Visitor, accept, send, token_in
from tests.web.test_pages import FIRST_LOAD, first_load
from web.language import COOKIE as LANGUAGE
from web.officer import SHELL_FILES
from web.session import FIELD, HEADER

OFFICER = Role.GRID_OFFICER.value
WORDS = "垃圾箱旁堆满装修垃圾，盲道走不过去。"
_NUMBER = re.compile(r"SJ\d{6}-\d{7}")


def typed(**changes: str) -> dict[str, str]:
    return {"category": "occupied-road", "description": WORDS, "grid": "qingyou-1", "key": key(), **changes}


def bring(client: httpx.Client, *photos: bytes, **fields: str) -> httpx.Response:
    """Send the form as a browser without script does."""
    page = client.get("/officer/report").text
    files = [("photos", (f"{place}.jpg", photo, "image/jpeg")) for place, photo in enumerate(photos)]
    return client.post("/officer/report", data={FIELD: token_in(page), **fields}, files=files or [("photos", b"")])


def api(pages: Served, who: str = OFFICER) -> httpx.Client:
    return pages.client(token_of(who))


def cases(pages: Served) -> list[Any]:
    with api(pages, "supervisor") as client:
        items: list[Any] = client.get("/cases").json()["items"]
        return items


def taken(answer: httpx.Response) -> str:
    assert answer.status_code == 303, answer.text
    found = _NUMBER.search(answer.headers["location"])
    assert found is not None
    return found[0]


def test_report_is_taken_with_its_photos_as_the_officer_s_own(pages: Served, visitor: Visitor) -> None:
    client = visitor(OFFICER)
    answer = bring(client, PNG, PNG, **typed(address="3 号楼前", lat="30.4051", lon="105.105"))
    number = taken(answer)
    with api(pages) as officer:
        case = officer.get(f"/cases/{number}").json()
    assert (case["grid"], case["source"], len(case["attachments"])) == ("qingyou-1", Source.OFFICER, 2)
    assert case["place"] == {"address": "3 号楼前", "point": {"lat": 30.4051, "lon": 105.105}}
    told = client.get(answer.headers["location"]).text
    assert f"已上报：{number}" in told
    assert WORDS in client.get("/officer/reports").text


def test_report_counts_once_when_its_form_comes_again(pages: Served, visitor: Visitor) -> None:
    client, form = visitor(OFFICER), typed()
    assert taken(bring(client, PNG, **form)) == taken(bring(client, PNG, **form))
    assert len(cases(pages)) == 1
    with api(pages) as officer:
        assert len(officer.get(f"/cases/{cases(pages)[0]['number']}").json()["attachments"]) == 1


def test_place_by_position_alone_finds_its_grid_even_a_foreign_one(pages: Served, visitor: Visitor) -> None:
    number = taken(bring(visitor(OFFICER), **typed(grid="", lat="30.415", lon="105.118")))
    with api(pages) as officer:
        assert officer.get(f"/cases/{number}").json()["grid"] == "baiwei-2"


WRONG: list[tuple[dict[str, str], bytes, int, str]] = [
    ({}, b"<html>no photo</html>" * 20, 415, "图片"),
    ({}, PNG + b"\0" * 26_000_000, 413, "太大"),
    ({"description": "  "}, PNG, 422, "必须填写"),
    ({"category": ""}, PNG, 422, "必须填写"),
    ({"category": "no-such"}, PNG, 422, "没有这个类别"),
    ({"grid": ""}, PNG, 422, "地点"),
    ({"grid": "", "lat": "10", "lon": "10"}, PNG, 422, "不在任何网格内"),
    ({"grid": "no-such"}, PNG, 422, "网格"),
    ({"reporter_name": "王某某"}, PNG, 422, "电话"),
]


def test_nothing_is_taken_when_something_is_wrong_and_the_words_stay(pages: Served, visitor: Visitor) -> None:
    client = visitor(OFFICER)
    for changes, photo, status, said in WRONG:
        answer = bring(client, photo, **typed(**changes))
        assert (answer.status_code, said in answer.text) == (status, True), (changes, status)
        assert "什么都没有改变" in answer.text
        if status == 422 and "description" not in changes:
            assert WORDS in answer.text
    assert cases(pages) == []


def test_danger_stops_the_form_until_somebody_has_called(pages: Served, visitor: Visitor) -> None:
    client = visitor(OFFICER)
    stopped = bring(client, danger="true", key=key(), grid="qingyou-1")
    assert stopped.status_code == 422
    assert all(f'href="tel:{number}"' in stopped.text for number in (110, 119, 120))
    assert "先打电话，再上报" in stopped.text
    assert cases(pages) == []
    chosen = re.search(r'name="category" value="([\w-]+)" data-danger checked', stopped.text)
    assert chosen is not None, "nothing else has to be typed first"
    number = taken(bring(client, **typed(category=chosen[1], danger="true", called="true")))
    with api(pages) as officer:
        assert officer.get(f"/cases/{number}").json()["danger"] is True


def test_dangerous_category_stops_the_form_too(pages: Served, visitor: Visitor) -> None:
    assert bring(visitor(OFFICER), **typed(category="fire")).status_code == 422
    assert cases(pages) == []


def test_pages_are_the_officer_s_alone(visitor: Visitor) -> None:
    for role in sorted(set(Role) - {Role.GRID_OFFICER}):
        client = visitor(role.value)
        for path in ("/officer", "/officer/report", "/officer/reports", "/officer/offline"):
            assert client.get(path).status_code == 403, role
        notices = client.get("/notices").text
        assert 'href="/officer"' not in notices
        answer = client.post("/officer/report", data={FIELD: token_in(notices), **typed()})
        assert answer.status_code == 403, role


def test_reader_who_left_is_sent_to_sign_in(visitor: Visitor) -> None:
    for path in ("/officer", "/officer/report", "/officer/offline"):
        answer = visitor(None).get(path)
        assert answer.headers["location"].startswith("/signin?next=%2Fofficer")


def test_home_shows_what_is_open_in_own_grids_and_no_other(visitor: Visitor) -> None:
    client = visitor(OFFICER)
    near = accept(client, category="occupied-road")
    far = accept(client, category="occupied-road", place={"grid": "baiwei-2"})
    page = client.get("/officer").text
    assert near in page
    assert far not in page


def test_case_of_others_cannot_be_verified_and_looks_as_if_it_were_not_there(visitor: Visitor) -> None:
    client = visitor(OFFICER)
    far = accept(client, category="occupied-road", place={"grid": "baiwei-2"})
    assert client.get(f"/officer/verifications/{far}").status_code == 404
    near = accept(client, category="occupied-road")
    page = client.get(f"/officer/verifications/{near}")
    assert page.status_code == 200
    assert 'name="solved"' not in page.text


def test_verification_before_its_time_is_refused_and_keeps_its_words(pages: Served, visitor: Visitor) -> None:
    client = visitor(OFFICER)
    number = taken(bring(client, **typed()))
    path = f"/officer/verifications/{number}"
    answer = send(client, "/notices", path, solved="true", note="看过了", key=key())
    assert answer.status_code in (409, 503)
    assert "什么都没有改变" in answer.text or "这一步可能已经完成" in answer.text or "目前" in answer.text
    with api(pages) as officer:
        assert officer.get(f"/cases/{number}").json()["status"] == CaseStatus.DISPATCHED


# What is sent by script


def proof(client: httpx.Client) -> dict[str, Any]:
    told: dict[str, Any] = client.get("/officer/proof").json()
    return told


def test_outbox_sends_with_a_fresh_token_and_each_thing_counts_once(pages: Served, visitor: Visitor) -> None:
    client = visitor(OFFICER)
    shown = proof(client)
    assert shown["username"] == OFFICER
    body = report(category="occupied-road", source=Source.OFFICER.value) | {"reporter": None}
    headers = {HEADER: shown["token"], "Idempotency-Key": key()}
    first, again = (client.post("/officer/send/report", json=body, headers=headers) for _ in range(2))
    number = first.json()["number"]
    assert (first.status_code, again.json()["number"]) == (201, number)
    photo = {HEADER: shown["token"], "Idempotency-Key": key()}
    for _ in range(2):
        sent = client.post(f"/officer/send/{number}/photo", files={"file": ("1.jpg", PNG)}, headers=photo)
        assert sent.status_code == 201, sent.text
    with api(pages) as officer:
        assert len(officer.get(f"/cases/{number}").json()["attachments"]) == 1
    other = client.post(f"/officer/send/{number}/photo", files={"file": ("1.pdf", PDF)}, headers=photo)
    assert other.json()["code"] == "idempotency_key_reused"
    assert len(cases(pages)) == 1


def test_outbox_without_its_own_token_changes_nothing(pages: Served, visitor: Visitor) -> None:
    client = visitor(OFFICER)
    own, foreign = proof(client)["token"], proof(visitor("supervisor"))["token"]
    body = report(category="occupied-road", source=Source.OFFICER.value)
    for headers in ({}, {HEADER: ""}, {HEADER: "0" * 64}, {HEADER: foreign}, {FIELD: own}):
        answer = client.post("/officer/send/report", json=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "form_expired")
    client.cookies.set(COOKIE, token_of("supervisor"))  # somebody else has signed in meanwhile
    answer = client.post("/officer/send/report", json=body, headers={HEADER: own})
    assert answer.json()["code"] == "form_expired"
    assert cases(pages) == []


def test_foreign_page_reads_no_token(visitor: Visitor) -> None:
    told = proof(visitor(None))
    assert (told["username"], told["token"]) == (None, None)
    client = visitor(OFFICER)
    foreign = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    answer = client.get("/officer/proof", headers=foreign)
    assert not [name for name in answer.headers if name.startswith("access-control-")]
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    asked = client.options(
        "/officer/send/report",
        headers={**foreign, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": HEADER},
    )
    assert asked.status_code == 405
    assert not [name for name in asked.headers if name.startswith("access-control-")]


# What a phone keeps


def test_phone_keeps_nothing_personal(visitor: Visitor) -> None:
    client = visitor(OFFICER)
    accept(client, category="occupied-road")
    shell = client.get("/officer/offline")
    assert shell.headers["cache-control"] == "no-cache"
    assert OFFICER not in shell.text
    assert "青柚网格员甲" not in shell.text
    assert "路灯不亮，夜里" not in shell.text
    for path in ("/officer", "/officer/report", "/officer/reports", "/officer/proof"):
        assert client.get(path).headers["cache-control"] == "no-store"


def test_worker_keeps_the_shell_s_files_and_is_always_asked_for_anew(visitor: Visitor) -> None:
    client = visitor(None)
    worker = client.get("/sw.js")
    assert worker.headers["cache-control"] == "no-cache"
    assert worker.headers["content-type"].startswith("text/javascript")
    kept = json.loads(worker.text.partition("const FILES = ")[2].partition(";\n")[0])
    assert len(kept) == len(SHELL_FILES)
    for address in kept:
        assert "immutable" in client.get(address).headers["cache-control"]
    shell = visitor(OFFICER).get("/officer/offline").text
    assert set(re.findall(r'/static/[^"]+', shell)) <= set(kept)


def test_officer_s_pages_are_light(visitor: Visitor) -> None:
    client = visitor(OFFICER)
    for path in ("/officer", "/officer/report", "/officer/offline"):
        assert first_load(client.get(path).text) < FIRST_LOAD


def test_manifest_leads_to_the_officer_s_home(visitor: Visitor) -> None:
    answer = visitor(None).get("/manifest.webmanifest")
    assert answer.headers["content-type"].startswith("application/manifest+json")
    told = answer.json()
    assert (told["start_url"], told["scope"], told["display"]) == ("/officer", "/", "standalone")
    assert visitor(None).get(told["icons"][0]["src"]).headers["content-type"].startswith("image/svg+xml")
    assert 'rel="manifest"' in visitor(OFFICER).get("/officer").text


# Whom residents may call (A1)


def test_resident_finds_and_calls_the_officer_of_a_grid(visitor: Visitor) -> None:
    client = visitor(None)
    for page in ("/track", "/signin"):
        assert 'href="/officers"' in client.get(page).text
    found = client.get("/officers", params={"q": "青柚"}).text
    assert "青柚第一网格" in found
    assert "白苇" not in found
    card = client.get("/officers?grid=qingyou-1").text
    assert 'href="tel:000-555001"' in card
    assert "青柚网格员甲" in card
    assert "grid_officer" not in card
    assert "<script" not in card


def test_grids_and_communities_are_called_in_the_language_of_the_page(visitor: Visitor) -> None:
    client = visitor(None)
    client.cookies.set(LANGUAGE, "en")
    found = client.get("/officers", params={"q": "qingyou", "grid": "qingyou-1"}).text
    assert found.count("Qingyou grid 1") == 2
    assert "Qingyou community" in found
    assert "第一网格" not in found


def test_grid_without_an_officer_and_search_in_vain_say_what_to_do(visitor: Visitor) -> None:
    client = visitor(None)
    for grid in ("no-such", "%00", "x" * 500, "baiwei-1"):
        answer = client.get(f"/officers?grid={grid}")
        assert answer.status_code == 404
        assert "没有找到这个网格" in answer.text
    assert "换一个词再找" in client.get("/officers", params={"q": "火星\x00%_"}).text
