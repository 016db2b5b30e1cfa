"""Whom a case concerns: masked until somebody says why, never for the unit that is accused; every look is noted."""

from typing import Any

import httpx
import pytest

from domain.looks import ContactField
from domain.vocabulary import LookKind, LookPurpose
from tests.api.applications import ID_NUMBER, applicant, application
from tests.api.conftest import As
from tests.api.served import report

NAME, PHONE = "王某某", "+8613800138000"
WHY = {"purpose": "contact", "note": "核实位置"}


def reported(client: httpx.Client, **changes: Any) -> str:
    return f"/cases/{client.post('/incidents', json=report(**changes)).json()['number']}"


def looks(client: httpx.Client, **wanted: Any) -> list[dict[str, Any]]:
    answer = client.get("/looks", params=wanted)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("intake_clerk", 200),
        ("supervisor", 200),
        ("rehearsal.handler", 403),
        ("rehearsal.leader", 403),
        ("grid_officer", 403),
        ("auditor", 403),
        ("statistician", 403),
        ("administrator", 404),
        ("handler", 404),
        ("unit_leader", 404),
        ("organization_officer", 404),
        ("discipline_officer", 404),
    ],
)
def test_contact_is_shown_to_who_may_know_and_to_nobody_else(in_calm: As, who: str, status: int) -> None:
    case = reported(in_calm("intake_clerk"))
    answer = in_calm(who).post(f"{case}/contact", json=WHY)
    assert answer.status_code == status
    if status == 200:
        assert answer.json()["fields"] == {"name": NAME, "phone": PHONE}
        assert answer.headers["cache-control"] == "private, no-store"
    else:
        assert PHONE not in answer.text
    noted = looks(in_calm("auditor"), case=case.rpartition("/")[2])
    assert len(noted) == (1 if status == 200 else 0)


def test_case_shows_the_reporter_masked(in_calm: As) -> None:
    case = reported(in_calm("intake_clerk"))
    shown = in_calm("supervisor").get(case)
    assert shown.json()["reporter"]["name"] == "王**"
    assert shown.json()["reporter"]["phone"] == "+86*******8000"
    assert NAME not in shown.text
    assert PHONE not in shown.text


def test_unit_may_call_the_reporter_who_agreed(in_calm: As) -> None:
    reporter = {"name": NAME, "phone": "13800138000", "disclose": True}
    case = reported(in_calm("intake_clerk"), reporter=reporter)
    answer = in_calm("rehearsal.handler").post(f"{case}/contact", json=WHY)
    assert answer.json()["fields"]["phone"] == PHONE


def test_purpose_opens_what_it_needs(in_calm: As) -> None:
    made = in_calm("intake_clerk").post("/service-requests", json=application(applicant=applicant())).json()["number"]
    opened = {
        purpose: in_calm("rehearsal.handler").post(f"/cases/{made}/contact", json={"purpose": purpose}).json()["fields"]
        for purpose in LookPurpose
    }
    assert opened[LookPurpose.VERIFY_IDENTITY]["id_number"] == ID_NUMBER
    assert "phone" not in opened[LookPurpose.VERIFY_IDENTITY]
    assert "id_number" not in opened[LookPurpose.CONTACT]
    assert set(opened[LookPurpose.HAND_OVER]) <= set(ContactField)
    assert {"name", "phone", "id_number"} <= set(opened[LookPurpose.HAND_OVER])
    assert in_calm("auditor").post(f"/cases/{made}/contact", json=WHY).status_code == 403


def test_every_look_is_noted_with_who_when_what_and_why_and_without_values(as_: As) -> None:
    clerk = as_("intake_clerk")
    case = reported(clerk)
    clerk.post(f"{case}/contact", json=WHY)
    (noted,) = looks(as_("auditor"))
    expected = {"username": "intake_clerk", "kind": "contact", "purpose": "contact", "note": WHY["note"],
                "case": case.rpartition("/")[2], "fields": ["name", "phone"], "grid": "qingyou-1"}  # fmt: skip
    assert {name: noted[name] for name in expected} == expected
    assert NAME not in str(noted)


def test_filled_form_and_the_register_count_as_looks(as_: As) -> None:
    clerk = as_("intake_clerk")
    made = clerk.post("/service-requests", json=application()).json()["number"]
    assert clerk.get(f"/cases/{made}/form").status_code == 200
    assert clerk.get(f"/cases/{made}/form?format=pdf").status_code == 422
    clerk.post("/applicants/lookup", json={"id_number": ID_NUMBER, "item": "rehearsal-service"})
    register, form = looks(as_("auditor"))
    assert (form["kind"], form["purpose"], form["case"]) == (LookKind.FORM, LookPurpose.HAND_OVER, made)
    assert "id_number" in form["fields"]
    assert (register["kind"], register["purpose"]) == (LookKind.REGISTER, "rehearsal-service")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, (422, "field_required")),
        ({"purpose": "curiosity"}, (422, "value_unknown")),
        ({"purpose": "contact", "note": "x" * 5000}, (422, "text_too_long")),
        ({"purpose": "contact", "note": "\x00"}, (422, "text_control_characters")),
        ({"purpose": "contact", "why": "x"}, (422, "field_unknown")),
        ({"purpose": 1}, (422, "value_unknown")),
        ([], (422, "object_expected")),
    ],
)
def test_look_without_a_good_reason_is_refused_and_nothing_is_noted(
    in_calm: As, body: Any, expected: tuple[int, str]
) -> None:
    case = reported(in_calm("intake_clerk"))
    assert code(in_calm("intake_clerk").post(f"{case}/contact", json=body)) == expected
    assert looks(in_calm("auditor"), case=case.rpartition("/")[2]) == []


def test_right_is_judged_before_the_reason(in_calm: As) -> None:
    case = reported(in_calm("intake_clerk"))
    assert in_calm("auditor").post(f"{case}/contact", json={}).status_code == 403
    assert in_calm("handler").post(f"{case}/contact", json={}).status_code == 404


def test_log_is_reviewed_by_auditor_discipline_and_the_leader_of_the_unit(as_: As) -> None:
    reporter = {"name": NAME, "phone": "13800138000", "disclose": True}
    case = reported(as_("intake_clerk"), reporter=reporter)
    for who in ("intake_clerk", "rehearsal.handler"):
        assert as_(who).post(f"{case}/contact", json=WHY).status_code == 200
    for who in ("auditor", "discipline_officer"):
        assert len(looks(as_(who))) == 2
    (own,) = looks(as_("rehearsal.leader"))
    assert own["username"] == "rehearsal.handler"
    assert looks(as_("unit_leader")) == []
    for who in ("intake_clerk", "rehearsal.handler", "supervisor", "administrator", "statistician", "grid_officer"):
        assert code(as_(who).get("/looks")) == (403, "not_allowed")


def test_log_does_not_tell_the_accused_unit_which_of_its_own_people_reported(as_: As) -> None:
    """A committee holds cases, and its officers report (B7)."""
    officer, hidden = as_("grid_officer"), {"name": NAME, "phone": "13800138000", "disclose": False}
    assert as_("administrator").patch("/accounts/unit_leader", json={"unit": "qingyou-community"}).status_code == 200
    own, agreed = (
        reported(officer, source="officer", category="pet-dispute", reporter={**hidden, "disclose": disclose})
        for disclose in (False, True)
    )
    other = reported(officer, source="officer", reporter=hidden)
    assert officer.get(own).json()["unit"] == officer.get(agreed).json()["unit"] == "qingyou-community"
    for each in (own, agreed, other):
        assert officer.post(f"{each}/contact", json=WHY).status_code == 200
    assert [f"/cases/{look['case']}" for look in looks(as_("unit_leader"))] == [other, agreed]
    assert len(looks(as_("auditor"))) == 3


def test_log_is_filtered_and_paged(as_: As) -> None:
    clerk, auditor = as_("intake_clerk"), as_("auditor")
    for _ in range(3):
        clerk.post(f"{reported(clerk)}/contact", json=WHY)
    assert len(looks(auditor, username="intake_clerk")) == 3
    assert looks(auditor, username="supervisor") == []
    assert looks(auditor, looked_to="2020-01-01T00:00:00Z") == []
    assert looks(auditor, kind="register") == []
    first = auditor.get("/looks?limit=2").json()
    rest = auditor.get("/looks", params={"limit": 2, "cursor": first["next_cursor"]}).json()
    assert [len(first["items"]), len(rest["items"]), rest["next_cursor"]] == [2, 1, None]
    for wrong in ("kind=x", "cursor=x", "limit=0", "looked_from=yesterday", "unusual=perhaps"):
        assert auditor.get(f"/looks?{wrong}").status_code == 422
