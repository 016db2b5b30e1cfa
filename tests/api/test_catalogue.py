"""The catalogue of service items over HTTP: found, read, drawn, compared; every way to ask wrongly (B1, B6)."""

from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest
from defusedxml import ElementTree
from sqlalchemy import insert

from db.tables import CatalogueRow, core
from domain.catalogue.items import CatalogueVersion, Item, ItemKind, Line
from domain.plain import to_plain
from domain.vocabulary import Role
from tests.api.bad_input import BAD_CATALOGUE, Bad
from tests.api.conftest import As
from tests.api.served import Served
from tests.api.test_bad_input import assert_problem

SVG = "{http://www.w3.org/2000/svg}"
GONE = CatalogueVersion(
    version="2019+0123abcd",
    effective_from=date(2019, 1, 1),
    effective_to=date(2019, 12, 31),
    lines=(Line(code="old-line", name="旧条线", name_en="Old line"),),
    items=(
        Item(code="ration-card", name="粮票换发", name_en="Ration card", line="old-line", kind=ItemKind.PUBLIC_SERVICE),
    ),
)


def codes(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item["code"] for item in answer.json()["items"]]


def in_force(client: httpx.Client) -> dict[str, Any]:
    found: dict[str, Any] = next(row for row in client.get("/catalogue/versions").json()["items"] if row["in_force"])
    return found


@pytest.mark.parametrize("role", list(Role))
def test_catalogue_is_read_by_every_role(in_calm: As, role: Role) -> None:
    assert in_calm(role.value).get("/catalogue").status_code == 200
    assert in_calm(role.value).get("/catalogue/rehearsal-service").status_code == 200


@pytest.mark.parametrize(
    ("sought", "first"),
    [
        ("最低生活保障金申请", "minimum-living-allowance"),
        ("低保", "minimum-living-allowance"),
        ("MINIMUM-LIVING-ALLOWANCE", "minimum-living-allowance"),
        ("zdsh", "minimum-living-allowance"),
        ("canjirenzheng", "disability-certificate"),
        ("cjrzheng", "disability-certificate"),
        ("我要办残疾证", "disability-certificate"),
        ("身份证丢了怎么办", "identity-card-replacement"),
        ("disability certificate", "disability-certificate"),
        ("ｊｕｚｈｕｚｈｅｎｇ", "residence-permit"),
        ("开店 登记", "self-employed-registration"),
    ],
)
def test_item_is_found_first_when_it_is_sought_as_people_do(in_calm: As, sought: str, first: str) -> None:
    assert codes(in_calm("intake_clerk").get("/catalogue", params={"q": sought}))[0] == first


def test_nothing_is_found_when_nothing_fits(in_calm: As) -> None:
    answer = in_calm("intake_clerk").get("/catalogue", params={"q": "登月许可 qqq"}).json()
    assert (answer["items"], answer["total"], answer["next_cursor"]) == ([], 0, None)


def test_pages_hold_every_item_once_when_read_to_the_end(in_calm: As) -> None:
    client = in_calm("intake_clerk")
    seen: list[str] = []
    cursor = None
    while True:
        page = client.get("/catalogue", params={"limit": 20} | ({"cursor": cursor} if cursor else {})).json()
        seen += [item["code"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == page["total"]
    assert seen == codes(client.get("/catalogue", params={"limit": 200}))


def test_line_narrows_the_list(in_calm: As) -> None:
    answer = in_calm("intake_clerk").get("/catalogue", params={"line": "education", "q": "入学"}).json()
    assert {item["line_name"] for item in answer["items"]} == {"教育"}


def test_sheet_has_checklist_steps_and_limits(in_calm: As) -> None:
    sheet = in_calm("intake_clerk").get("/catalogue/rehearsal-service").json()
    assert (sheet["legal"], sheet["promised"], sheet["draft"]) == ("120 seconds", "80 seconds", False)
    assert [(m["code"], m["required"], m["may_follow"]) for m in sheet["materials"]] == [
        ("rehearsal-form", True, False), ("rehearsal-photo", True, True), ("rehearsal-note", False, False),
    ]  # fmt: skip
    steps = {step["key"]: step for step in sheet["steps"]}
    assert [steps[key]["after"] for key in ("survey", "opinion")] == [["acceptance"], ["acceptance"]]
    outside = steps["higher-decision"]
    assert (outside["kind"], outside["limit"]) == ("outside", None)
    assert (outside["reference_min"], outside["reference_max"]) == ("4 seconds", "8 seconds")


def test_version_is_named_with_or_without_its_digest(in_calm: As) -> None:
    client = in_calm("handler")
    whole = in_force(client)["version"]
    for name in (whole, whole.partition("+")[0], whole.replace("+", "%2B")):
        answer = client.get(f"/catalogue/rehearsal-service?version={name}")
        assert answer.json()["version"] == whole


def test_chart_is_drawn_without_style_or_script(in_calm: As) -> None:
    answer = in_calm("handler").get("/catalogue/rehearsal-service/chart", params={"lang": "en"})
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    root = ElementTree.fromstring(answer.text)
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    names = {name for element in root.iter() for name in element.attrib}
    assert "style" not in tags | names
    assert "script" not in tags
    assert not [name for name in names if name.startswith("on")]
    assert "Reference 4–8 seconds" in "".join(root.itertext())


def test_chart_is_given_as_text_for_mermaid(in_calm: As) -> None:
    answer = in_calm("handler").get("/catalogue/rehearsal-service/chart", params={"format": "mermaid"})
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert "flowchart TD" in answer.text.splitlines()
    assert "  s1 --> s2" in answer.text.splitlines()


def test_difference_says_what_came_went_and_changed(in_calm: As) -> None:
    found = in_calm("auditor").get("/catalogue/diff", params={"from": "2025", "to": "2026"}).json()
    assert {item["code"] for item in found["added"]} == {"childcare-subsidy", "long-term-care", "disabled-employment"}
    assert {item["code"] for item in found["removed"]} == {"elderly-discount-card", "temporary-residence-report"}
    changes = {item["code"]: item["changes"] for item in found["changed"]}
    assert changes["minimum-living-allowance"] == [
        {"field": "promised", "before": "22 working days", "after": "20 working days"}
    ]
    assert {"field": "steps.pay.limit", "before": "5 working days", "after": "3 working days"} in changes[
        "medical-reimbursement"
    ]


def test_version_is_shown_from_the_store_when_its_file_is_gone(calm: Served, in_calm: As) -> None:
    row = {
        "version": GONE.version,
        "effective_from": GONE.effective_from,
        "effective_to": GONE.effective_to,
        "loaded_at": datetime.now(UTC),
        "content": to_plain(GONE),
    }
    calm.app.state.house.database.write_sync(
        lambda connection: connection.execute(insert(core(CatalogueRow)).values(row))
    )
    client = in_calm("supervisor")
    assert client.get("/catalogue/ration-card", params={"version": GONE.version}).json()["line_name"] == "旧条线"
    assert codes(client.get("/catalogue", params={"version": GONE.version, "q": "liangpiao"})) == ["ration-card"]
    assert GONE.version in {row["version"] for row in client.get("/catalogue/versions").json()["items"]}


@pytest.mark.parametrize("bad", BAD_CATALOGUE, ids=str)
def test_question_is_refused_with_its_code(in_calm: As, bad: Bad) -> None:
    assert_problem(in_calm("intake_clerk").get(bad.body), bad)


def test_cursor_of_another_search_is_refused(in_calm: As) -> None:
    client = in_calm("intake_clerk")
    cursor = client.get("/catalogue", params={"limit": 1}).json()["next_cursor"]
    assert client.get("/catalogue", params={"limit": 1, "cursor": cursor}).status_code == 200
    assert client.get("/catalogue", params={"q": "低保", "cursor": cursor}).json()["code"] == "cursor_invalid"


@pytest.mark.parametrize(
    "path", ["", "/versions", "/diff?from=2025&to=2026", "/rehearsal-service", "/x/chart?format=y"]
)
def test_catalogue_is_closed_to_strangers(calm: Served, path: str) -> None:
    answer = httpx.get(f"{calm.base_url}/api/v1/catalogue{path}")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
