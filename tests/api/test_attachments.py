"""Photos and documents: taken by what they are, given back to whom the case is visible."""

import base64

import httpx
import pytest

from tests.api.conftest import As
from tests.api.served import Served, report

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def case(in_calm: As) -> str:
    return f"/cases/{in_calm('intake_clerk').post('/incidents', json=report()).json()['number']}"


def attach(client: httpx.Client, case: str, content: bytes, name: str = "现场.png") -> httpx.Response:
    return client.post(f"{case}/attachments", files={"file": (name, content, "application/x-whatever")})


@pytest.mark.parametrize(("content", "media_type"), [(PNG, "image/png"), (PDF, "application/pdf")])
def test_file_travels_with_the_case(in_calm: As, case: str, content: bytes, media_type: str) -> None:
    taken = attach(in_calm("intake_clerk"), case, content)
    assert (taken.status_code, taken.json()["media_type"]) == (201, media_type)
    handler = in_calm("rehearsal.handler")
    (listed,) = handler.get(case).json()["attachments"]
    assert listed == taken.json()
    given = handler.get(f"{case}/attachments/{listed['id']}")
    assert given.content == content
    assert given.headers["content-type"] == media_type
    assert given.headers["content-disposition"].startswith("attachment;")
    assert given.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"<html><script>alert(1)</script></html>", 415, "file_type_refused"),
        (b"MZ" + b"\0" * 200, 415, "file_type_refused"),
        (b"", 422, "file_empty"),
        (PNG + b"\0" * 30_000_000, 413, "body_too_large"),
    ],
)
def test_file_is_refused_with_its_code(in_calm: As, case: str, content: bytes, status: int, code: str) -> None:
    answer = attach(in_calm("intake_clerk"), case, content)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert in_calm("intake_clerk").get(case).json()["attachments"] == []


def test_file_is_attached_once_however_often_its_key_comes(as_: As) -> None:
    clerk = as_("intake_clerk")
    case = f"/cases/{clerk.post('/incidents', json=report()).json()['number']}"
    keyed = {"Idempotency-Key": "photo-1"}
    first, again = (clerk.post(f"{case}/attachments", files={"file": PNG}, headers=keyed) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    other = clerk.post(f"{case}/attachments", files={"file": PDF}, headers=keyed)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")
    assert attach(clerk, case, PNG).status_code == 201
    assert len(clerk.get(case).json()["attachments"]) == 2


def test_key_of_somebody_else_is_another_key(in_calm: As, case: str) -> None:
    for who in ("intake_clerk", "supervisor"):
        keyed = {"Idempotency-Key": "the-same"}
        assert in_calm(who).post(f"{case}/attachments", files={"file": PNG}, headers=keyed).status_code == 201
    assert len(in_calm("supervisor").get(case).json()["attachments"]) == 2


def test_body_that_is_no_form_is_refused(in_calm: As, case: str) -> None:
    clerk = in_calm("intake_clerk")
    assert clerk.post(f"{case}/attachments", json={}).json()["code"] == "unsupported_media_type"
    assert clerk.post(f"{case}/attachments", files={"other": PNG}).json()["code"] == "file_missing"
    broken = clerk.post(f"{case}/attachments", content=b"x", headers={"Content-Type": "multipart/form-data"})
    assert (broken.status_code, broken.json()["code"]) == (400, "malformed_request")


def test_name_of_a_file_cannot_leave_its_place(in_calm: As, case: str, calm: Served) -> None:
    taken = attach(in_calm("intake_clerk"), case, PNG, "../../etc/\u202epasswd\r\nX: y")
    assert "/" not in taken.json()["name"]
    inside = {path.parent.parent for path in calm.settings.attachments_dir.rglob("*") if path.is_file()}
    assert inside == {calm.settings.attachments_dir}


def test_file_of_an_unseen_case_is_not_found(in_calm: As, case: str) -> None:
    taken = attach(in_calm("intake_clerk"), case, PNG).json()
    other = f"/cases/{in_calm('intake_clerk').post('/incidents', json=report()).json()['number']}"
    assert in_calm("handler").get(f"{case}/attachments/{taken['id']}").status_code == 404
    assert in_calm("intake_clerk").get(f"{other}/attachments/{taken['id']}").status_code == 404
    assert in_calm("statistician").post(f"{case}/attachments", files={"file": PNG}).status_code == 403
