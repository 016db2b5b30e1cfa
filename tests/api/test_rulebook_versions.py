"""Versions of the rulebook over the API: scheduled, compared, taken back; and every process goes over by itself."""

import io
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import httpx
import pytest

from domain.rulebook_versions import SOONEST
from settings import ROOT
from tests.api.conftest import As, token_of
from tests.api.served import Served, report, served

RULES = ROOT / "rulebook"
FAR = "2027-03-01"
PATIENCE_S = 20.0


def packed(**changes: tuple[str, str]) -> bytes:
    """The rehearsal's rules as a ZIP; ``changes``: file of the rehearsal → what is put in the place of what."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("default", "rehearsal"):
            for file in (RULES / name).rglob("*.*"):
                text = file.read_text(encoding="utf-8")
                for stem, (old, new) in changes.items():
                    if name == "rehearsal" and file.name == f"{stem}.yaml":
                        assert old in text
                        text = text.replace(old, new, 1)
                archive.writestr(f"{name}/{file.relative_to(RULES / name).as_posix()}", text)
    return written.getvalue()


NEW = ("2026.1-rehearsal", "2026.9")


def upload(client: httpx.Client, content: bytes, **fields: str) -> httpx.Response:
    return client.post("/rulebook/versions", files={"file": ("rules.zip", content)}, data=fields)


def revise(client: httpx.Client, version: str, **more: Any) -> httpx.Response:
    return client.post("/rulebook/revisions", json={"version": version, **more})


def limited(limit: str, **clocks: Any) -> dict[str, Any]:
    return {"rehearsal": {"limit": limit, "clocks": clocks}}


def codes(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def until(found: Callable[[], bool]) -> None:
    ends = time.monotonic() + PATIENCE_S
    while not found():
        assert time.monotonic() < ends, "waited in vain"
        time.sleep(0.05)


def counts(client: httpx.Client, version: str) -> bool:
    return bool(client.get("/rulebook").json()["version"] == version)


def test_uploaded_version_waits_for_the_midnight_that_was_named(as_: As) -> None:
    client = as_("administrator")
    answer = upload(client, packed(rulebook=NEW), effective_from=FAR)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert made["version"].startswith("2026.9+")
    assert (made["state"], made["effective_from"]) == ("scheduled", "2027-02-28T16:00:00+00:00")
    listed = client.get("/rulebook/versions").json()["items"]
    assert [found["state"] for found in listed] == ["scheduled", "in_force"]
    assert listed[0]["entries"][0]["scheduled_by"] == "administrator"
    assert client.get("/rulebook").json()["version"] == listed[1]["version"]
    assert client.get(f"/rulebook/versions/{made['version'].partition('+')[2]}").json()["content"]["rulebook"]


def test_version_without_an_instant_begins_with_the_next_day(as_: As) -> None:
    made = revise(as_("administrator"), "2026.2", clocks={"points": 6}).json()
    begins = datetime.fromisoformat(made["effective_from"])
    assert timedelta() < begins - datetime.now(UTC) <= timedelta(days=1)
    assert begins.hour == 16


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04 not really", "a ZIP that can be read"),
        (packed(rulebook=("schema: 1", "schema: 1\npionts: 3")), "one of the keys"),
        (packed(categories=("limit: 40 seconds", "limit: 40 secunds")), "'40 secunds'"),
        (packed(routing=("unit: rehearsal-unit", "unit: nobody")), "the code of a unit"),
        (packed(rulebook=("extends: ../default", "extends: ../../etc")), "extends"),
    ],
)
def test_files_that_are_no_rulebook_are_refused_with_file_and_line(in_calm: As, content: bytes, said: str) -> None:
    client = in_calm("administrator")
    answer = upload(client, content, effective_from=FAR)
    assert codes(answer) == (422, "rulebook_invalid")
    (fault,) = answer.json()["errors"]
    assert ":" in fault["field"]
    assert said in fault["message"]
    assert len(client.get("/rulebook/versions").json()["items"]) == 1


def test_every_fault_is_told_at_once(in_calm: As) -> None:
    content = packed(rulebook=("points: 2", "points: two"), categories=("limit: 8 seconds", "limit: soon"))
    errors = upload(in_calm("administrator"), content).json()["errors"]
    assert [error["field"].partition(":")[0] for error in errors] == ["categories.yaml", "rulebook.yaml"]


def test_upload_without_file_or_beyond_the_limit_is_refused(in_calm: As) -> None:
    client = in_calm("administrator")
    assert codes(client.post("/rulebook/versions", files={"other": ("x", b"1")})) == (422, "file_missing")
    assert codes(upload(client, b"")) == (422, "file_empty")
    assert codes(upload(client, b"0" * (5 << 20))) == (413, "body_too_large")
    assert codes(client.post("/rulebook/versions", json={})) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ("2020-01-01", "effective_from_past"),
        ("2026-01-01T00:00:00+08:00", "effective_from_past"),
        ("2199-01-01", "effective_from_far"),
        ("0001-01-01", "instant_malformed"),
        ("soon", "instant_malformed"),
        ("2027-02-30", "instant_malformed"),
        ("2027-01-01T00:00:00", "instant_malformed"),
    ],
)
def test_instant_that_is_none_or_has_passed_is_refused(in_calm: As, wanted: str, code: str) -> None:
    client = in_calm("administrator")
    assert codes(revise(client, "2026.2", clocks={"points": 6}, effective_from=wanted)) == (422, code)
    assert len(client.get("/rulebook/versions").json()["items"]) == 1


@pytest.mark.parametrize("who", ["supervisor", "auditor", "unit_leader", "organization_officer", "handler"])
def test_everybody_reads_and_compares_and_only_administrators_schedule(as_: As, who: str) -> None:
    admin, client = as_("administrator"), as_(who)
    version = revise(admin, "2026.2", categories=limited("2 hours"), effective_from=FAR).json()["version"]
    draft = revise(admin, "2026.3", clocks={"points": 6}, draft=True).json()["version"]
    assert [found["state"] for found in client.get("/rulebook/versions").json()["items"]] == ["scheduled", "in_force"]
    assert client.get("/rulebook/compare", params={"to": version}).json()["count"] == 1
    assert client.get(f"/rulebook/versions/{draft}").status_code == 404
    assert codes(client.get("/rulebook/compare", params={"to": draft})) == (422, "rulebook_version_unknown")
    forbidden = (403, "not_allowed")
    assert codes(upload(client, b"x")) == forbidden
    assert codes(revise(client, "!")) == forbidden
    assert codes(client.post(f"/rulebook/versions/{version}/withdrawal")) == forbidden
    assert codes(client.post(f"/rulebook/versions/{version}/schedule", json={})) == forbidden
    assert codes(client.delete(f"/rulebook/versions/{draft}")) == forbidden


def test_nobody_who_has_not_signed_in_learns_anything(api: Served) -> None:
    with api.client() as client:
        for path in ("/rulebook/versions", "/rulebook/versions/x", "/rulebook/compare?to=x"):
            assert codes(client.get(path)) == (401, "not_authenticated")
        assert codes(upload(client, b"x")) == (401, "not_authenticated")


def test_comparison_says_what_changed_from_what_to_what(as_: As) -> None:
    client = as_("administrator")
    changes = {"clocks": {"points": 6}, "categories": limited("2 hours", points=9)}
    version = revise(client, "2026.2", **changes, draft=True).json()["version"]
    diff = client.get("/rulebook/compare", params={"to": version.replace("+", " ")}).json()
    assert [(area["area"], area["changes"]) for area in diff["areas"]] == [
        ("clocks", [{"field": "points", "before": 5, "after": 6}]),
        ("categories", []),
    ]
    (category,) = diff["areas"][1]["changed"]
    assert category["code"] == "rehearsal"
    assert category["changes"] == [
        {"field": "limit", "before": "40 seconds", "after": "2 hours"},
        {"field": "points", "before": 2, "after": 9},
    ]
    assert (diff["running"], diff["count"]) == (0, 3)
    back = client.get("/rulebook/compare", params={"from": version, "to": diff["from"]}).json()
    assert back["areas"][0]["changes"] == [{"field": "points", "before": 6, "after": 5}]


@pytest.mark.parametrize(
    ("more", "field", "code"),
    [
        ({"categories": limited("soon")}, "categories.rehearsal.limit", "rulebook_value"),
        ({"clocks": {"points": "many"}}, "clocks.points", "rulebook_value"),
        ({"clocks": {"nonsense": 1}}, "clocks.nonsense", "rulebook_value"),
        ({"categories": {"nobody": {"limit": "1 day"}}}, "categories.nobody", "category_unknown"),
        ({"based_on": "nothing"}, "version", "rulebook_version_unknown"),
        ({"version": "../x"}, "version", "rulebook_name_malformed"),
        ({"nonsense": 1}, "nonsense", "field_unknown"),
    ],
)
def test_value_that_the_rulebook_does_not_take_is_told_by_its_field(
    in_calm: As, more: dict[str, Any], field: str, code: str
) -> None:
    answer = in_calm("administrator").post("/rulebook/revisions", json={"version": "2026.2", **more})
    assert answer.status_code == 422
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, code)]


def test_version_that_waits_is_taken_back_and_stays_on_record(as_: As) -> None:
    client = as_("administrator")
    version = revise(client, "2026.2", clocks={"points": 6}, effective_from=FAR).json()["version"]
    assert codes(client.post(f"/rulebook/versions/{version}/schedule", json={})) == (409, "rulebook_scheduled")
    taken = client.post(f"/rulebook/versions/{version}/withdrawal").json()
    assert (taken["state"], taken["entries"][0]["withdrawn_by"]) == ("withdrawn", "administrator")
    assert codes(client.post(f"/rulebook/versions/{version}/withdrawal")) == (409, "rulebook_not_scheduled")
    assert codes(client.delete(f"/rulebook/versions/{version}")) == (409, "rulebook_not_draft")
    again = client.post(f"/rulebook/versions/{version}/schedule", json={"effective_from": FAR}).json()
    assert [entry["state"] for entry in again["entries"]] == ["withdrawn", "scheduled"]
    current = client.get("/rulebook").json()["version"]
    assert codes(client.post(f"/rulebook/versions/{current}/withdrawal")) == (409, "rulebook_not_scheduled")
    assert client.post("/rulebook/versions/nothing/withdrawal").status_code == 404


def test_draft_is_dropped_and_other_files_take_its_place(as_: As) -> None:
    client = as_("administrator")
    version = upload(client, packed(rulebook=NEW), draft="true").json()["version"]
    other = packed(rulebook=NEW)
    assert upload(client, other, draft="true").json()["version"] == version
    assert client.delete(f"/rulebook/versions/{version}").status_code == 204
    assert client.get(f"/rulebook/versions/{version}").status_code == 404
    assert client.delete(f"/rulebook/versions/{version}").status_code == 404


def test_one_of_those_begins_who_want_the_same_instant(api: Served) -> None:
    def schedule(number: int) -> tuple[int, str]:
        with api.client(token_of("administrator")) as client:
            answer = revise(client, f"2026.{number}", clocks={"points": number}, effective_from=FAR)
            return answer.status_code, answer.json().get("code", "")

    with ThreadPoolExecutor(4) as four:
        outcomes = sorted(four.map(schedule, range(10, 14)))
    assert outcomes == [(201, ""), *[(409, "rulebook_instant_taken")] * 3]


def test_same_rules_with_other_items_need_another_name(as_: As) -> None:
    client = as_("administrator")
    assert upload(client, packed(rulebook=NEW), effective_from=FAR).status_code == 201
    written = io.BytesIO(packed(rulebook=NEW))
    with zipfile.ZipFile(written, "a") as archive:
        archive.writestr("rehearsal/catalogue/2025/more.yaml", "schema: 1\nitems: []\n")
    assert codes(upload(client, written.getvalue(), effective_from="2027-04-01")) == (409, "rulebook_version_known")


def test_both_processes_go_over_at_the_instant_and_promises_stay(api: Served) -> None:
    clerk, administrator = token_of("intake_clerk"), token_of("administrator")
    with served(api.settings) as other, api.client(administrator) as admin, api.client(clerk) as near:
        before = near.post("/incidents", json=report()).json()
        old = before["promise"]["rulebook_version"]
        made = revise(admin, "2026.2", categories=limited("2 hours", points=9), effective_from="now").json()
        begins, version = datetime.fromisoformat(made["effective_from"]), made["version"]
        assert begins <= datetime.now(UTC) + SOONEST
        with other.client(clerk) as far:
            for app, client in ((api, near), (other, far)):
                until(partial(counts, client, version))
                after = client.post("/incidents", json=report()).json()
                assert after["promise"]["rulebook_version"] == version
                assert after["promise"]["rule"] == "2 hours"
                in_force = app.app.state.house.in_force
                assert in_force.at(begins).version == version
                assert in_force.at(begins - timedelta(microseconds=1)).version == old
            stays = far.get(f"/cases/{before['number']}").json()
            assert (stays["promise"], stays["due_at"]) == (before["promise"], before["due_at"])
        states = [found["state"] for found in admin.get("/rulebook/versions").json()["items"]]
        assert states == ["in_force", "past"]
        assert admin.get("/rulebook/compare", params={"from": old, "to": version}).json()["running"] == 3


def test_process_that_starts_later_has_the_version_in_force(api: Served) -> None:
    with api.client(token_of("administrator")) as admin:
        made = revise(admin, "2026.2", clocks={"points": 6}, effective_from="now").json()
        until(partial(counts, admin, made["version"]))
    with served(api.settings) as later, later.client(token_of("administrator")) as client:
        assert client.get("/rulebook").json()["version"] == made["version"]
        assert later.app.state.house.rulebook.clocks.points == 6
