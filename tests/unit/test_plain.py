"""The codec of everything that is stored or crosses to the engine: there and back, through real JSON."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.accountability import Accountability
from domain.case import Case
from domain.holding.values import Extension, Pause, RedCard, Urging
from domain.interview import Interview
from domain.messages import Command, Event, Milestone, Opening, Recorded, Recording
from domain.plain import instant, of_plain, to_plain
from domain.promise import AckClock, Ladder, Promise, Rung, Terms
from domain.vocabulary import CaseStatus, EventType, Role
from tests.unit.case_world import MONDAY, TERMS, Story, promise

INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
DURATIONS = st.timedeltas(timedelta(0), timedelta(days=20_000))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
st.register_type_strategy(datetime, INSTANTS)
st.register_type_strategy(timedelta, DURATIONS)

SHAPES = [
    Accountability, AckClock, Case, Command, Event, Extension, Interview, Ladder, Milestone, Opening, Pause, Promise,
    Recorded, Recording, RedCard, Rung, Terms, Urging,
]  # fmt: skip


def made(shape: Any) -> st.SearchStrategy[Any]:
    """Any value of a shape; whatever is typed as a dict holds JSON."""
    hints = get_type_hints(shape)
    given_json = {name: st.dictionaries(st.text(max_size=3), JSON, max_size=2) for name in ("data", "state")}
    return st.builds(shape, **{name: how for name, how in given_json.items() if name in hints})


st.register_type_strategy(Event, made(Event))


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_value_comes_back_when_it_went_through_json(shape: Any) -> None:
    @settings(max_examples=25, deadline=None, derandomize=True, database=None)
    @given(made(shape))
    def there_and_back(value: Any) -> None:
        plain = to_plain(value)
        assert of_plain(shape, json.loads(json.dumps(plain))) == value
        assert to_plain(of_plain(shape, plain)) == plain

    there_and_back()


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (None, None),
        (True, True),
        (CaseStatus.IN_PROGRESS, "in_progress"),
        (MONDAY, "2026-03-02T01:00:00+00:00"),
        (MONDAY.astimezone(timezone(timedelta(hours=8))), "2026-03-02T01:00:00+00:00"),
        (date(2026, 3, 2), "2026-03-02"),
        (timedelta(minutes=1, microseconds=1), 60.000001),
        ((Role.HANDLER, Role.SUPERVISOR), ["handler", "supervisor"]),
        ({"at": (MONDAY,)}, {"at": ["2026-03-02T01:00:00+00:00"]}),
    ],
)
def test_plain_is_json_when_a_value_is_stored(value: Any, plain: Any) -> None:
    assert to_plain(value) == plain
    assert type(to_plain(value)) is type(plain)


def test_instants_are_utc_when_they_come_from_anywhere() -> None:
    read = instant("2026-03-02T09:00:00+08:00")
    assert (read, read.utcoffset()) == (MONDAY, timedelta(0))
    assert instant("2026-03-02T01:00:00Z") == MONDAY


def test_instants_without_offset_are_refused_when_read_or_written() -> None:
    """They would silently take the zone of the machine (E6)."""
    with pytest.raises(ValueError, match="offset"):
        instant("2026-03-02T01:00:00")
    with pytest.raises(ValueError, match="offset"):
        to_plain(datetime(2026, 3, 2, 1))  # noqa: DTZ001


def test_older_states_can_be_read_when_fields_were_added_or_dropped_since() -> None:
    plain = to_plain(Story().case)
    del plain["urgings_made"]
    plain["once_upon_a_time"] = 1
    assert of_plain(Case, plain) == Story().case


@pytest.mark.parametrize(
    ("shape", "plain"),
    [
        (Event, {}),
        (Event, {"seq": 1}),
        (Event, "seq type at"),
        (Event, None),
        (Event, 7),
        (Event, {"seq": "1", "type": "closed", "at": "2026-03-02T01:00:00+00:00"}),
        (Event, {"seq": True, "type": "closed", "at": "2026-03-02T01:00:00+00:00"}),
        (Event, {"seq": 1, "type": "exploded", "at": "2026-03-02T01:00:00+00:00"}),
        (Event, {"seq": 1, "type": "closed", "at": 5}),
        (Event, {"seq": 1, "type": "closed", "at": "soon"}),
        (Event, {"seq": 1, "type": "closed", "at": "2026-03-02T01:00:00+00:00", "data": []}),
        (Rung, {"name": "x", "after": "1", "tell": []}),
        (Rung, {"name": "x", "after": 1, "tell": "centre"}),
        (Rung, {"name": "x", "after": 1, "tell": None}),
        (Promise, to_plain(promise()) | {"due_at": None}),
        (Terms, to_plain(TERMS) | {"points": 1.5}),
    ],
)
def test_a_value_error_says_so_when_the_plain_value_has_another_shape(shape: Any, plain: Any) -> None:
    with pytest.raises(ValueError, match=shape.__name__):
        of_plain(shape, plain)


def test_event_data_is_kept_as_it_is_when_it_looks_like_something_else() -> None:
    event = Event(seq=1, type=EventType.RECEIVED, at=MONDAY, data={"at": "2026-03-02T01:00:00+00:00", "n": [1, None]})
    assert of_plain(Event, to_plain(event)).data == event.data
