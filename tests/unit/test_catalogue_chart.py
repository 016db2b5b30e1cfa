"""Flow charts: everything is drawn, nothing lies over anything, and no page's content policy is broken."""

import re
from dataclasses import replace
from itertools import combinations, pairwise
from xml.etree.ElementTree import Element

import pytest
from defusedxml import ElementTree
from hypothesis import given

from domain.catalogue.flow import flow_of
from domain.catalogue.items import Item
from domain.vocabulary import StepKind
from rulebook.catalogue.chart import Language, Wording, mermaid, svg
from rulebook.catalogue.chart_layout import END, START, Box, arranged
from tests.unit.rulebooks import shipped
from tests.unit.test_step_graph import without_circles

ITEMS = shipped().catalogue.versions[-1].items
CHINESE, ENGLISH = Wording(Language.CHINESE, {}), Wording(Language.ENGLISH, {})
ALLOWED = {"svg", "title", "desc", "defs", "marker", "rect", "path", "g", "text"}
EVIL = '</text><script>alert(1)</script>" onload="x\' & `#; \x1b'


def drawn(item: Item, wording: Wording = CHINESE) -> Element:
    root: Element = ElementTree.fromstring(svg(item, wording))
    return root


def said(root: Element) -> str:
    return "".join(root.itertext())


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.code)
def test_chart_says_every_step_with_its_time_and_its_kind(item: Item) -> None:
    root = drawn(item)
    text = said(root)
    assert all(step.name in text for step in item.steps)
    groups = {group.get("data-step"): group for group in root.iter() if group.get("data-step")}
    assert list(groups) == [step.key for step in item.steps]
    for step in item.steps:
        outside = step.kind is StepKind.OUTSIDE
        assert ("外部环节" in said(groups[step.key])) is outside
        assert any(child.get("stroke-dasharray") for child in groups[step.key]) is outside


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.code)
def test_chart_needs_no_style_and_no_script(item: Item) -> None:
    root = drawn(item, ENGLISH)
    assert {element.tag.rpartition("}")[2] for element in root.iter()} <= ALLOWED
    attributes = {name.rpartition("}")[2] for element in root.iter() for name in element.attrib}
    assert not [name for name in attributes if name in ("style", "href", "src") or name.startswith("on")]


def test_chart_is_named_and_described_for_those_who_do_not_see_it() -> None:
    item = next(item for item in ITEMS if item.code == "disability-certificate")
    root = drawn(item, ENGLISH)
    title, description = list(root)[:2]
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert title.text == "Flow of Disability certificate"
    told = description.text or ""
    assert "Outside; Reference 10–15 working days" in told
    assert "Only if Check of the application: At home" in told
    assert "Ends: Refused" in told


def test_charts_of_two_items_can_stand_in_one_page() -> None:
    ids = [element.get("id") for item in ITEMS for element in drawn(item).iter() if element.get("id")]
    assert len(ids) == len(set(ids))


def test_names_cannot_break_out_of_the_chart() -> None:
    item = ITEMS[0]
    spoilt = replace(item, name=EVIL, name_en=EVIL, steps=(replace(item.steps[0], name=EVIL, key="a"),))
    root = drawn(spoilt)
    assert {element.tag.rpartition("}")[2] for element in root.iter()} <= ALLOWED
    assert "alert(1)" in said(root)
    text = mermaid(spoilt, CHINESE)
    (label,) = [line for line in text.splitlines() if line.startswith("  s1[")]
    assert re.fullmatch(r'  s1\["[^"`&]*"\]', label.replace("<br/>", ""))
    assert "<script" not in text.partition("flowchart")[2]


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.code)
def test_mermaid_has_the_edges_of_the_flow(item: Item) -> None:
    lines = mermaid(item, CHINESE).splitlines()
    names = {step.key: f"s{number}" for number, step in enumerate(item.steps, start=1)}
    flow = flow_of(item, lambda holder: "anybody")
    edges = {f"  {names[before]} --> {names[step.key]}" for step in flow.steps for before in step.after}
    edges |= {f"  start --> {names[step.key]}" for step in flow.steps if not step.after}
    awaited = {before for step in flow.steps for before in step.after}
    edges |= {f"  {names[step.key]} --> finish" for step in flow.steps if step.key not in awaited}
    assert {line for line in lines if "-->" in line} == edges


def test_draft_without_steps_and_limits_is_drawn_too() -> None:
    empty = replace(ITEMS[0], promised=None, steps=())
    assert [found.get("class") for found in drawn(empty) if (found.get("class") or "").startswith("flow-")] == [
        "flow-paper", "flow-line", "flow-start", "flow-end",
    ]  # fmt: skip
    assert mermaid(empty, CHINESE).splitlines()[-1] == "  start --> finish"
    assert "时限 未定时限" in said(drawn(replace(empty, steps=(replace(ITEMS[0].steps[0], limit=None),))))


def apart(one: Box, other: Box) -> bool:
    return (
        one.x + one.width <= other.x
        or other.x + other.width <= one.x
        or one.y + one.height <= other.y
        or other.y + other.height <= one.y
    )


@given(without_circles())
def test_boxes_lie_apart_and_lines_run_down_beside_them(graph: dict[str, tuple[str, ...]]) -> None:
    sizes = {key: (100 + 20 * place, 60 + 10 * place) for place, key in enumerate([*graph, START, END])}
    drawing = arranged(graph, sizes)
    assert set(drawing.boxes) == {*graph, START, END}
    assert all(apart(one, other) for one, other in combinations(drawing.boxes.values(), 2))
    assert all(box.x >= 0 and box.x + box.width <= drawing.width for box in drawing.boxes.values())
    for line in drawing.lines:
        assert all(lower[1] > upper[1] for upper, lower in pairwise(line))
        for (x, top), (to_x, bottom) in pairwise(line):
            within = Box(x, top, 1, bottom - top) if x == to_x else Box(0, top, drawing.width, bottom - top)
            assert all(
                apart(within, box) for box in drawing.boxes.values()
            )  # straight past boxes, aside between layers
