"""The same matter at a second telephone: seen while typing, joined with the keyboard, followed under an own code."""

import re

from playwright.sync_api import expect

from domain.vocabulary import EventType
from tests.browser.conftest import Open
from tests.browser.test_looks import ALL, violations
from tests.browser.town import Town

WORDS = "青柚路五号院门口宣传栏倒塌，玻璃碎了一地。"


def test_clerk_joins_what_was_reported_before_and_its_reporter_follows_it(visit: Open, town: Town) -> None:
    number = town.report("dirty-facade", description=WORDS)
    page = visit("/desk/incident", "intake_clerk")
    expect(page.locator("#description")).to_be_focused()
    page.keyboard.type("五号院门口的宣传栏倒塌了，有玻璃")
    page.locator("#category").select_option("dirty-facade")
    page.locator("#grid").select_option("qingyou-1")
    choice = page.locator(f"#ahead input[value='{number}']")
    expect(choice).to_be_visible()
    expect(page.locator("#ahead")).to_contain_text("承诺办结")
    assert violations(page, ALL) == []
    page.locator("#ahead input[name=into]").last.focus()
    while not choice.is_checked():
        page.keyboard.press("ArrowUp")
    page.locator("#reporter_name").fill("李某某")
    page.locator("#reporter_phone").fill("13900139000")
    expect(choice).to_be_checked()
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(re.compile(rf"/cases/{number}/reports/\d+/receipt$"))
    expect(page.get_by_role("status")).to_contain_text("已并入已有案件")
    expect(page.get_by_role("button", name="打印回执")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator("article.receipt")).to_be_visible()
    expect(page.get_by_role("button", name="打印回执")).to_be_hidden()
    code = page.locator("dd.number.big").nth(1).inner_text()
    assert town.events(number)[-1] == EventType.REPORT_JOINED

    resident = visit(f"/track/{number}?code={code}", width=390)
    expect(resident.locator("main")).to_contain_text("此前已有人反映")
    centre = visit(f"/cases/{number}", "supervisor")
    for words in centre.locator(".words, .line").all():
        expect(words).to_have_css("unicode-bidi", "isolate")  # what turns the writing turns nothing beside it
    expect(centre.locator("#joined")).to_have_text("又有 1 次反映同一件事")
    expect(centre.locator(".joined")).to_contain_text("有玻璃")


def test_clerk_is_asked_once_without_script(visit: Open, town: Town) -> None:
    number = town.report("dirty-facade", description="青柚路六号院围墙涂鸦")
    page = visit("/desk/incident", "intake_clerk", script=False)
    page.locator("#description").fill("六号院围墙有涂鸦")
    page.locator("#category").select_option("dirty-facade")
    page.locator("#grid").select_option("qingyou-1")
    page.locator("input[name=anonymous]").check()
    page.get_by_role("button", name="登记并交办").click()
    expect(page.get_by_role("alert")).to_contain_text("可能已有人反映过同一件事")
    page.locator(f"#ahead input[value='{number}']").check()
    page.get_by_role("button", name="登记并交办").click()
    expect(page).to_have_url(re.compile(rf"/cases/{number}/reports/"))
