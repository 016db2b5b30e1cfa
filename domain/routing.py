"""Which unit an incident goes to (A2, A11)."""

from typing import Final, NamedTuple

from domain.rulebook import Category, Route, Rulebook

DANGER_RULE: Final = "danger"


class Routed(NamedTuple):
    """The unit, and the name of the rule that chose it."""

    unit: str
    rule: str


def route(
    rulebook: Rulebook, category: str, grid: str | None, community: str | None, *, danger: bool = False
) -> Routed | None:
    """The unit for a matter at a place; None: no rule matches, so it goes to triage.

    ``community`` is the code of the grid's community unit. Danger to life goes straight to its unit, whatever the
    place. The first rule that matches counts: ``Rulebook.routes`` has the most specific first.
    Raises Unprocessable("category_unknown").
    """
    found = rulebook.category(category)
    if danger or found.danger:
        return Routed(rulebook.danger.unit, DANGER_RULE)
    for rule in rulebook.routes:
        unit = rule.unit or community
        if unit is not None and _matches(rule, found, grid, community):
            return Routed(unit, rule.name)
    return None


def specificity(rule: Route) -> tuple[bool, bool, bool, bool]:
    """Greater for the more specific rule: category before group, and within that grid before community."""
    return (rule.category is not None, rule.group is not None, rule.grid is not None, rule.community is not None)


def _matches(rule: Route, category: Category, grid: str | None, community: str | None) -> bool:
    return (
        rule.category in (None, category.code)
        and rule.group in (None, category.group)
        and rule.grid in (None, grid)
        and rule.community in (None, community)
    )
