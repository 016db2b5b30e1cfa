"""``GET /promise``: what a matter received then would be promised, and every way to ask wrongly."""

import pytest

from tests.api.bad_input import BAD_PROMISES, Bad
from tests.api.conftest import As

FRIDAY = "2026-02-13T16:20:00%2B08:00"
"""Before a make-up Saturday and the Spring Festival."""


@pytest.mark.parametrize(
    ("query", "due_at"),
    [
        ("limit=5%20working%20days&received_at=" + FRIDAY, "2026-02-27T09:30:00+00:00"),  # Friday
        ("limit=5+working+days&received_at=2026-02-13T16:20:00+08:00", "2026-02-27T09:30:00+00:00"),  # + not escaped
        ("limit=5+working+days&received_at=2026-02-13+16:20:00%2B08:00", "2026-02-27T09:30:00+00:00"),
        ("limit=5%20Working%20Days&received_at=2026-02-13T08:20:00Z", "2026-02-27T09:30:00+00:00"),
        ("limit=1%20working%20day&received_at=" + FRIDAY, "2026-02-14T09:30:00+00:00"),  # Saturday
        ("limit=4%20working%20hours&received_at=" + FRIDAY, "2026-02-14T03:50:00+00:00"),
        ("limit=10%20days&received_at=" + FRIDAY, "2026-02-24T09:30:00+00:00"),  # Tuesday, after the festival
        ("limit=72%20hours&received_at=" + FRIDAY, "2026-02-16T08:20:00+00:00"),
        ("limit=30%20minutes&received_at=" + FRIDAY, "2026-02-13T08:50:00+00:00"),
        ("limit=20%20seconds&received_at=" + FRIDAY, "2026-02-13T08:20:20+00:00"),
        ("limit=1%20second&received_at=" + FRIDAY, "2026-02-13T08:20:01+00:00"),
    ],
)
def test_deadline_is_worked_out_when_a_limit_of_any_unit_is_asked_about(in_calm: As, query: str, due_at: str) -> None:
    answer = in_calm("intake_clerk").get(f"/promise?{query}")
    assert (answer.status_code, answer.json()["due_at"]) == (200, due_at)
    assert answer.json()["provisional"] is False


def test_promise_says_what_made_it_when_it_is_asked(in_calm: As) -> None:
    made = in_calm("handler").get(f"/promise?limit=5%20working%20days&received_at={FRIDAY}").json()
    assert set(made) == {
        *("due_at", "yellow_at", "extension_by", "provisional", "rule", "rulebook_version", "calendar_version"),
        "legal_due_at",
    }
    assert (made["rule"], made["legal_due_at"]) == ("5 working days", None)
    assert made["extension_by"] < made["yellow_at"] < made["due_at"]


def test_legal_deadline_stands_beside_the_promise_when_the_law_gives_longer(in_calm: As) -> None:
    query = f"limit=5%20working%20days&legal=20%20working%20days&received_at={FRIDAY}"
    made = in_calm("intake_clerk").get(f"/promise?{query}").json()
    assert (made["due_at"], made["legal_due_at"]) == ("2026-02-27T09:30:00+00:00", "2026-03-19T09:30:00+00:00")


@pytest.mark.parametrize(
    ("query", "provisional"),
    [
        ("limit=2%20working%20days&received_at=2026-12-31T10:00:00Z", True),
        ("limit=48%20hours&received_at=2026-12-31T10:00:00Z", False),
        ("limit=10%20days&received_at=2199-12-30T10:00:00Z", True),
        ("limit=4000%20working%20days&received_at=2199-12-30T10:00:00Z", True),
        ("limit=5%20working%20days&received_at=2001-06-01T10:00:00Z", True),
    ],
)
def test_promise_is_provisional_when_it_needs_a_year_without_notice(in_calm: As, query: str, provisional: bool) -> None:
    answer = in_calm("intake_clerk").get(f"/promise?{query}")
    assert (answer.status_code, answer.json()["provisional"]) == (200, provisional)


@pytest.mark.parametrize("bad", BAD_PROMISES, ids=str)
def test_question_is_refused_with_its_code(in_calm: As, bad: Bad) -> None:
    answer = in_calm("intake_clerk").get(f"/promise?{bad.body}")
    assert (answer.status_code, answer.json()["code"]) == (bad.status, bad.code)
    assert [(fault["field"], fault["code"]) for fault in answer.json()["errors"]] == [(bad.field, bad.code)]


def test_question_is_refused_when_nobody_asks_it(in_calm: As) -> None:
    answer = in_calm("intake_clerk").get("/promise?limit=soon", headers={"Authorization": "Bearer nobody"})
    assert answer.status_code == 401
