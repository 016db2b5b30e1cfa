"""What a purpose opens, and what an application claims."""

import pytest

from domain.authority import Actor
from domain.errors import Forbidden
from domain.register import (
    CLAIMABLE,
    COLUMNS,
    VALUE_LENGTH,
    Purpose,
    RegisterField,
    claims_of,
    paper,
    require_looker,
)
from domain.vocabulary import Role, UnitKind


def actor(*roles: Role) -> Actor:
    return Actor(username="somebody", unit="desk", unit_kind=UnitKind.DESK, roles=frozenset(roles))


def test_purpose_opens_what_its_line_needs_and_nothing_else() -> None:
    opened = Purpose(item="a", line="medical-insurance").opens
    assert RegisterField.MEDICAL_INSURANCE in opened
    assert RegisterField.MONTHLY_INCOME not in opened
    assert set(opened) > COLUMNS


def test_columns_only_are_opened_when_the_line_is_unknown() -> None:
    assert set(Purpose(item="a", line="no-such-line").opens) == COLUMNS


def test_paper_need_not_be_brought_when_this_office_gave_it() -> None:
    purpose = Purpose(item="a", line="civil-affairs", materials=frozenset({"low_income_card", "photo"}))
    facts = {paper("low_income_card"): "b", paper("building_permit"): "c", "photo": "no paper"}
    assert purpose.papers(facts) == ["low_income_card"]


def test_claims_are_what_the_register_knows_and_the_papers_given() -> None:
    form = {"marital_status": " married ", "household_size": 3, "hobby": "chess", "phone": "13800138000"}
    assert claims_of(form, {"card": "a"}) == {"marital_status": "married", "household_size": "3", paper("card"): "a"}


@pytest.mark.parametrize("value", ["", "  ", None, True, [], {"a": 1}, "长" * (VALUE_LENGTH + 1)])
def test_nothing_is_claimed_when_it_is_no_short_value(value: object) -> None:
    assert claims_of({"marital_status": value}, {}) == {}


def test_no_column_can_be_claimed() -> None:
    assert claims_of({field.value: "x" for field in COLUMNS}, {}) == {}
    assert CLAIMABLE.isdisjoint(COLUMNS)


@pytest.mark.parametrize("role", Role)
def test_only_who_types_applications_in_may_look(role: Role) -> None:
    if role in (Role.INTAKE_CLERK, Role.SUPERVISOR):
        require_looker(actor(role))
        return
    with pytest.raises(Forbidden, match="not_allowed"):
        require_looker(actor(role))
