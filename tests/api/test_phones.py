"""Phones: those of persons, and the public ones of offices. Numbers are reserved, made up, or public services."""

import pytest
from pydantic_core import PydanticCustomError

from api.fields import phone, public_phone


@pytest.mark.parametrize(
    ("text", "dialled"),
    [
        ("13800138000", "+8613800138000"),
        ("+86 138 0013 8000", "+8613800138000"),
        ("１３８００１３８０００", "+8613800138000"),
        ("0825-2345678", "+868252345678"),
        ("028 8765 4321 转 8", "+862887654321;ext=8"),
        ("+852 5123 4567", "+85251234567"),
    ],
)
def test_person_is_reached_under_one_spelling(text: str, dialled: str) -> None:
    assert phone(text) == public_phone(text) == dialled


@pytest.mark.parametrize(
    "number",
    ["110", "119", "120", "122", "114", "12345", "12333", "12393", "10086", "95588", "96110", "4008123123"],
)
def test_office_is_reached_under_its_public_number_and_a_person_is_not(number: str) -> None:
    assert public_phone(number) == number
    with pytest.raises(PydanticCustomError, match="refused"):
        phone(number)


@pytest.mark.parametrize("text", ["", "1", "138001", "不知道", "+", "0", "99999999999999999", "110110110", "1234567"])
def test_nonsense_is_refused_by_both(text: str) -> None:
    for check in (phone, public_phone):
        with pytest.raises(PydanticCustomError) as refused:
            check(text)
        assert refused.value.type == "phone_invalid"
