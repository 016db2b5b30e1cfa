"""Every shipped item, lived through: whatever the steps say, the request comes to its end, and whoever keeps the limits
of the steps keeps the promise of the whole."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import product

import pytest

from domain.catalogue.flow import flow_of
from domain.catalogue.items import Item
from domain.holding.state import Part
from domain.service.flow import Flow
from domain.service.materials import Materials
from domain.vocabulary import EventType, Outcome, OutcomeEffect
from tests.unit.rulebooks import local, shipped
from tests.unit.service_world import CaseStatus, Service

ITEMS = shipped().catalogue.versions[-1].items
STORIES = (("2026-03-02 10:00", timedelta(hours=17, minutes=30)), ("2026-02-13 17:29", timedelta(days=9, hours=5)))
"""When it begins, and how long outside steps take: on a Monday, into the next morning; on the eve of a make-up Saturday
and the Spring Festival, for more than a week."""


def flow(item: Item) -> Flow:
    return flow_of(item, lambda holder: holder.code or "community")


def ways(item: Item) -> Iterator[dict[str, str]]:
    """Every combination of outcomes with which steps go on."""
    choices = [
        [(step.key, outcome.code) for outcome in step.outcomes if outcome.effect is OutcomeEffect.GO_ON]
        for step in item.steps
    ]
    return (dict(chosen) for chosen in product(*choices))


def lived(item: Item, said: dict[str, str], start: datetime, outside: timedelta) -> Service:
    """Each inside step takes to the last second of its limit, each outside step this long."""
    materials = tuple(material.code for material in item.materials)
    story = Service(
        flow(item),
        materials=Materials(needed=materials, given=materials),
        received_at=start,
        promised=str(item.promised),
    )

    def ends(part: Part) -> datetime:
        if part.promise is not None:
            return part.promise.due_at - timedelta(seconds=1)
        assert part.dispatched_at is not None
        return part.dispatched_at + outside

    while waiting := [part for part in story.request.parts if part.completed_at is None]:
        part = min(waiting, key=ends)
        at = max(ends(part), story.request.parts[-1].dispatched_at or start)
        if part.outside is None:
            story.acknowledge(part.key, at)
        story.complete(part.key, at, said[part.key])
    return story


@pytest.mark.parametrize(("start", "outside"), STORIES)
@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.code)
def test_promise_is_kept_by_whoever_keeps_the_limits_of_the_steps(item: Item, start: str, outside: timedelta) -> None:
    for said in ways(item):
        story = lived(item, said, local(start), outside)
        assert story.request.status is CaseStatus.AWAITING_ANSWER
        assert story.last(EventType.COMPLETED).data["outcome"] == Outcome.APPROVED
        assert [event.data.get("part") for event in story.events if event.type is EventType.TURNED_RED] == []
