"""An administrator and somebody new, in two browsers at once."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.town import Town


def test_new_account_signs_in_elsewhere_and_is_out_once_it_is_deactivated(visit: Open, town: Town) -> None:
    page = visit("/", "administrator")
    expect(page).to_have_url(re.compile("/admin$"))
    page.get_by_role("link", name="账号", exact=True).click()
    page.get_by_role("link", name="新增账号").click()
    page.get_by_label("用户名").fill("second.handler")
    page.get_by_label("姓名").fill("新来的承办人")
    page.get_by_label("单位", exact=True).select_option("sanitation")
    page.get_by_label("承办人", exact=True).check()
    page.get_by_role("button", name="新增并生成密码").click()
    expect(page.get_by_role("status")).to_contain_text("账号已建立")
    secret = page.locator("#secret").inner_text()

    other = visit("/signin?next=/work")
    other.get_by_label("用户名").fill("second.handler")
    other.get_by_label("密码").fill(secret)
    other.get_by_role("button", name="登录").click()
    expect(other).to_have_url(re.compile("/work$"))

    page.goto("/admin/accounts?q=second")
    page.get_by_role("link", name="新来的承办人").click()
    expect(page.locator("#secret")).to_have_count(0)
    page.get_by_role("button", name="停用账号").click()
    expect(page.get_by_role("status")).to_contain_text("已保存")
    other.reload()
    expect(other).to_have_url(re.compile("/signin"))

    page.get_by_role("link", name="管理记录", exact=True).click()
    expect(page.locator(".log").first).to_contain_text("停用")
    assert town.ask("auditor", "GET", "admin-log?name=second.handler")["items"][0]["act"] == "deactivated"
