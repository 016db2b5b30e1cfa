"""What a purpose opens, how the rest is masked, and which looks are unusual."""

from datetime import UTC, datetime

import pytest

from domain.looks import (
    MANY,
    OPENS,
    Circumstances,
    ContactField,
    Oddity,
    masked_address,
    masked_name,
    masked_phone,
    oddities,
    opened,
)
from domain.vocabulary import LookPurpose

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # Monday 12:00 in Shanghai


def test_every_purpose_opens_something_and_only_handing_over_opens_everything() -> None:
    assert set(OPENS) == set(LookPurpose)
    whole = {purpose for purpose, fields in OPENS.items() if fields == set(ContactField)}
    assert whole == {LookPurpose.HAND_OVER}


def test_what_is_not_known_is_left_out() -> None:
    known = {ContactField.PHONE: "+8613800138000", ContactField.NAME: None, ContactField.ID_NUMBER: "1"}
    assert opened(known, LookPurpose.CONTACT) == {ContactField.PHONE: "+8613800138000"}


@pytest.mark.parametrize(
    ("hour_utc", "unusual"),
    [(4, False), (13, False), (14, True), (16, True), (21, True), (22, False)],
)
def test_night_is_from_ten_to_six_in_shanghai(hour_utc: int, unusual: bool) -> None:
    found = oddities(Circumstances(at=NOON.replace(hour=hour_utc), earlier=0))
    assert found == ((Oddity.NIGHT,) if unusual else ())


def test_very_many_within_an_hour_are_unusual() -> None:
    assert oddities(Circumstances(at=NOON, earlier=MANY - 2)) == ()
    assert oddities(Circumstances(at=NOON, earlier=MANY - 1)) == (Oddity.MANY,)


@pytest.mark.parametrize(
    ("grid", "own", "foreign"),
    [("G01", {"G01"}, False), ("G02", {"G01"}, True), ("G02", set(), False), (None, {"G01"}, False)],
)
def test_grid_of_somebody_else_is_unusual_for_an_officer(grid: str | None, own: set[str], foreign: bool) -> None:
    found = oddities(Circumstances(at=NOON, earlier=0, grid=grid, own_grids=frozenset(own)))
    assert found == ((Oddity.FOREIGN_GRID,) if foreign else ())


@pytest.mark.parametrize(
    ("name", "shown"),
    [("王某某", "王**"), ("王五", "王*"), ("王", "王*"), ("Somebody Else", "S**"), (None, None), ("", "")],
)
def test_name_is_masked(name: str | None, shown: str | None) -> None:
    assert masked_name(name) == shown


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("+8613800138000", "+86*******8000"),
        ("+862885551234;ext=12", "+86******1234 *"),
        ("95588", "*"),
        (None, None),
    ],
)
def test_phone_is_masked(phone: str | None, shown: str | None) -> None:
    assert masked_phone(phone) == shown


@pytest.mark.parametrize("address", ["幸福路 1 号", "锦江区幸福路 123 号 4 栋 5 单元"])
def test_address_is_masked(address: str) -> None:
    shown = masked_address(address)
    assert shown is not None
    assert shown.endswith("***")
    assert address not in shown
    assert masked_address(None) is None
