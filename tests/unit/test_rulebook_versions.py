"""Which version counts at an instant: a table, and the same against the plainest reading of the list."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Conflict, Unprocessable
from domain.rulebook_versions import (
    LATEST,
    SOONEST,
    Entry,
    VersionState,
    beginning,
    by_files,
    in_force,
    next_midnight,
    state_of,
    state_of_version,
    upcoming,
    withdrawable,
)

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # Monday, 12:00 in Shanghai
HOUR = timedelta(hours=1)


def entry(id: int, version: str, since: datetime, *, by: str | None = "administrator", gone: bool = False) -> Entry:
    return Entry(
        id=id,
        version=version,
        effective_from=since,
        scheduled_at=since - HOUR,
        scheduled_by=by,
        withdrawn_at=since - HOUR / 2 if gone else None,
        withdrawn_by="administrator" if gone else None,
    )


LIST = (
    entry(1, "files", NOON - 100 * HOUR, by=None),
    entry(2, "first", NOON - HOUR),
    entry(3, "taken back", NOON + HOUR, gone=True),
    entry(4, "next", NOON + 2 * HOUR),
    entry(5, "files", NOON + 3 * HOUR),
)


@pytest.mark.parametrize(
    ("at", "version", "following"),
    [
        (NOON - 101 * HOUR, None, "files"),
        (NOON - 100 * HOUR, "files", "first"),
        (NOON - HOUR - timedelta(microseconds=1), "files", "first"),
        (NOON - HOUR, "first", "next"),
        (NOON + HOUR, "first", "next"),
        (NOON + 2 * HOUR, "next", "files"),
        (NOON + 3 * HOUR, "files", None),
        (NOON + 9999 * HOUR, "files", None),
    ],
)
def test_version_that_began_last_counts_unless_it_was_taken_back(
    at: datetime, version: str | None, following: str | None
) -> None:
    current, coming = in_force(LIST, at), upcoming(LIST, at)
    assert (current.version if current else None) == version
    assert (coming.version if coming else None) == following


def test_each_entry_is_called_what_it_is() -> None:
    states = [state_of(entry, LIST, NOON) for entry in LIST]
    assert states == ["past", "in_force", "withdrawn", "scheduled", "scheduled"]
    assert state_of_version("files", LIST, NOON) is VersionState.SCHEDULED
    assert state_of_version("taken back", LIST, NOON) is VersionState.WITHDRAWN
    assert state_of_version("nobody's", LIST, NOON) is VersionState.DRAFT


INSTANTS = st.integers(0, 50).map(lambda n: NOON + n * HOUR)
ENTRIES = st.lists(st.tuples(INSTANTS, st.booleans()), max_size=12).map(
    lambda found: tuple(entry(id, f"v{id}", since, gone=gone) for id, (since, gone) in enumerate(found))
)


@given(ENTRIES, INSTANTS)
def test_version_is_the_same_as_when_the_list_is_played_through(entries: tuple[Entry, ...], at: datetime) -> None:
    counts = None
    for event in sorted(entries, key=lambda found: (found.effective_from, found.id)):
        if event.effective_from <= at and event.withdrawn_at is None:
            counts = event
    assert in_force(entries, at) == counts
    current, coming = in_force(entries, at), upcoming(entries, at)
    if coming is not None:
        assert in_force(entries, coming.effective_from) is not None
        assert in_force(entries, coming.effective_from - timedelta(microseconds=1)) == current


@given(ENTRIES, INSTANTS)
def test_exactly_one_entry_is_in_force_once_one_has_begun(entries: tuple[Entry, ...], at: datetime) -> None:
    states = [state_of(found, entries, at) for found in entries]
    assert states.count(VersionState.IN_FORCE) == (1 if in_force(entries, at) else 0)


@pytest.mark.parametrize(
    ("wanted", "begins"),
    [
        (NOON + HOUR, NOON + HOUR),
        (NOON + SOONEST, NOON + SOONEST),
        (NOON + SOONEST / 2, NOON + SOONEST),
        (NOON, NOON + SOONEST),
        (NOON + LATEST, NOON + LATEST),
    ],
)
def test_nothing_begins_before_every_process_can_know(wanted: datetime, begins: datetime) -> None:
    assert beginning(wanted, NOON) == begins


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (NOON - timedelta(microseconds=1), "effective_from_past"),
        (NOON + LATEST + HOUR, "effective_from_far"),
    ],
)
def test_nothing_begins_in_the_past_or_beyond_ten_years(wanted: datetime, code: str) -> None:
    with pytest.raises(Unprocessable, match=code):
        beginning(wanted, NOON)


@pytest.mark.parametrize(
    ("at", "midnight"),
    [
        ("2026-11-23T12:00:00+08:00", "2026-11-24T00:00:00+08:00"),  # Monday
        ("2026-11-23T23:59:59+08:00", "2026-11-24T00:00:00+08:00"),
        ("2026-11-24T00:00:00+08:00", "2026-11-25T00:00:00+08:00"),
        ("2026-12-31T20:00:00+00:00", "2027-01-02T00:00:00+08:00"),  # 4 in the morning of 1 January in Shanghai
    ],
)
def test_midnight_is_that_of_shanghai(at: str, midnight: str) -> None:
    assert next_midnight(datetime.fromisoformat(at)) == datetime.fromisoformat(midnight)


def test_only_what_waits_can_be_taken_back() -> None:
    assert withdrawable("next", LIST, NOON).id == 4
    assert withdrawable("files", LIST, NOON).id == 5
    for version, at in [("first", NOON), ("taken back", NOON), ("next", NOON + 2 * HOUR), ("nobody's", NOON)]:
        with pytest.raises(Conflict, match="rulebook_not_scheduled"):
            withdrawable(version, LIST, at)
    with pytest.raises(Conflict, match="rulebook_not_scheduled"):
        withdrawable("next", LIST, NOON + 2 * HOUR - SOONEST)


def test_files_count_until_a_version_of_an_administrator_has_begun() -> None:
    assert by_files((), NOON)
    assert by_files(LIST, NOON - HOUR * 2)
    assert not by_files(LIST, NOON)
    assert not by_files(LIST, NOON + 3 * HOUR)
