"""Who sees what, and in which order a request is refused."""

import pytest

from tests.api.conftest import As
from tests.api.served import Served, report

PRIVATE = ("王某某", "13800138000")


@pytest.fixture
def number(in_calm: As) -> str:
    made: str = in_calm("intake_clerk").post("/incidents", json=report()).json()["number"]
    return made


@pytest.mark.parametrize("path", ["", "/events"])
def test_case_of_another_unit_is_not_found(in_calm: As, number: str, path: str) -> None:
    unknown = in_calm("handler").get(f"/cases/SJ990101-9999999{path}")
    foreign = in_calm("handler").get(f"/cases/{number}{path}")
    assert (foreign.status_code, unknown.status_code) == (404, 404)
    assert {**foreign.json(), "instance": ""} == {**unknown.json(), "instance": ""}
    assert in_calm("rehearsal.handler").get(f"/cases/{number}{path}").status_code == 200


def test_commands_and_attachments_of_another_units_case_are_not_found(in_calm: As, number: str) -> None:
    stranger = in_calm("handler")
    body = {"handler": "handler", "plan": "去"}
    assert stranger.post(f"/cases/{number}/acknowledgement", json=body).status_code == 404
    assert stranger.post(f"/cases/{number}/attachments", files={"file": b"x"}).status_code == 404
    assert number not in stranger.get("/cases").text


def test_order_of_refusal_is_401_404_403_422(calm: Served, in_calm: As, number: str) -> None:
    path, nonsense = f"/cases/{number}/acknowledgement", {"nonsense": 1}
    with calm.client() as nobody:
        assert nobody.post(path, json=nonsense).status_code == 401
    assert in_calm("handler").post(path, json=nonsense).status_code == 404
    assert in_calm("intake_clerk").post(path, json=nonsense).status_code == 403
    assert in_calm("rehearsal.handler").post(path, json=nonsense).status_code == 422
    assert in_calm("rehearsal.handler").post(path, content=b"{").status_code == 415


def test_order_of_refusal_at_intake_is_401_403_422(calm: Served, in_calm: As) -> None:
    with calm.client() as nobody:
        assert nobody.post("/incidents", json={}).status_code == 401
    with calm.client("bhs_unknown") as unknown:
        assert unknown.post("/incidents", json={}).status_code == 401
        assert unknown.post("/incidents", json=report()).status_code == 401
    assert in_calm("handler").post("/incidents", json={}).status_code == 403
    assert in_calm("handler").post("/incidents", json=report()).status_code == 403
    assert in_calm("intake_clerk").post("/incidents", json={}).status_code == 422


def test_accused_unit_never_learns_who_reported(in_calm: As, number: str) -> None:
    for member in (in_calm("rehearsal.handler"), in_calm("rehearsal.leader")):
        pages = [
            member.get(path).text for path in (f"/cases/{number}", f"/cases/{number}/events", "/cases", "/notices")
        ]
        for private in (*PRIVATE, "intake_clerk"):
            assert all(private not in page for page in pages)
        assert "reporter" not in member.get(f"/cases/{number}").json()
    assert member.get("/cases?q=王某某").json()["items"] == []


def test_accused_unit_sees_the_reporter_who_agreed(in_calm: As) -> None:
    reporter = {"name": "王某某", "phone": "13800138000", "disclose": True}
    made = in_calm("intake_clerk").post("/incidents", json=report(reporter=reporter)).json()["number"]
    shown = in_calm("rehearsal.handler").get(f"/cases/{made}").json()
    assert shown["reporter"]["phone"] == "+86*******8000"


def test_desk_and_centre_see_the_reporter(in_calm: As, number: str) -> None:
    for who in ("intake_clerk", "supervisor"):
        assert in_calm(who).get(f"/cases/{number}").json()["reporter"]["name"] == "王**"


def test_statistician_sees_figures_and_no_words(in_calm: As, number: str) -> None:
    shown = in_calm("statistician").get(f"/cases/{number}").json()
    assert "description" not in shown
    assert "reporter" not in shown


def test_points_of_another_unit_are_not_shown(in_calm: As) -> None:
    assert in_calm("rehearsal.handler").get("/units/rehearsal-unit/points").json() == {"balance": 0, "entries": []}
    assert in_calm("rehearsal.handler").get("/units/sanitation/points").status_code == 404
    assert in_calm("rehearsal.handler").get("/units/no-such/points").status_code == 404


def test_lists_are_readable_by_every_role(in_calm: As) -> None:
    for who in ("handler", "grid_officer", "statistician", "auditor"):
        for path in ("/units", "/grids", "/categories", "/rulebook", "/calendar/2026", "/promise?limit=5%20days"):
            assert in_calm(who).get(path).status_code == 200


def test_residents_find_their_officer_without_an_account(calm: Served) -> None:
    with calm.client() as resident:
        by_grid = resident.get("/grids/qingyou-1/officer").json()
        by_place = resident.get("/officers/nearest?lat=30.405&lon=105.105").json()
        nowhere = resident.get("/grids/no-such/officer").status_code
    assert by_grid == by_place
    assert set(by_grid) == {"grid", "grid_name", "grid_name_en", "name", "phone"}
    assert nowhere == 404


def test_tracking_tells_nothing_without_the_code(calm: Served, in_calm: As) -> None:
    made = in_calm("intake_clerk").post("/incidents", json=report()).json()
    number, code = made["number"], made["tracking_code"]
    with calm.client() as resident:
        wrong = resident.get(f"/track/{number}?code=AAAAAAAAAA")
        unknown = resident.get("/track/SJ990101-9999999?code=AAAAAAAAAA")
        right = resident.get(f"/track/{number}?code={code}")
    assert (wrong.status_code, unknown.status_code) == (404, 404)
    assert {**wrong.json(), "instance": ""} == {**unknown.json(), "instance": ""}
    assert right.json()["number"] == number
    assert all(private not in right.text for private in (*PRIVATE, "rehearsal.handler", "路灯"))


def test_guessing_tracking_codes_has_to_wait(calm: Served, in_calm: As) -> None:
    number = in_calm("intake_clerk").post("/incidents", json=report()).json()["number"]
    with calm.client() as resident:
        statuses = [resident.get(f"/track/{number}?code=AAAAAAAAAA").status_code for _ in range(11)]
    assert statuses == [404] * 10 + [429]


def test_stranger_who_guesses_does_not_keep_the_reporter_out(calm: Served, in_calm: As) -> None:
    made = in_calm("intake_clerk").post("/incidents", json=report()).json()
    stranger = {"X-Forwarded-For": "203.0.113.9"}
    with calm.client() as resident:
        for _ in range(11):
            resident.get(f"/track/{made['number']}?code=AAAAAAAAAA", headers=stranger)
        assert resident.get(f"/track/{made['number']}?code={made['tracking_code']}").status_code == 200
