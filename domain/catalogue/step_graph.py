"""Steps as a graph: which come before which, in what order, in circles or not, and how long the longest way is.

A graph is a mapping from each step's key to the keys that come directly before it. Keys that are no steps are ignored
here: they are told by whoever checks the item.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta

Graph = Mapping[str, Sequence[str]]


def circle(graph: Graph) -> tuple[str, ...]:
    """The keys of one circle, the first again at the end; empty when there is none."""
    finished: set[str] = set()
    for start in graph:
        found = _circle_from(graph, start, [], finished)
        if found:
            return found
    return ()


def _circle_from(graph: Graph, key: str, way: list[str], finished: set[str]) -> tuple[str, ...]:
    if key in way:
        return (*reversed(way[way.index(key) :]), way[-1])
    if key in finished or key not in graph:
        return ()
    way.append(key)
    for before in graph[key]:
        found = _circle_from(graph, before, way, finished)
        if found:
            return found
    way.pop()
    finished.add(key)
    return ()


def layers(graph: Graph) -> tuple[tuple[str, ...], ...]:
    """The steps in layers: each stands in the one after the last of those before it.

    Steps of a circle, and all that hangs on one, are left out: nobody ever gets there.
    """
    depth: dict[str, int] = {}
    left = list(graph)
    while ready := [key for key in left if all(before in depth for before in graph[key] if before in graph)]:
        for key in ready:
            depth[key] = 1 + max((depth[before] for before in graph[key] if before in graph), default=-1)
        left = [key for key in left if key not in depth]
    deepest = max(depth.values(), default=-1)
    return tuple(tuple(key for key in graph if depth.get(key) == level) for level in range(deepest + 1))


def earlier(graph: Graph, key: str) -> frozenset[str]:
    """All that comes before the step, directly or not."""
    found: set[str] = set()
    waiting = [before for before in graph.get(key, ()) if before in graph]
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.add(here)
            waiting += [before for before in graph[here] if before in graph]
    return frozenset(found)


def longest_way(graph: Graph, lengths: Mapping[str, timedelta]) -> tuple[timedelta, tuple[str, ...]]:
    """The way through the graph that takes longest: how long, and by which steps. The graph has no circle."""
    best: dict[str, tuple[timedelta, tuple[str, ...]]] = {}
    for level in layers(graph):
        for key in level:
            ways = [best[before] for before in graph[key] if before in best]
            length, way = max(ways, key=lambda found: found[0], default=(timedelta(0), ()))
            best[key] = (length + lengths.get(key, timedelta(0)), (*way, key))
    return max(best.values(), key=lambda found: found[0], default=(timedelta(0), ()))


def shape(graph: Graph) -> tuple[tuple[int, ...], ...]:
    """The form of the graph without names: for each step in order of layers, the places of those before it.

    Two graphs that differ only in the names and order of their steps have the same shape.
    """
    order: dict[str, int] = {}
    rows: list[tuple[int, ...]] = []
    for level in layers(graph):
        named = sorted((tuple(sorted(order[before] for before in graph[key] if before in order)), key) for key in level)
        for places, key in named:
            order[key] = len(order)
            rows.append(places)
    return tuple(rows)
