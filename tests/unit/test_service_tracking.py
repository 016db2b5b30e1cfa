"""What an applicant is told of the steps, of what is waited for, of the materials and of the days (B2, B4, B9)."""

from dataclasses import replace
from datetime import timedelta

from domain.service.flow import TURNED_DOWN, Flow
from domain.service.materials import Materials
from domain.service.request import ServiceRequest
from domain.service.tracking import Standing, began_at, materials, next_steps, steps, wait
from domain.tracking import Clock, Length, Passage, Pause, Wait, answered, clock
from domain.vocabulary import CommandKind, MaterialState
from tests.unit.rulebooks import local
from tests.unit.service_world import COUNTY, FIVE, MATERIALS, PROOF, RECEIVED, RULES, CaseStatus, Service

P, N, A, X = Passage.PASSED, Passage.NOW, Passage.AHEAD, Passage.NOT_NEEDED
TUESDAY, WEDNESDAY = local("2026-03-03 10:00"), local("2026-03-04 10:00")
MISSING = Materials(needed=("id", "form"), may_follow=("photo",), optional=("letter",), given=("id",))


def told(request: ServiceRequest) -> list[Passage]:
    return [step.passage for step in steps(request)]


def of(request: ServiceRequest, key: str) -> Standing:
    return next(step for step in steps(request) if step.key == key)


def coming(request: ServiceRequest) -> tuple[str, ...]:
    return next_steps(request, steps(request))


def at_county() -> Service:
    """The two parallel steps are done; the county has it."""
    story = Service().through("check", TUESDAY)
    return story.through("survey", TUESDAY).through("police", WEDNESDAY)


def timed(story: Service, at: str) -> Clock:
    request, asked = story.request, local(at)
    as_of = request.frozen_at or asked
    stood: list[Pause] = [*request.pauses, *answered(story.events)]
    return clock(RULES.worktime, request.promise, stood, received_at=began_at(request) or as_of, at=as_of)


def test_steps_go_from_ahead_to_passed() -> None:
    story = Service()
    assert (told(story.request), coming(story.request)) == ([N, A, A, A, A], ("survey", "police"))
    assert of(story.request, "check").since == RECEIVED
    story.through("check", TUESDAY)
    assert (told(story.request), coming(story.request)) == ([P, N, N, A, A], ("county",))
    check = of(story.request, "check")
    assert (check.at, check.since, check.unit) == (TUESDAY, None, "civil")
    assert (wait(story.request), wait(Service().request)) == (None, None)


def test_outside_step_is_waited_for_with_its_reference_time() -> None:
    request = at_county().request
    county = of(request, "county")
    assert (told(request), wait(request)) == ([P, P, P, N, A], Wait.OUTSIDE_STEP)
    assert (county.unit, county.since) == ("county-office", WEDNESDAY)
    assert (county.reference_from, county.reference_by) == (local("2026-03-09 17:30"), local("2026-03-11 17:30"))
    assert not county.overdue


def test_outside_step_says_that_it_is_overdue_and_costs_no_day() -> None:
    story = at_county()
    story.until(local("2026-03-13 12:00"))
    assert of(story.request, "county").overdue
    assert timed(story, "2026-03-13 12:00") == timed(story, "2026-03-04 10:00")
    assert timed(story, "2026-03-13 12:00").spent == Length(1, 1)


def test_days_of_an_outside_step_are_neither_spent_nor_left() -> None:
    story = at_county()
    before = timed(story, "2026-03-04 10:00")
    back = local("2026-03-10 10:00")  # Tuesday
    story.complete("county", back)
    assert (timed(story, "2026-03-10 10:00").spent, timed(story, "2026-03-10 10:00").left) == (
        before.spent,
        before.left,
    )
    assert timed(story, "2026-03-11 10:00").spent == Length(2, 1)


def test_nothing_has_begun_while_the_first_materials_are_missing() -> None:
    story = Service(materials=MISSING)
    request = story.request
    assert (told(request), wait(request), began_at(request)) == ([A, A, A, A, A], Wait.MATERIALS, None)
    assert coming(request) == ("check",)
    assert (timed(story, "2026-03-06 10:00").spent, timed(story, "2026-03-06 10:00").left) == (Length(0, 0), None)
    brought = local("2026-03-09 10:00")  # Monday
    story.give(CommandKind.BRING_MATERIALS, brought, codes=["form"])
    assert began_at(story.request) == brought
    assert timed(story, "2026-03-10 17:30").spent == Length(1, 0)


def test_materials_are_given_missing_or_asked_for() -> None:
    assert materials(Service(materials=MISSING).request) == {
        "id": MaterialState.GIVEN,
        "form": MaterialState.ASKED,
        "photo": MaterialState.MISSING,
    }
    story = Service(materials=MATERIALS).acknowledge("check", TUESDAY)
    story.give(CommandKind.REQUEST_MATERIALS, TUESDAY, part="check", codes=["letter"])
    assert wait(story.request) is Wait.MATERIALS
    assert materials(story.request)["letter"] is MaterialState.ASKED


def test_step_that_its_condition_leaves_out_is_not_needed() -> None:
    story = Service(Flow(steps=(PROOF, *FIVE.steps)))
    assert told(story.request) == [X, N, A, A, A, A]


def test_steps_that_nobody_will_do_are_not_needed_after_a_refusal() -> None:
    story = Service().through("check", TUESDAY).acknowledge("police", TUESDAY)
    story.through("survey", WEDNESDAY, TURNED_DOWN)
    assert (told(story.request), coming(story.request)) == ([P, P, X, X, X], ())
    assert wait(story.request) is Wait.ANSWER


def test_step_is_present_again_when_it_is_done_again() -> None:
    story = at_county().complete("county", local("2026-03-10 10:00"))
    story.through("issue", local("2026-03-10 11:00"))
    assert told(story.request) == [P] * 5
    story.give(CommandKind.RATE, local("2026-03-11 10:00"), solved=False, score=1)
    assert told(story.request) == [P, P, P, P, N]
    assert of(story.request, "issue").since == local("2026-03-11 10:00")


def test_suspension_is_waited_for_by_its_date() -> None:
    story = Service().acknowledge("check", TUESDAY)
    story.give(CommandKind.SUSPEND, TUESDAY, resume_at=TUESDAY + timedelta(days=7))
    assert (story.request.status, wait(story.request)) == (CaseStatus.SUSPENDED, Wait.SUSPENSION)
    assert told(story.request)[0] is N


def test_days_in_which_it_lay_finished_are_not_spent() -> None:
    story = at_county().complete("county", local("2026-03-10 10:00"))
    story.through("issue", local("2026-03-10 11:00"))
    assert timed(story, "2026-03-12 10:00").spent == Length(1, 2)
    story.give(CommandKind.RATE, local("2026-03-12 10:00"), solved=False, score=1)
    assert timed(story, "2026-03-12 10:00").spent == Length(1, 2)
    assert timed(story, "2026-03-13 10:00").spent == Length(2, 2)


def test_days_outside_are_not_spent_when_the_outside_was_the_last_to_decide() -> None:
    last = Flow(steps=(*FIVE.steps[:1], replace(COUNTY, after=("check",))))
    story = Service(last).through("check", TUESDAY)
    story.complete("county", local("2026-03-09 10:00"))
    before = timed(story, "2026-03-10 10:00").spent
    story.give(CommandKind.RATE, local("2026-03-10 10:00"), solved=False, score=1)
    assert before == timed(story, "2026-03-10 10:00").spent == Length(0, 1)
