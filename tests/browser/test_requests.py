"""An application from the desk to its applicant, by the pages alone: a clerk, a handler, a resident."""

import re

from playwright.sync_api import Page, expect

from domain.vocabulary import EventType, Outcome
from tests.api.applications import ID_NUMBER
from tests.browser.conftest import Open
from tests.browser.town import Town, until

ITEM = "rehearsal-service-review"


def applied(town: Town, **changes: object) -> str:
    """A request over the API; its number, once its first step can be answered."""
    body = {
        "item": ITEM,
        "applicant": {"name": "李某某", "id_number": ID_NUMBER, "phone": "13800138000"},
        "materials": ["rehearsal-form"],
        **changes,
    }
    return str(town.ask("intake_clerk", "POST", "service-requests", **body)["number"])


def complete(page: Page, step: str, outcome: str, note: str) -> None:
    """Acknowledge a step on its case page, then complete it."""
    form = page.locator(f"#form-acknowledge-{step}")
    form.locator("textarea").fill("当面核对材料")
    form.get_by_role("button", name="响应并安排").click()
    expect(page.get_by_role("status")).to_contain_text("已完成：响应并安排")
    form = page.locator(f"#form-complete_step-{step}")
    form.get_by_label(outcome, exact=True).check()
    form.locator("textarea").fill(note)
    form.locator("button.main").click()
    expect(page.get_by_role("status")).to_contain_text("已完成：办结环节")


def test_clerk_applies_handler_completes_and_the_resident_sees_it(visit: Open, town: Town) -> None:
    clerk = visit("/items", "intake_clerk")
    clerk.get_by_role("searchbox").press_sequentially("ylfh")
    clerk.get_by_role("link", name="演练复核办件").click()
    expect(clerk.locator(".chart img")).to_be_visible()
    assert clerk.locator(".chart img").evaluate("image => image.decode().then(() => image.naturalWidth > 50)")
    clerk.get_by_role("link", name="受理申请").click()
    clerk.get_by_label("证件号码", exact=False).first.fill(ID_NUMBER)
    clerk.get_by_role("textbox", name="姓名", exact=True).fill("李某某")
    clerk.get_by_label("演练申请表").check()
    clerk.get_by_role("button", name="受理", exact=True).click()
    expect(clerk.get_by_role("heading", name="受理回执")).to_be_visible()
    number = clerk.url.rpartition("/cases/")[2].partition("/")[0]

    handler = visit("/work", "rehearsal.handler")
    handler.locator(f"[data-row='{number}-acceptance']").get_by_role("link", name=number).click()
    complete(handler, "acceptance", "情况清楚", "材料齐全。")
    complete(handler, "decision", "通过", "准予。")
    expect(handler.locator("#head")).to_contain_text("准予")

    resident = visit(f"/track/{number}?code={town.code(number)}", script=False, width=390)
    expect(resident.get_by_role("heading", level=1)).to_contain_text("已准予")
    expect(resident.locator(".step-passed")).to_have_count(2)
    expect(resident.locator(".step-not_needed")).to_have_count(1)
    resident.get_by_label("办好了", exact=True).check()
    resident.get_by_label("5 分").check()
    resident.get_by_role("button", name="提交").click()
    expect(resident.get_by_role("status")).to_contain_text("已收到您的答复")
    assert town.ask("supervisor", "GET", f"cases/{number}")["outcome"] == Outcome.APPROVED


def test_desk_takes_in_what_was_missing(visit: Open, town: Town) -> None:
    number = applied(town, materials=[])
    page = visit(f"/cases/{number}", "intake_clerk", script=False)
    form = page.locator("#form-bring_materials")
    form.get_by_label("演练申请表").check()
    form.locator("button.main").click()
    expect(page.get_by_role("status")).to_contain_text("已完成：登记补交材料")
    assert EventType.MATERIALS_RECEIVED in town.events(number)


def test_register_fills_the_form_by_the_return_key(visit: Open, town: Town) -> None:
    applied(town)
    page = visit(f"/items/{ITEM}/apply", "intake_clerk")
    number = page.locator("#id_number")
    number.fill(ID_NUMBER)
    number.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("已从登记库填入")
    expect(page.locator("#name")).to_have_value("李某某")
    expect(page.locator(".from-register").first).to_be_visible()


def test_page_of_a_request_is_fetched_again_when_a_step_moves(visit: Open, town: Town) -> None:
    number = applied(town)
    page = visit(f"/cases/{number}", "supervisor")
    expect(page.locator("#state")).to_have_attribute("data-live", "on")
    town.ask("rehearsal.handler", "POST", f"cases/{number}/acknowledgement", handler="rehearsal.handler", plan="来了",
             step="acceptance")  # fmt: skip
    expect(page.locator("#step-acceptance")).to_contain_text("办理中")
    until(lambda: EventType.ACKNOWLEDGED in town.events(number), "the acknowledgement")
    expect(page.locator("#head .state").first).to_have_text(re.compile("办理中"))
