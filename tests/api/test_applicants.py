"""Who applies: numbers of papers and phones, for persons and for those who sign for an enterprise (B1, B5)."""

from typing import Any

import pytest

from domain.catalogue.items import ApplicantKind
from domain.identity import check_digit
from tests.api.applications import ID_NUMBER, applicant, application
from tests.api.conftest import As
from tests.api.served import key

ODD = "000000" + ID_NUMBER[6:17]


def applied(in_calm: As, **changes: Any) -> Any:
    return in_calm("intake_clerk").post("/service-requests", json=application(**changes))


@pytest.mark.parametrize(
    "number",
    [
        ID_NUMBER.lower(),
        f" {ID_NUMBER[:6]} {ID_NUMBER[6:]}",
        "510901800101001",
        "E12345678",
        "H12345678",
        "USA310012345678",
    ],
)
def test_numbers_of_many_papers_are_taken(in_calm: As, number: str) -> None:
    assert applied(in_calm, applicant=applicant(id_number=number)).status_code == 201


def test_odd_region_is_told_and_taken(in_calm: As) -> None:
    odd, headers = applicant(id_number=ODD + check_digit(ODD)), {"Idempotency-Key": key()}
    clerk = in_calm("intake_clerk")
    answers = [clerk.post("/service-requests", json=application(applicant=odd), headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert [answer.json()["warnings"] for answer in answers] == [
        [{"field": "applicant.id_number", "code": "id_number_region_unknown"}]
    ] * 2
    assert applied(in_calm).json()["warnings"] == []


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (ID_NUMBER[:17] + ("0" if ID_NUMBER[17] != "0" else "1"), "id_number_check_digit"),
        ("510901199002311234", "id_number_birth_date"),
        ("510901209902281234", "id_number_birth_date"),
        ("123456", "id_number_malformed"),
    ],
)
def test_number_that_cannot_be_one_is_refused_by_its_code(in_calm: As, number: str, code: str) -> None:
    answer = applied(in_calm, applicant=applicant(id_number=number))
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert [fault["field"] for fault in answer.json()["errors"]] == ["applicant.id_number"]
    assert number not in answer.text


@pytest.mark.parametrize("phone", ["12345", "110", "95588", "4008123123"])
def test_enterprise_is_reached_at_a_public_number_and_a_person_is_not(in_calm: As, phone: str) -> None:
    person = applied(in_calm, applicant=applicant(phone=phone))
    assert (person.status_code, person.json()["code"]) == (422, "phone_invalid")
    assert [fault["field"] for fault in person.json()["errors"]] == ["applicant.phone"]
    enterprise = applied(in_calm, applicant=applicant(phone=phone, kind=ApplicantKind.ENTERPRISE))
    assert enterprise.status_code == 201, enterprise.text
