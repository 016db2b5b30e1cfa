"""A service request whose calendar comes later: the whole, its legal limit and its steps, counted again (B11, E2)."""

from datetime import datetime
from typing import Any

import pytest

from domain.ledger import catch_up, fold
from domain.messages import Command
from domain.plain import of_plain, to_plain
from domain.promise import Promise
from domain.rebasing import rebasing_of_request
from domain.service.request import ServiceRequest
from domain.vocabulary import CaseStatus, CommandKind, EventType
from tests.unit.rulebooks import local, written
from tests.unit.service_world import LINE, Service
from tests.unit.test_rebasing import AFTER

K, T = CommandKind, EventType
MONDAY = local("2026-12-28 10:00")


def rebase(story: Service, now: datetime) -> list[dict[str, Any]]:
    """What the workflow would do then; the data of the events that come of it."""
    story.until(now)
    stored = of_plain(ServiceRequest, to_plain(story.request))
    data = rebasing_of_request(AFTER, stored, now)
    if data is None:
        return []
    command = Command(id=f"rebase-{len(story.events)}", kind=K.REBASE, at=now, actor=None, unit=None, data=data)
    events = story.request.decide(command)
    story.request = fold(story.request, events)
    story.events.extend(events)
    assert {event.type for event in events} <= {T.REBASED}
    return [event.data for event in events]


def certain(promise: Promise | None) -> tuple[str, bool]:
    """When it is due, and whether that is provisional."""
    assert promise is not None
    return written(promise.due_at), promise.provisional


def promise_of(story: Service, key: str) -> Promise | None:
    """The promise of a step."""
    part = story.part(key)
    return part.promise if part is not None else None


def test_whole_and_open_step_are_counted_again_when_the_notice_is_loaded() -> None:
    story = Service(LINE, received_at=MONDAY)
    assert certain(story.request.promise) == ("Mon 2027-01-25 17:30:00", True)
    assert certain(promise_of(story, "check")) == ("Thu 2026-12-31 17:30:00", False)
    (whole,) = rebase(story, local("2026-12-28 15:00"))  # the step is certain, and so is what hangs on it
    assert certain(story.request.promise) == ("Mon 2027-01-25 17:30:00", False)
    assert story.request.promise is not None
    assert story.request.promise.calendar_version == whole["calendar_version"] == "with 2027"
    assert whole["whole_moved"] is False
    assert rebase(story, local("2026-12-28 15:05")) == []


def test_step_is_carded_at_its_new_deadline_when_it_has_moved() -> None:
    story = Service(LINE, received_at=local("2026-12-29 10:00"))
    assert certain(promise_of(story, "check")) == ("Fri 2027-01-01 17:30:00", True)
    _, step = rebase(story, local("2026-12-29 15:00"))
    assert (step["part"], step["moved"]) == ("check", True)
    assert certain(promise_of(story, "check")) == ("Sun 2027-01-03 17:30:00", False)
    story.until(local("2027-01-05 10:00"))
    red = [event for event in story.events if event.type is T.TURNED_RED]
    assert [(event.at, event.data["part"]) for event in red] == [(local("2027-01-03 17:30"), "check")]


def test_legal_limit_is_counted_again_beside_the_promise() -> None:
    story = Service(LINE, received_at=MONDAY)
    before = story.request.legal_due_at
    assert before is not None
    assert written(before) == "Mon 2027-02-08 17:30:00"
    rebase(story, local("2026-12-28 15:00"))
    assert story.request.legal_due_at is not None
    assert written(story.request.legal_due_at) == "Fri 2027-02-12 17:30:00"


@pytest.mark.parametrize("meanwhile", [False, True])
def test_rest_is_left_again_when_the_notice_comes_while_it_is_suspended(meanwhile: bool) -> None:
    story = Service(LINE, received_at=local("2026-12-29 10:00")).acknowledge("check", local("2026-12-29 10:10"))
    if not meanwhile:
        rebase(story, local("2026-12-29 15:00"))
    story.give(K.SUSPEND, local("2026-12-30 10:00"), resume_at=local("2027-01-04 09:00"))
    rebase(story, local("2026-12-31 15:00"))
    assert story.request.status is CaseStatus.SUSPENDED
    story.request, _ = catch_up(story.request, local("2027-01-04 09:00"))
    assert certain(promise_of(story, "check")) == ("Wed 2027-01-06 16:30:00", False)
    assert certain(story.request.promise)[1] is False


def test_nothing_is_counted_again_when_it_is_decided() -> None:
    story = Service(LINE, received_at=MONDAY).give(K.WITHDRAW, local("2026-12-28 12:00"))
    assert rebase(story, local("2026-12-28 15:00")) == []
