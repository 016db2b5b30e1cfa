"""Steps of a service request: one after another and side by side, each on the clocks of an incident (B3, B4, B8)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.plain import to_plain
from domain.service.flow import TURNED_DOWN, Flow, Step, StepOutcome
from domain.vocabulary import CaseStatus, CommandKind, EventType, Outcome, OutcomeEffect, Role, StepKind
from tests.unit.rulebooks import written
from tests.unit.service_world import CHECK, LINE, MATERIALS, PROOF, RECEIVED, RULES, Service, local, working_days

C, E, S = CommandKind, EventType, CaseStatus
SOON = RECEIVED + timedelta(minutes=5)
HANDING = (E.DISPATCHED, E.HANDED_OUT, E.STEP_COMPLETED, E.STEP_SKIPPED, E.RELEASED)


def at_county() -> Service:
    """Both parallel steps are done: only the outside step is open."""
    return Service().through("check", SOON).through("survey", SOON).through("police", SOON)


def test_request_runs_to_its_end_when_every_step_is_done() -> None:
    story = at_county().complete("county", SOON).through("issue", SOON)
    assert story.said(*HANDING) == [
        (E.DISPATCHED, "check"), (E.STEP_COMPLETED, "check"),
        (E.DISPATCHED, "survey"), (E.DISPATCHED, "police"), (E.STEP_COMPLETED, "survey"), (E.STEP_COMPLETED, "police"),
        (E.HANDED_OUT, "county"), (E.STEP_COMPLETED, "county"), (E.DISPATCHED, "issue"), (E.STEP_COMPLETED, "issue"),
    ]  # fmt: skip
    assert story.last(E.COMPLETED).data["outcome"] == Outcome.APPROVED
    assert (story.request.status, story.request.decided) == (S.AWAITING_ANSWER, Outcome.APPROVED)
    assert story.request.frozen_at == SOON


def test_only_the_receipt_names_who_acted_when_a_request_is_opened() -> None:
    opening = Service().events
    assert [(event.type, event.actor) for event in opening] == [(E.RECEIVED, "clerk"), (E.DISPATCHED, None)]
    assert "promise" in opening[0].data


def test_request_is_dispatched_until_somebody_who_works_on_it_has_acknowledged() -> None:
    story = Service()
    assert story.request.status is S.DISPATCHED
    assert story.acknowledge("check", SOON).request.status is S.IN_PROGRESS
    assert story.complete("check", SOON).request.status is S.DISPATCHED
    assert story.acknowledge("police", SOON).request.status is S.IN_PROGRESS


def test_step_turns_red_against_its_holder_alone_when_two_run_at_a_time() -> None:
    story = Service().through("check", SOON).acknowledge("survey", SOON).acknowledge("police", SOON)
    story.until(working_days(2))
    (card,) = story.request.red_cards
    assert (card.unit, card.part, card.due_at) == ("police", "police", working_days(2))
    assert card.id == "BJ260302-0000001-R1"
    red = [event for event in story.events if event.at == working_days(2) and event.data.get("part") == "police"]
    assert [event.type for event in red] == [
        E.TURNED_RED, E.RED_CARD_ISSUED, E.POINTS_DEDUCTED, E.INTERVIEW_OPENED,
    ]  # fmt: skip
    assert {event.data["unit"] for event in red} == {"police"}
    survey = story.part("survey")
    assert survey is not None
    assert not survey.red
    story.until(working_days(5))
    assert [card.unit for card in story.request.red_cards] == ["police", "village"]


def test_whole_turns_yellow_and_red_without_a_card_and_tells_the_centre() -> None:
    story = Service(LINE).through("check", SOON).acknowledge("issue", SOON)
    story.until(working_days(20))
    assert story.request.red
    assert [card.part for card in story.request.red_cards] == ["issue"], "of the step, not of the whole"
    whole = [event.type for event in story.events if event.data.get("whole")]
    assert whole == [E.TURNED_YELLOW, E.TURNED_RED]
    assert story.last(E.TURNED_RED).at == working_days(20)


def test_missed_acknowledgement_falls_on_the_step_and_a_late_one_is_taken() -> None:
    story = Service().until(RECEIVED + timedelta(hours=1))
    missed = story.last(E.ACK_MISSED)
    assert (missed.data["part"], missed.data["unit"]) == ("check", "civil")
    assert written(missed.at) == "Mon 2026-03-02 10:30:00"
    story.acknowledge("check", RECEIVED + timedelta(hours=1))
    assert story.last(E.ACKNOWLEDGED).data["late"]


def test_extension_is_of_the_step_and_counted_over_the_whole() -> None:
    story = Service().through("check", SOON).acknowledge("survey", SOON).acknowledge("police", SOON)
    later = local("2026-03-12 17:30")
    story.give(C.REQUEST_EXTENSION, SOON, part="survey", until=later)
    assert story.refusal(C.REQUEST_EXTENSION, SOON, part="police", until=later) == "extension_unavailable"
    story.give(C.DECIDE_EXTENSION, SOON, extension="1", grant=True)
    survey = story.part("survey")
    assert survey is not None
    assert survey.promise is not None
    assert survey.promise.due_at == later
    assert story.last(E.EXTENSION_GRANTED).data["part"] == "survey"
    assert story.refusal(C.DECIDE_EXTENSION, SOON, extension="7", grant=True) == "extension_unknown"


def test_step_goes_to_another_unit_when_it_was_returned() -> None:
    story = Service().give(C.RETURN, SOON, part="check")
    assert story.refusal(C.COMPLETE_STEP, SOON, part="check", outcome="passed") == "transition_not_allowed"
    story.give(C.RULE_RETURN, SOON, part="check", accept=True, to="welfare", more={"accept": True})
    part = story.part("check")
    assert part is not None
    assert (part.unit, part.status) == ("welfare", S.DISPATCHED)
    assert part.promise is not None
    assert part.promise.due_at == working_days(3), "the deadline stands"
    assert story.refusal(C.ACKNOWLEDGE, SOON, part="check", unit="civil", handler="x") == "not_holder"


def test_everybody_else_is_released_when_a_step_decides_the_whole() -> None:
    story = Service().through("check", SOON).acknowledge("police", SOON)
    story.complete("police", SOON, TURNED_DOWN)
    assert story.said(*HANDING)[-2:] == [(E.STEP_COMPLETED, "police"), (E.RELEASED, "survey")]
    assert story.request.decided is Outcome.REFUSED
    assert not list(story.request.open_parts)
    assert not story.until(working_days(12)).request.red_cards, "a released step never turns red"


def test_step_can_approve_the_whole_before_the_others_are_done() -> None:
    granted = StepOutcome(code="granted", effect=OutcomeEffect.APPROVE)
    flow = Flow(
        steps=(replace(CHECK, outcomes=(granted,)), Step(key="next", unit="u", limit="1 day", after=("check",)))
    )
    story = Service(flow).acknowledge("check", SOON).complete("check", SOON, "granted")
    assert story.request.decided == Outcome.APPROVED
    assert story.said(*HANDING) == [(E.DISPATCHED, "check"), (E.STEP_COMPLETED, "check")]


def test_step_is_skipped_when_it_is_not_needed() -> None:
    flow = Flow(steps=(PROOF, replace(CHECK, after=("proof",))))
    story = Service(flow)
    assert story.said(*HANDING) == [(E.STEP_SKIPPED, "proof"), (E.DISPATCHED, "check")]
    assert story.request.skipped == ("proof",)
    assert story.through("check", SOON).request.decided is Outcome.APPROVED
    needed = Service(flow, materials=replace(MATERIALS, given=("id", "form", "photo", "letter")))
    assert needed.said(*HANDING) == [(E.DISPATCHED, "proof")]


def test_approval_waits_for_what_may_follow() -> None:
    story = Service(LINE, materials=replace(MATERIALS, given=("id", "form"))).through("check", SOON)
    story.acknowledge("issue", SOON)
    assert story.refusal(C.COMPLETE_STEP, SOON, part="issue", outcome="passed") == "materials_missing"
    story.give(C.BRING_MATERIALS, SOON, codes=["photo"])
    assert story.complete("issue", SOON).request.decided is Outcome.APPROVED


def test_refusal_needs_no_further_materials() -> None:
    story = Service(LINE, materials=replace(MATERIALS, given=("id", "form"))).acknowledge("check", SOON)
    assert story.complete("check", SOON, TURNED_DOWN).request.decided is Outcome.REFUSED


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"part": "nothing"}, "step_unknown"),
        ({"part": "issue"}, "step_not_open"),
        ({"part": "check"}, "step_already_completed"),
        ({"part": "police"}, "transition_not_allowed"),
        ({"part": "survey", "unit": "police"}, "not_holder"),
        ({"part": "survey", "unit": "centre", "roles": (Role.SUPERVISOR,)}, "not_holder"),
        ({"part": "survey", "more": {"outcome": "maybe"}}, "step_outcome_unknown"),
        ({"part": "survey", "more": {"version": 2}}, "stale_version"),
        ({"part": "survey", "more": {"basis": {"whole": None}}}, "promise_changed"),
        ({"part": None, "unit": "welfare"}, "not_holder"),
    ],
)
def test_completion_is_refused(said: dict[str, object], code: str) -> None:
    story = Service().through("check", SOON).acknowledge("survey", SOON)
    made = {"outcome": "passed", **said}
    if said["part"] is None:
        made = {**made, "part": "survey", "more": {"part": None}}
    assert story.refusal(C.COMPLETE_STEP, SOON, **made) == code


def test_completion_is_resolved_again_when_what_follows_was_not_foreseen() -> None:
    story = Service().through("check", SOON).acknowledge("survey", SOON).acknowledge("police", SOON)
    early = story.command(C.COMPLETE_STEP, SOON, part="police", outcome="passed")
    assert early.data["handovers"] == {}
    story.complete("survey", SOON)
    again = replace(early, data={**early.data, "basis": story.request.basis})
    before = to_plain(story.request)
    with pytest.raises(Exception, match="promise_changed"):
        story.request.decide(again)
    assert to_plain(story.request) == before


def test_whole_stands_when_only_outside_steps_are_open_and_goes_on_with_what_was_left() -> None:
    story = at_county()
    promised = story.request.promise
    assert promised is not None
    assert story.last(E.STEP_COMPLETED).data["stands"]
    back = local("2026-03-23 10:05")  # 15 working days later
    story.complete("county", back)
    assert story.request.frozen_at is None
    assert story.request.promise is not None
    work = RULES.worktime
    assert work.worked(SOON, promised.due_at) == work.worked(back, story.request.promise.due_at)
    (pause,) = story.request.pauses
    assert (pause.since, pause.until, pause.due_before) == (SOON, back, promised.due_at)
    assert not story.until(promised.due_at).request.yellow, "nothing fell due while it stood"


def test_outside_step_is_found_stuck_overdue_and_chased_and_costs_nobody_anything() -> None:
    story = at_county().until(local("2026-03-16 18:00"))
    found = [(event.type, written(event.at)) for event in story.events if event.data.get("part") == "county"]
    assert found == [
        (E.HANDED_OUT, "Mon 2026-03-02 10:05:00"),
        (E.HANDOFF_STUCK, "Mon 2026-03-02 15:35:00"),
        (E.OUTSIDE_OVERDUE, "Mon 2026-03-09 17:30:00"),
        (E.OUTSIDE_CHASED, "Thu 2026-03-12 17:30:00"),
        (E.OUTSIDE_CHASED, "Sun 2026-03-15 17:30:00"),
    ]
    assert story.request.red_cards == ()


def test_hand_off_is_not_stuck_when_it_was_confirmed_and_is_confirmed_once() -> None:
    story = at_county().give(C.CONFIRM_HANDOFF, SOON, part="county")
    assert story.refusal(C.CONFIRM_HANDOFF, SOON, part="county") == "handoff_confirmed"
    assert story.refusal(C.CONFIRM_HANDOFF, SOON, part="issue") == "step_not_open"
    assert E.HANDOFF_STUCK not in story.until(working_days(3)).types


def test_outside_step_is_answered_by_desk_centre_system_or_its_own_unit_and_nobody_else() -> None:
    for said in ({}, {"roles": (Role.SUPERVISOR,)}, {"by": None, "roles": ()}, {"unit": "county-office", "roles": ()}):
        story = at_county().give(C.COMPLETE_STEP, SOON, part="county", outcome="passed", **said)
        assert story.types[-1] is E.DISPATCHED
    stranger = {"part": "county", "outcome": "passed", "unit": "village", "roles": (Role.HANDLER,)}
    assert at_county().refusal(C.COMPLETE_STEP, SOON, **stranger) == "not_holder"


@pytest.mark.parametrize("kind", [C.ACKNOWLEDGE, C.PROGRESS, C.RETURN, C.REQUEST_EXTENSION, C.DISPATCH, C.URGE])
def test_nothing_of_a_holder_is_asked_of_an_outside_step(kind: CommandKind) -> None:
    said = {"until": working_days(30), "handler": "h", "to": "police", "unit": "county-office"}
    assert at_county().refusal(kind, SOON, part="county", **said) == "transition_not_allowed"


def test_first_steps_are_handed_out_when_they_are_outside_and_the_whole_stands() -> None:
    flow = Flow(steps=(Step(key="out", kind=StepKind.OUTSIDE, unit="u", connector="loopback"),))
    story = Service(flow)
    assert story.last(E.HANDED_OUT).data["handoff"] == "BJ260302-0000001-out-H1"
    assert story.request.frozen_at == RECEIVED
    assert story.complete("out", SOON).request.decided is Outcome.APPROVED
