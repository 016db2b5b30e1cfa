"""The list of cases as a spreadsheet: the same rows, in the same scope; real times; nothing that computes (D8)."""

import csv
import io
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook

from tests.api.conftest import As
from tests.api.served import report

EVIL = '=HYPERLINK("http://evil.example","点这里") <script>alert(1)</script> \u202egnp.exe'


def excel(answer: httpx.Response) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    names, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, names), row, strict=True)) for row in rows]


def table(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def listed(client: httpx.Client, **wanted: Any) -> list[str]:
    return [item["number"] for item in client.get("/cases", params={"limit": 200, **wanted}).json()["items"]]


@pytest.mark.parametrize("who", ["supervisor", "rehearsal.handler", "intake_clerk", "statistician", "auditor"])
def test_table_has_the_rows_of_the_list_and_no_others(as_: As, who: str) -> None:
    clerk = as_("intake_clerk")
    for category in ("rehearsal", "occupied-road", "rehearsal"):
        clerk.post("/incidents", json=report(category=category))
    client = as_(who)
    for wanted in ({}, {"category": "rehearsal"}, {"sort": "received_at"}, {"light": "red"}, {"q": "路灯"}):
        numbers = listed(client, **wanted)
        assert [row["number"] for row in excel(client.get("/cases/export", params=wanted))] == numbers
        found = table(client.get("/cases/export", params={**wanted, "format": "csv"}))
        assert [row["number"] for row in found] == numbers


def test_times_are_dates_of_shanghai_and_names_of_people_are_in_no_cell(as_: As) -> None:
    clerk = as_("intake_clerk")
    made = clerk.post("/incidents", json=report()).json()
    answer = as_("supervisor").get("/cases/export")
    (row,) = excel(answer)
    received = datetime.fromisoformat(made["received_at"])
    shanghai = received.replace(tzinfo=None, microsecond=0) + timedelta(hours=8)
    assert row["received_at"] == shanghai
    assert row["due_at"] > row["received_at"]
    assert row["description"] == report()["description"]
    assert "王某某" not in str(row)
    assert "13800138000" not in str(row)
    assert answer.headers["content-disposition"].startswith('attachment; filename="cases-')
    assert answer.headers["cache-control"] == "private, no-store"
    (line,) = table(as_("supervisor").get("/cases/export?format=csv"))
    assert line["received_at"] == f"{shanghai:%Y-%m-%d %H:%M:%S}"


def test_what_would_compute_is_text_in_both_forms(as_: As) -> None:
    as_("intake_clerk").post("/incidents", json=report(description=EVIL))
    answer = as_("supervisor").get("/cases/export")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row if "evil" in str(cell.value)]
    assert [cell.data_type for cell in cells] == ["s"]
    assert str(cells[0].value).startswith("=HYPERLINK")
    assert "\u202e" not in str(cells[0].value)
    (line,) = table(as_("supervisor").get("/cases/export?format=csv"))
    assert line["description"].startswith("'=HYPERLINK")


def test_statistician_gets_no_words(as_: As) -> None:
    as_("intake_clerk").post("/incidents", json=report())
    (row,) = excel(as_("statistician").get("/cases/export"))
    assert row["description"] is None
    assert row["address"] is None


@pytest.mark.parametrize("wrong", ["format=pdf", "light=blue", "due_before=soon", "sort=x", "nonsense=1"])
def test_bad_question_is_refused(in_calm: As, wrong: str) -> None:
    assert in_calm("supervisor").get(f"/cases/export?{wrong}").status_code == 422


def test_nobody_without_an_account_gets_a_table(calm: Any) -> None:
    with calm.client() as nobody:
        assert nobody.get("/cases/export?format=pdf").status_code == 401


def test_list_that_is_too_long_is_refused_before_anything_is_sent(as_: As, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.sheets.MOST_ROWS", 1)
    for _ in range(2):
        as_("intake_clerk").post("/incidents", json=report())
    answer = as_("supervisor").get("/cases/export")
    assert (answer.status_code, answer.json()["code"]) == (422, "export_too_large")
