"""Photos by the browser: made small before they are sent, kept with the command, seen by whoever checks."""

import io

from PIL import Image
from playwright.sync_api import FilePayload, expect

from tests.browser.conftest import Open
from tests.browser.town import Town


def photo(name: str, size: tuple[int, int]) -> FilePayload:
    """A photo as a phone makes it, with what it notes."""
    exif = Image.Exif()
    exif[0x013B] = "Somebody"
    made = io.BytesIO()
    Image.effect_noise(size, 90).convert("RGB").save(made, "JPEG", exif=exif, quality=95)
    return {"name": name, "mimeType": "image/jpeg", "buffer": made.getvalue()}


def test_handler_completes_with_a_photo_that_the_supervisor_sees(visit: Open, town: Town) -> None:
    number = town.acknowledged()
    page = visit(f"/cases/{number}", "handler")
    large = photo("完工.jpg", (2400, 1800))
    form = page.locator("#form-complete")
    form.locator("textarea").fill("违建已拆除，现场清理完毕。")
    form.locator("input[type=file]").set_input_files([large])
    form.get_by_role("button", name="办结").click()
    expect(page.get_by_role("status")).to_contain_text("已完成：办结")
    (file,) = town.ask("supervisor", "GET", f"cases/{number}")["attachments"]
    assert file["sent_with"] == "complete"
    assert file["size"] < len(large["buffer"])

    checking = visit(f"/cases/{number}", "supervisor")
    thumb = checking.get_by_role("img", name="第 1 张照片")
    expect(thumb).to_be_visible()
    thumb.click()
    shown = checking.locator("figure img")
    expect(shown).to_be_visible()
    shown.evaluate("image => image.decode()")
    assert shown.evaluate("image => [image.naturalWidth, image.naturalHeight]") == [1600, 1200]


def test_form_with_photos_works_without_script(visit: Open, town: Town) -> None:
    number = town.acknowledged()
    page = visit(f"/cases/{number}", "handler", script=False)
    page.locator("summary", has_text="添加照片或文件").click()
    page.locator("#form-photos input[type=file]").set_input_files([photo("a.jpg", (800, 600))])
    page.locator("#form-photos button").click()
    expect(page.get_by_role("status")).to_contain_text("已添加 1 个")
    expect(page.locator("#photos img")).to_have_count(1)
