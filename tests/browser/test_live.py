"""Two browsers at once: what one person does, the other sees without touching anything."""

from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.town import Town


def test_board_follows_when_the_unit_acknowledges(visit: Open, town: Town) -> None:
    number = town.report()
    board = visit("/board?rows=50", "supervisor")
    work = visit(f"/work?answer={number}", "handler")
    row = board.locator(f"[data-lane=unanswered] [data-row='{number}']")
    expect(row).to_be_visible()
    expect(board.locator("[data-live=on]")).to_be_attached()
    work.locator("#answer textarea").fill("马上去")
    work.locator("#answer").get_by_role("button", name="响应并安排").click()
    expect(row).to_have_count(0)


def test_new_case_appears_and_flashes_once(visit: Open, town: Town) -> None:
    board = visit("/board?rows=50", "supervisor")
    expect(board.locator("[data-live=on]")).to_be_attached()
    number = town.report(danger=True)
    row = board.locator(f"[data-lane=danger] [data-row='{number}']")
    expect(row).to_be_visible()
    expect(row).to_have_class("row changed")


def test_page_of_a_case_follows_and_leaves_a_form_alone(visit: Open, town: Town) -> None:
    number = town.acknowledged()
    page = visit(f"/cases/{number}", "handler")
    expect(page.locator("[data-live=on]")).to_be_attached()
    page.locator("#form-complete textarea").fill("正在写的话")
    town.ask("supervisor", "POST", f"cases/{number}/urging", note="请尽快反馈")
    expect(page.locator(".timeline")).to_contain_text("请尽快反馈")
    expect(page.locator("#form-complete textarea")).to_have_value("正在写的话")
