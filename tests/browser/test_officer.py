"""A grid officer's phone: a report with photo and place, danger by holding, verification, and all of it offline."""

import base64
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from domain.vocabulary import CaseStatus, EventType
from tests.browser.conftest import Open, Watched
from tests.browser.town import Town, until

OFFICER = "grid_officer"
WORDS = "垃圾箱旁堆满装修垃圾"
HERE = {"latitude": 30.4052, "longitude": 105.1061, "accuracy": 8}
_CANVAS = """size => {
  const canvas = Object.assign(document.createElement("canvas"), size);
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#2f6b3a";
  pen.fillRect(0, 0, size.width, size.height / 2);
  return canvas.toDataURL("image/jpeg", 0.9);
}"""

_NO_BACKGROUND_SYNC = "Object.defineProperty(ServiceWorkerRegistration.prototype, 'sync', { value: undefined })"
"""As in browsers that have none: only the page sends."""

Phone = Callable[[str], Page]


@pytest.fixture
def phone(visit: Open) -> Phone:
    """A page on a phone that says where it is."""

    def come(path: str) -> Page:
        page = visit("/signin", OFFICER, width=390)
        page.context.grant_permissions(["geolocation"])
        page.context.set_geolocation(HERE)  # type: ignore[arg-type]
        page.goto(path)
        return page

    return come


def big_photo(page: Page, path: Path) -> Path:
    """A photo of 2400 × 1800 pixels."""
    path.write_bytes(base64.b64decode(page.evaluate(_CANVAS, {"width": 2400, "height": 1800}).partition(",")[2]))
    return path


def type_report(page: Page, words: str, *, category: str = "占道经营") -> None:
    everything = page.locator(".every")
    if everything.get_attribute("open") is None:
        everything.locator("> summary").click()
    page.locator("summary", has_text=re.compile("^街面秩序$")).click()
    page.get_by_role("radio", name=category, exact=True).check()
    page.get_by_label("情况").fill(words)


def located(page: Page) -> None:
    expect(page.locator("[data-located=yes]")).to_be_attached()


def mine(town: Town, words: str) -> list[str]:
    """The numbers of the cases with these words."""
    return [case["number"] for case in town.ask("supervisor", "GET", f"cases?q={words}&limit=10")["items"]]


def go_offline(page: Page) -> None:
    """Once the phone has kept what it needs."""
    page.goto("/officer")
    expect(page.locator("html[data-ready=offline]")).to_be_attached()
    page.context.set_offline(True)


def test_officer_reports_with_a_photo_and_a_position_from_sign_in_on(phone: Phone, town: Town, tmp_path: Path) -> None:
    page = phone("/")
    expect(page).to_have_url(re.compile("/officer$"))
    page.get_by_role("link", name="上报", exact=True).click()
    located(page)
    page.locator("[data-gallery]").set_input_files(big_photo(page, tmp_path / "photo.jpg"))
    expect(page.locator("[data-photo-tiles] canvas")).to_be_visible()
    words = f"{WORDS}，路过时看到"
    type_report(page, words)
    page.get_by_role("button", name="上报", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="已上报：")).to_be_visible()
    (number,) = mine(town, words)
    case = town.ask(OFFICER, "GET", f"cases/{number}")
    assert case["grid"] == "qingyou-1"
    assert case["place"]["point"] == {"lat": HERE["latitude"], "lon": HERE["longitude"]}
    (photo,) = case["attachments"]
    assert photo["media_type"] == "image/jpeg"
    size = page.evaluate(
        "async path => (await createImageBitmap(await (await fetch(path)).blob())).width",
        f"/api/v1/cases/{number}/attachments/{photo['id']}",
    )
    assert size == 1600


@pytest.mark.parametrize("by", ["finger", "key"])
def test_danger_is_held_and_the_telephone_comes_first(phone: Phone, town: Town, by: str) -> None:
    page = phone("/officer/report")
    located(page)
    hold = page.locator("[data-hold]")
    stop = page.locator("#stop")
    hold.click()
    expect(stop).to_be_hidden()
    if by == "finger":
        hold.hover()
        page.mouse.down()
        expect(page.locator(".holding")).to_be_visible()
        expect(stop).to_be_visible()
        page.mouse.up()
    else:
        hold.focus()
        page.keyboard.down("Space")
        expect(stop).to_be_visible()
        page.keyboard.up("Space")
    expect(stop.get_by_role("link")).to_have_text(["110 报警", "119 火警", "120 急救"])
    words = f"有人持刀（{by}）"
    page.get_by_label("情况").fill(words)
    page.get_by_role("button", name="上报", exact=True).click()
    assert mine(town, words) == []
    page.get_by_label("已经拨打，继续上报").check()
    page.get_by_role("button", name="上报", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="已上报：")).to_be_visible()
    (number,) = mine(town, words)
    assert EventType.ALARM_RAISED in town.events(number)


def test_whoever_has_no_script_confirms_danger_in_two_steps(visit: Open, town: Town, watched: Watched) -> None:
    watched.expected = ("422",)  # the first step
    page = visit("/officer/report", OFFICER, width=390, script=False)
    page.get_by_role("button", name="险情").click()
    expect(page.get_by_role("alert")).to_contain_text("先打电话，再上报")
    page.get_by_label("情况").fill("无脚本险情")
    page.get_by_label("已经拨打，继续上报").check()
    page.get_by_role("button", name="上报", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="已上报：")).to_be_visible()
    assert len(mine(town, "无脚本险情")) == 1


def test_report_typed_offline_is_kept_and_sent_once(phone: Phone, town: Town, tmp_path: Path) -> None:
    page = phone("/officer")
    photo = big_photo(page, tmp_path / "photo.jpg")
    go_offline(page)
    page.goto("/officer/report")
    expect(page.locator("[data-offline]")).to_be_visible()
    located(page)
    page.locator("[data-gallery]").set_input_files(photo)
    expect(page.locator("[data-photo-tiles] canvas")).to_be_visible()
    words = f"{WORDS}，没有信号"
    type_report(page, words)
    page.get_by_role("button", name="上报", exact=True).click()
    expect(page.locator("[data-kept]")).to_be_visible()
    expect(page.locator("#outbox [data-count]")).to_have_text("1")
    expect(page.locator("#outbox")).to_contain_text("等待发送")
    page.goto("/officer")  # still there, whatever was opened meanwhile
    expect(page.locator("#outbox [data-count]")).to_have_text("1")
    assert mine(town, words) == []
    page.context.set_offline(False)
    expect(page.locator("#outbox")).to_contain_text("已发送，编号 SJ")
    (number,) = mine(town, words)
    assert len(town.ask(OFFICER, "GET", f"cases/{number}")["attachments"]) == 1
    assert kept_words(page) == [None]


def kept_words(page: Page) -> list[str | None]:
    """What of the texts of reports is on the phone."""
    found: list[str | None] = page.evaluate(
        "async () => (await outbox.list()).map(item => item.report ? item.report.description : null)"
    )
    return found


def test_report_whose_answer_was_lost_is_taken_once(phone: Phone, town: Town, watched: Watched, tmp_path: Path) -> None:
    watched.expected = ("net::ERR_FAILED",)
    page = phone("/officer")
    page.context.add_init_script(_NO_BACKGROUND_SYNC)
    page.goto("/officer/report")
    located(page)
    lost: list[str] = []

    def lose(route: Route) -> None:
        """The server takes it; nobody hears of it."""
        route.fetch()
        lost.append(route.request.url)
        route.abort()

    page.route("**/officer/send/**", lose, times=1)
    page.locator("[data-gallery]").set_input_files(big_photo(page, tmp_path / "photo.jpg"))
    expect(page.locator("[data-photo-tiles] canvas")).to_be_visible()
    words = f"{WORDS}，回音丢了"
    type_report(page, words)
    page.get_by_role("button", name="上报", exact=True).click()
    expect(page.locator("[data-kept]")).to_be_visible()
    assert (len(lost), len(mine(town, words))) == (1, 1)
    page.route("**/officer/send/*/photo", lose, times=1)
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/photo")):
        page.locator("[data-send]").click()
    expect(page.locator("#outbox")).to_contain_text("等待发送 · 1 张照片")
    page.locator("[data-send]").click()
    expect(page.locator("#outbox")).to_contain_text("已发送，编号 SJ")
    (number,) = mine(town, words)
    assert len(town.ask(OFFICER, "GET", f"cases/{number}")["attachments"]) == 1


def test_refused_report_is_kept_mended_and_sent(phone: Phone, town: Town, watched: Watched) -> None:
    watched.expected = ("422",)
    page = phone("/officer")
    page.context.set_geolocation({"latitude": 10.0, "longitude": 10.0, "accuracy": 8})
    go_offline(page)
    page.goto("/officer/report")
    located(page)
    words = f"{WORDS}，在界外"
    type_report(page, words)
    page.get_by_role("button", name="上报", exact=True).click()
    expect(page.locator("[data-kept]")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("#outbox")).to_contain_text("没有收下：这个位置不在任何网格内。")
    page.locator("#outbox").get_by_role("link", name="改好再发").click()
    expect(page.get_by_label("情况")).to_have_value(words)
    page.get_by_label("网格", exact=True).select_option("qingyou-1")
    page.get_by_role("button", name="上报", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="已上报：")).to_be_visible()
    assert len(mine(town, words)) == 1


def test_outbox_belongs_to_who_typed_it(phone: Phone, town: Town) -> None:
    page = phone("/officer")
    go_offline(page)
    page.goto("/officer/report")
    located(page)
    words = f"{WORDS}，换人之前"
    type_report(page, words)
    page.get_by_role("button", name="上报", exact=True).click()
    expect(page.locator("[data-kept]")).to_be_visible()
    page.context.clear_cookies()  # the session is over
    page.context.set_offline(False)
    expect(page.locator("#outbox")).to_contain_text(f"请以 {OFFICER} 登录")
    assert mine(town, words) == []
    page.goto("/officer")
    expect(page).to_have_url(re.compile("/signin"))
    expect(page.locator("#outbox [data-count]")).to_have_text("1")
    sign_in(page, OFFICER)
    expect(page.locator("#outbox")).to_contain_text("已发送，编号 SJ")
    assert len(mine(town, words)) == 1


def sign_in(page: Page, who: str) -> None:
    from tests.api.served import PASSWORD

    page.get_by_label("用户名").fill(who)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()


def test_officer_verifies_on_the_phone_in_a_few_taps(phone: Phone, town: Town, tmp_path: Path) -> None:
    number = town.reported_by_officer()
    page = phone("/officer")
    page.get_by_role("link", name=number).click()
    expect(page.get_by_text("已用高空车清洗完毕，立面恢复干净。")).to_be_visible()
    page.locator("[data-gallery]").set_input_files(big_photo(page, tmp_path / "after.jpg"))
    expect(page.locator("[data-photo-tiles] canvas")).to_be_visible()
    page.get_by_label("已解决", exact=True).check()
    page.get_by_role("button", name="提交核查").click()
    expect(page.get_by_role("status").filter(has_text="已完成：")).to_be_visible()
    case = town.ask(OFFICER, "GET", f"cases/{number}")
    assert (case["status"], len(case["attachments"])) == (CaseStatus.AWAITING_ANSWER, 1)


def test_danger_that_cannot_be_sent_says_so(phone: Phone, town: Town) -> None:
    page = phone("/officer")
    go_offline(page)
    page.goto("/officer/report")
    located(page)
    page.locator("[data-hold]").focus()
    page.keyboard.down("Enter")
    expect(page.locator("#stop")).to_be_visible()
    page.keyboard.up("Enter")
    words = "断网时有人落水"
    page.get_by_label("情况").fill(words)
    page.get_by_label("已经拨打，继续上报").check()
    page.get_by_role("button", name="上报", exact=True).click()
    expect(page.get_by_text("险情还没有送出")).to_be_visible()
    expect(page.locator("#outbox .danger-mark")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("#outbox")).to_contain_text("已发送，编号 SJ")
    (number,) = mine(town, words)
    assert EventType.ALARM_RAISED in town.events(number)


def test_worker_sends_what_waits_when_no_page_is_open(phone: Phone, town: Town) -> None:
    page = phone("/officer")
    go_offline(page)
    page.goto("/officer/report")
    located(page)
    words = f"{WORDS}，页面已关"
    type_report(page, words)
    page.get_by_role("button", name="上报", exact=True).click()
    expect(page.locator("[data-kept]")).to_be_visible()
    protocol = page.context.new_cdp_session(page)
    registered: list[str] = []
    protocol.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: registered.extend(each["registrationId"] for each in told["registrations"]),
    )
    protocol.send("ServiceWorker.enable")
    page.goto("about:blank")
    page.context.set_offline(False)
    sync = {"origin": town.running.base_url, "registrationId": registered[0], "tag": "outbox", "lastChance": False}
    protocol.send("ServiceWorker.dispatchSyncEvent", sync)
    (number,) = until(lambda: mine(town, words), "the worker to send it")
    assert number.startswith("SJ")


def test_phone_on_which_nobody_is_signed_in_takes_nothing(visit: Open) -> None:
    page = visit("/signin?next=/officer", width=390)
    sign_in(page, OFFICER)
    expect(page.locator("html[data-ready=offline]")).to_be_attached()
    page.get_by_role("button", name="退出").click()
    expect(page).to_have_url(re.compile("/signin"))
    page.context.set_offline(True)
    page.goto("/officer/report")
    expect(page.get_by_role("alert").filter(has_text="这部手机上没有人登录")).to_be_visible()
    expect(page.locator("#report")).to_be_hidden()


def test_phone_that_keeps_nothing_sends_the_ordinary_form(phone: Phone, town: Town, tmp_path: Path) -> None:
    page = phone("/officer")
    page.context.add_init_script("IDBObjectStore.prototype.put = () => { throw new Error('no room') }")
    page.goto("/officer/report")
    located(page)
    page.locator("[data-gallery]").set_input_files(big_photo(page, tmp_path / "photo.jpg"))
    expect(page.locator("[data-photo-tiles] canvas")).to_be_visible()
    words = f"{WORDS}，手机存满了"
    type_report(page, words)
    page.get_by_role("button", name="上报", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="已上报：")).to_be_visible()
    (number,) = mine(town, words)
    assert len(town.ask(OFFICER, "GET", f"cases/{number}")["attachments"]) == 1
