"""Routing by category and place, the most specific rule first; danger past everything (A2, A11)."""

from dataclasses import replace

import pytest

from domain.errors import Unprocessable
from domain.routing import DANGER_RULE, route, specificity
from domain.rulebook import Route
from domain.vocabulary import UnitKind
from tests.unit.rulebooks import shipped

RULES = shipped().rulebook
UNITS = {unit.code: unit for unit in shipped().district.units}


@pytest.mark.parametrize(
    ("category", "grid", "community", "unit", "rule"),
    [
        ("street-lamp-fault", "baiwei-1", "baiwei-community", "public-works", "group-lighting"),
        ("traffic-signal-fault", "baiwei-1", "baiwei-community", "traffic", "traffic-signal-fault"),
        ("fallen-tree", "baiwei-1", "baiwei-community", "landscaping", "group-greenery"),
        ("fallen-tree", "lanwu-1", "lanwu-community", "lake-park-office", "trees-of-the-lake-park"),
        ("dirty-road", "lanwu-3", "lanwu-community", "lake-park-office", "rubbish-of-the-lake-park"),
        ("dirty-road", "lanwu-2", "lanwu-community", "sanitation", "group-cleanliness"),
        ("illegal-dumping", "lanwu-3", "lanwu-community", "urban-management", "illegal-dumping"),
        ("stair-clutter", "baiwei-1", "baiwei-community", "baiwei-community", "group-neighbourhood"),
        ("street-lamp-fault", None, None, "public-works", "group-lighting"),
    ],
)
def test_most_specific_rule_counts_when_several_match(
    category: str, grid: str | None, community: str | None, unit: str, rule: str
) -> None:
    assert route(RULES, category, grid, community) == (unit, rule)


@pytest.mark.parametrize(
    ("category", "grid", "community"),
    [("other-matter", "baiwei-1", "baiwei-community"), ("stair-clutter", None, None)],
)
def test_matter_goes_to_triage_when_no_rule_matches(category: str, grid: str | None, community: str | None) -> None:
    assert route(RULES, category, grid, community) is None


@pytest.mark.parametrize(("category", "danger"), [("violence", False), ("other-matter", True), ("dirty-road", True)])
def test_matter_goes_to_the_police_channel_when_life_is_in_danger(category: str, danger: bool) -> None:
    found = route(RULES, category, "lanwu-3", "lanwu-community", danger=danger)
    assert found == (RULES.danger.unit, DANGER_RULE)
    assert UNITS[RULES.danger.unit].kind is UnitKind.POLICE


def test_category_is_refused_when_unknown() -> None:
    with pytest.raises(Unprocessable) as refused:
        route(RULES, "no-such-category", None, None)
    assert refused.value.code == "category_unknown"


def test_rules_are_ordered_by_what_they_name_when_compared() -> None:
    names = {
        "category-grid": Route(name="category-grid", unit="u", category="c", grid="g"),
        "category": Route(name="category", unit="u", category="c"),
        "group-grid": Route(name="group-grid", unit="u", group="g", grid="g"),
        "group-community": Route(name="group-community", unit="u", group="g", community="c"),
        "group": Route(name="group", unit="u", group="g"),
        "grid": Route(name="grid", unit="u", grid="g"),
        "all": Route(name="all", unit="u"),
    }
    mixed = [names[name] for name in sorted(names, key=len)]
    ordered = sorted(mixed, key=specificity, reverse=True)
    assert [rule.name for rule in ordered] == list(names)


def test_first_rule_counts_when_two_are_as_specific() -> None:
    rules = (Route(name="one", unit="a", group="other"), Route(name="two", unit="b", group="other"))
    assert route(replace(RULES, routes=rules), "other-matter", None, None) == ("a", "one")
