"""Whom events tell: the table holds for every event that the rules can make."""

from dataclasses import replace

import pytest

from domain import case_events
from domain.accountability import Accountability
from domain.case import Case
from domain.holding import cards
from domain.holding import events as holding_events
from domain.messages import Event
from domain.notices import TELLINGS, Setting, audiences, notice_data, recipients, recipients_of, telling, told
from domain.vocabulary import Audience, DossierKind, EventType, Role
from tests.db import people
from tests.db.stories import START

SETTING = Setting(
    case="SJ1",
    unit="water",
    handler="wang",
    reporting_officer="officer",
    desk="desk",
    centres=("centre",),
    police=("police",),
)


def event(kind: EventType, **data: object) -> Event:
    return Event(seq=1, type=kind, at=START, data=dict(data))


@pytest.mark.parametrize(
    ("audience", "wanted"),
    [
        (Audience.UNIT_LEADER, "leader:water"),
        (Audience.UNIT_HANDLERS, "handlers:water"),
        (Audience.HANDLER, "account:wang"),
        (Audience.LEAD, "account:wang"),
        (Audience.CENTRE, "role:supervisor"),
        (Audience.CENTRE_LEADER, "leader:centre"),
        (Audience.POLICE, "unit:police"),
        (Audience.REPORTER, "reporter:SJ1"),
        (Audience.REPORTING_OFFICER, "account:officer"),
        (Audience.DESK, "unit:desk"),
        (Audience.ORGANIZATION, "role:organization_officer"),
        (Audience.DISCIPLINE, "role:discipline_officer"),
    ],
)
def test_audience_becomes_a_recipient(audience: Audience, wanted: str) -> None:
    assert recipients(audience, event(EventType.CLOSED), SETTING) == (wanted,)


def test_every_audience_of_the_vocabulary_is_resolved() -> None:
    for audience in Audience:
        assert recipients(audience, event(EventType.CLOSED), SETTING)


def test_handlers_are_told_when_nobody_was_named_yet() -> None:
    setting = Setting(case="SJ1", unit="water")
    assert recipients(Audience.HANDLER, event(EventType.URGED), setting) == ("handlers:water",)
    assert recipients(Audience.REPORTING_OFFICER, event(EventType.CLOSED), setting) == ()


def test_unit_of_the_event_is_told_when_it_is_not_the_holder_any_more() -> None:
    card = event(EventType.APPEAL_UPHELD, card="c", unit="roads")
    assert "leader:roads" in told(DossierKind.INCIDENT, card, SETTING)


def test_what_happens_to_a_part_is_told_to_those_who_work_on_it() -> None:
    setting = replace(SETTING, handlers={"roads": "li", "lamps": None})
    of_roads = {"part": "roads", "unit": "roads"}
    yellow = told(DossierKind.INCIDENT, event(EventType.TURNED_YELLOW, **of_roads), setting)
    assert yellow == ("leader:roads", "account:li")
    unnamed = told(DossierKind.INCIDENT, event(EventType.RELEASED, part="lamps", unit="lamps"), setting)
    assert unnamed == ("leader:lamps", "handlers:lamps")


def test_lead_is_told_who_assists_and_what_they_completed() -> None:
    joined = event(EventType.DISPATCHED, part="roads", unit="roads")
    assert told(DossierKind.INCIDENT, joined, SETTING) == ("leader:roads", "handlers:roads", "account:wang")
    completed = event(EventType.COMPLETED, part="roads", unit="roads")
    assert told(DossierKind.INCIDENT, completed, SETTING) == ("account:wang",), "there is nothing to verify yet"


def test_reporter_is_told_once_when_a_case_is_suspended_with_its_parts() -> None:
    assert "reporter:SJ1" in told(DossierKind.INCIDENT, event(EventType.SUSPENDED), SETTING)
    assert "reporter:SJ1" not in told(DossierKind.INCIDENT, event(EventType.SUSPENDED, part="roads"), SETTING)


def test_ladder_tells_whom_the_rung_names() -> None:
    rung = event(EventType.ACK_ESCALATED, rung=1, tell=["unit_leader", "centre_leader"])
    assert audiences(DossierKind.INCIDENT, rung) == (Audience.UNIT_LEADER, Audience.CENTRE_LEADER)


@pytest.mark.parametrize(("higher", "wanted"), [(False, 1), (True, 2)])
def test_leader_of_the_centre_is_told_when_an_extension_needs_the_higher_approver(higher: bool, wanted: int) -> None:
    asked = event(EventType.EXTENSION_REQUESTED, higher=higher)
    assert len(audiences(DossierKind.INCIDENT, asked)) == wanted


@pytest.mark.parametrize("kind", [EventType.ALARM_RAISED, EventType.ACK_MISSED, EventType.ACK_ESCALATED])
def test_quiet_hours_do_not_hold_back_what_is_urgent(kind: EventType) -> None:
    assert telling(DossierKind.INCIDENT, kind).exempt
    assert not telling(DossierKind.INCIDENT, EventType.TURNED_YELLOW).exempt


def test_notice_repeats_codes_but_not_the_clocks() -> None:
    dispatched = event(EventType.DISPATCHED, unit="water", ack={"ack_by": "x"}, promise={}, by_rule="r")
    assert notice_data(dispatched) == {"unit": "water", "by_rule": "r"}


def test_person_finds_notices_by_name_unit_and_post() -> None:
    found = set(recipients_of(people.person(Role.UNIT_LEADER, "water", Role.HANDLER)))
    assert {"account:unit_leader-water", "leader:water", "handlers:water", "unit:water"} <= found
    assert "leader:water" not in recipients_of(people.WATER_HANDLER)
    assert "role:supervisor" in recipients_of(people.SUPERVISOR)


def test_table_names_only_events_that_a_dossier_can_have() -> None:
    assert set(TELLINGS) == set(DossierKind)
    changing = {*case_events.CHANGES, *holding_events.CHANGES, *cards.CHANGES}
    changing_nothing = {
        EventType.POINTS_DEDUCTED,
        EventType.POINTS_RESTORED,
        EventType.INTERVIEW_OPENED,
        EventType.RATED,
    }
    assert set(TELLINGS[DossierKind.INCIDENT]) <= changing | changing_nothing


def test_projection_copies_only_what_the_dossiers_have() -> None:
    from dataclasses import fields

    from db.projections import case, files
    from domain.interview import Interview

    names = {field.name for field in fields(Case)}
    assert {*case.COPIED, *case.INSTANTS, "ack", "promise"} <= names
    assert set(files._INTERVIEW) <= {field.name for field in fields(Interview)}
    assert set(files._ACCOUNTABILITY) <= {field.name for field in fields(Accountability)}


def test_applicant_is_told_once_of_a_suspension_and_each_unit_of_its_own_step() -> None:
    setting, kind = Setting(case="BJ1", desk="desk"), DossierKind.SERVICE_REQUEST
    whole = event(EventType.SUSPENDED, whole=True)
    step = event(EventType.SUSPENDED, part="survey", unit="village")
    assert told(kind, whole, setting) == ("reporter:BJ1",)
    assert told(kind, step, setting) == ("leader:village", "handlers:village")


def test_every_unit_whose_step_stood_is_told_when_materials_come() -> None:
    received = event(EventType.MATERIALS_RECEIVED, units=["village", "police"])
    assert told(DossierKind.SERVICE_REQUEST, received, Setting(case="BJ1")) == (
        "leader:village", "leader:police", "handlers:village", "handlers:police",
    )  # fmt: skip


def test_card_of_a_step_tells_its_unit_and_a_late_whole_the_centre() -> None:
    setting, kind = Setting(case="BJ1"), DossierKind.SERVICE_REQUEST
    assert told(kind, event(EventType.TURNED_RED, whole=True), setting) == ("role:supervisor",)
    assert told(kind, event(EventType.TURNED_RED, part="survey", unit="village"), setting) == ()
    card = event(EventType.RED_CARD_ISSUED, part="survey", unit="village", handler="wang")
    assert told(kind, card, setting) == ("leader:village", "account:wang", "role:supervisor")
