"""The graph of an item's steps: layers, circles, what comes before, the longest way."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.catalogue.step_graph import circle, earlier, layers, longest_way, shape

KEYS = "abcdefgh"

DIAMOND = {"a": (), "b": ("a",), "c": ("a",), "d": ("b", "c")}


def without_circles() -> some.SearchStrategy[dict[str, tuple[str, ...]]]:
    """Graphs in which each step comes after some of those written above it."""
    rows = some.lists(some.sets(some.integers(0, 7)), min_size=1, max_size=8)
    return rows.map(
        lambda found: {
            KEYS[place]: tuple(KEYS[before] for before in sorted(befores) if before < place)
            for place, befores in enumerate(found)
        }
    )


def with_any_edges() -> some.SearchStrategy[dict[str, tuple[str, ...]]]:
    keys = some.sampled_from(KEYS[:5])
    return some.dictionaries(keys, some.lists(keys, max_size=3, unique=True).map(tuple), min_size=1)


@pytest.mark.parametrize(
    ("graph", "found"),
    [
        ({}, ()),
        (DIAMOND, ()),
        ({"a": ("a",)}, ("a", "a")),
        ({"a": ("c",), "b": ("a",), "c": ("b",)}, ("b", "c", "a", "b")),
        ({"x": (), "a": ("x", "b"), "b": ("a",)}, ("b", "a", "b")),
        ({"a": ("nobody",)}, ()),
    ],
)
def test_circle_is_found_in_the_order_of_time(graph: dict[str, tuple[str, ...]], found: tuple[str, ...]) -> None:
    assert circle(graph) == found


@given(with_any_edges())
def test_steps_that_no_layer_has_are_those_of_a_circle_or_behind_one(graph: dict[str, tuple[str, ...]]) -> None:
    placed = {key for level in layers(graph) for key in level}
    lost = [key for key in graph if key not in placed]
    assert bool(lost) == bool(circle(graph))
    assert all(any(before in lost for before in graph[key]) for key in lost)
    round_trip = circle(graph)
    assert all(before in graph[key] for before, key in pairwise(round_trip))


@given(without_circles())
def test_each_step_stands_in_the_layer_after_its_last_predecessor(graph: dict[str, tuple[str, ...]]) -> None:
    depth = {key: level for level, keys in enumerate(layers(graph)) for key in keys}
    assert set(depth) == set(graph)
    assert all(depth[key] == 1 + max((depth[before] for before in graph[key]), default=-1) for key in graph)


@given(without_circles(), some.lists(some.integers(0, 30), min_size=8, max_size=8))
def test_longest_way_is_as_long_as_a_walk_over_all_ways_says(
    graph: dict[str, tuple[str, ...]], days: list[int]
) -> None:
    lengths = {key: timedelta(days=days[place]) for place, key in enumerate(graph)}

    def walked(key: str) -> timedelta:
        return lengths[key] + max((walked(before) for before in graph[key]), default=timedelta(0))

    length, way = longest_way(graph, lengths)
    assert length == max(walked(key) for key in graph) == sum((lengths[key] for key in way), timedelta(0))
    assert all(before in graph[key] for before, key in pairwise(way))


def test_earlier_steps_are_all_before_directly_or_not() -> None:
    assert earlier(DIAMOND, "d") == {"a", "b", "c"}
    assert earlier(DIAMOND, "a") == frozenset()
    assert earlier({"a": ("b",), "b": ("a",)}, "a") == {"a", "b"}


def test_shape_is_the_same_when_only_names_and_order_differ() -> None:
    renamed = {"s": (), "z": ("s",), "y": ("s",), "e": ("y", "z")}
    assert shape(DIAMOND) == shape(renamed) == ((), (0,), (0,), (1, 2))
    assert shape(DIAMOND) != shape({"a": (), "b": ("a",), "c": ("b",), "d": ("c",)})
