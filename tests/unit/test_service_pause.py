"""Pauses of a service request: missing materials (B9) and suspension (A16). What is left is conserved (E5)."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.holding.state import Part
from domain.plain import instant
from domain.promise import Promise
from domain.service.materials import Materials
from domain.vocabulary import CaseStatus, CommandKind, EventType, Outcome
from tests.unit.rulebooks import written
from tests.unit.service_world import LINE, MATERIALS, RECEIVED, RULES, Service, local, working_days

C, E, S = CommandKind, EventType, CaseStatus
SOON = RECEIVED + timedelta(minutes=5)
NOTHING = Materials(needed=("id", "form"), may_follow=("photo",), optional=("letter",))


def left(promise: Promise | None, since: datetime) -> timedelta:
    """Working time from ``since`` to the deadline."""
    assert promise is not None
    return RULES.worktime.worked(since, promise.due_at)


def step(story: Service, key: str) -> Part:
    """The step, which was handed over."""
    part = story.part(key)
    assert part is not None
    return part


def test_nothing_is_handed_over_when_materials_are_missing_and_all_are_asked_for_at_once() -> None:
    story = Service(LINE, materials=NOTHING)
    assert story.types == [E.RECEIVED, E.MATERIALS_REQUESTED]
    asked = story.last(E.MATERIALS_REQUESTED)
    assert asked.data["codes"] == ["id", "form"]
    assert written(instant(asked.data["materials_by"])) == "Mon 2026-03-30 17:30:00"
    assert (story.request.status, story.request.promise, story.request.parts) == (S.AWAITING_MATERIALS, None, ())


def test_promise_begins_when_the_last_missing_material_is_there() -> None:
    story = Service(LINE, materials=NOTHING)
    story.give(C.BRING_MATERIALS, local("2026-03-04 11:00"), codes=["form", "photo"])
    assert story.last(E.MATERIALS_RECEIVED).data["complete"] is False
    assert story.request.parts == ()
    story.give(C.BRING_MATERIALS, local("2026-03-07 11:00"), codes=["id"])  # Saturday: day 1 is Monday
    assert story.types[-2:] == [E.MATERIALS_RECEIVED, E.DISPATCHED]
    assert story.request.promise is not None
    assert written(story.request.promise.due_at) == "Fri 2026-04-03 17:30:00"
    assert written(story.request.legal_due_at or SOON) == "Mon 2026-04-20 17:30:00"
    assert (story.request.received_at, story.request.pauses) == (RECEIVED, ())


def test_request_lapses_when_nobody_brings_what_is_missing() -> None:
    story = Service(LINE, materials=NOTHING).until(local("2026-03-30 17:29"))
    assert not story.request.finished
    story.until(local("2026-03-30 17:30"))
    assert (story.types[-1], story.request.outcome) == (E.CLOSED, Outcome.LAPSED)
    assert story.request.closed_at == local("2026-03-30 17:30")


def test_every_clock_stands_when_a_step_asks_for_materials_and_goes_on_with_what_was_left() -> None:
    story = Service().through("check", SOON).acknowledge("survey", SOON)
    before = {key: step(story, key).promise for key in ("survey", "police")} | {"whole": story.request.promise}
    asked, brought = local("2026-03-03 11:00"), local("2026-03-20 15:00")
    story.give(C.REQUEST_MATERIALS, asked, part="survey", codes=["letter"])
    assert story.request.status is S.AWAITING_MATERIALS
    assert {step(story, key).status for key in ("survey", "police")} == {S.SUSPENDED}
    silent = len(story.events)
    story.give(C.BRING_MATERIALS, brought, codes=["letter"])
    assert story.types[silent:] == [E.MATERIALS_RECEIVED], "nothing fell due while they stood"
    after = {key: step(story, key).promise for key in ("survey", "police")} | {"whole": story.request.promise}
    for key, promise in before.items():
        assert left(promise, asked) == left(after[key], brought), key
    assert step(story, "survey").status is S.IN_PROGRESS
    assert (step(story, "police").status, story.request.status) == (S.DISPATCHED, S.IN_PROGRESS)
    assert [pause.until for pause in (*step(story, "police").pauses, *story.request.pauses)] == [brought, brought]


def test_missed_acknowledgement_is_not_made_up_by_a_pause_but_what_was_left_of_it_is() -> None:
    story = Service().through("check", SOON).acknowledge("survey", SOON)
    story.give(C.REQUEST_MATERIALS, SOON + timedelta(minutes=10), part="survey", codes=["letter"])
    story.give(C.BRING_MATERIALS, local("2026-03-05 10:00"), codes=["letter"])
    police = step(story, "police")
    assert police.ack is not None
    assert police.ack.ack_by == local("2026-03-05 10:20"), "twenty of thirty minutes were left"
    story.until(local("2026-03-05 10:20"))
    assert story.last(E.ACK_MISSED).data["part"] == "police"


@pytest.mark.parametrize("by_clock", [True, False])
def test_acknowledgement_goes_on_within_office_hours_when_a_pause_ends_late_in_the_day(by_clock: bool) -> None:
    back = local("2026-03-05 17:25")
    planned = back if by_clock else back + timedelta(days=1)
    story = Service().give(C.SUSPEND, RECEIVED + timedelta(minutes=15), resume_at=planned)
    _ = story.until(back) if by_clock else story.give(C.RESUME, back)
    check = step(story, "check")
    assert check.ack is not None
    assert written(check.ack.ack_by) == "Fri 2026-03-06 09:10:00", "five minutes on Thursday, ten on Friday"
    assert written(check.ack.yellow_at) == "Fri 2026-03-06 09:00:06"


def test_red_step_stays_red_over_a_pause() -> None:
    story = Service().acknowledge("check", SOON).until(working_days(4))
    story.give(C.REQUEST_MATERIALS, working_days(4), part="check", codes=["letter"])
    story.give(C.BRING_MATERIALS, working_days(9), codes=["letter"])
    assert step(story, "check").red
    assert len(story.until(working_days(12)).request.red_cards) == 1


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"part": "survey", "codes": ["passport"]}, "material_unknown"),
        ({"part": "survey", "codes": []}, "material_unknown"),
        ({"part": "survey", "codes": ["id"]}, "material_given"),
        ({"part": "police", "codes": ["letter"]}, "transition_not_allowed"),
        ({"part": "survey", "codes": ["letter"], "unit": "civil"}, "not_holder"),
        ({"part": "issue", "codes": ["letter"], "unit": "civil"}, "not_holder"),
    ],
)
def test_asking_for_materials_is_refused(said: dict[str, object], code: str) -> None:
    story = Service().through("check", SOON).acknowledge("survey", SOON)
    assert story.refusal(C.REQUEST_MATERIALS, SOON, **said) == code


def test_materials_are_asked_for_once_by_a_step_and_not_while_a_decision_waits() -> None:
    story = Service().through("check", SOON).acknowledge("survey", SOON)
    story.give(C.REQUEST_EXTENSION, SOON, part="survey", until=local("2026-03-12 17:30"))
    assert story.refusal(C.REQUEST_MATERIALS, SOON, part="survey", codes=["letter"]) == "extension_pending"
    story.give(C.DECIDE_EXTENSION, SOON, extension="1", grant=False)
    story.give(C.REQUEST_MATERIALS, SOON, part="survey", codes=["letter"])
    assert story.refusal(C.REQUEST_MATERIALS, SOON, part="survey", codes=["letter"]) == "transition_not_allowed"
    story.give(C.BRING_MATERIALS, SOON, codes=["letter"])
    assert story.refusal(C.BRING_MATERIALS, SOON, codes=["letter"]) == "material_given"
    assert story.refusal(C.BRING_MATERIALS, SOON, codes=["passport"]) == "material_unknown"
    again = replace(story.request.materials, given=("id", "form"))
    story.request = replace(story.request, materials=again)
    assert story.refusal(C.REQUEST_MATERIALS, SOON, part="survey", codes=["photo"]) == "materials_requested_before"


def test_asked_materials_lapse_with_every_step_released() -> None:
    story = Service().through("check", SOON).acknowledge("survey", SOON)
    story.give(C.REQUEST_MATERIALS, SOON, part="survey", codes=["letter"]).until(local("2026-04-01 09:00"))
    assert story.types[-3:] == [E.RELEASED, E.RELEASED, E.CLOSED]
    assert story.request.outcome is Outcome.LAPSED


@pytest.mark.parametrize("by_clock", [True, False])
def test_suspension_stands_for_the_whole_and_every_step_and_goes_on_with_what_was_left(by_clock: bool) -> None:
    story = Service().through("check", SOON).acknowledge("survey", SOON).acknowledge("police", SOON)
    before = {key: step(story, key).promise for key in ("survey", "police")} | {"whole": story.request.promise}
    stood, resume_at = local("2026-03-03 15:00"), local("2026-03-18 15:00")
    story.give(C.SUSPEND, stood, resume_at=resume_at)
    assert story.said(E.SUSPENDED) == [(E.SUSPENDED, None), (E.SUSPENDED, "survey"), (E.SUSPENDED, "police")]
    assert story.refusal(C.COMPLETE_STEP, stood, part="survey", outcome="passed") == "transition_not_allowed"
    back = resume_at if by_clock else local("2026-03-09 09:30")
    _ = story.until(back) if by_clock else story.give(C.RESUME, back)
    assert story.said(E.RESUMED) == [(E.RESUMED, None), (E.RESUMED, "survey"), (E.RESUMED, "police")]
    after = {key: step(story, key).promise for key in ("survey", "police")} | {"whole": story.request.promise}
    for key, promise in before.items():
        assert left(promise, stood) == left(after[key], back), key
    assert (story.request.status, story.request.frozen_at) == (S.IN_PROGRESS, None)
    assert [pause.since for pause in story.request.pauses] == [stood]


def test_suspension_is_refused_when_nothing_runs_or_a_decision_waits_or_the_whole_is_late() -> None:
    later = local("2026-05-18 15:00")
    outside = Service().through("check", SOON).through("survey", SOON).through("police", SOON)
    assert outside.refusal(C.SUSPEND, SOON, resume_at=later) == "clock_stands"
    returned = Service().give(C.RETURN, SOON, part="check")
    assert returned.refusal(C.SUSPEND, SOON, resume_at=later) == "return_pending"
    assert Service().refusal(C.SUSPEND, SOON, resume_at=SOON) == "resume_not_later"
    assert Service().refusal(C.SUSPEND, working_days(20), resume_at=later) == "deadline_passed"
    assert Service(materials=MATERIALS).refusal(C.RESUME, SOON) == "transition_not_allowed"


def test_outside_step_goes_on_outside_while_the_request_is_suspended() -> None:
    story = Service().through("check", SOON)
    flow = replace(story.request.flow, steps=tuple(
        replace(one, after=("check",)) if one.key == "county" else one for one in story.request.flow.steps
    ))  # fmt: skip
    story = Service(flow).through("check", SOON).acknowledge("survey", SOON).acknowledge("police", SOON)
    story.give(C.SUSPEND, SOON, resume_at=local("2026-03-18 15:00")).until(local("2026-03-10 09:00"))
    assert story.last(E.OUTSIDE_OVERDUE).data["part"] == "county"
    assert story.refusal(C.COMPLETE_STEP, local("2026-03-10 09:00"), part="county", outcome="passed") == (
        "transition_not_allowed"
    )


def test_missed_acknowledgement_stays_dated_as_it_was_missed_over_a_pause() -> None:
    story = Service().through("check", SOON).acknowledge("survey", SOON).until(missed := SOON + timedelta(minutes=30))
    story.give(C.SUSPEND, missed, resume_at=local("2026-03-18 15:00")).give(C.RESUME, local("2026-03-09 09:30"))
    police = step(story, "police")
    assert police.ack is not None
    assert (police.ack_missed, police.ack.ack_by) == (True, missed)
