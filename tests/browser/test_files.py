"""Personal data for a reason, and lists as spreadsheets, by the browser."""

import io
import re

from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.town import Town

PHONE = "+8613800138000"


def test_contact_is_shown_for_a_reason_and_the_auditor_reads_the_look(visit: Open, town: Town) -> None:
    number = town.report()
    page = visit(f"/cases/{number}", "supervisor")
    expect(page.get_by_text(PHONE)).to_have_count(0)
    page.locator("#contact summary").click()
    page.get_by_label("联系群众").check()
    page.locator("#contact-note").fill("核实具体位置")
    page.locator("#form-contact button").click()
    expect(page.locator(".revealed")).to_contain_text(PHONE)
    page.goto(f"/cases/{number}")
    expect(page.get_by_text(PHONE)).to_have_count(0)

    log = visit(f"/looks?case={number}", "auditor")
    row = log.locator("tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("核实具体位置")
    expect(row).to_contain_text("联系群众")


def test_downloaded_table_is_the_list_on_the_page(visit: Open, town: Town) -> None:
    for _ in range(2):
        town.report("dirty-facade")
    page = visit("/cases?category=dirty-facade", "supervisor")
    shown = page.locator("[data-row] .number").all_inner_texts()
    with page.expect_download() as started:
        page.get_by_role("link", name="Excel").click()
    assert re.fullmatch(r"cases-\d{8}-\d{4}\.xlsx", started.value.suggested_filename)
    sheet = load_workbook(io.BytesIO(started.value.path().read_bytes())).active
    assert sheet is not None
    names, *rows = sheet.iter_rows(values_only=True)
    assert [row[names.index("编号")] for row in rows] == shown
