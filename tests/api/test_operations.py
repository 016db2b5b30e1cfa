"""Up, ready or not, figures, and a document that needs no internet."""

import re
import shutil
from pathlib import Path

import httpx

from tests.api.conftest import As, furnish
from tests.api.served import Served, report, served, settings_for


def test_process_is_up_and_names_what_is_missing_when_the_engine_is_away(calm: Served) -> None:
    assert httpx.get(f"{calm.base_url}/healthz").status_code == 200
    ready = httpx.get(f"{calm.base_url}/readyz")
    assert (ready.status_code, ready.json()["missing"]) == (503, "engine")
    assert "retry-after" in ready.headers


def test_ready_when_migrated_seeded_and_a_worker_polls(town: Served) -> None:
    ready = httpx.get(f"{town.base_url}/readyz")
    assert (ready.status_code, ready.json()) == (200, {"status": "ready"})


def test_grids_are_known_when_the_seed_comes_after_the_api(sqlite_template: Path, tmp_path: Path) -> None:
    shutil.copy(sqlite_template, tmp_path / "store.db")
    url, place = f"sqlite:///{tmp_path / 'store.db'}", "/officers/nearest?lat=30.405&lon=105.105"
    with served(settings_for(url, tmp_path)) as running, running.client() as resident:
        assert resident.get(place).status_code == 404
        furnish(url)
        assert resident.get(place).status_code == 200


def test_figures_count_routes_and_never_paths(calm: Served, in_calm: As) -> None:
    number = in_calm("intake_clerk").post("/incidents", json=report()).json()["number"]
    in_calm("intake_clerk").get(f"/cases/{number}")
    in_calm("intake_clerk").get("/王某某")
    figures = httpx.get(f"{calm.base_url}/metrics").text
    assert 'route="/api/v1/cases/{number}"' in figures
    assert "bihuan_cases_accepted_total" in figures
    assert "bihuan_opener_backlog" in figures
    assert number not in figures
    assert "王" not in figures


def test_document_describes_every_body_and_refers_to_nothing_outside(calm: Served) -> None:
    document = httpx.get(f"{calm.base_url}/api/v1/openapi.json").json()
    operation = document["paths"]["/api/v1/incidents"]["post"]
    assert operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].endswith("/IncidentIn")
    upload = document["paths"]["/api/v1/cases/{number}/attachments"]["post"]["requestBody"]["content"]
    assert "file" in upload["multipart/form-data"]["schema"]["required"]
    references = set(re.findall(r'"#/components/schemas/(\w+)"', str(document).replace("'", '"')))
    assert references <= set(document["components"]["schemas"])
    page = httpx.get(f"{calm.base_url}/api/v1/docs")
    assert "http" not in re.sub(r"https?://www\.w3\.org\S*", "", page.text.replace("http-equiv", ""))
    for asset in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        assert httpx.get(calm.base_url + asset).status_code == 200


def test_unknown_path_and_method_are_problems(calm: Served) -> None:
    for method, path, code in (("GET", "/nowhere", "not_found"), ("PUT", "/api/v1/incidents", "method_not_allowed")):
        answer = httpx.request(method, calm.base_url + path)
        assert answer.json()["code"] == code
        assert answer.headers["content-type"] == "application/problem+json"


def test_personal_pages_are_not_stored(in_calm: As) -> None:
    headers = in_calm("intake_clerk").get("/cases").headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
