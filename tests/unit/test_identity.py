"""Numbers of identity papers. Every number here is made up; those with a valid check digit are of nobody we know."""

import string
from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.errors import Unprocessable
from domain.identity import REGION_UNKNOWN, Identity, IdentityKind, Sex, check_digit, masked, read_identity

TODAY = date(2026, 11, 23)


def numbered(region: str = "510108", born: str = "19900307", sequence: str = "251") -> str:
    """A number with its check digit."""
    first = region + born + sequence
    return first + check_digit(first)


def read(text: str, kind: IdentityKind | None = None) -> Identity:
    return read_identity(text, today=TODAY, kind=kind)


def refusal(text: str, kind: IdentityKind | None = None) -> str:
    with pytest.raises(Unprocessable) as caught:
        read(text, kind)
    assert caught.value.field == "id_number"
    return caught.value.code


days = some.dates(min_value=date(1900, 1, 1), max_value=TODAY)
sequences = some.integers(0, 999).map("{:03d}".format)
regions = some.sampled_from(["110101", "310104", "510108", "430902", "650102", "810000", "820000", "830000", "911840"])


@some.composite
def numbers(draw: some.DrawFn) -> str:
    return numbered(draw(regions), f"{draw(days):%Y%m%d}", draw(sequences))


@pytest.mark.parametrize(
    ("first", "digit"),
    [("11010519491231002", "X"), ("44052418800101001", "4")],
)
def test_check_digit_is_the_one_of_the_standard_s_examples(first: str, digit: str) -> None:
    assert check_digit(first) == digit


def test_number_says_birth_date_and_sex() -> None:
    man, woman = read(numbered(sequence="251")), read(numbered(sequence="252"))
    assert (man.kind, man.born_on, man.sex, man.warnings) == (IdentityKind.RESIDENT, date(1990, 3, 7), Sex.MALE, ())
    assert woman.sex is Sex.FEMALE


@given(numbers(), some.data())
def test_one_wrong_digit_is_found(number: str, data: some.DataObject) -> None:
    place = data.draw(some.integers(0, 17))
    alphabet = string.digits + "X" if place == 17 else string.digits
    wrong = data.draw(some.sampled_from([char for char in alphabet if char != number[place]]))
    assert refusal(number[:place] + wrong + number[place + 1 :]) in {"id_number_check_digit", "id_number_birth_date"}


@given(numbers(), some.integers(0, 16))
def test_two_neighbours_exchanged_are_found(number: str, place: int) -> None:
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if swapped != number:
        assert refusal(swapped).startswith("id_number_")


@given(numbers())
def test_spelling_does_not_matter(number: str) -> None:
    full_width = "".join(chr(ord(char) + 0xFEE0) for char in number)
    spaced = f" {number[:6]} {number[6:14]}-{number[14:].lower()}\t"
    assert read(full_width) == read(spaced) == read(number.lower()) == read(number)


@given(some.dates(min_value=date(1900, 1, 1), max_value=date(1999, 12, 31)), some.integers(0, 995))
def test_old_number_becomes_the_one_that_replaced_it(born: date, sequence: int) -> None:
    renewed = read(f"510108{born:%y%m%d}{sequence:03d}")
    assert renewed == read(numbered("510108", f"{born:%Y%m%d}", f"{sequence:03d}"))
    assert renewed.born_on == born


@given(some.text(max_size=50), some.sampled_from([None, *IdentityKind]))
def test_whatever_comes_is_read_or_refused(text: str, kind: IdentityKind | None) -> None:
    with suppress(Unprocessable):
        found = read(text, kind)
        assert found.number.isascii()
        assert found.number.isalnum()
        assert kind in (None, found.kind)


@given(numbers())
def test_reading_again_changes_nothing(number: str) -> None:
    found = read(number)
    assert read(found.number) == read(found.number, found.kind) == found


@pytest.mark.parametrize(
    ("born", "why"),
    [
        ("19900231", "no such day"),
        ("19901301", "no such month"),
        ("19900300", "day zero"),
        ("20230229", "no leap year"),
        ("20261124", "tomorrow"),
        ("20991231", "in this century, but to come"),
        ("18951231", "older than anybody"),
        ("00000101", "year zero"),
    ],
)
def test_birth_date_decides(born: str, why: str) -> None:
    assert refusal(numbered(born=born)) == "id_number_birth_date", why


def test_birth_date_of_today_is_one() -> None:
    assert read(numbered(born=f"{TODAY:%Y%m%d}")).born_on == TODAY
    assert read(numbered(born="20240229")).born_on == date(2024, 2, 29)


def test_centenarians_of_old_are_too_old_by_now() -> None:
    assert refusal("510108900307998") == "id_number_birth_date"


@pytest.mark.parametrize("region", ["000000", "990101", "161234", "840000"])
def test_unknown_region_only_warns(region: str) -> None:
    if region.startswith("9"):
        region = "100000"
    assert read(numbered(region)).warnings == (REGION_UNKNOWN,)


@pytest.mark.parametrize("region", ["510199", "110000", "419001", "710000"])
def test_region_below_the_province_is_not_looked_at(region: str) -> None:
    assert read(numbered(region)).warnings == ()


@pytest.mark.parametrize("region", ["810000", "820000", "830000"])
def test_permits_of_hong_kong_macao_and_taiwan_are_told_by_their_beginning(region: str) -> None:
    number = numbered(region)
    assert read(number).kind is IdentityKind.REGIONAL_RESIDENT
    assert refusal(number, IdentityKind.RESIDENT) == "id_number_malformed"


def test_permanent_residence_card_of_2023_is_told_by_its_nine() -> None:
    found = read(numbered("931840"))
    assert (found.kind, found.born_on, found.warnings) == (IdentityKind.FOREIGN_RESIDENT, date(1990, 3, 7), ())
    assert read(numbered("900840")).warnings == (REGION_UNKNOWN,)
    wrong = numbered("931840")[:17] + ("0" if numbered("931840")[17] != "0" else "1")
    assert refusal(wrong) == "id_number_check_digit"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("abc310012345678", IdentityKind.FOREIGN_RESIDENT),
        ("H12345678", IdentityKind.HONG_KONG_MACAO_TRAVEL),
        ("M1234567801", IdentityKind.HONG_KONG_MACAO_TRAVEL),
        ("E12345678", IdentityKind.PASSPORT),
        ("ea1234567", IdentityKind.PASSPORT),
        ("C01X00T47", IdentityKind.PASSPORT),
    ],
)
def test_shape_tells_the_kind_when_nobody_says_it(text: str, kind: IdentityKind) -> None:
    found = read(text)
    assert (found.kind, found.born_on, found.sex) == (kind, None, None)
    assert found.number == text.upper()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("12345678", IdentityKind.TAIWAN_TRAVEL),
        ("0123456789B", IdentityKind.TAIWAN_TRAVEL),
        ("123456789", IdentityKind.PASSPORT),
        ("H12345678", IdentityKind.PASSPORT),
    ],
)
def test_kind_that_is_said_counts(text: str, kind: IdentityKind) -> None:
    assert read(text, kind).kind is kind
    assert read(text, kind).number == text


@pytest.mark.parametrize(
    "text",
    ["", " ", "X", "51010819900307251", "5101081990030725100", "12345678", "123456789", "不是号码", "51010819900307X51",
     "٥١٠١٠٨١٩٩٠٠٣٠٧٢٥١٠", "1" * 100_000, "PASSPORT", "E1234\x005678"],
    ids=range(13),
)  # fmt: skip
def test_nonsense_is_malformed(text: str) -> None:
    assert refusal(text) == "id_number_malformed"


def test_number_of_another_kind_is_malformed() -> None:
    assert refusal("E12345678", IdentityKind.RESIDENT) == "id_number_malformed"
    assert refusal(numbered(), IdentityKind.PASSPORT) == "id_number_malformed"
    assert refusal(numbered(), IdentityKind.FOREIGN_RESIDENT) == "id_number_malformed"


@given(numbers())
def test_mask_hides_birth_date_and_region(number: str) -> None:
    shown = read(number).masked
    assert shown == "*" * 14 + number[14:]
    assert len(shown) == len(number)


@given(some.text(alphabet=string.ascii_uppercase + string.digits, max_size=20))
def test_mask_shows_a_quarter_at_most(number: str) -> None:
    shown = masked(number)
    assert len(shown) == len(number)
    assert len(shown.strip("*")) <= min(4, len(number) / 4)


def test_day_before_birth_the_number_is_refused() -> None:
    number = numbered(born=f"{TODAY:%Y%m%d}")
    with pytest.raises(Unprocessable, match="id_number_birth_date"):
        read_identity(number, today=TODAY - timedelta(days=1))
