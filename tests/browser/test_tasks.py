"""The main task of each role, from sign-in to its end, in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from domain.vocabulary import EventType
from tests.api.served import PASSWORD
from tests.browser.conftest import Open
from tests.browser.town import Town, until


def sign_in(page: Page, username: str) -> None:
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()


def test_supervisor_sees_what_is_urgent_and_opens_it(visit: Open, town: Town) -> None:
    number = town.report(danger=True)
    page = visit("/")
    sign_in(page, "supervisor")
    expect(page).to_have_url(re.compile("/board$"))
    lane = page.locator("[data-lane=danger]")
    lane.get_by_role("link", name=number).click()
    expect(page).to_have_url(re.compile(f"/cases/{number}$"))
    form = page.locator("#form-take_over")
    form.get_by_label("如何处置").fill("已联系派出所到场")
    form.get_by_role("button", name="接手险情").click()
    expect(page.get_by_role("status")).to_contain_text("已完成：接手险情")
    assert EventType.ALARM_TAKEN_OVER in town.events(number)


def test_unit_acknowledges_and_arranges_on_one_screen(visit: Open, town: Town) -> None:
    number = town.report()
    page = visit("/signin?next=/work")
    sign_in(page, "handler")
    page.locator(f"[data-row='{number}'] a[data-act]").click()
    expect(page.locator("#answer")).to_contain_text(number)
    page.locator("#answer .suggestion").first.click()
    expect(page.locator("#answer textarea")).not_to_be_empty()
    page.locator("#answer").get_by_role("button", name="响应并安排").click()
    expect(page.get_by_role("status")).to_contain_text("已完成：响应并安排")
    expect(page.locator(f"[data-lane=unanswered] [data-row='{number}']")).to_have_count(0)
    assert EventType.ACKNOWLEDGED in town.events(number)


def test_unit_works_with_the_keyboard_alone(visit: Open, town: Town) -> None:
    number = town.report()
    page = visit("/work", "handler")
    page.keyboard.press("j")
    while page.evaluate("document.activeElement.textContent") != number:
        page.keyboard.press("j")
    page.keyboard.press("a")
    expect(page.locator("#answer")).to_contain_text(number)
    page.locator("#answer textarea").focus()
    page.keyboard.type("jka /")
    expect(page.locator("#answer textarea")).to_have_value("jka /")
    page.keyboard.press("Tab")
    page.goto("/work")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/cases/SJ"))


def test_unit_reports_asks_for_more_time_and_completes(visit: Open, town: Town) -> None:
    number = town.acknowledged()
    page = visit(f"/cases/{number}", "handler")
    page.locator("summary", has_text="申请延期").click()
    page.locator("#form-request_extension textarea").fill("业主在外地，下周返回")
    page.locator("#form-request_extension button").click()
    expect(page.get_by_role("status")).to_contain_text("已完成：申请延期")
    expect(page.locator(".not-now")).to_contain_text("有一份延期申请正在等待决定")
    page.locator("#form-complete textarea").fill("已转办")
    page.locator("#form-complete button").click()
    expect(page.get_by_role("alert")).to_contain_text("不算答复")
    expect(page.locator("#form-complete textarea")).to_have_value("已转办")
    page.locator("#form-complete textarea").fill("违建已拆除，现场清理完毕。")
    page.locator("#form-complete button").click()
    expect(page.locator("#head")).to_contain_text("待核查")


@pytest.fixture
def refused_is_no_error(watched: "object") -> None:
    """A refused form answers 4xx, which a browser notes in its console."""
    watched.expected = ("status of 4",)  # type: ignore[attr-defined]


pytestmark = pytest.mark.usefixtures("refused_is_no_error")


def test_centre_dispatches_from_triage(visit: Open, town: Town) -> None:
    number = town.untriaged()
    page = visit("/triage", "supervisor")
    row = page.locator(f"#row-{number}")
    expect(row).to_contain_text("建议")
    row.get_by_label("承办单位").select_option("sanitation")
    row.get_by_role("button", name="交办").click()
    expect(page.get_by_role("status")).to_contain_text("已完成：交办")
    expect(page.locator(f"#row-{number}")).to_have_count(0)
    assert town.ask("supervisor", "GET", f"cases/{number}")["unit"] == "sanitation"


def test_centre_decides_an_extension(visit: Open, town: Town) -> None:
    number = town.acknowledged()
    town.ask("handler", "POST", f"cases/{number}/extensions", until="2027-01-08T17:00:00+08:00", reason="等配件到货")
    page = visit("/extensions", "supervisor")
    panel = page.locator("section", has_text=number)
    expect(panel).to_contain_text("等配件到货")
    panel.get_by_label("同意延期").check()
    panel.get_by_role("button", name="决定延期").click()
    expect(page.get_by_role("status")).to_contain_text("已完成：决定延期")
    assert town.ask("supervisor", "GET", f"cases/{number}")["due_at"].startswith("2027-01-08T09:00")


def test_officer_convenes_and_prints_the_notice(visit: Open, town: Town) -> None:
    number = town.late
    file = f"{number}-R1-I"
    until(lambda: EventType.INTERVIEW_OPENED in town.events(number), "the red card")
    page = visit("/interviews", "organization_officer")
    page.get_by_role("link", name=file).click()
    page.get_by_label("约谈时间").fill("2027-03-01T09:30")
    page.get_by_label("约谈地点").fill("三楼会议室")
    page.get_by_role("button", name="召集约谈").click()
    expect(page.get_by_role("status")).to_contain_text("已完成：召集约谈")
    page.emulate_media(media="print")
    expect(page.locator(".letter")).to_be_visible()
    expect(page.locator(".letter")).to_contain_text("2027-03-01 09:30 到 三楼会议室")
    expect(page.locator(".columns")).to_be_hidden()


def test_unit_leader_sees_each_point_down_to_its_case(visit: Open, town: Town) -> None:
    number = town.late
    until(lambda: EventType.POINTS_DEDUCTED in town.events(number), "the deduction")
    page = visit("/", "rehearsal.leader")
    page.get_by_role("link", name="绩效").click()
    page.get_by_label("台账").get_by_role("link", name=number, exact=True).first.click()
    expect(page.locator(".timeline")).to_contain_text("发出红牌")
    expect(page.locator(".light-red").first).to_contain_text("红")


def test_clerk_takes_a_report_and_hands_over_the_receipt(visit: Open, town: Town) -> None:
    page = visit("/", "intake_clerk")
    page.get_by_label("反映内容").fill("路灯不亮，晚上看不清台阶")
    page.get_by_label("类别").select_option("occupied-road")
    page.get_by_label("网格").select_option("qingyou-1")
    page.get_by_label("姓名").fill("王某某")
    page.get_by_role("textbox", name="电话").fill("13800138000")
    page.get_by_role("button", name="登记并交办").click()
    expect(page.get_by_role("heading", name="受理回执")).to_be_visible()
    shown = page.get_by_alt_text("查询进度的二维码")
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth > 50)")
    number = page.url.rpartition("/cases/")[2].partition("/")[0]
    expect(page.locator(".receipt")).to_contain_text(town.code(number))


def test_resident_answers_without_script_or_account(visit: Open, town: Town) -> None:
    number = town.verified()
    page = visit("/track", script=False, width=390)
    page.get_by_label("编号").fill(number.lower())
    page.get_by_label("查询码").fill(town.code(number))
    page.get_by_role("button", name="查进度").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("请告诉我们是否解决")
    page.get_by_label("解决了", exact=True).check()
    page.get_by_label("5 分").check()
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("status")).to_contain_text("已收到您的答复")
    assert EventType.CLOSED in town.events(number)


def test_whoever_has_no_script_can_still_give_commands(visit: Open, town: Town) -> None:
    number = town.report()
    page = visit(f"/cases/{number}", "supervisor", script=False)
    page.locator("summary", has_text="催办").click()
    page.locator("#form-urge textarea").fill("请尽快")
    page.locator("#form-urge button").click()
    expect(page.get_by_role("status")).to_contain_text("已完成：催办")
    assert EventType.URGED in town.events(number)
