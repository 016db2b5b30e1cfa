"""A leader opens a figure down to its case; an officer decides on an accountability file and prints the notice."""

from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.town import Town, until


def test_leader_opens_a_figure_down_to_its_case(visit: Open, town: Town) -> None:
    until(lambda: "interview_opened" in town.events(town.late), "a red card")
    page = visit("/units/rehearsal-unit", "rehearsal.leader")
    late = page.locator('[data-figure="late"] a')
    number = int(late.inner_text())
    assert number >= 1
    late.click()
    expect(page.locator("#total")).to_have_attribute("data-total", str(number))
    page.locator(f'[data-row="{town.late}"] a').first.click()
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("#content")).to_contain_text(town.late)


def test_supervisor_goes_from_a_light_and_from_a_day_to_their_cases(visit: Open, town: Town) -> None:
    number = town.report()
    page = visit("/trends", "supervisor")
    green = page.locator('[data-light="green"] a')
    told = green.inner_text().split()[0]
    green.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#total")).to_have_attribute("data-total", told)
    page.goto("/trends")
    page.locator(".calendar .due-number[href]").last.click()
    expect(page.locator("#total")).to_be_visible()
    page.goto("/trends")
    page.get_by_text("逐日数据").click()
    page.locator("table.figures tr[data-day] a").first.click()
    expect(page.locator(f'[data-row="{number}"]')).to_be_visible()


def test_officer_decides_on_an_accountability_file_that_the_centre_opened(visit: Open, town: Town) -> None:
    number = town.acknowledged()
    page = visit(f"/cases/{number}", "supervisor")
    page.locator("summary", has_text="启动问责").click()
    page.get_by_label("安全事故").check()
    page.locator("#form-hold_accountable textarea").fill("脚手架倒塌，两人受伤")
    page.locator("#form-hold_accountable button.main").click()
    expect(page.locator(".columns h1")).to_contain_text("问责：")
    path = page.url.partition("?")[0]
    officer = visit(path, "discipline_officer")
    officer.locator("#form-record_findings textarea").fill("未设围挡")
    officer.locator("#form-record_findings button.main").click()
    expect(officer.locator(".state").first).to_have_text("已调查")
    officer.get_by_label("单位", exact=True).check()
    officer.locator("#form-decide_accountability textarea").first.fill("通报批评")
    officer.locator("#form-decide_accountability button.main").click()
    expect(officer.locator(".decisions")).to_contain_text("通报批评")
    officer.emulate_media(media="print")
    expect(officer.locator(".letter")).to_contain_text("问责决定通知书")
    expect(officer.locator(".letter")).to_contain_text("通报批评")
    expect(officer.locator(".commands")).to_be_hidden()
