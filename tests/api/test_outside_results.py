"""Results of outside steps as a file: every row by itself, good ones applied once; and by a connector (B8)."""

import io
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from openpyxl import Workbook

from api.outside_results import LARGEST, MOST_ROWS, RowResult
from domain.vocabulary import EventType, Outcome, StepStatus
from tests.api.applications import application
from tests.api.bad_input import BAD_RESULT_FILES, BAD_RESULT_ROWS, Bad
from tests.api.conftest import As
from tests.api.test_commands import wait_for
from tests.api.test_service_requests import OURS, PARTNERS, through

HEADER = ("number", "step", "outcome", "note")
REASON = "不符合年龄条件；年满六十周岁后可再申请。"
APPLIED, REPEATED, REFUSED = RowResult


@pytest.fixture
def above(in_town: As) -> Callable[[], str]:
    """Numbers of requests that wait for an answer from above."""

    def above() -> str:
        body = application(item="rehearsal-service-above", materials=[])
        return str(in_town("intake_clerk").post("/service-requests", json=body).json()["number"])

    return above


def csv_of(*rows: Sequence[str], encoding: str = "utf-8") -> bytes:
    return "\r\n".join(",".join(row) for row in (HEADER, *rows)).encode(encoding)


def xlsx_of(*rows: Sequence[str]) -> bytes:
    book, stream = Workbook(), io.BytesIO()
    sheet = book.worksheets[0]
    for row in (HEADER, *rows):
        sheet.append(list(row))
    book.save(stream)
    return stream.getvalue()


def send(client: httpx.Client, content: bytes) -> httpx.Response:
    return client.post("/outside-results", files={"file": ("results", content)})


def results(answer: httpx.Response) -> list[tuple[str, str | None]]:
    assert answer.status_code == 200, answer.text
    return [(row["result"], row["code"]) for row in answer.json()["items"]]


def step(shown: dict[str, Any], key: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in shown["steps"] if each["key"] == key)
    return found


@pytest.mark.parametrize("write", [csv_of, xlsx_of, lambda *rows: csv_of(*rows, encoding="gb18030"),
                                   lambda *rows: csv_of(*rows, encoding="utf-8-sig")],
                         ids=["csv", "xlsx", "gb18030", "with a mark"])  # fmt: skip
def test_good_rows_are_applied_and_wrong_ones_named(
    above: Callable[[], str], in_town: As, write: Callable[..., bytes]
) -> None:
    good, refused = above(), above()
    clerk = in_town("intake_clerk")
    content = write((good, "higher", "passed", "同意"), (refused, "higher", "refused", REASON),
                    ("BJ999999-9999999", "higher", "passed", ""), (good, "higher", "passed", ""))  # fmt: skip
    answer = send(clerk, content)
    assert results(answer) == [(APPLIED, None), (APPLIED, None), (REFUSED, "not_found"), (REPEATED, None)]
    assert [row["line"] for row in answer.json()["items"]] == [2, 3, 4, 5]
    assert (answer.json()["applied"], answer.json()["refused"], answer.json()["repeated"]) == (2, 1, 1)
    shown = clerk.get(f"/cases/{good}").json()
    assert (step(shown, "higher")["outcome"], step(shown, "delivery")["status"]) == ("passed", StepStatus.DISPATCHED)
    assert clerk.get(f"/cases/{refused}").json()["result"] == Outcome.REFUSED
    events = clerk.get(f"/cases/{refused}/events").json()["items"]
    assert [event["data"]["note"] for event in events if event["type"] == EventType.STEP_COMPLETED] == [REASON]


def test_formula_is_refused_in_its_row_and_the_others_are_applied(above: Callable[[], str], in_town: As) -> None:
    computed, good = above(), above()
    content = xlsx_of((computed, "higher", '="pas"&"sed"', ""), (good, "higher", "passed", ""))
    answer = send(in_town("intake_clerk"), content)
    assert results(answer) == [(REFUSED, "cell_with_formula"), (APPLIED, None)]
    assert in_town("intake_clerk").get(f"/cases/{computed}").json()["version"] == 2


def test_file_that_is_sent_twice_is_applied_once(above: Callable[[], str], in_town: As) -> None:
    number, clerk = above(), in_town("intake_clerk")
    content = csv_of((number, "higher", "passed", "同意"))
    assert results(send(clerk, content)) == [(APPLIED, None)]
    version = clerk.get(f"/cases/{number}").json()["version"]
    assert results(send(clerk, content)) == [(REPEATED, None)]
    assert results(send(in_town("supervisor"), content)) == [(REPEATED, None)]
    later = csv_of((number, "higher", "passed", "同意"), ("BJ1", "higher", "passed", ""))
    assert results(send(clerk, later)) == [(REPEATED, None), (REFUSED, "not_found")]
    other = csv_of((number, "higher", "refused", REASON))
    assert results(send(clerk, other)) == [(REFUSED, "step_already_completed")]
    assert clerk.get(f"/cases/{number}").json()["version"] == version


def test_result_that_ended_the_request_counts_once_whoever_sends_it(above: Callable[[], str], in_town: As) -> None:
    number, clerk, centre = above(), in_town("intake_clerk"), in_town("supervisor")
    assert results(send(clerk, csv_of((number, "higher", "refused", REASON)))) == [(APPLIED, None)]
    later = csv_of((number, "higher", "refused", REASON), ("BJ1", "higher", "refused", REASON))
    assert results(send(centre, later)) == [(REPEATED, None), (REFUSED, "not_found")]
    other = csv_of((number, "higher", "passed", "同意"), (number, "delivery", "passed", ""))
    assert results(send(centre, other)) == [(REFUSED, "transition_not_allowed"), (REFUSED, "step_not_outside")]


def test_file_that_two_people_send_at_once_is_applied_once(above: Callable[[], str], in_town: As) -> None:
    numbers = [above() for _ in range(4)]
    content = csv_of(*((number, "higher", "passed", "") for number in numbers))
    both = (in_town("intake_clerk"), in_town("supervisor"))
    with ThreadPoolExecutor(2) as pool:
        found = [results(answer) for answer in pool.map(lambda client: send(client, content), both)]
    for rows in zip(*found, strict=True):
        assert {result for result, _ in rows} <= {APPLIED, REPEATED}
    for number in numbers:
        events = both[0].get(f"/cases/{number}/events").json()["items"]
        assert [event["type"] for event in events].count(EventType.STEP_COMPLETED) == 1


def test_row_that_was_refused_is_applied_when_it_has_become_right(in_town: As) -> None:
    clerk, ours = in_town("intake_clerk"), in_town("rehearsal.handler")
    number = clerk.post("/service-requests", json=application()).json()["number"]
    content = csv_of((number, "higher-decision", "passed", ""))
    assert results(send(clerk, content)) == [(REFUSED, "step_not_open")]
    for plan, key in ((OURS, "acceptance"), (OURS, "survey")):
        through(ours, f"/cases/{number}", key, plan)
    through(in_town("rehearsal-partner.handler"), f"/cases/{number}", "opinion", PARTNERS)
    assert results(send(clerk, content)) == [(APPLIED, None)]


@pytest.mark.parametrize("bad", BAD_RESULT_ROWS, ids=str)
def test_row_is_refused_with_its_code(above: Callable[[], str], in_town: As, bad: Bad) -> None:
    number, clerk = above(), in_town("intake_clerk")
    row = tuple(cell.replace("NUMBER", number) for cell in bad.body)
    answer = send(clerk, csv_of(row))
    assert results(answer) == [(REFUSED, bad.code)]
    assert answer.json()["items"][0]["message"]
    assert clerk.get(f"/cases/{number}").json()["version"] == 2


def test_unit_that_does_not_hold_the_step_applies_nothing(above: Callable[[], str], in_town: As) -> None:
    number = above()
    content = csv_of((number, "higher", "passed", ""))
    assert results(send(in_town("rehearsal.handler"), content)) == [(REFUSED, "not_found")]
    assert results(send(in_town("rehearsal-higher.handler"), content)) == [(APPLIED, None)]


@pytest.mark.parametrize("bad", BAD_RESULT_FILES, ids=str)
def test_file_is_refused_as_a_whole(in_calm: As, bad: Bad) -> None:
    answer = send(in_calm("intake_clerk"), bad.body)
    assert (answer.status_code, answer.json()["code"]) == (bad.status, bad.code)


def test_file_that_is_too_large_is_refused(in_calm: As) -> None:
    clerk = in_calm("intake_clerk")
    huge = send(clerk, b"number,step,outcome\n" + b"x" * LARGEST)
    assert (huge.status_code, huge.json()["code"]) == (413, "body_too_large")
    long = send(clerk, csv_of(*[("BJ1", "higher", "passed", "")] * (MOST_ROWS + 1)))
    assert (long.status_code, long.json()["code"]) == (422, "file_too_many_rows")


def test_who_completes_no_steps_sends_no_results(in_calm: As) -> None:
    for who in ("grid_officer", "auditor", "statistician", "administrator"):
        answer = send(in_calm(who), csv_of(("BJ1", "higher", "passed", "")))
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_engine_that_is_away_makes_the_file_be_sent_again(in_calm: As) -> None:
    clerk = in_calm("intake_clerk")
    body = application(item="rehearsal-service-above", materials=[])
    number = clerk.post("/service-requests", json=body).json()["number"]
    answer = send(clerk, csv_of((number, "higher", "passed", "")))
    assert (answer.status_code, answer.json()["code"]) == (503, "engine_unavailable")
    assert int(answer.headers["retry-after"]) > 0


def test_connector_hands_the_step_out_and_brings_its_answer_back(in_town: As) -> None:
    clerk = in_town("intake_clerk")
    body = application(item="rehearsal-service-connected", materials=[])
    case = f"/cases/{clerk.post('/service-requests', json=body).json()['number']}"
    wait_for(lambda: step(clerk.get(case).json(), "higher")["status"] == StepStatus.DONE)
    shown = clerk.get(case).json()
    assert step(shown, "higher")["outcome"] == "passed"
    assert step(shown, "higher")["confirmed_at"] is not None
    assert step(shown, "delivery")["status"] == StepStatus.DISPATCHED
    told = [event["type"] for event in clerk.get(f"{case}/events").json()["items"]]
    assert told.count(EventType.HANDOFF_CONFIRMED) == told.count(EventType.STEP_COMPLETED) == 1
