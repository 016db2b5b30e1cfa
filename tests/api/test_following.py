"""Following a service request: who holds it, reference times, materials, the result, and what it proved (B2–B10)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from domain.tracking import Passage, Wait
from domain.vocabulary import CaseStatus, DossierKind, EventType, MaterialState, Outcome
from tests.api.applications import ID_NUMBER, applicant, application
from tests.api.conftest import As
from tests.api.served import Served
from tests.api.test_service_requests import OURS, PARTNERS, PASSED, REFUSED, refused, through, types

P, N, A, X = Passage.PASSED, Passage.NOW, Passage.AHEAD, Passage.NOT_NEEDED
STEPS = ["acceptance", "survey", "opinion", "higher-decision", "delivery"]

Apply = Callable[..., dict[str, Any]]
Follow = Callable[[dict[str, Any]], dict[str, Any]]


@pytest.fixture
def apply(in_town: As) -> Apply:
    def apply(**changes: Any) -> dict[str, Any]:
        answer = in_town("intake_clerk").post("/service-requests", json=application(**changes))
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    return apply


@pytest.fixture
def follow(town: Served) -> Follow:
    """What the applicant is told, after checking that nobody is named."""

    def follow(made: dict[str, Any]) -> dict[str, Any]:
        with town.client() as resident:
            answer = resident.get(f"/track/{made['number']}?code={made['tracking_code']}")
        assert answer.status_code == 200, answer.text
        private = (*(str(value) for value in applicant().values()), OURS["handler"], PASSED["note"], OURS["plan"])
        assert [word for word in private if word in answer.text and len(word) > 6] == []
        told: dict[str, Any] = answer.json()
        return told

    return follow


def states(told: dict[str, Any]) -> list[str]:
    return [step["state"] for step in told["steps"]]


def to_the_last_step(made: dict[str, Any], in_town: As, outcome: dict[str, str] = PASSED) -> None:
    case, ours = f"/cases/{made['number']}", in_town("rehearsal.handler")
    through(ours, case, "acceptance", OURS)
    through(ours, case, "survey", OURS)
    through(in_town("rehearsal-partner.handler"), case, "opinion", PARTNERS)
    assert in_town("rehearsal-higher.handler").post(f"{case}/steps/higher-decision/completion", json=PASSED).is_success
    ours.post(f"{case}/acknowledgement", json={**OURS, "step": "delivery"})
    assert ours.post(f"{case}/steps/delivery/completion", json=outcome).is_success


def test_applicant_is_told_of_every_step(apply: Apply, follow: Follow, in_town: As) -> None:
    made = apply()
    told = follow(made)
    assert (told["kind"], told["item"], told["item_name"]) == (
        DossierKind.SERVICE_REQUEST, "rehearsal-service", "演练办件",
    )  # fmt: skip
    assert [step["key"] for step in told["steps"]] == STEPS
    assert (states(told), [step["key"] for step in told["next"]]) == ([N, A, A, A, A], ["survey", "opinion"])
    assert told["steps"][0]["name"] == "受理审查"
    assert (told["due_at"], told["legal_due_at"]) == (made["due_at"], made["legal_due_at"])
    through(in_town("rehearsal.handler"), f"/cases/{made['number']}", "acceptance", OURS)
    told = follow(made)
    assert states(told) == [P, N, N, A, A]
    assert [(holder["step"], bool(holder["unit"]), bool(holder["since"])) for holder in told["holders"]] == [
        ("survey", True, True),
        ("opinion", True, True),
    ]
    assert told["waits_for"] is None


def test_outside_step_is_told_with_its_reference_time(apply: Apply, follow: Follow, in_town: As) -> None:
    made = apply()
    case, ours = f"/cases/{made['number']}", in_town("rehearsal.handler")
    through(ours, case, "acceptance", OURS)
    through(ours, case, "survey", OURS)
    through(in_town("rehearsal-partner.handler"), case, "opinion", PARTNERS)
    told = follow(made)
    outside = told["steps"][3]
    assert (outside["state"], told["waits_for"]["reason"]) == (N, Wait.OUTSIDE_STEP)
    assert outside["reference_from"] < outside["reference_by"] == told["waits_for"]["reference_by"]


def test_missing_materials_are_named(apply: Apply, follow: Follow, in_town: As) -> None:
    made = apply(materials=[])
    told = follow(made)
    assert (told["status"], states(told)) == (CaseStatus.AWAITING_MATERIALS, [A] * 5)
    assert told["waits_for"]["reason"] == Wait.MATERIALS
    assert [item["name"] for item in told["waits_for"]["materials"]] == ["演练申请表"]
    assert told["waits_for"]["until"] == made["materials_by"]
    assert (told["days_spent"], told["due_at"]) == (0, None)
    given = in_town("intake_clerk").get(f"/cases/{made['number']}/receipt").json()
    assert {item["code"]: item["state"] for item in given["materials"]} == {
        "rehearsal-form": MaterialState.ASKED,
        "rehearsal-photo": MaterialState.MISSING,
    }


def test_refusal_is_told_with_its_reason_and_nothing_of_the_steps_before(
    apply: Apply, follow: Follow, in_town: As
) -> None:
    made = apply()
    case, ours = f"/cases/{made['number']}", in_town("rehearsal.handler")
    through(ours, case, "acceptance", OURS)
    ours.post(f"{case}/acknowledgement", json={**OURS, "step": "survey"})
    ours.post(f"{case}/steps/survey/completion", json=REFUSED)
    told = follow(made)
    assert (told["decision"], told["result"], states(told)) == (Outcome.REFUSED, REFUSED["note"], [P, P, X, X, X])
    assert told["waits_for"]["reason"] == Wait.ANSWER


def test_receipt_says_what_was_applied_for_and_until_when(apply: Apply, in_town: As) -> None:
    made = apply()
    answer = in_town("intake_clerk").get(f"/cases/{made['number']}/receipt")
    given = answer.json()
    assert (given["item_name"], given["code"]) == ("演练办件", made["tracking_code"])
    assert (given["promise"]["rule"], given["due_at"]) == ("80 seconds", made["due_at"])
    assert given["legal_due_at"] == made["legal_due_at"]
    assert all(word not in answer.text for word in (applicant()["name"], ID_NUMBER))


def test_answer_to_a_request_counts_once(apply: Apply, in_town: As, town: Served, follow: Follow) -> None:
    made = apply()
    to_the_last_step(made, in_town)
    rating = {"code": made["tracking_code"], "score": 5, "solved": True}
    with town.client() as resident, ThreadPoolExecutor(3) as pool:
        answers = list(
            pool.map(lambda _: resident.post(f"/track/{made['number']}/rating", json=rating), range(3), timeout=50)
        )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    assert [refused(answer) for answer in answers if answer.status_code == 409] == [(409, "already_rated")] * 2
    assert types(in_town("supervisor"), f"/cases/{made['number']}").count(EventType.RATED) == 1
    assert follow(made)["outcome"] == Outcome.APPROVED


def test_register_learns_what_the_approval_proved(apply: Apply, in_town: As) -> None:
    paper = "510108199003072518"
    made = apply(applicant=applicant(id_number=paper), form={"household_size": 3, "hobby": "象棋"})
    looked = {"id_number": paper, "item": "minimum-living-allowance"}
    clerk = in_town("intake_clerk")
    before = clerk.post("/applicants/lookup", json=looked).json()["fields"]
    to_the_last_step(made, in_town)
    after = clerk.post("/applicants/lookup", json=looked).json()["fields"]
    assert (before["name"]["value"], before["household_size"]["value"]) == (applicant()["name"], None)
    assert after["household_size"]["value"] == "3"


def test_not_solved_takes_it_up_again_and_what_it_proved_waits(
    apply: Apply, in_town: As, town: Served, follow: Follow
) -> None:
    paper = "510108199003072534"
    made = apply(applicant=applicant(id_number="510108900307253"), form={"household_size": 4})
    to_the_last_step(made, in_town)
    with town.client() as resident:
        told = resident.post(
            f"/track/{made['number']}/rating", json={"code": made["tracking_code"], "score": 1, "solved": False}
        ).json()
    assert (told["status"], states(told), told["result"]) == (CaseStatus.DISPATCHED, [P, P, P, P, N], None)
    looked = {"id_number": paper, "item": "minimum-living-allowance"}
    found = in_town("intake_clerk").post("/applicants/lookup", json=looked)
    assert found.status_code == 200, found.text
    assert found.json()["fields"]["household_size"]["value"] is None
