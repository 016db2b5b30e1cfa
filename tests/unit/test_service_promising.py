"""What a service request is promised: dated tables. Weekdays in the comments."""

from datetime import timedelta

import pytest

from domain.limits import Limit
from domain.plain import instant
from domain.service import promising
from domain.service.flow import Step
from domain.vocabulary import StepKind
from tests.unit.rulebooks import local, shipped, written
from tests.unit.service_world import RULES, Service
from tests.unit.service_world import local as at

REHEARSAL = shipped("rehearsal").rulebook


@pytest.mark.parametrize(
    ("handed_over", "yellow_at", "ack_by"),
    [
        ("2026-03-02 09:00", "Mon 2026-03-02 09:20:06", "Mon 2026-03-02 09:30:00"),
        ("2026-03-02 11:50", "Mon 2026-03-02 13:40:06", "Mon 2026-03-02 13:50:00"),  # lunch from 12:00 to 13:30
        ("2026-03-02 17:20", "Tue 2026-03-03 09:10:06", "Tue 2026-03-03 09:20:00"),  # offices close at 17:30
        ("2026-03-02 22:15", "Tue 2026-03-03 09:20:06", "Tue 2026-03-03 09:30:00"),
        ("2026-03-06 17:29", "Mon 2026-03-09 09:19:06", "Mon 2026-03-09 09:29:00"),  # Friday to Monday
        (
            "2026-02-14 17:25",
            "Tue 2026-02-24 09:15:06",
            "Tue 2026-02-24 09:25:00",
        ),  # a make-up Saturday before New Year
    ],
)
def test_step_is_acknowledged_within_office_hours_when_the_rulebook_says_so(
    handed_over: str, yellow_at: str, ack_by: str
) -> None:
    clock = promising.ack_clock(RULES, local(handed_over))
    assert written(clock.yellow_at) == yellow_at
    assert written(clock.ack_by) == ack_by


def test_step_is_acknowledged_day_and_night_when_the_rulebook_says_that() -> None:
    clock = promising.ack_clock(REHEARSAL, local("2026-03-01 23:59"))
    assert clock.ack_by - clock.dispatched_at == timedelta(seconds=5)


@pytest.mark.parametrize(
    ("received_at", "due_at", "legal_due_at"),
    [
        ("2026-03-02 10:00", "Mon 2026-03-30 17:30:00", "Tue 2026-04-14 17:30:00"),  # Monday
        ("2026-03-02 18:30", "Mon 2026-03-30 17:30:00", "Tue 2026-04-14 17:30:00"),  # after hours: the same day 1
        ("2026-03-07 10:00", "Fri 2026-04-03 17:30:00", "Mon 2026-04-20 17:30:00"),  # Saturday: day 1 is the Monday
        (
            "2026-02-16 10:00",
            "Fri 2026-03-20 17:30:00",
            "Fri 2026-04-03 17:30:00",
        ),  # eve of New Year: day 1 is the 24th
    ],
)
def test_whole_keeps_the_promised_and_the_legal_limit_when_received_on_any_day(
    received_at: str, due_at: str, legal_due_at: str
) -> None:
    request = Service(received_at=at(received_at)).request
    assert request.promise is not None
    assert request.legal_due_at is not None
    assert request.received_at == at(received_at), "the receipt keeps its own date"
    assert (written(request.promise.due_at), written(request.legal_due_at)) == (due_at, legal_due_at)


def test_outside_step_has_reference_times_instead_of_a_limit() -> None:
    step = Step(key="county", kind=StepKind.OUTSIDE, unit="u", reference_min="6 working days",
                reference_max="10 working days")  # fmt: skip
    data = promising.handover(RULES, step, local("2026-03-02 16:00"))  # Monday
    assert written(instant(data["reference_from"])) == "Tue 2026-03-10 17:30:00"
    assert written(instant(data["reference_by"])) == "Mon 2026-03-16 17:30:00"
    assert written(instant(data["stuck_by"])) == "Tue 2026-03-03 11:30:00"  # 4 working hours
    without = promising.handover(RULES, Step(key="k", kind=StepKind.OUTSIDE, unit="u"), local("2026-03-02 16:00"))
    assert (without["reference_from"], without["reference_by"]) == (None, None)


def test_points_and_extensions_are_those_of_services() -> None:
    assert promising.terms(REHEARSAL).points == REHEARSAL.services.clocks.points == 2
    assert REHEARSAL.services.chase == timedelta(seconds=5)
    promise = promising.promise(REHEARSAL, Limit.parse("40 seconds"), local("2026-03-01 23:00"))
    assert promise.extension_by == local("2026-03-01 23:00") + timedelta(seconds=20)


def test_time_left_is_left_again_when_a_clock_stood_over_a_holiday() -> None:
    start = local("2026-02-12 10:00")  # Thursday; 15 to 23 February are off, Saturday 14 and 28 are worked
    promise = promising.promise(RULES, Limit.parse("5 working days"), start)
    assert written(promise.due_at) == "Thu 2026-02-26 17:30:00"
    resumed = promising.resumed(RULES, promise, local("2026-02-13 09:00"), local("2026-03-02 09:00"))
    work = RULES.worktime
    assert work.worked(local("2026-02-13 09:00"), promise.due_at) == work.worked(
        local("2026-03-02 09:00"), resumed.due_at
    )
    assert written(resumed.due_at) == "Fri 2026-03-06 17:30:00"
