"""Whatever comes in is refused by its code, changes nothing, and is not repeated back."""

import json

import httpx
import pytest

from tests.api.applications import ID_NUMBER, application
from tests.api.bad_input import BAD_APPLICATIONS, BAD_COMMANDS, BAD_PARTS, BAD_REPORTS, BAD_STEPS, Bad
from tests.api.conftest import As
from tests.api.served import Served, report


@pytest.mark.parametrize("bad", BAD_REPORTS, ids=str)
def test_report_is_refused_with_its_code(in_calm: As, bad: Bad) -> None:
    clerk = in_calm("intake_clerk")
    before = clerk.get("/cases?total=true").json()["total"]
    content = bad.body if isinstance(bad.body, bytes) else json.dumps(bad.body).encode()
    answer = clerk.post("/incidents", content=content, headers={"Content-Type": bad.content_type})
    assert_problem(answer, bad)
    assert clerk.get("/cases?total=true").json()["total"] == before


@pytest.mark.parametrize("bad", BAD_COMMANDS, ids=str)
def test_command_is_refused_with_its_code(in_calm: As, bad: Bad) -> None:
    number = in_calm("intake_clerk").post("/incidents", json=report()).json()["number"]
    path, body = bad.body
    handler = in_calm("rehearsal.handler")
    assert_problem(handler.post(f"/cases/{number}/{path}", json=body), bad)
    assert handler.get(f"/cases/{number}").json()["version"] == 2


@pytest.mark.parametrize("bad", BAD_PARTS, ids=str)
def test_command_to_a_part_is_refused_with_its_code(in_calm: As, bad: Bad) -> None:
    number = in_calm("intake_clerk").post("/incidents", json=report()).json()["number"]
    path, body = bad.body
    assert_problem(in_calm("supervisor").post(f"/cases/{number}/{path}", json=body), bad)


@pytest.mark.parametrize("bad", BAD_APPLICATIONS, ids=str)
def test_application_is_refused_with_its_code(in_calm: As, bad: Bad) -> None:
    clerk = in_calm("intake_clerk")
    before = clerk.get("/cases?total=true").json()["total"]
    content = bad.body if isinstance(bad.body, bytes) else json.dumps(bad.body).encode()
    answer = clerk.post("/service-requests", content=content, headers={"Content-Type": bad.content_type})
    assert_problem(answer, bad)
    assert clerk.get("/cases?total=true").json()["total"] == before


def test_version_of_last_year_is_refused_and_that_in_force_is_not(in_calm: As) -> None:
    clerk = in_calm("intake_clerk")
    last_year, *_, current = (row["version"] for row in clerk.get("/catalogue/versions").json()["items"])
    former = clerk.post("/service-requests", json=application(catalogue_version=last_year))
    assert (former.status_code, former.json()["code"]) == (422, "item_no_longer_valid")
    accepted = clerk.post("/service-requests", json=application(catalogue_version=current))
    assert (accepted.status_code, accepted.json()["catalogue_version"]) == (201, current)


def test_every_fault_of_an_application_is_named_at_once(in_calm: As) -> None:
    body = application(materials=["no-such"], grid="no-such", applicant={"name": "李某某", "id_number": "1"})
    problem = in_calm("intake_clerk").post("/service-requests", json=body).json()
    assert {(fault["field"], fault["code"]) for fault in problem["errors"]} == {
        ("materials", "material_unknown"), ("grid", "grid_unknown"), ("applicant.id_number", "id_number_malformed"),
    }  # fmt: skip


def test_application_is_taken_by_desks_only(in_calm: As) -> None:
    for who in ("handler", "grid_officer", "auditor", "administrator"):
        for body in (application(), application(item="no-such"), {}):
            answer = in_calm(who).post("/service-requests", json=body)
            assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


@pytest.mark.parametrize("bad", BAD_STEPS, ids=str)
def test_command_to_a_step_is_refused_with_its_code(in_calm: As, bad: Bad) -> None:
    number = in_calm("intake_clerk").post("/service-requests", json=application()).json()["number"]
    path, body = bad.body
    handler = in_calm("rehearsal.handler")
    assert_problem(handler.post(f"/cases/{number}/{path}", json=body), bad)
    assert handler.get(f"/cases/{number}").json()["version"] == 2


def test_every_fault_is_named_when_there_are_several(in_calm: As) -> None:
    body = report(category="no-such", place={"grid": "no-such"}, description="")
    problem = in_calm("intake_clerk").post("/incidents", json=body).json()
    assert problem["code"] == "invalid_fields"
    assert {fault["code"] for fault in problem["errors"]} == {"category_unknown", "grid_unknown", "text_empty"}


@pytest.mark.parametrize("path", ["/cases/SJ\x00", "/units/%00", "/cases/%00/events", "/grids/%1b/officer"])
def test_path_with_control_characters_is_nowhere(in_calm: As, path: str) -> None:
    answer = in_calm("supervisor").get(path.replace("\x00", "%00"))
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("status=nonsense", "value_unknown"),
        ("light=blue", "value_unknown"),
        ("limit=0", "out_of_range"),
        ("limit=x", "integer_expected"),
        ("due_before=tomorrow", "instant_malformed"),
        ("cursor=nonsense", "cursor_invalid"),
        ("unit=%00", "text_control_characters"),
        ("nonsense=1", "field_unknown"),
    ],
)
def test_query_is_refused_with_its_code(in_calm: As, query: str, code: str) -> None:
    answer = in_calm("supervisor").get(f"/cases?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_key_that_cannot_be_kept_is_refused(in_calm: As) -> None:
    answer = in_calm("intake_clerk").post("/incidents", json=report(), headers={"Idempotency-Key": "k" * 201})
    assert (answer.status_code, answer.json()["code"]) == (422, "key_malformed")


def assert_problem(answer: httpx.Response, bad: Bad) -> None:
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (bad.status, bad.code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert {"type", "title", "status", "detail", "instance", "code"} <= set(problem)
    if bad.field is not None:
        assert [(fault["field"], fault["code"]) for fault in problem["errors"]] == [(bad.field, bad.code)]
    for private in ("王某某", "李某某", ID_NUMBER, "13800138000", "路灯"):
        assert private not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/interviews?unit=%00",
        "/accountability?case=%00",
        "/cases?q=%00",
        "/cases?category=%00",
        "/cases?cursor=%00",
        "/notices?cursor=%00",
        "/interviews?cursor=%00",
    ],
)
def test_nul_in_a_query_is_refused_by_every_database(as_: As, path: str) -> None:
    assert as_("supervisor").get(path).status_code == 422


def test_nul_in_a_body_is_refused_by_every_database(as_: As, api: Served) -> None:
    administrator = as_("administrator")
    assert administrator.get("/accounts?cursor=%00").status_code == 422
    assert administrator.patch("/accounts/handler", json={"unit": "\x00"}).status_code == 422
    with api.client() as nobody:
        wanted = {"username": "han\x00dler", "password": "\x00" * 8}
        assert nobody.post("/sessions", json=wanted).status_code == 422
        assert nobody.post("/sessions", json={**wanted, "username": "handler"}).status_code == 401
