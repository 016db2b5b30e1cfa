"""Acceptance of reports: at once, once, and without waiting for the engine."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from sqlalchemy import select

from db.engine import Database
from db.tables import Dossier, Report, core
from domain.vocabulary import CaseStatus, EventType
from tests.api.conftest import As
from tests.api.served import Served, key, report

CONTRACT = {
    "number", "kind", "status", "light", "ack_light", "category", "unit", "handler", "grid", "received_at",
    "dispatched_at", "ack_by", "acknowledged_at", "yellow_at", "extension_by", "due_at", "provisional", "completed_at",
    "closed_at", "version", "red_cards", "extensions", "steps", "promise", "outcome",
}  # fmt: skip


def test_report_becomes_a_dispatched_case_when_a_rule_matches(as_: As) -> None:
    answer = as_("intake_clerk").post("/incidents", json=report())
    case = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/api/v1/cases/{case['number']}"
    assert set(case) >= CONTRACT
    assert re.fullmatch(r"SJ\d{6}-\d{7}", case["number"])
    assert (case["status"], case["unit"], case["steps"]) == (CaseStatus.DISPATCHED, "rehearsal-unit", [])
    instants = {
        name: datetime.fromisoformat(case[name]) for name in ("received_at", "ack_by", "due_at", "extension_by")
    }
    received = instants["received_at"]
    assert instants["ack_by"] == received + timedelta(seconds=5)
    assert instants["due_at"] == received + timedelta(seconds=40)
    assert instants["extension_by"] == received + timedelta(seconds=20)
    assert set(case["promise"]) >= {"rule", "rulebook_version", "calendar_version"}


def test_case_is_there_for_readers_when_the_engine_is_away(as_: As, api: Served) -> None:
    clerk = as_("intake_clerk")
    number = clerk.post("/incidents", json=report()).json()["number"]
    events = clerk.get(f"/cases/{number}/events").json()["items"]
    assert [(event["seq"], event["type"]) for event in events] == [(1, EventType.RECEIVED), (2, EventType.DISPATCHED)]
    store = Database(api.settings.database_url)
    head = store.read_sync(lambda connection: connection.execute(select(core(Dossier))).one())
    store.close()
    assert (head.id, head.started_at, head.ended_at) == (number, None, None)


def test_same_case_comes_back_when_the_key_is_repeated(as_: As) -> None:
    clerk, headers = as_("intake_clerk"), {"Idempotency-Key": key()}
    answers = [clerk.post("/incidents", json=report(), headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert len({(a.json()["number"], a.json()["tracking_code"], a.headers["location"]) for a in answers}) == 1
    assert clerk.get("/cases?total=true").json()["total"] == 1


def test_key_is_refused_when_the_body_differs(as_: As) -> None:
    clerk, headers = as_("intake_clerk"), {"Idempotency-Key": key()}
    clerk.post("/incidents", json=report(), headers=headers)
    answer = clerk.post("/incidents", json=report(description="另一件事。"), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_reused")


def test_keys_of_two_people_do_not_meet(as_: As) -> None:
    headers = {"Idempotency-Key": key()}
    numbers = {
        as_(who).post("/incidents", json=report(), headers=headers).json()["number"]
        for who in ("intake_clerk", "supervisor")
    }
    assert len(numbers) == 2


def test_one_case_is_made_when_the_same_key_comes_many_times_at_once(api: Served, as_: As) -> None:
    clerk, headers = as_("intake_clerk"), {"Idempotency-Key": key()}
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: clerk.post("/incidents", json=report(), headers=headers), range(16)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["number"] for answer in answers}) == 1
    assert clerk.get("/cases?total=true").json()["total"] == 1


def test_numbers_are_distinct_when_reports_come_at_once(as_: As) -> None:
    clerk = as_("intake_clerk")
    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(lambda _: clerk.post("/incidents", json=report()).json()["number"], range(24)))
    assert len(set(numbers)) == 24


def test_grid_follows_from_the_point(as_: As) -> None:
    place = {"point": {"lat": 30.405, "lon": 105.118}}
    assert as_("intake_clerk").post("/incidents", json=report(place=place)).json()["grid"] == "qingyou-2"


def test_danger_goes_to_its_unit_and_raises_the_alarm(as_: As) -> None:
    clerk = as_("intake_clerk")
    case = clerk.post("/incidents", json=report(danger=True)).json()
    types = [event["type"] for event in clerk.get(f"/cases/{case['number']}/events").json()["items"]]
    assert types == [EventType.RECEIVED, EventType.DISPATCHED, EventType.ALARM_RAISED]
    assert case["unit"] != "rehearsal-unit"


def test_only_a_digest_of_the_tracking_code_is_kept(as_: As, api: Served) -> None:
    code = as_("intake_clerk").post("/incidents", json=report()).json()["tracking_code"]
    store = Database(api.settings.database_url)
    row = store.read_sync(lambda connection: connection.execute(select(core(Report))).one())
    store.close()
    assert code not in str(row)


def test_anonymous_report_needs_no_contact(as_: As) -> None:
    answer = as_("intake_clerk").post("/incidents", json=report(reporter={"anonymous": True}))
    assert answer.status_code == 201


def test_officers_own_report_needs_no_reporter(as_: As) -> None:
    body = report(source="officer")
    del body["reporter"]
    assert as_("grid_officer").post("/incidents", json=body).status_code == 201
