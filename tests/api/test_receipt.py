"""The receipt: for who took the case in, with a code that works, and nothing of anybody in the QR code."""

import io
import xml.etree.ElementTree as ElementTree
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import segno

from tests.api.conftest import As
from tests.api.served import Served, report

PRIVATE = ("王某某", "13800138000", "路灯", "qingyou-1", "intake_clerk")


@pytest.fixture
def made(in_calm: As) -> dict[str, Any]:
    """A case that the desk has just taken."""
    taken: dict[str, Any] = in_calm("intake_clerk").post("/incidents", json=report()).json()
    return taken


def test_receipt_says_how_to_follow_the_case_and_what_was_promised(in_calm: As, made: dict[str, Any]) -> None:
    answer = in_calm("intake_clerk").get(f"/cases/{made['number']}/receipt")
    given = answer.json()
    assert (given["number"], given["code"]) == (made["number"], made["tracking_code"])
    assert given["promise"]["due_at"] == made["due_at"]
    assert given["promise"]["rule"] == "40 seconds"
    assert given["promise"]["rulebook_version"] == made["promise"]["rulebook_version"]
    assert given["category_name"] == "演练事项"
    assert given["desk"]
    assert answer.headers["cache-control"] == "no-store"
    assert all(private not in answer.text for private in PRIVATE)


def test_address_on_the_receipt_leads_to_the_case(in_calm: As, calm: Served, made: dict[str, Any]) -> None:
    url = urlsplit(in_calm("intake_clerk").get(f"/cases/{made['number']}/receipt").json()["tracking_url"])
    assert f"{url.scheme}://{url.netloc}" == calm.settings.residents_url
    code = parse_qs(url.query)["code"][0]
    with calm.client() as resident:
        assert resident.get(url.path, params={"code": code}).json()["number"] == made["number"]


def test_qr_code_holds_the_address_and_nothing_else(in_calm: As, made: dict[str, Any]) -> None:
    clerk = in_calm("intake_clerk")
    given = clerk.get(f"/cases/{made['number']}/receipt").json()
    answer = clerk.get(given["qr"].removeprefix("/api/v1"))
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["cache-control"] == "no-store"
    assert "script" not in answer.text
    assert ElementTree.fromstring(answer.content).tag.endswith("svg")  # noqa: S314 (our own)
    drawn = io.BytesIO()
    segno.make_qr(given["tracking_url"], error="m").save(drawn, kind="svg", scale=4, xmldecl=False, nl=False)
    assert answer.content == drawn.getvalue()


def test_receipt_is_given_by_who_took_the_case_and_the_centre_only(in_calm: As, made: dict[str, Any]) -> None:
    path = f"/cases/{made['number']}/receipt"
    statuses = {
        who: in_calm(who).get(path).status_code
        for who in ("intake_clerk", "supervisor", "rehearsal.handler", "auditor", "statistician", "administrator")
    }
    assert statuses == {
        "intake_clerk": 200,
        "supervisor": 200,
        "rehearsal.handler": 403,
        "auditor": 403,
        "statistician": 403,
        "administrator": 404,
    }
    assert in_calm("rehearsal.handler").get(f"{path}/qr").status_code == 403


def test_officer_gives_the_receipt_of_the_own_report_only(in_calm: As, made: dict[str, Any]) -> None:
    officer = in_calm("grid_officer")
    own = officer.post("/incidents", json=report(source="officer")).json()
    assert officer.get(f"/cases/{own['number']}/receipt").status_code == 200
    assert officer.get(f"/cases/{made['number']}/receipt").status_code == 403


@pytest.mark.parametrize("path", ["receipt", "receipt/qr"])
def test_receipt_needs_identity_and_a_case(in_calm: As, calm: Served, made: dict[str, Any], path: str) -> None:
    with calm.client() as nobody:
        assert nobody.get(f"/cases/{made['number']}/{path}").status_code == 401
    assert in_calm("intake_clerk").get(f"/cases/SJ990101-9999999/{path}").status_code == 404


def test_receipt_of_a_protected_category_does_not_say_which(in_calm: As) -> None:
    clerk = in_calm("intake_clerk")
    made = clerk.post("/incidents", json=report(category="infectious-disease")).json()
    given = clerk.get(f"/cases/{made['number']}/receipt")
    assert given.json()["category"] is None
    assert "infectious" not in given.text
