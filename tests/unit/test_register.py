"""What a purpose opens, and what an application claims."""

import pytest

from domain.catalogue.items import ApplicantKind, Item, ItemKind, ItemResult
from domain.limits import Limit
from domain.register import (
    CLAIMABLE,
    COLUMNS,
    VALUE_LENGTH,
    Fact,
    Purpose,
    RegisterField,
    claims_of,
    paper,
)
from tests.unit.rulebooks import local, shipped


def test_purpose_opens_what_its_line_needs_and_nothing_else() -> None:
    opened = Purpose(item="a", line="medical-insurance").opens
    assert RegisterField.MEDICAL_INSURANCE in opened
    assert RegisterField.MONTHLY_INCOME not in opened
    assert set(opened) > COLUMNS


def test_columns_only_are_opened_when_the_line_is_unknown() -> None:
    assert set(Purpose(item="a", line="no-such-line").opens) == COLUMNS


GIVEN = local("2026-03-02 10:00")


def item(*results: ItemResult) -> Item:
    return Item(code="a", name="津贴", name_en="Allowance", line="x", kind=ItemKind.PAYMENT, results=results)


CARD = ItemResult(code="card", name="优待证", name_en="Card", valid_for=Limit.parse("10 working days"))
REGISTER = ItemResult(code="register", name="户口簿", name_en="Register")


def papers(purpose: Purpose, claims: dict[str, str], at: str) -> list[str]:
    facts = {name: Fact(value, GIVEN) for name, value in claims.items()}
    return purpose.papers(facts, shipped().rulebook.worktime, local(at))


def test_paper_need_not_be_brought_while_one_that_was_given_here_holds() -> None:
    purpose = Purpose(item="b", line="x", materials={"pass": "优待证", "book": "户口簿", "photo": "照片"})
    claims = claims_of({}, item(CARD, REGISTER), ApplicantKind.PERSON)
    assert papers(purpose, claims, "2026-03-16 10:00") == ["book", "pass"]
    assert papers(purpose, claims, "2026-03-16 17:30") == ["book"]
    assert papers(purpose, {}, "2026-03-02 10:00") == []


def test_claims_are_what_the_register_knows_and_the_papers_given() -> None:
    form = {"marital_status": " married ", "household_size": 3, "hobby": "chess", "phone": "13800138000"}
    claims = claims_of(form, item(CARD), ApplicantKind.PERSON)
    assert claims == {"marital_status": "married", "household_size": "3", paper("优待证"): "10 working days"}


def test_enterprise_claims_nothing_about_who_signs_for_it() -> None:
    assert claims_of({"marital_status": "married"}, item(CARD), ApplicantKind.ENTERPRISE) == {}


@pytest.mark.parametrize("value", ["", "  ", None, True, [], {"a": 1}, "长" * (VALUE_LENGTH + 1)])
def test_nothing_is_claimed_when_it_is_no_short_value(value: object) -> None:
    assert claims_of({"marital_status": value}, item(), ApplicantKind.PERSON) == {}


def test_no_column_can_be_claimed() -> None:
    assert claims_of({field.value: "x" for field in COLUMNS}, item(), ApplicantKind.PERSON) == {}
    assert CLAIMABLE.isdisjoint(COLUMNS)
