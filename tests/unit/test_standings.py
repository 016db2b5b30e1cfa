"""How units stand: denominators, ranks, ties; what of a history counts for whom (D6, A16, A17)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.counting import COUNTED, figures_of
from domain.periods import Days, weeks_ahead, weeks_until
from domain.standings import Counted, Trait, group_key, grouped, ranked
from domain.vocabulary import EventType, Figure, Period

_E, _F = EventType, Figure
START = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
WATER, ROADS = "water", "roads"


@dataclass(frozen=True)
class Happened:
    type: EventType
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)


def history(*facts: tuple[EventType, dict[str, Any]]) -> list[Happened]:
    """An event every hour."""
    return [Happened(kind, START + timedelta(hours=hour), data) for hour, (kind, data) in enumerate(facts)]


def of(unit: str, events: Iterable[Happened]) -> dict[Figure, int]:
    """Figure → the hour at which it counts."""
    return {
        figure: int((at - START).total_seconds() // 3600)
        for (who, figure), at in figures_of(events).items()
        if who == unit
    }


TO_WATER = (_E.DISPATCHED, {"unit": WATER})
TAKEN = (_E.ACKNOWLEDGED, {"unit": WATER, "late": False})
DONE: tuple[EventType, dict[str, Any]] = (_E.COMPLETED, {})
CARD = (_E.RED_CARD_ISSUED, {"unit": WATER, "card": "R1"})
SECOND = (_E.RED_CARD_ISSUED, {"unit": WATER, "card": "R2"})
APPEALED = (_E.APPEALED, {"unit": WATER, "card": "R1"})
UPHELD = (_E.APPEAL_UPHELD, {"unit": WATER, "card": "R1"})
DISMISSED = (_E.APPEAL_DISMISSED, {"unit": WATER, "card": "R1"})
PAUSED: tuple[EventType, dict[str, Any]] = (_E.SUSPENDED, {})
AGAIN: tuple[EventType, dict[str, Any]] = (_E.REOPENED, {})
TO_ROADS = (_E.REDISPATCHED, {"unit": ROADS})
RETURNED = (_E.RETURNED, {"unit": WATER})


@pytest.mark.parametrize(
    ("facts", "wanted"),
    [
        ([TO_WATER], {_F.CAME: 0}),
        ([TO_WATER, TAKEN, DONE], {_F.CAME: 0, _F.ANSWERED: 1, _F.FINISHED: 2, _F.ON_TIME: 2}),
        ([TO_WATER, CARD], {_F.CAME: 0, _F.CARDED: 1, _F.LATE: 1}),
        ([TO_WATER, CARD, DONE], {_F.CAME: 0, _F.CARDED: 1, _F.LATE: 1, _F.FINISHED: 2}),
        ([TO_WATER, CARD, APPEALED], {_F.CAME: 0, _F.CARDED: 1, _F.LATE: 1, _F.APPEALING: 2}),
        ([TO_WATER, CARD, APPEALED, UPHELD], {_F.CAME: 0, _F.CARDED: 1, _F.EXCUSED: 1}),
        ([TO_WATER, CARD, APPEALED, DISMISSED], {_F.CAME: 0, _F.CARDED: 1, _F.LATE: 1}),
        ([TO_WATER, CARD, SECOND, APPEALED, UPHELD], {_F.CAME: 0, _F.CARDED: 1, _F.LATE: 2}),
        ([TO_WATER, PAUSED, DONE], {_F.CAME: 0, _F.FINISHED: 2, _F.DEFERRED: 2}),
        ([TO_WATER, PAUSED, CARD, DONE], {_F.CAME: 0, _F.CARDED: 2, _F.FINISHED: 3, _F.DEFERRED: 2}),
        ([TO_WATER, CARD, PAUSED, DONE], {_F.CAME: 0, _F.CARDED: 1, _F.FINISHED: 3, _F.LATE: 1}),
        ([TO_WATER, DONE, AGAIN], {_F.CAME: 0, _F.REDONE: 2}),
        ([TO_WATER, DONE, AGAIN, DONE], {_F.CAME: 0, _F.REDONE: 2, _F.FINISHED: 3, _F.ON_TIME: 3}),
        ([TO_WATER, DONE, AGAIN, CARD], {_F.CAME: 0, _F.REDONE: 2, _F.CARDED: 3, _F.LATE: 3}),
        ([TO_WATER, RETURNED, TO_ROADS, DONE], {_F.CAME: 0, _F.RETURNED: 1}),
        ([TO_WATER, (_E.WITHDRAWN, {})], {_F.CAME: 0}),
        ([TO_WATER, (_E.URGED, {}), (_E.URGED, {})], {_F.CAME: 0, _F.URGED: 1}),
        ([TO_WATER, (_E.EXTENSION_GRANTED, {})], {_F.CAME: 0, _F.EXTENDED: 1}),
        (
            [TO_WATER, (_E.ACK_MISSED, {"unit": WATER}), (_E.ACKNOWLEDGED, {"unit": WATER, "late": True})],
            {_F.CAME: 0, _F.UNANSWERED: 1},
        ),
    ],
)  # fmt: skip
def test_history_counts_for_its_unit(facts: list[Any], wanted: dict[Figure, int]) -> None:
    assert of(WATER, history(*facts)) == wanted


def test_case_that_went_to_another_unit_is_finished_by_that_unit() -> None:
    assert of(ROADS, history(TO_WATER, RETURNED, TO_ROADS, DONE)) == {_F.CAME: 2, _F.FINISHED: 3, _F.ON_TIME: 3}


def test_assisting_unit_counts_for_itself() -> None:
    helps = {"part": ROADS, "unit": ROADS}
    events = history(
        TO_WATER, (_E.DISPATCHED, helps), (_E.COMPLETED, helps), (_E.RED_CARD_ISSUED, {**helps, "card": "R1"}), DONE
    )
    assert of(WATER, events) == {_F.CAME: 0, _F.FINISHED: 4, _F.ON_TIME: 4}
    assert of(ROADS, events) == {_F.CAME: 1, _F.FINISHED: 2, _F.CARDED: 3, _F.LATE: 3}


def test_released_assistant_has_finished_nothing() -> None:
    helps = {"part": ROADS, "unit": ROADS}
    assert of(ROADS, history(TO_WATER, (_E.DISPATCHED, helps), (_E.RELEASED, helps), DONE)) == {_F.CAME: 1}


def test_two_steps_of_one_unit_are_finished_with_the_second() -> None:
    steps = [{"part": key, "unit": WATER} for key in ("first", "second")]
    events = history(*((_E.DISPATCHED, step) for step in steps), *((_E.STEP_COMPLETED, step) for step in steps))
    assert of(WATER, events[:3]) == {_F.CAME: 0}
    assert of(WATER, events) == {_F.CAME: 0, _F.FINISHED: 3, _F.ON_TIME: 3}


def test_outside_step_counts_for_nobody() -> None:
    step = {"part": "above", "unit": ROADS}
    assert figures_of(history((_E.HANDED_OUT, step), (_E.STEP_COMPLETED, step), (_E.COMPLETED, {}))) == {}


def test_suspension_of_a_whole_request_is_told_by_its_steps() -> None:
    step = {"part": "first", "unit": WATER}
    whole = (_E.SUSPENDED, {"whole": True})
    assert of(WATER, history((_E.DISPATCHED, step), whole, (_E.STEP_COMPLETED, step))) == {
        _F.CAME: 0, _F.FINISHED: 2, _F.ON_TIME: 2,
    }  # fmt: skip
    both = history((_E.DISPATCHED, step), whole, (_E.SUSPENDED, step), (_E.STEP_COMPLETED, step))
    assert of(WATER, both) == {_F.CAME: 0, _F.FINISHED: 3, _F.DEFERRED: 3}


def test_events_that_do_not_count_change_nothing() -> None:
    events = history(TO_WATER, *((kind, {}) for kind in EventType if kind not in COUNTED))
    assert figures_of(events) == figures_of(events[:1])


FACTS = st.sampled_from(
    [TO_WATER, TO_ROADS, TAKEN, DONE, CARD, SECOND, APPEALED, UPHELD, DISMISSED, PAUSED, AGAIN, RETURNED]
)


@given(st.lists(FACTS, max_size=12))
def test_case_is_judged_once_for_a_unit(facts: list[Any]) -> None:
    figures = figures_of(history(*facts))
    for unit in (WATER, ROADS):
        judged = {_F.ON_TIME, _F.LATE, _F.DEFERRED, _F.EXCUSED} & {figure for who, figure in figures if who == unit}
        assert len(judged) <= 1
        carded, late = (unit, _F.CARDED) in figures, (unit, _F.LATE) in figures
        assert carded or not late
        if (unit, _F.ON_TIME) in figures:
            assert figures[unit, _F.ON_TIME] == figures[unit, _F.FINISHED]


def counted(unit: str, on_time: int, late: int, **more: int) -> Counted:
    extra = {Figure(name): number for name, number in more.items()}
    return Counted(unit=unit, group="g", figures={_F.ON_TIME: on_time, _F.LATE: late, **extra})


@pytest.mark.parametrize(
    ("unit", "rate"),
    [
        (counted("a", 0, 0), None),
        (counted("a", 3, 1), Fraction(3, 4)),
        (counted("a", 3, 1, deferred=9), Fraction(3, 4)),
        (counted("a", 3, 1, excused=2), Fraction(3, 4)),
        (counted("a", 0, 2), Fraction(0)),
    ],
)
def test_rate_has_only_judged_cases_in_its_denominator(unit: Counted, rate: Fraction | None) -> None:
    assert unit.rate == rate


def test_equals_share_a_rank_and_the_next_skips() -> None:
    units = [counted("d", 1, 9), counted("a", 9, 1), counted("c", 5, 5), counted("b", 50, 50), counted("few", 1, 0)]
    assert [(one.counted.unit, one.rank) for one in ranked(units, 5)] == [
        ("a", 1), ("b", 2), ("c", 2), ("d", 4), ("few", None),
    ]  # fmt: skip


def test_unit_without_judged_cases_is_never_ranked() -> None:
    assert [one.rank for one in ranked([counted("a", 0, 0)], 0)] == [None]


UNITS = st.lists(
    st.builds(counted, st.uuids().map(str), st.integers(0, 30), st.integers(0, 30)),
    max_size=8,
    unique_by=lambda one: one.unit,
)


@given(UNITS, st.randoms(use_true_random=False), st.integers(1, 10))
def test_ranks_are_fair_in_whatever_order_units_come(units: list[Counted], random: Any, least: int) -> None:
    shuffled = list(units)
    random.shuffle(shuffled)
    standings = ranked(units, least)
    assert ranked(shuffled, least) == standings
    for one in standings:
        share = one.counted.rate
        if one.counted.judged < least or share is None:
            assert one.rank is None
        else:
            rivals = [other.counted for other in standings if other.rank is not None]
            assert one.rank == 1 + sum(1 for other in rivals if other.rate is not None and other.rate > share)


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 99), st.integers(0, 99))
def test_deferred_and_excused_cases_never_move_a_rate(on_time: int, late: int, deferred: int, excused: int) -> None:
    assert counted("a", on_time, late, deferred=deferred, excused=excused).rate == counted("a", on_time, late).rate


def test_groups_hold_units_that_have_everything_in_common() -> None:
    traits: dict[str, str | None] = {"kind": "department", "line": "water", "parent": None}
    assert group_key(traits, (Trait.KIND, Trait.PARENT)) == "department.-"
    assert group_key(traits, (Trait.LINE,)) == "water"
    here = [Counted(unit=unit, group=group, figures={}) for unit, group in (("a", "y"), ("b", "x"), ("c", "y"))]
    assert [(group.key, [one.counted.unit for one in group.standings]) for group in grouped(here, 1)] == [
        ("x", ["b"]), ("y", ["a", "c"]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("period", "first"),
    [
        (Period.WEEK, date(2026, 11, 23)),
        (Period.MONTH, date(2026, 11, 1)),
        (Period.QUARTER, date(2026, 10, 1)),
        (Period.YEAR, date(2026, 1, 1)),
    ],
)
def test_period_begins_with_its_first_day(period: Period, first: date) -> None:
    today = date(2026, 11, 25)  # a Wednesday
    assert Days.of(period, today) == Days(first, today)


def test_days_lie_between_midnights_of_shanghai() -> None:
    day = Days(date(2026, 11, 23), date(2026, 11, 23))
    assert day.begins == datetime(2026, 11, 22, 16, tzinfo=UTC)
    assert day.ends == datetime(2026, 11, 23, 16, tzinfo=UTC)
    with pytest.raises(ValueError, match="before"):
        Days(date(2026, 11, 23), date(2026, 11, 22))


def test_weeks_begin_with_monday() -> None:
    today = date(2026, 11, 25)
    weeks = weeks_until(today, 3)
    assert [(week.first.day, week.last.day) for week in weeks] == [(9, 15), (16, 22), (23, 25)]
    assert weeks_ahead(today, 5) == Days(date(2026, 11, 23), date(2026, 12, 27))
    assert list(weeks[-1]) == [date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25)]
