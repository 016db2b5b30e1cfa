"""The catalogue that the product ships: enough of it, each item complete, and the rehearsal's own."""

from collections import Counter
from datetime import date

import pytest

from domain.catalogue.diff import difference
from domain.catalogue.flow import flow_of
from domain.catalogue.holders import Holders, UnitPlace
from domain.catalogue.items import CatalogueVersion, HolderKind, Item
from domain.catalogue.step_graph import Graph, layers, shape
from domain.service.flow import following
from domain.vocabulary import Role, StepKind
from tests.unit.rulebooks import shipped

TODAY = date(2026, 11, 23)


def version(name: str = "default") -> CatalogueVersion:
    return shipped(name).catalogue.in_force(TODAY)


def holders(name: str = "default") -> Holders:
    units = shipped(name).district.units
    return Holders(UnitPlace(code=u.code, kind=u.kind, line=u.line, parent=u.parent) for u in units)


def graph(item: Item) -> Graph:
    return {step.key: step.after for step in item.steps}


def is_parallel(item: Item) -> bool:
    return any(len(level) > 1 for level in layers(graph(item)))


def test_catalogue_is_as_large_and_varied_as_it_has_to_be() -> None:
    items = version().items
    assert len(items) == 71
    assert len({item.line for item in items}) >= 8
    assert len({shape(graph(item)) for item in items}) >= 15
    assert sum(any(step.kind is StepKind.OUTSIDE for step in item.steps) for item in items) >= 10
    assert sum(is_parallel(item) for item in items) >= 5
    assert any(step.only_if is not None for item in items for step in item.steps)
    assert {step.holder.kind for item in items for step in item.steps} == set(HolderKind)
    assert any(material.may_follow for item in items for material in item.materials)
    assert any(material.only_for for item in items for material in item.materials)
    assert any(item.fee for item in items)


@pytest.mark.parametrize("item", version().items, ids=lambda item: item.code)
def test_item_is_complete_in_both_languages(item: Item) -> None:
    assert not item.is_draft
    assert item.name.isascii() is False
    assert item.name_en.isascii()
    assert item.who
    assert item.who_en
    assert item.keywords
    assert item.materials
    assert item.results


@pytest.mark.parametrize("item", version().items, ids=lambda item: item.code)
def test_every_step_has_a_holder_and_the_flow_comes_to_its_end(item: Item) -> None:
    among = holders()
    for community in among.communities():
        flow = flow_of(item, lambda holder, community=community: among.unit_of(holder, community))  # type: ignore[misc]
    done: dict[str, str] = {}
    skipped: set[str] = set()
    while (now := following(flow, done, (), skipped, ())).opens or now.skips:
        skipped |= set(now.skips)
        done |= {step.key: step.outcomes[0].code for step in now.opens}
    assert done.keys() | skipped == {step.key for step in flow.steps}


def test_holders_of_inside_steps_have_somebody_to_do_the_work() -> None:
    among, people = holders(), shipped().district.people
    staffed = {person.unit for person in people if Role.HANDLER in person.roles}
    led = {person.unit for person in people if Role.UNIT_LEADER in person.roles}
    units = {
        among.unit_of(step.holder, community)
        for item in version().items
        for step in item.steps
        for community in among.communities()
    }
    assert units <= staffed & led


def test_versions_differ_in_a_few_items() -> None:
    earlier, later = shipped().catalogue.versions
    assert (earlier.effective_from, earlier.effective_to) == (date(2025, 1, 1), date(2025, 12, 31))
    found = difference(earlier, later)
    assert (len(found.added), len(found.removed), len(found.changed)) == (3, 2, 4)


def test_rehearsal_has_five_steps_two_at_once_and_one_outside_all_in_seconds() -> None:
    item = shipped("rehearsal").catalogue.item("rehearsal-service", TODAY)
    assert [len(level) for level in layers(graph(item))] == [1, 2, 1, 1]
    assert Counter(step.kind for step in item.steps) == {StepKind.INSIDE: 4, StepKind.OUTSIDE: 1}
    assert all(step.limit.is_elapsed for step in item.steps if step.limit is not None)
    among = holders("rehearsal")
    units = [step.unit for step in flow_of(item, lambda holder: among.unit_of(holder, None)).steps]
    assert units == ["rehearsal-unit", "rehearsal-unit", "rehearsal-partner", "rehearsal-higher", "rehearsal-unit"]
