"""What differs between two versions of the rules, and versions that are made by changing values."""

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import Unprocessable
from domain.limits import Limit, LimitUnit
from domain.rulebook import Rulebook
from domain.rulebook_diff import RuleArea, RulebookDiff, length, own_clocks, rulebook_difference
from rulebook.drafts import AS_GENERAL, derived, fields_at_fault
from rulebook.load import Opened
from rulebook.problems import RulebookInvalid
from rulebook.values import of_content
from tests.unit.rulebooks import shipped

BASE = shipped("rehearsal")


def changed(**changes: Any) -> Opened:
    return derived(BASE, version="2026.2", effective_from="2026-12-01", **changes)


def told(diff: RulebookDiff) -> list[tuple[str, str, Any, Any]]:
    """Every change as (area, path, before, after)."""
    found = []
    for area in diff.areas:
        found += [(area.area.value, change.field, change.before, change.after) for change in area.changes]
        found += [(area.area.value, subject.code, None, "added") for subject in area.added]
        found += [(area.area.value, subject.code, "removed", None) for subject in area.removed]
        found += [
            (area.area.value, f"{one.subject.code}.{change.field}", change.before, change.after)
            for one in area.changed
            for change in one.changes
        ]
    return found


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"clocks": {"points": 6}}, [("clocks", "points", 5, 6)]),
        ({"clocks": {"acknowledgement": "45 minutes"}}, [("clocks", "acknowledgement", "30 minutes", "45 minutes")]),
        ({"clocks": {"extension_lead": None}}, [("clocks", "extension_lead", "2 days", None)]),
        (
            {"categories": {"rehearsal": {"limit": "2 hours"}}},
            [("categories", "rehearsal.limit", "40 seconds", "2 hours")],
        ),
        (
            {"categories": {"rehearsal": {"clocks": {"points": 9, "yellow_lead": "1 second"}}}},
            [
                ("categories", "rehearsal.yellow_lead", "8 seconds", "1 second"),
                ("categories", "rehearsal.points", 2, 9),
            ],
        ),
        (
            {"categories": {"rehearsal": {"clocks": {"points": AS_GENERAL}}}},
            [("categories", "rehearsal.points", 2, 5)],
        ),
        (
            {"services": {"redos": 2, "clocks": {"points": 4}}},
            [("services", "points", 2, 4), ("services", "redos", 1, 2)],
        ),
    ],
)
def test_change_is_told_where_it_was_made(changes: dict[str, Any], expected: list[Any]) -> None:
    later = changed(**changes)
    diff = rulebook_difference(BASE.rulebook, later.rulebook)
    assert told(diff) == expected
    assert diff.count == len(expected)
    assert later.catalogue == BASE.catalogue
    assert later.rulebook.version.startswith("2026.2+")


def test_general_clock_is_told_once_and_not_for_every_category_that_has_it() -> None:
    later = changed(clocks={"points": 2}).rulebook
    assert told(rulebook_difference(BASE.rulebook, later)) == [("clocks", "points", 5, 2)]
    assert own_clocks(later.categories["rehearsal"].clocks, later.clocks).keys() >= {"acknowledgement", "yellow_lead"}


def test_every_field_of_the_rulebook_is_compared() -> None:
    """Whoever adds one says in which area it is told."""
    names = {"hours": "office_hours"}
    compared = {names.get(field.name, field.name) for field in fields(Rulebook)}
    assert compared - {"name", "version", "effective_from"} == {area.value for area in RuleArea}


def test_likeness_of_duplicates_is_told() -> None:
    duplicates = replace(BASE.rulebook.duplicates, least=99, half_life=timedelta(hours=7))
    diff = rulebook_difference(BASE.rulebook, replace(BASE.rulebook, duplicates=duplicates))
    assert [(field, after) for _, field, _, after in told(diff)] == [
        ("duplicates.least", 99),
        ("duplicates.half_life", "7 hours"),
    ]


def test_what_came_and_went_is_told() -> None:
    fewer = {code: found for code, found in BASE.rulebook.categories.items() if code != "rehearsal-short"}
    earlier = replace(BASE.rulebook, categories=fewer, routes=BASE.rulebook.routes[1:])
    there, back = rulebook_difference(earlier, BASE.rulebook), rulebook_difference(BASE.rulebook, earlier)
    route = BASE.rulebook.routes[0].name
    assert told(there) == [("categories", "rehearsal-short", None, "added"), ("routes", route, None, "added")]
    assert told(back) == [("categories", "rehearsal-short", "removed", None), ("routes", route, "removed", None)]


def test_two_rulebooks_differ_in_the_areas_that_differ() -> None:
    diff = rulebook_difference(shipped("default").rulebook, BASE.rulebook)
    assert [area.area for area in diff.areas] == [
        RuleArea.SERVICES, RuleArea.CATEGORIES, RuleArea.ROUTES, RuleArea.GROUPS, RuleArea.STANDINGS
    ]  # fmt: skip


ELAPSED = st.builds(Limit, st.integers(1, 500), st.sampled_from([LimitUnit.MINUTES, LimitUnit.HOURS]))
LIMITS = st.builds(Limit, st.integers(1, 90), st.sampled_from(list(LimitUnit)))


@settings(max_examples=15, deadline=None)
@given(st.sampled_from(sorted(BASE.rulebook.categories)), LIMITS, ELAPSED, st.integers(0, 50))
def test_what_was_set_is_what_the_version_says_and_the_way_back_is_the_same(
    code: str, limit: Limit, ack: Limit, points: int
) -> None:
    given = {"limit": str(limit), "clocks": {"acknowledgement": str(ack), "points": points}}
    later = changed(categories={code: given})
    found = later.rulebook.categories[code]
    assert (found.limit, found.clocks.acknowledgement, found.clocks.points) == (limit, ack, points)
    there = told(rulebook_difference(BASE.rulebook, later.rulebook))
    back = told(rulebook_difference(later.rulebook, BASE.rulebook))
    assert [(area, path, after, before) for area, path, before, after in there] == back
    assert {path.partition(".")[0] for _, path, _, _ in there} <= {code}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"clocks": {"points": "many"}}, "clocks.points"),
        ({"clocks": {"acknowledgement": "2 working days"}}, "clocks.acknowledgement"),
        ({"categories": {"rehearsal": {"limit": "soon"}}}, "categories.rehearsal.limit"),
        ({"categories": {"rehearsal": {"clocks": {"points": -1}}}}, "categories.rehearsal.clocks.points"),
        ({"categories": {"rehearsal": {"clocks": {"nonsense": 1}}}}, "categories.rehearsal.clocks.nonsense"),
        ({"services": {"redos": 5000}}, "services.redos"),
    ],
)
def test_value_that_is_none_is_told_by_its_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(RulebookInvalid) as fault:
        changed(**changes)
    assert list(fields_at_fault(fault.value, BASE)) == [field]


def test_category_that_is_not_there_is_refused() -> None:
    with pytest.raises(Unprocessable, match="category_unknown"):
        changed(categories={"nobody": {"limit": "1 day"}})


def test_version_made_of_a_version_says_both_changes() -> None:
    first = changed(clocks={"points": 6})
    second = derived(
        first, version="2026.3", effective_from="2026-12-02", categories={"rehearsal": {"limit": "1 hour"}}
    )
    assert len(told(rulebook_difference(BASE.rulebook, second.rulebook))) == 2
    assert len(second.package.layers) == len(BASE.package.layers)


@pytest.mark.parametrize("opened", [shipped("default"), BASE, changed(clocks={"points": 6})])
def test_rulebook_is_the_same_out_of_its_content(opened: Opened) -> None:
    again: Rulebook | None = of_content(opened.content)
    assert again == opened.rulebook


@pytest.mark.parametrize("content", [{}, {"rulebook": {}}, {**BASE.content, "calendar": {"soon": True}}])
def test_content_of_another_shape_is_no_rulebook(content: dict[str, Any]) -> None:
    assert of_content(content) is None


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 seconds"), (1, "1 second"), (90, "90 seconds"), (60, "1 minute"), (5400, "90 minutes"), (7200, "2 hours")],
)
def test_length_is_said_in_the_largest_whole_unit(seconds: int, words: str) -> None:
    assert length(timedelta(seconds=seconds)) == words
