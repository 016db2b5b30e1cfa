"""Several reports of one matter in one case (A19): joining, danger, whose answers are waited for, who is told."""

from datetime import datetime, timedelta

import pytest

from domain import reports
from domain.case import Case
from domain.notices import Setting, told
from domain.plain import of_plain, to_plain
from domain.vocabulary import CaseStatus, CommandKind, DossierKind, EventType, Outcome, Role
from tests.unit.case_world import Story, after, promise

K, T, S = CommandKind, EventType, CaseStatus


def shared(*, further: int = 2) -> Story:
    """Reported three times, completed on day 2, verified on day 3: the reporters are asked until day 6."""
    story = Story().give(K.ACKNOWLEDGE, after(minutes=5))
    for number in range(further):
        story.give(K.JOIN, after(hours=1 + number))
    return story.give(K.COMPLETE, after(days=2)).give(K.VERIFY, after(days=3))


def test_joined_report_moves_no_clock_and_no_light() -> None:
    alone, joined = Story(), Story().give(K.JOIN, after(minutes=10))
    for story in (alone, joined):
        story.give(K.ACKNOWLEDGE, after(minutes=20)).until(after(days=30))
    assert [event.at for event in joined.events if event.type is not T.REPORT_JOINED] == [e.at for e in alone.events]
    assert joined.case.promise == alone.case.promise


def test_report_is_known_by_the_number_of_its_event() -> None:
    story = Story().give(K.JOIN, after(minutes=10)).give(K.ACKNOWLEDGE, after(minutes=20)).give(K.JOIN, after(hours=1))
    assert story.case.joined == tuple(event.seq for event in story.events if event.type is T.REPORT_JOINED)
    assert reports.of(story.case) == (reports.FIRST, *story.case.joined)


def test_danger_does_not_hide_in_a_case_without() -> None:
    assert Story().refusal(K.JOIN, after(minutes=10), danger=True) == "danger_not_joined"


def test_alarm_is_raised_again_when_more_danger_is_reported_after_it_was_taken() -> None:
    story = Story(danger=True).give(K.TAKE_OVER, after(minutes=1)).give(K.JOIN, after(minutes=10), danger=True)
    assert story.types[-2:] == [T.REPORT_JOINED, T.ALARM_RAISED]
    assert story.case.alarm_next is not None
    before = len(story.at(T.ALARM_RAISED))
    story.give(K.JOIN, after(minutes=10, seconds=1), danger=True)
    assert len(story.at(T.ALARM_RAISED)) == before, "it sounds already"


def test_case_is_solved_when_every_reporter_has_said_so() -> None:
    story = shared()
    for place, report in enumerate(reports.of(story.case)):
        assert story.case.status is S.AWAITING_ANSWER
        story.give(K.RATE, after(days=3, hours=1 + place), report=report)
    assert (story.case.status, story.case.outcome) == (S.CLOSED, Outcome.SOLVED)
    assert [event.data.get("report") for event in story.events if event.type is T.RATED] == [None, *story.case.joined]


def test_not_solved_for_one_is_not_solved() -> None:
    story = shared()
    story.give(K.RATE, after(days=3, hours=1))
    story.give(
        K.RATE, after(days=3, hours=2), report=story.case.joined[0], solved=False, promise=promise(after(days=3))
    )
    assert (story.case.status, story.case.round, story.case.answered) == (S.IN_PROGRESS, 2, ())


def test_reporter_answers_once_a_round() -> None:
    story = shared()
    joined = story.case.joined[0]
    story.give(K.RATE, after(days=3, hours=1), report=joined)
    assert story.refusal(K.RATE, after(days=3, hours=2), report=joined) == "already_rated"
    assert story.refusal(K.RATE, after(days=3, hours=2), report=99) == "report_unknown"
    story.give(K.RATE, after(days=3, hours=3), solved=False, promise=promise(after(days=3)))
    story.give(K.COMPLETE, after(days=4)).give(K.VERIFY, after(days=5)).give(
        K.RATE, after(days=5, hours=1), report=joined
    )
    assert story.case.answered == (joined,)


@pytest.mark.parametrize(("answers", "outcome"), [(0, Outcome.UNANSWERED), (1, Outcome.SOLVED), (2, Outcome.SOLVED)])
def test_window_ends_as_solved_when_somebody_has_said_so(answers: int, outcome: Outcome) -> None:
    story = shared()
    for report in story.case.joined[:answers]:
        story.give(K.RATE, after(days=3, hours=1), report=report)
    assert story.until(after(days=30)).case.outcome is outcome


@pytest.mark.parametrize(
    ("roles", "refused"), [((Role.INTAKE_CLERK,), True), ((Role.GRID_OFFICER,), True), ((Role.SUPERVISOR,), False)]
)
def test_what_others_have_reported_too_is_called_off_by_the_centre_alone(
    roles: tuple[Role, ...], refused: bool
) -> None:
    story = Story().give(K.JOIN, after(minutes=1))
    if refused:
        assert story.refusal(K.WITHDRAW, after(minutes=2), roles=roles) == "reports_joined"
    else:
        assert story.give(K.WITHDRAW, after(minutes=2), roles=roles).case.finished


def test_every_reporter_is_told_each_under_an_own_name() -> None:
    story = shared()
    setting = Setting(case="SJ1", unit="unit-a", handler="handler", joined=story.case.joined)
    first, second = story.case.joined
    everybody = {"reporter:SJ1", f"reporter:SJ1+{first}", f"reporter:SJ1+{second}"}
    for kind in (T.VERIFIED, T.CLOSED, T.REOPENED):
        ending = shared()
        if kind is T.CLOSED:
            ending.until(after(days=30))
        elif kind is T.REOPENED:
            ending.give(K.RATE, after(days=3, hours=1), solved=False, promise=promise(after(days=3)))
        assert everybody <= set(told(DossierKind.INCIDENT, ending.last(kind), setting)), kind


def test_case_of_before_has_one_report() -> None:
    plain = to_plain(Story().case)
    del plain["joined"], plain["answered"]
    assert reports.of(of_plain(Case, plain)) == (reports.FIRST,)


def test_answer_is_kept_beside_a_clock_that_ran_out_meanwhile() -> None:
    story = shared(further=1)
    ends: datetime | None = story.case.answer_by
    assert ends is not None
    story.give(K.RATE, ends - timedelta(seconds=1))
    assert story.until(ends).case.outcome is Outcome.SOLVED
