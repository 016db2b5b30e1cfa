"""Photos on pages: sent with a command or by themselves, kept when it is carried out and not when it is refused."""

import re
from typing import Any

import httpx
import pytest

from tests.api.conftest import token_of
from tests.api.served import Served
from tests.api.test_attachments import PDF, PNG, noted, opened
from tests.web.conftest import Visitor, accept, token_in
from web.session import FIELD


def sent(client: httpx.Client, number: str, action: str, *files: tuple[str, bytes], **fields: Any) -> httpx.Response:
    """A form with photos, as a browser sends it; without any the field comes with an empty file."""
    parts = [("photos", (name, content, "application/octet-stream")) for name, content in files or (("", b""),)]
    token = token_in(client.get(f"/cases/{number}").text)
    return client.post(f"/cases/{number}/{action}", data={FIELD: token, **fields}, files=parts)


def attachments(client: httpx.Client, number: str) -> list[dict[str, Any]]:
    headers = {"Authorization": f"Bearer {token_of('supervisor')}"}
    found: list[dict[str, Any]] = client.get(f"/api/v1/cases/{number}", headers=headers).json()["attachments"]
    return found


def drafts_left(pages: Served) -> list[str]:
    return [path.name for path in pages.settings.attachments_dir.rglob(".*") if path.is_file()]


def test_photos_are_added_and_stand_in_the_strip_for_whoever_sees_the_case(visitor: Visitor) -> None:
    clerk = visitor("intake_clerk")
    number = accept(clerk)
    answer = sent(clerk, number, "photos", ("楼道.jpg", noted()), ("图.pdf", PDF), key="once")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/cases/{number}?added=2#photos")
    sent(clerk, number, "photos", ("楼道.jpg", noted()), ("图.pdf", PDF), key="once")
    assert len(attachments(clerk, number)) == 2
    page = visitor("supervisor").get(f"/cases/{number}").text
    for told in ("照片和文件", "PDF 文件", "图.pdf", 'alt="第 1 张照片，', "/thumbnail", "添加照片或文件"):
        assert told in page, told
    unit = visitor("rehearsal.handler").get(f"/cases/{number}").text
    assert "图.pdf" not in unit
    assert "/thumbnail" in unit


def test_photo_is_opened_at_its_full_size_on_a_page_of_its_own(visitor: Visitor) -> None:
    clerk = visitor("intake_clerk")
    number = accept(clerk)
    sent(clerk, number, "photos", ("a.png", PNG), ("b.jpg", noted()), key="once")
    address = re.findall(rf'href="(/cases/{number}/photos/[^"]+)"', clerk.get(f"/cases/{number}").text)[0]
    page = clerk.get(address).text
    assert "1 / 2" in page
    assert 'rel="next"' in page
    assert 'rel="prev"' not in page
    assert visitor("handler").get(address).status_code == 404
    assert clerk.get(f"/cases/{number}/photos/none").status_code == 404


def test_photo_comes_with_progress_only_when_the_command_is_carried_out(visitor: Visitor, pages: Served) -> None:
    """The engine is away, so that the command is not: its photo is not kept either."""
    client = visitor("rehearsal.handler")
    number = accept(client)
    answer = sent(client, number, "progress", ("a.png", PNG), note="围挡已经拆除", key="once")
    assert answer.status_code == 503
    assert "照片没有保存，请重新选择" in answer.text
    assert attachments(client, number) == []
    assert drafts_left(pages) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<html>" * 40, "只接受图片"),
        (PNG[:30], "不是能读出的图片"),
    ],
)
def test_file_that_is_no_photo_refuses_the_command_before_anything_is_done(
    visitor: Visitor, content: bytes, said: str
) -> None:
    client = visitor("rehearsal.handler")
    number = accept(client)
    answer = sent(client, number, "progress", ("a.png", content), note="围挡已经拆除", key="once")
    assert answer.status_code in (415, 422)
    assert said in answer.text
    assert "围挡已经拆除" in answer.text
    again = sent(client, number, "photos", ("a.png", content), key="once")
    assert again.status_code in (415, 422)
    assert said in again.text
    assert sent(client, number, "photos", key="once").status_code == 422


def test_form_with_files_needs_our_token_and_somebody_signed_in(visitor: Visitor) -> None:
    client = visitor("intake_clerk")
    number = accept(client)
    files = {"photos": ("a.png", PNG, "image/png")}
    client.get(f"/cases/{number}")
    answer = client.post(f"/cases/{number}/photos", data={FIELD: "0" * 64}, files=files)
    assert (answer.status_code, "form_expired" in answer.text) == (403, True)
    stranger = visitor(None).post(f"/cases/{number}/photos", data={FIELD: "0" * 64}, files=files)
    assert stranger.headers["location"] == "/signin?expired=1"
    assert attachments(client, number) == []


def test_auditor_sees_photos_and_adds_none(visitor: Visitor) -> None:
    auditor = visitor("auditor")
    number = accept(auditor)
    assert "添加照片或文件" not in auditor.get(f"/cases/{number}").text
    assert sent(auditor, number, "photos", ("a.png", PNG)).status_code == 403


def test_thumbnail_is_served_for_the_cookie_of_a_browser(visitor: Visitor) -> None:
    clerk = visitor("intake_clerk")
    number = accept(clerk)
    sent(clerk, number, "photos", ("a.jpg", noted()))
    (file,) = attachments(clerk, number)
    given = clerk.get(f"/api/v1/cases/{number}/attachments/{file['id']}/thumbnail")
    assert opened(given.content).size == (20, 40)
    assert given.headers["content-security-policy"].startswith("sandbox")
