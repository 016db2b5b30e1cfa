"""Standings and trends over the API: who sees whose figures, and what they count (D1, D6)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.vocabulary import Figure, Light
from domain.worktime import shanghai_date
from tests.api.conftest import As
from tests.api.served import Served, report

UNIT = "rehearsal-unit"
TODAY = shanghai_date(datetime.now(UTC)).isoformat()


def units(answer: Any) -> dict[str, Any]:
    return {unit["unit"]: unit for group in answer.json()["groups"] for unit in group["units"]}


def accept(as_: As, **changes: Any) -> str:
    made = as_("intake_clerk").post("/incidents", json=report(**changes))
    assert made.status_code == 201
    return str(made.json()["number"])


def test_watchers_see_every_unit_in_its_group(as_: As) -> None:
    accept(as_)
    answer = as_("supervisor").get("/standings")
    assert answer.status_code == 200
    found = units(answer)
    assert len(found) > 20
    own = found[UNIT]
    assert (own["figures"][Figure.CAME], own["rank"], own["rate"], len(own["weeks"])) == (1, None, None, 12)
    groups = {group["group"]: group for group in answer.json()["groups"]}
    assert {unit["unit"] for unit in groups["community.street-office"]["units"]} >= {"qingyou-community"}
    one = as_("supervisor").get("/standings", params={"group": "community.street-office"}).json()["groups"]
    assert [group["group"] for group in one] == ["community.street-office"]


@pytest.mark.parametrize("who", ["rehearsal.handler", "rehearsal.leader"])
def test_unit_sees_itself_and_its_place_and_no_other_unit(as_: As, who: str) -> None:
    accept(as_)
    accept(as_, category="exposed-rubbish")
    answer = as_(who).get("/standings")
    assert set(units(answer)) == {UNIT}
    (group,) = answer.json()["groups"]
    assert group["size"] > 1
    assert "sanitation" not in answer.text


@pytest.mark.parametrize("who", ["organization_officer", "discipline_officer", "statistician", "auditor"])
def test_officers_see_how_all_units_stand(as_: As, who: str) -> None:
    assert len(units(as_(who).get("/standings"))) > 20


@pytest.mark.parametrize("who", ["intake_clerk", "grid_officer", "administrator"])
def test_others_see_nobody(as_: As, who: str) -> None:
    assert as_(who).get("/standings").json()["groups"] == []
    assert as_(who).get("/trends").status_code == 403


def test_every_figure_is_the_total_of_its_list(as_: As) -> None:
    for category in ("rehearsal", "rehearsal-short", "exposed-rubbish"):
        accept(as_, category=category)
    client = as_("supervisor")
    answer = client.get("/standings").json()
    bounds = {"figure_from": f"{answer['from']}T00:00:00+08:00", "total": "true"}
    for unit in units(client.get("/standings")).values():
        for figure, number in unit["figures"].items():
            listed = client.get("/cases", params={"figure": figure, "figure_unit": unit["unit"], **bounds})
            assert listed.json()["total"] == number


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/standings?period=decade", "value_unknown"),
        ("/standings?from=2026-13-01", "instant_malformed"),
        ("/standings?from=2026-02-02&to=2026-02-01", "out_of_range"),
        ("/standings?from=0001-01-01", "instant_out_of_range"),
        ("/trends?days=0", "out_of_range"),
        ("/trends?days=many", "integer_expected"),
        ("/cases?figure=most", "value_unknown"),
        ("/cases?figure_from=2026-01-01", "instant_malformed"),
    ],
)
def test_question_that_makes_no_sense_is_refused(in_calm: As, path: str, code: str) -> None:
    answer = in_calm("supervisor").get(path)
    assert answer.status_code == 422
    assert [error["code"] for error in answer.json()["errors"]] == [code]


def test_nobody_is_told_anything_without_an_account(calm: Served) -> None:
    with calm.client() as stranger:
        assert stranger.get("/standings").status_code == 401
        assert stranger.get("/trends").status_code == 401


def test_trends_tell_what_came_today_and_what_falls_due(as_: As) -> None:
    before = as_("supervisor").get("/trends").json()
    accept(as_, category="exposed-rubbish")
    after = as_("supervisor").get("/trends").json()
    assert (after["days"][-1]["day"], len(after["days"]), len(after["weeks"])) == (TODAY, 30, 12)
    assert after["days"][-1]["received"] == before["days"][-1]["received"] + 1
    assert sum(after["lights"].values()) == sum(before["lights"].values()) + 1
    assert set(after["lights"]) == set(Light)
    assert len(after["due"]) == 35
    assert datetime.fromisoformat(after["due"][0]["day"]).weekday() == 0
    assert sum(day["number"] for day in after["due"]) == sum(day["number"] for day in before["due"]) + 1


def test_trends_of_a_unit_are_its_own(as_: As) -> None:
    accept(as_)
    accept(as_, category="exposed-rubbish")
    own = as_("rehearsal.handler").get("/trends").json()
    assert (own["unit"], own["days"][-1]["received"]) == (UNIT, 1)
    assert as_("rehearsal.handler").get("/trends", params={"unit": "sanitation"}).status_code == 403
    watched = as_("supervisor").get("/trends", params={"unit": UNIT}).json()
    assert watched["days"] == own["days"]


def test_trends_of_a_category_count_only_that(as_: As) -> None:
    accept(as_)
    accept(as_, category="exposed-rubbish")
    one = as_("supervisor").get("/trends", params={"category": "exposed-rubbish"}).json()
    assert one["days"][-1]["received"] == 1
    assert sum(one["lights"].values()) == 1


def test_standings_of_other_days_count_other_cases(as_: As) -> None:
    accept(as_)
    yesterday = (datetime.fromisoformat(TODAY) - timedelta(days=1)).date().isoformat()
    found = units(as_("supervisor").get("/standings", params={"from": "2026-01-01", "to": yesterday}))
    assert found[UNIT]["figures"][Figure.CAME] == 0
    week = as_("supervisor").get("/standings", params={"period": "week"})
    assert units(week)[UNIT]["figures"][Figure.CAME] == 1
