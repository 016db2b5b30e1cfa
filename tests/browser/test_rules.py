"""An administrator changes the limit of a category, looks at the comparison, and schedules it."""

from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.town import Town


def test_administrator_changes_a_limit_compares_and_schedules(visit: Open, town: Town) -> None:
    before = town.ask("administrator", "GET", "rulebook")["version"]
    page = visit("/admin/rulebook", "administrator")
    page.get_by_role("link", name="修改规则").click()
    page.get_by_label("改哪一部分").select_option("rehearsal-short")
    page.get_by_role("button", name="打开").click()
    page.get_by_label("办理时限", exact=True).fill("3")
    page.get_by_label("办理时限的单位").select_option("working days")
    page.get_by_role("button", name="检查并看对比").click()
    changes = page.get_by_role("region", name="事件类别", exact=True).first
    expect(changes).to_contain_text("8 秒 → 3 个工作日")
    page.get_by_label("生效时间").fill("2027-05-01T00:00")
    page.get_by_role("button", name="排定", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("已排定")
    page.goto("/admin/rulebook")
    row = page.locator("[data-version]", has_text="待生效")
    expect(row).to_contain_text("2027-05-01 00:00")
    row.get_by_role("link").click()
    page.get_by_role("button", name="撤回").click()
    expect(page.get_by_role("status")).to_contain_text("已撤回")
    assert town.ask("administrator", "GET", "rulebook")["version"] == before


def test_documentation_of_the_api_works_under_its_policy(visit: Open) -> None:
    page = visit("/admin/keys", "administrator")
    page.get_by_role("link", name="接口文档").click()
    expect(page.get_by_role("link", name="rulebook", exact=True)).to_be_visible(timeout=20_000)
