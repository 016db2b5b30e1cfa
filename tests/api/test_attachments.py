"""Photos and documents: taken by what they are, without what a camera noted, given back to whom the case is visible."""

import io
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from PIL import Image, ImageOps

from tests.api.conftest import As
from tests.api.served import Served, report


def picture(format_: str = "PNG", size: tuple[int, int] = (3, 2), **more: Any) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, "teal").save(made, format_, **more)
    return made.getvalue()


def noted() -> bytes:
    """A photo of a phone that lay on its side, with what it noted."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x013B] = 6, "Phone of somebody", "Somebody"
    exif.get_ifd(0x8825).update({1: "N", 2: (28.0, 0.0, 0.0)})
    return picture("JPEG", (40, 20), exif=exif, comment=b"of somebody")


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


PNG = picture()
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
    assert listed["id"] == taken.json()["id"]
    given = handler.get(f"{case}/attachments/{listed['id']}")
    assert given.content == content
    assert given.headers["content-type"] == media_type
    assert given.headers["content-disposition"].startswith("attachment;")
    assert given.headers["x-content-type-options"] == "nosniff"
    assert given.headers["content-security-policy"].startswith("sandbox")
    assert given.headers["cache-control"] == "private, no-store"


def test_nothing_that_a_camera_noted_is_kept(in_calm: As, case: str) -> None:
    taken = attach(in_calm("intake_clerk"), case, noted(), "somebody.jpg").json()
    for path in (f"{case}/attachments/{taken['id']}", f"{case}/attachments/{taken['id']}/thumbnail"):
        content = in_calm("rehearsal.handler").get(path).content
        assert opened(content).size == (20, 40)
        assert dict(opened(content).getexif()) == {}
        assert b"omebody" not in content


@pytest.mark.filterwarnings("ignore::UserWarning")  # what the library says of it
@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    "noted", [b"II*\0", b"II*\0\xff\xff\xff\xff", b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x05\0\0\0\x01"]
)
def test_photo_is_taken_however_broken_what_its_camera_noted_is(
    in_calm: As, case: str, format_: str, noted: bytes
) -> None:
    content = picture(format_, (40, 20), exif=b"Exif\0\0" + noted)
    clerk = in_calm("intake_clerk")
    taken = attach(clerk, case, content)
    assert taken.status_code == 201
    kept = opened(clerk.get(f"{case}/attachments/{taken.json()['id']}").content)
    assert (kept.size, dict(kept.getexif())) == ((40, 20), {})


@pytest.mark.parametrize("held", range(10))
def test_photo_is_turned_as_its_camera_was_held(in_calm: As, case: str, held: int) -> None:
    exif, image, made = Image.Exif(), Image.radial_gradient("L").crop((0, 0, 40, 20)).convert("RGB"), io.BytesIO()
    exif[0x0112] = held
    image.save(made, "PNG", exif=exif)
    taken = attach(in_calm("intake_clerk"), case, made.getvalue()).json()["id"]
    kept = opened(in_calm("intake_clerk").get(f"{case}/attachments/{taken}").content)
    assert kept.tobytes() == ImageOps.exif_transpose(opened(made.getvalue())).tobytes()


def test_unit_that_holds_the_case_does_not_learn_who_sent_the_photo(in_calm: As, case: str) -> None:
    taken = attach(in_calm("intake_clerk"), case, PNG, "王家阳台.png").json()
    (centre,) = in_calm("supervisor").get(case).json()["attachments"]
    assert (centre["name"], centre["by"]) == ("王家阳台.png", "intake_clerk")
    handler = in_calm("rehearsal.handler")
    (unit,) = handler.get(case).json()["attachments"]
    assert (unit["name"], unit["by"]) == ("photo.png", None)
    given = handler.get(f"{case}/attachments/{taken['id']}")
    assert "photo.png" in given.headers["content-disposition"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [("a.html", "a.html.pdf"), ("证明", "证明.pdf"), ("A.PDF", "A.PDF"), ("photo.jpg", "photo.jpg.pdf")],
)
def test_file_is_given_back_with_the_ending_of_what_it_is(in_calm: As, case: str, name: str, shown: str) -> None:
    clerk = in_calm("intake_clerk")
    taken = attach(clerk, case, PDF + b"<script>alert(1)</script>", name).json()["id"]
    assert [file["name"] for file in clerk.get(case).json()["attachments"]] == [shown]
    assert clerk.get(f"{case}/attachments/{taken}").headers["content-disposition"].endswith(quote(shown))


def test_thumbnail_is_small_and_of_pictures_only(in_calm: As, case: str) -> None:
    clerk = in_calm("intake_clerk")
    large = attach(clerk, case, picture("WEBP", (2000, 500))).json()["id"]
    for _ in range(2):
        given = clerk.get(f"{case}/attachments/{large}/thumbnail")
        assert (given.status_code, given.headers["content-type"]) == (200, "image/jpeg")
        assert opened(given.content).size == (320, 80)
    paper = attach(clerk, case, PDF, "a.pdf").json()["id"]
    assert clerk.get(f"{case}/attachments/{paper}/thumbnail").status_code == 404
    assert in_calm("handler").get(f"{case}/attachments/{large}/thumbnail").status_code == 404


def test_case_takes_so_many_files_and_no_draft_is_left(in_calm: As, case: str, calm: Served) -> None:
    clerk, most = in_calm("intake_clerk"), calm.app.state.house.rulebook.attachments.max_count
    answers = [attach(clerk, case, PDF + str(number).encode()) for number in range(most + 1)]
    assert [answer.status_code for answer in answers] == [201] * most + [409]
    assert answers[-1].json()["code"] == "too_many_attachments"
    assert [path for path in calm.settings.attachments_dir.rglob(".*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"<html><script>alert(1)</script></html>", 415, "file_type_refused"),
        (b"MZ" + b"\0" * 200, 415, "file_type_refused"),
        (b"", 422, "file_empty"),
        (PNG[:30], 422, "image_unreadable"),
        (picture("PNG", (8000, 7000)), 422, "image_too_large"),
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
