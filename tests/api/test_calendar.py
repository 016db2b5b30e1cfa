"""A year's notice, loaded by an administrator: lines that are wrong, every process, every running case (E1, E2)."""

import contextlib
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from db.engine import Database
from db.seed import seed
from domain.vocabulary import Role
from rulebook.calendars import calendar_of, overlaid
from rulebook.load import load, open_rulebook
from settings import ROOT
from tests.api.conftest import As, token_of
from tests.api.served import PASSWORD, Served, engine, report, served, settings_for
from tests.api.test_administration import last_of
from tests.e2e.test_calendar import NEXT_YEAR, rules
from tests.e2e.test_calendar import notice as year_notice
from tests.launch.test_calendar import OFF, ON

__all__ = ["rules"]

FAR = "limit=30%20working%20days&received_at=2026-12-25T10:00:00%2B08:00"
OTHERS = [role.value for role in Role if role is not Role.ADMINISTRATOR]


def notice(off: list[str] = OFF, on: list[str] = ON, *more: str) -> dict[str, Any]:
    rows = [*(f"{day},节日,1" for day in off), *(f"{day},调休,0" for day in on)]
    return {"text": "date,name,is_off_day\n" + "\n".join([*sorted(rows), *more]) + "\n"}


def test_promises_reach_into_a_year_once_its_notice_is_loaded(as_: As, api: Served) -> None:
    administrator, clerk = as_("administrator"), as_("intake_clerk")
    before = clerk.get(f"/promise?{FAR}").json()
    assert before["provisional"] is True
    settings = settings_for(api.settings.database_url, api.settings.data_dir)
    with served(settings) as elsewhere, elsewhere.client(token_of("intake_clerk")) as another:
        loaded = administrator.post("/calendar/2027", json=notice())
        assert (loaded.status_code, loaded.json()["working_days"]) == (201, 247)
        after = clerk.get(f"/promise?{FAR}").json()
        assert after["provisional"] is False
        assert after["calendar_version"] == loaded.json()["version"] != before["calendar_version"]
        ends = time.monotonic() + 10
        while another.get(f"/promise?{FAR}").json() != after:
            assert time.monotonic() < ends, "the other process keeps the old calendar"
    year = clerk.get("/calendar/2027").json()
    assert (year["provisional"], year["working_days"], year["version"]) == (False, 247, after["calendar_version"])
    known = clerk.get("/calendar").json()["items"]
    assert [(row["year"], row["source"], row["added_by"]) for row in known[:2]] == [
        (2027, "console", "administrator"),
        (2026, "files", None),
    ]
    told = last_of(administrator)
    assert (told["subject"], told["name"], told["act"]) == ("calendar", "2027", "created")
    assert told["after"] == {"working_days": 247, "days": len(OFF) + len(ON)}


def test_notice_counts_once_and_another_one_only_when_it_is_to_replace_it(as_: As) -> None:
    administrator = as_("administrator")
    first = administrator.post("/calendar/2027", json=notice()).json()
    assert administrator.post("/calendar/2027", json=notice()).json() == first
    assert len(administrator.get("/admin-log").json()["items"]) == 1
    other = notice(OFF, ON[1:])
    refused = administrator.post("/calendar/2027", json=other)
    assert (refused.status_code, refused.json()["code"]) == (409, "notice_exists")
    replaced = administrator.post("/calendar/2027", json={**other, "replace": True}).json()
    assert (replaced["working_days"], replaced["version"] != first["version"]) == (247, True)
    back = administrator.post("/calendar/2027", json={**notice(), "replace": True}).json()
    assert back == first
    shipped = notice([day.replace("2027", "2026") for day in OFF], ["2026-10-10"])
    assert administrator.post("/calendar/2026", json=shipped).json()["code"] == "notice_exists"


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"text": ""}, "text", "text_empty"),
        ({"text": "date;name;off\n"}, "text.1", "notice_columns_missing"),
        ({"text": "date,name,is_off_day\n"}, "text.1", "notice_empty"),
        (notice(OFF, ON, "2027-13-01,x,1"), "text.28", "notice_row_malformed"),
        ({"text": "date,name,is_off_day\n0001-01-01,x,1"}, "text.2", "notice_row_malformed"),
        ({"text": "date,name,is_off_day\n9999-12-31,x,1"}, "text.2", "notice_row_malformed"),
        (notice(OFF, ON, "2027-10-08,x"), "text.28", "notice_row_malformed"),
        (notice(OFF, ON, "2027-10-08,x,2"), "text.28", "notice_flag_malformed"),
        (notice(OFF, ON, "2027-10-01,x,1"), "text.28", "notice_date_twice"),
        (notice(OFF, ON, "2026-11-30,x,1"), "text.28", "notice_date_outside"),
        (notice(OFF[1:]), "text.1", "notice_holiday_missing"),
        (notice(["2027-01-01", "2027-05-01", "2027-10-01"], []), "text.1", "notice_implausible"),
        ({"text": "date,name,is_off_day\n2027-01-01,\x00,1"}, "text", "text_control_characters"),
        ({"text": "x" * 20_001}, "text", "text_too_long"),
        ({}, "text", "field_required"),
        ({**notice(), "year": 2027}, "year", "field_unknown"),
    ],
)
def test_notice_is_refused_with_line_and_reason(in_calm: As, body: dict[str, Any], field: str, code: str) -> None:
    answer = in_calm("administrator").post("/calendar/2027", json=body)
    assert answer.status_code == 422
    assert {"field": field, "code": code} in [
        {"field": fault["field"], "code": fault["code"]} for fault in answer.json()["errors"]
    ]


def test_every_wrong_line_is_named_at_once(in_calm: As) -> None:
    body = notice(OFF, ON, "2027-10-08,x,2", "nonsense")
    errors = in_calm("administrator").post("/calendar/2027", json=body).json()["errors"]
    assert [fault["field"] for fault in errors] == ["text.28", "text.29"]


def test_year_has_to_be_that_of_the_notice(in_calm: As) -> None:
    administrator = in_calm("administrator")
    assert administrator.post("/calendar/2028", json=notice()).json()["code"] == "notice_other_year"
    for year in ("27", "1", "20270", "x", "9999"):
        assert administrator.post(f"/calendar/{year}", json=notice()).status_code == 404


def test_notices_are_loaded_by_administrators_only(in_calm: As) -> None:
    for who in OTHERS:
        assert in_calm(who).post("/calendar/2027", json={}).status_code == 403
        assert in_calm(who).get("/rebase").status_code == (200 if who == "auditor" else 403)
        assert in_calm(who).get("/calendar").status_code == 200
    assert in_calm("administrator").get("/rebase").json()["state"] == "unknown"  # the engine is away


def test_notice_over_a_calendar_is_what_its_file_would_be() -> None:
    stated = load(ROOT / "rulebook" / "default").calendar
    days = dict.fromkeys(stated.off, True) | dict.fromkeys(stated.on, False)
    label = stated.version.partition("+")[0]
    assert calendar_of(label, days, stated.years) == stated
    assert overlaid(stated, {}) == stated


def test_running_case_is_counted_again_when_the_notice_is_loaded(
    sqlite_district: Path, tmp_path: Path, rules: Path
) -> None:
    shutil.copy(sqlite_district, tmp_path / "store.db")
    store = Database(f"sqlite:///{tmp_path / 'store.db'}")
    seed(store, open_rulebook(rules), lambda: PASSWORD)
    store.close()
    text = year_notice(tmp_path, NEXT_YEAR).read_text(encoding="utf-8")
    with contextlib.ExitStack() as running:
        address = running.enter_context(engine())
        settings = settings_for(f"sqlite:///{tmp_path / 'store.db'}", tmp_path, address)
        api = running.enter_context(served(settings.model_copy(update={"rulebook": rules}), worker=True))
        administrator = running.enter_context(api.client(token_of("administrator")))
        clerk = running.enter_context(api.client(token_of("intake_clerk")))
        case = clerk.post("/incidents", json=report()).json()
        assert case["provisional"] is True
        loaded = administrator.post(f"/calendar/{NEXT_YEAR}", json={"text": text})
        assert loaded.status_code == 201, loaded.text
        ends = time.monotonic() + 30
        while (found := administrator.get("/rebase").json())["state"] != "done":
            assert time.monotonic() < ends, found
            time.sleep(0.1)
        assert found == {
            "calendar_version": loaded.json()["version"], "state": "done", "visited": 1, "moved": 1, "left": 0,
        }  # fmt: skip
        moved = clerk.get(f"/cases/{case['number']}").json()
        assert (moved["provisional"], moved["due_at"] > case["due_at"]) == (False, True)
