"""The same matter reported again (A19): offered to whoever takes the report, joined, and every reporter is told."""

from typing import Any

import pytest
from sqlalchemy import select

from db.tables import JoinedReport, Notice, core
from domain.vocabulary import CaseStatus, EventType, Likeness, Outcome
from tests.api.conftest import As
from tests.api.served import Served, key, report
from tests.api.test_commands import DONE, PLAN, refused, types

WORDS = "人民路三号楼门前路灯不亮，老人夜里看不清台阶。"
AGAIN = {"name": "李某某", "phone": "13900139000"}
MASKED = "李**"
GRID = {"grid": "qingyou-3"}
"""Where no other test reports."""

PRIVATE = ("王某某", "13800138000", "李某某", "13900139000")


def draft(**changes: Any) -> dict[str, Any]:
    """A report as far as it is typed."""
    return {"category": "rehearsal", "description": "三号楼前面的路灯不亮", "place": GRID, **changes}


@pytest.fixture
def made(in_calm: As) -> dict[str, Any]:
    """A case that the desk has just taken."""
    told = report(description=WORDS, place=GRID)
    taken: dict[str, Any] = in_calm("intake_clerk").post("/incidents", json=told).json()
    return taken


def offers(client: Any, **changes: Any) -> dict[str, Any]:
    """What is offered, by number."""
    answer = client.post("/incidents/similar", json=draft(**changes))
    assert answer.status_code == 200, answer.text
    return {item["number"]: item for item in answer.json()["items"]}


def elsewhere(client: Any) -> str:
    """A clerk of another desk; the username."""
    account = {"username": f"clerk-{key()}", "password": "a-long-password", "name": "窗口乙", "unit": "health",
               "roles": ["intake_clerk"]}  # fmt: skip
    assert client.post("/accounts", json=account).status_code == 201
    return str(account["username"])


@pytest.fixture
def other_desk(in_calm: As, calm: Served) -> Any:
    """The client of a clerk of another desk."""
    username = elsewhere(in_calm("administrator"))
    with calm.client() as nobody:
        token = nobody.post("/sessions", json={"username": username, "password": "a-long-password"}).json()["token"]
    with calm.client(token) as client:
        yield client


def test_case_is_offered_with_what_speaks_for_it(in_calm: As, made: dict[str, Any]) -> None:
    found = offers(in_calm("intake_clerk"))[made["number"]]
    assert found["joinable"]
    assert found["shared"][0] == "路灯不亮"
    assert set(found["reasons"]) == {Likeness.SAME_GRID, Likeness.SAME_CATEGORY, Likeness.SAME_WORDS}
    assert found["description"] == WORDS


def test_other_matter_elsewhere_is_not_offered(in_calm: As, made: dict[str, Any]) -> None:
    clerk = in_calm("intake_clerk")
    assert made["number"] not in offers(clerk, description="垃圾桶满了没有清运")
    assert made["number"] not in offers(clerk, place={"grid": "qingyou-2"})
    assert clerk.post("/incidents/similar", json={}).json()["items"] == []


def test_other_desk_learns_what_it_said_itself_and_never_who_reported(other_desk: Any, made: dict[str, Any]) -> None:
    answer = other_desk.post("/incidents/similar", json=draft())
    found = next(item for item in answer.json()["items"] if item["number"] == made["number"])
    assert set(found) == {
        "number", "score", "reasons", "metres", "shared", "category", "grid", "status", "outcome", "received_at",
        "closed_at", "joinable", "seen",
    }  # fmt: skip
    assert all(word in draft()["description"] for word in found["shared"])
    assert all(private not in answer.text for private in (*PRIVATE, "老人"))
    assert other_desk.get(f"/cases/{made['number']}").status_code == 404


def test_protected_case_is_offered_to_nobody_who_does_not_see_it(in_calm: As, other_desk: Any) -> None:
    body = report(category="infectious-disease", description=WORDS, place=GRID)
    number = in_calm("intake_clerk").post("/incidents", json=body).json()["number"]
    assert number in offers(in_calm("intake_clerk"), category="infectious-disease")
    assert number not in offers(other_desk, category="infectious-disease")
    assert other_desk.post(f"/cases/{number}/reports", json=report()).status_code == 404


@pytest.mark.parametrize(
    ("who", "body", "status", "code"),
    [
        ("handler", {}, 403, "not_allowed"),
        ("auditor", {"category": "nonsense"}, 403, "not_allowed"),
        ("intake_clerk", {"category": "nonsense"}, 422, "category_unknown"),
        ("intake_clerk", {"place": {"grid": "nowhere"}}, 422, "grid_unknown"),
        ("intake_clerk", {"reporter": AGAIN}, 422, "field_unknown"),
        ("intake_clerk", {"place": {"point": {"lat": 91, "lon": 0}}}, 422, "out_of_range"),
        ("intake_clerk", {"description": 7}, 422, "text_expected"),
    ],
)
def test_question_is_refused(in_calm: As, who: str, body: dict[str, Any], status: int, code: str) -> None:
    assert refused(in_calm(who).post("/incidents/similar", json=body)) == (status, code)


def test_case_itself_is_compared_with_the_others(in_calm: As, made: dict[str, Any]) -> None:
    clerk = in_calm("intake_clerk")
    other = clerk.post("/incidents", json=report(description=WORDS, place=GRID)).json()["number"]
    found = in_calm("supervisor").get(f"/cases/{made['number']}/similar").json()["items"]
    assert other in {item["number"] for item in found}
    assert made["number"] not in {item["number"] for item in found}
    assert refused(in_calm("rehearsal.handler").get(f"/cases/{other}/similar")) == (403, "not_allowed")
    assert in_calm("administrator").get(f"/cases/{other}/similar").status_code == 404


@pytest.mark.parametrize(
    ("who", "number", "changes", "status", "code"),
    [
        ("administrator", None, {}, 404, "not_found"),
        ("intake_clerk", "SJ990101-9999999", {}, 404, "not_found"),
        ("auditor", None, {}, 403, "not_allowed"),
        ("intake_clerk", None, {"description": " "}, 422, "text_empty"),
        ("intake_clerk", None, {"reporter": None}, 422, "reporter_contact_missing"),
        ("intake_clerk", None, {"category": "infectious-disease"}, 409, "protected_not_joined"),
        ("intake_clerk", None, {}, 503, "engine_unavailable"),
    ],
)
def test_joining_is_refused_in_the_order_of_refusal(
    in_calm: As, made: dict[str, Any], who: str, number: str | None, changes: dict[str, Any], status: int, code: str
) -> None:
    answer = in_calm(who).post(f"/cases/{number or made['number']}/reports", json=report(**changes))
    assert refused(answer) == (status, code)


# with an engine


@pytest.fixture
def taken(in_town: As) -> dict[str, Any]:
    """A case in the town."""
    made: dict[str, Any] = in_town("intake_clerk").post("/incidents", json=report(description=WORDS)).json()
    return made


def join(client: Any, number: str, **changes: Any) -> Any:
    return client.post(f"/cases/{number}/reports", json=report(reporter=AGAIN, **changes))


def rows(town: Served, table: Any, *conditions: Any) -> list[Any]:
    """Rows of the town's database."""
    database = town.app.state.house.database
    query = select(core(table)).where(*conditions)
    return list(database.read_sync(lambda connection: connection.execute(query).all()))


def test_joined_report_shares_the_case_and_has_a_code_of_its_own(
    in_town: As, town: Served, taken: dict[str, Any]
) -> None:
    clerk, number = in_town("intake_clerk"), taken["number"]
    answer = join(clerk, number, description="又有人说三号楼路灯不亮")
    assert answer.status_code == 201, answer.text
    given = answer.json()
    assert (given["number"], given["joined"], given["due_at"]) == (number, 1, taken["due_at"])
    assert given["tracking_code"] != taken["tracking_code"]
    assert types(clerk, f"/cases/{number}")[-1] == EventType.REPORT_JOINED
    with town.client() as resident:
        way = resident.get(f"/track/{number}", params={"code": given["tracking_code"]}).json()
        first = resident.get(f"/track/{number}", params={"code": taken["tracking_code"]}).json()
        wrong = resident.get(f"/track/{number}", params={"code": "2225" + taken["tracking_code"]})
    assert (way["number"], first["joined_at"], wrong.status_code) == (number, None, 404)
    assert way["joined_at"]
    receipt = clerk.get(f"/cases/{number}/reports/{given['report']}/receipt").json()
    assert (receipt["code"], receipt["joined"]) == (given["tracking_code"], True)
    assert clerk.get(receipt["qr"].removeprefix("/api/v1")).status_code == 200


def test_words_are_shown_and_contacts_by_the_rule(in_town: As, taken: dict[str, Any]) -> None:
    number = taken["number"]
    join(in_town("intake_clerk"), number, description="又有人说三号楼路灯不亮")
    seen = {who: in_town(who).get(f"/cases/{number}") for who in ("supervisor", "rehearsal.handler", "auditor")}
    for who, answer in seen.items():
        [joined] = answer.json()["reports"]
        assert joined["description"] == "又有人说三号楼路灯不亮"
        assert (MASKED in answer.text) is (who == "supervisor")
        assert AGAIN["name"] not in answer.text
        shown = in_town(who).post(f"/cases/{number}/contact", json={"purpose": "contact", "report": joined["report"]})
        assert (shown.status_code, AGAIN["name"] in shown.text) == (
            (200, True) if who == "supervisor" else (403, False)
        )
    asked = in_town("supervisor").post(f"/cases/{number}/contact", json={"purpose": "contact", "report": 99})
    assert asked.status_code == 404
    last = in_town("rehearsal.handler").get(f"/cases/{number}/events").json()["items"][-1]
    assert (last["type"], last["actor"]) == (EventType.REPORT_JOINED, None)
    assert "reports" not in in_town("statistician").get(f"/cases/{number}").json()


def test_same_key_joins_once_and_another_body_is_refused(in_town: As, town: Served, taken: dict[str, Any]) -> None:
    clerk, number, header = in_town("intake_clerk"), taken["number"], {"Idempotency-Key": key()}
    path, body = f"/cases/{number}/reports", report(reporter=AGAIN)
    first, again = (clerk.post(path, json=body, headers=header).json() for _ in range(2))
    assert first["report"] == again["report"]
    assert refused(clerk.post(path, json=report(), headers=header)) == (409, "idempotency_key_reused")
    assert len(rows(town, JoinedReport, core(JoinedReport).c.case == number)) == 1


def test_danger_is_filed_as_its_own_and_nothing_of_it_is_kept(in_town: As, town: Served, taken: dict[str, Any]) -> None:
    answer = join(in_town("intake_clerk"), taken["number"], danger=True)
    assert refused(answer) == (409, "danger_not_joined")
    assert rows(town, JoinedReport, core(JoinedReport).c.case == taken["number"]) == []
    found = in_town("intake_clerk").post("/incidents/similar", json=draft(danger=True)).json()["items"]
    assert {item["joinable"] for item in found if item["number"] == taken["number"]} <= {False}


def test_nothing_is_joined_to_what_is_over(in_town: As, taken: dict[str, Any]) -> None:
    in_town("supervisor").post(f"/cases/{taken['number']}/withdrawal", json={"reason": "误报"})
    assert refused(join(in_town("intake_clerk"), taken["number"])) == (409, "transition_not_allowed")


def test_every_reporter_is_told_and_answers_once(in_town: As, town: Served, taken: dict[str, Any]) -> None:
    number, handler = taken["number"], in_town("rehearsal.handler")
    joined = join(in_town("intake_clerk"), number).json()
    handler.post(f"/cases/{number}/acknowledgement", json=PLAN)
    handler.post(f"/cases/{number}/completion", json=DONE)
    in_town("supervisor").post(f"/cases/{number}/verification", json={"solved": True, "note": ""})
    told = {
        row.recipient for row in rows(town, Notice, core(Notice).c.case == number) if row.type is EventType.VERIFIED
    }
    assert told == {f"reporter:{number}", f"reporter:{number}+{joined['report']}"}
    rating = {"score": 5, "solved": True, "comment": ""}
    with town.client() as resident:
        path, own = f"/track/{number}/rating", {**rating, "code": taken["tracking_code"]}
        first = resident.post(path, json=own).json()
        assert (first["status"], first["answered"]) == (CaseStatus.AWAITING_ANSWER, True)
        assert refused(resident.post(path, json=own)) == (409, "already_rated")
        second = resident.post(path, json={**rating, "code": joined["tracking_code"]}).json()
    assert (second["status"], second["outcome"]) == (CaseStatus.CLOSED, Outcome.SOLVED)


def test_what_a_further_report_says_finds_the_case_too(in_town: As, taken: dict[str, Any]) -> None:
    clerk = in_town("intake_clerk")
    said = f"配电箱敞开着 {key()} 线头裸露"
    assert join(clerk, taken["number"], description=said).status_code == 201
    found = offers(clerk, category=None, description=said, place={"grid": taken["grid"]})
    assert taken["number"] in found
    assert "配电箱敞开着" in found[taken["number"]]["shared"]
    assert said not in found[taken["number"]]["description"]


def test_officer_who_reported_it_again_is_told_too(in_town: As, town: Served, taken: dict[str, Any]) -> None:
    number, handler = taken["number"], in_town("rehearsal.handler")
    path = f"/cases/{number}/reports"
    assert in_town("grid_officer").post(path, json=report(source="officer")).status_code == 201
    assert in_town("grid_officer").get(f"/cases/{number}").status_code == 200
    handler.post(f"/cases/{number}/acknowledgement", json=PLAN)
    handler.post(f"/cases/{number}/completion", json=DONE)
    told = {row.recipient for row in rows(town, Notice, core(Notice).c.case == number)}
    assert "account:grid_officer" in told


def test_centre_writes_down_what_each_reporter_said(in_town: As, taken: dict[str, Any]) -> None:
    number, handler, centre = taken["number"], in_town("rehearsal.handler"), in_town("supervisor")
    joined = join(in_town("intake_clerk"), number).json()
    handler.post(f"/cases/{number}/acknowledgement", json=PLAN)
    handler.post(f"/cases/{number}/completion", json=DONE)
    centre.post(f"/cases/{number}/verification", json={"solved": True, "note": ""})
    said = {"solved": False, "note": "还是不亮", "report": 99}
    assert refused(centre.post(f"/cases/{number}/answer", json=said)) == (422, "report_unknown")
    reopened = centre.post(f"/cases/{number}/answer", json=said | {"report": joined["report"]}).json()
    assert reopened["status"] == CaseStatus.IN_PROGRESS


def test_only_the_centre_withdraws_what_others_have_reported(in_town: As, taken: dict[str, Any]) -> None:
    clerk, number = in_town("intake_clerk"), taken["number"]
    join(clerk, number)
    reason = {"reason": "反映人撤回"}
    assert refused(clerk.post(f"/cases/{number}/withdrawal", json=reason)) == (409, "reports_joined")
    assert in_town("supervisor").post(f"/cases/{number}/withdrawal", json=reason).status_code == 200


def test_other_desk_sees_the_case_that_its_reporter_shares_and_gives_its_receipt_only(
    in_town: As, town: Served, taken: dict[str, Any]
) -> None:
    username = elsewhere(in_town("administrator"))
    with town.client() as nobody:
        token = nobody.post("/sessions", json={"username": username, "password": "a-long-password"}).json()["token"]
    with town.client(token) as other:
        joined = join(other, taken["number"]).json()
        page = other.get(f"/cases/{taken['number']}")
        assert page.status_code == 200
        assert "王某某" not in page.text
        assert MASKED in page.text
        assert other.get(f"/cases/{taken['number']}/reports/{joined['report']}/receipt").status_code == 200
        assert refused(other.get(f"/cases/{taken['number']}/receipt")) == (403, "not_allowed")
    own = in_town("intake_clerk")
    assert MASKED not in own.get(f"/cases/{taken['number']}").text
    assert refused(own.get(f"/cases/{taken['number']}/reports/{joined['report']}/receipt")) == (403, "not_allowed")
    for wrong in ("999", "x", "1" * 20):
        assert own.get(f"/cases/{taken['number']}/reports/{wrong}/receipt").status_code == 404
