"""What differs between two versions of the catalogue."""

from dataclasses import replace
from typing import Any

from domain.catalogue.diff import Change, difference, in_words
from domain.catalogue.items import CatalogueVersion, Item
from domain.limits import Limit
from domain.plain import of_plain, to_plain
from tests.unit.rulebooks import shipped

EARLIER = shipped().catalogue.versions[0]
FIRST = EARLIER.items[0]


def changes(**new: Any) -> list[Change]:
    """Of the first item, when it has these fields in the later version."""
    later = replace(EARLIER, items=(replace(FIRST, **new), *EARLIER.items[1:]))
    found = difference(EARLIER, later)
    assert not found.added
    assert not found.removed
    return [change for item in found.changed for change in item.changes]


def test_nothing_differs_between_equal_versions() -> None:
    found = difference(EARLIER, replace(EARLIER, version="other"))
    assert (found.added, found.removed, found.changed) == ((), (), ())


def test_items_that_came_and_went_are_named() -> None:
    new = replace(FIRST, code="new")
    found = difference(EARLIER, replace(EARLIER, items=(new, *EARLIER.items[1:])))
    assert (found.added, found.removed, found.changed) == ((new,), (FIRST,), ())


def test_limit_is_told_in_words() -> None:
    assert changes(promised=Limit.parse("5 days"), legal=None) == [
        Change(field="legal", before="30 working days", after=None),
        Change(field="promised", before="22 working days", after="5 days"),
    ]


def test_change_within_a_step_is_told_by_its_key() -> None:
    first, *rest = FIRST.steps
    assert changes(steps=(replace(first, limit=Limit.parse("3 working days")), *rest)) == [
        Change(field=f"steps.{first.key}.limit", before="2 working days", after="3 working days")
    ]


def test_step_that_came_or_went_is_told_as_a_whole() -> None:
    first, second, *rest = FIRST.steps
    assert changes(steps=(first, *rest)) == [Change(field=f"steps.{second.key}", before=in_words(second), after=None)]
    material = replace(FIRST.materials[0], code="new")
    assert changes(materials=(*FIRST.materials, material)) == [
        Change(field="materials.new", before=None, after=in_words(material))
    ]


def test_new_order_of_the_same_steps_is_a_change() -> None:
    keys = [step.key for step in FIRST.steps]
    assert changes(steps=tuple(reversed(FIRST.steps))) == [Change(field="steps.order", before=keys, after=keys[::-1])]


def test_keywords_are_compared_as_a_list() -> None:
    (change,) = changes(keywords=("one",))
    assert (change.field, change.after) == ("keywords", ["one"])


def test_version_survives_the_way_through_json() -> None:
    for version in shipped("rehearsal").catalogue.versions:
        assert of_plain(CatalogueVersion, to_plain(version)) == version
        assert {type(item) for item in version.items} == {Item}
