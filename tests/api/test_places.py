"""Units and grids, added and changed by administrators: rules, refusals, what every process sees of it."""

from typing import Any

import pytest

from db.engine import Database
from db.seed import seed
from domain.vocabulary import Role
from rulebook.load import open_rulebook
from tests.api.conftest import As
from tests.api.served import PASSWORD, Served, report, served, settings_for
from tests.api.test_administration import last_of

OTHERS = [role.value for role in Role if role is not Role.ADMINISTRATOR]
LIBRARY = {"code": "street-library", "name": "街道图书馆", "name_en": "Street library", "kind": "department",
           "line": "culture", "parent": "street-office"}  # fmt: skip
FIELD = {"code": "field-1", "name": "空地第一网格", "unit": "qingyou-community"}


def box(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def test_unit_is_added_renamed_and_closed(as_: As) -> None:
    administrator = as_("administrator")
    made = administrator.post("/units", json=LIBRARY)
    assert (made.status_code, made.headers["location"]) == (201, "/api/v1/units/street-library")
    changed = administrator.patch("/units/street-library", json={"name": "图书馆", "parent": None})
    assert (changed.json()["name"], changed.json()["parent"]) == ("图书馆", None)
    told = last_of(administrator)
    assert (told["subject"], told["act"], told["before"]) == (
        "unit",
        "changed",
        {"name": "街道图书馆", "parent": "street-office"},
    )
    assert administrator.patch("/units/street-library", json={"active": False}).json()["active"] is False
    refused = administrator.patch("/accounts/handler", json={"unit": "street-library"})
    assert (refused.status_code, refused.json()["code"]) == (422, "unit_unknown")


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"code": "sanitation"}, 409, "code_taken"),
        ({"code": "Not a code"}, 422, "code_malformed"),
        ({"code": "a" * 61}, 422, "code_malformed"),
        ({"kind": "kingdom"}, 422, "value_unknown"),
        ({"parent": "no-such"}, 422, "parent_unknown"),
        ({"parent": "street-library"}, 422, "parent_unknown"),
        ({"name": ""}, 422, "text_empty"),
        ({"name": "\x00"}, 422, "text_control_characters"),
        ({"name": None}, 422, "text_expected"),
        ({"leader": "x"}, 422, "field_unknown"),
    ],
)
def test_unit_is_refused_with_its_code(in_calm: As, changes: dict[str, object], status: int, code: str) -> None:
    answer = in_calm("administrator").post("/units", json={**LIBRARY, **changes})
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize(
    ("unit", "changes", "status", "code"),
    [
        ("street-office", {"parent": "sanitation"}, 422, "parent_circular"),
        ("street-office", {"parent": "street-office"}, 422, "parent_circular"),
        ("street-office", {"active": False}, 409, "unit_has_units"),
        ("energy", {"active": False}, 409, "unit_named_by_rules"),
        ("police-station", {"active": False}, 409, "unit_named_by_rules"),
        ("qingyou-community", {"active": False}, 409, "unit_has_grids"),
        ("organization-department", {"active": False}, 409, "unit_has_accounts"),
        ("sanitation", {"name": None}, 422, "field_required"),
        ("no-such", {"active": "x"}, 404, "not_found"),
    ],
)
def test_change_of_a_unit_is_refused(
    in_calm: As, unit: str, changes: dict[str, object], status: int, code: str
) -> None:
    answer = in_calm("administrator").patch(f"/units/{unit}", json=changes)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_unit_with_an_open_case_stays_open(as_: As) -> None:
    assert as_("intake_clerk").post("/incidents", json=report()).json()["unit"] == "rehearsal-unit"
    refused = as_("administrator").patch("/units/rehearsal-unit", json={"active": False})
    assert (refused.status_code, refused.json()["code"]) == (409, "unit_holds_work")


def test_grid_is_added_and_points_lie_in_it_in_every_process(as_: As, api: Served) -> None:
    administrator = as_("administrator")
    wanted = {**FIELD, "boundary": box(106.0, 31.0, 106.01, 31.01), "officer": "grid_officer", "officer_phone": "12345"}
    settings = settings_for(api.settings.database_url, api.settings.data_dir)
    with served(settings) as elsewhere, elsewhere.client() as nobody:
        far = {"lat": 31.005, "lon": 106.005}
        assert nobody.get("/officers/nearest", params=far).json().get("grid") != "field-1"
        made = administrator.post("/grids", json=wanted)
        assert (made.status_code, made.json()["overlaps"]) == (201, [])
        elsewhere.app.state.house.ground._looked = 0.0  # two seconds later
        found = nobody.get("/officers/nearest", params=far).json()
    assert (found["grid"], found["phone"]) == ("field-1", "12345")
    clerk = as_("intake_clerk")
    taken = clerk.post("/incidents", json=report(place={"point": far}))
    assert taken.json()["grid"] == "field-1"
    assert administrator.patch("/grids/field-1", json={"active": False}).status_code == 200
    refused = clerk.post("/incidents", json=report(place={"grid": "field-1"}))
    assert (refused.status_code, refused.json()["code"]) == (422, "grid_unknown")


def test_overlap_is_a_warning_and_a_shared_border_is_none(as_: As) -> None:
    administrator = as_("administrator")
    made = administrator.post("/grids", json={**FIELD, "boundary": box(106.0, 31.0, 106.02, 31.02)}).json()
    assert made["overlaps"] == []
    beside = {**FIELD, "code": "field-2", "boundary": box(106.02, 31.0, 106.03, 31.02)}
    assert administrator.post("/grids", json=beside).json()["overlaps"] == []
    across = administrator.patch("/grids/field-2", json={"boundary": box(106.01, 31.0, 106.03, 31.02)})
    assert (across.status_code, across.json()["overlaps"]) == (200, ["field-1"])
    assert last_of(administrator)["after"] == {"boundary": 5}


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"code": "qingyou-1"}, 409, "code_taken"),
        ({"unit": "sanitation"}, 422, "community_unknown"),
        ({"unit": "no-such"}, 422, "community_unknown"),
        ({"officer": "handler"}, 422, "officer_unknown"),
        ({"officer": "nobody"}, 422, "officer_unknown"),
        ({"officer_phone": "not a phone"}, 422, "phone_invalid"),
        ({"boundary": "x"}, 422, "boundary_malformed"),
        ({"boundary": {"type": "Point", "coordinates": [1, 2]}}, 422, "boundary_malformed"),
        ({"boundary": {"type": "Polygon", "coordinates": []}}, 422, "boundary_malformed"),
        ({"boundary": {"type": "Polygon", "coordinates": [[["a", "b"]]]}}, 422, "boundary_malformed"),
        ({"boundary": {"type": "Polygon", "coordinates": [[[1, 2], [3, 4]]]}}, 422, "boundary_malformed"),
        ({"boundary": {"type": "Polygon"}}, 422, "boundary_malformed"),
        ({"boundary": {"type": "FeatureCollection", "features": []}}, 422, "boundary_malformed"),
        ({"boundary": box(30.0, 105.0, 31.0, 106.0)}, 422, "boundary_outside_world"),
        ({"boundary": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}}, 422,
         "boundary_invalid"),
        ({"boundary": {"type": "Polygon", "coordinates": [[[0, 0]] * 6000]}}, 422, "boundary_too_large"),
    ],
)  # fmt: skip
def test_grid_is_refused_with_its_code(in_calm: As, changes: dict[str, object], status: int, code: str) -> None:
    answer = in_calm("administrator").post("/grids", json={**FIELD, **changes})
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_places_are_changed_by_administrators_only(in_calm: As) -> None:
    for who in OTHERS:
        client = in_calm(who)
        assert client.post("/units", json=LIBRARY).status_code == 403
        assert client.patch("/units/sanitation", json={"name": "x"}).status_code == 403
        assert client.post("/grids", json=FIELD).status_code == 403
        assert client.patch("/grids/qingyou-1", json={"name": "x"}).status_code == 403


def test_what_an_administrator_changed_stays_when_the_files_are_seeded_again(as_: As, api: Served) -> None:
    administrator = as_("administrator")
    administrator.patch("/units/sanitation", json={"name": "环卫中心"})
    administrator.patch("/grids/qingyou-1", json={"name": "新一网格"})
    before = administrator.get("/units/housing").json()
    assert before["name_en"] == "Housing"
    store = Database(api.settings.database_url)
    seed(store, open_rulebook(api.settings.rulebook), lambda: PASSWORD)
    store.close()
    assert administrator.get("/units/sanitation").json()["name"] == "环卫中心"
    grids = {row["code"]: row["name"] for row in administrator.get("/grids").json()["items"]}
    assert grids["qingyou-1"] == "新一网格"
    assert administrator.get("/units/housing").json() == before
