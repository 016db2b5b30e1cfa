"""Every page by axe-core, in light and dark, on a phone: names, contrast, structure; nothing wider than the screen."""

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.api.applications import application
from tests.api.test_attachments import PDF, PNG
from tests.browser.conftest import Open
from tests.browser.town import Town

ALL = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "target-size"]}}
LOOKS: tuple[tuple[dict[str, Any], dict[str, Any]], ...] = (
    ({}, ALL),
    ({"dark": True, "width": 390, "language": "en"}, COLOURS),
)
"""How a page is looked at, and by which rules: names and structure are the same in the dark."""


@cache
def axe() -> str:
    """The script of axe-core, out of the wheel that brings it."""
    found = find_spec("axe_playwright_python")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).with_name("axe.min.js").read_text(encoding="utf-8")


def violations(page: Page, rules: dict[str, Any]) -> list[str]:
    page.evaluate(axe())
    result: dict[str, Any] = page.evaluate("rules => axe.run(document, rules)", rules)
    return [f"{item['id']}: {[node['html'][:160] for node in item['nodes']]}" for item in result["violations"]]


@pytest.fixture(scope="module")
def lived(town: Town) -> dict[str, str]:
    """A case in each state that pages show differently."""
    asked = town.acknowledged()
    town.ask("handler", "POST", f"cases/{asked}/extensions", until="2027-01-08T17:00:00+08:00", reason="等配件")
    town.report(danger=True)
    town.untriaged()
    verified = town.verified()
    joined = town.joined(verified)
    request = town.ask("intake_clerk", "POST", "service-requests", **application())["number"]
    lacking = town.ask("intake_clerk", "POST", "service-requests", **application(materials=[]))["number"]
    photographed = town.report()
    photo = town.attach(photographed, "现场.png", PNG)
    town.attach(photographed, "说明.pdf", PDF)
    town.ask("supervisor", "POST", f"cases/{photographed}/contact", purpose="contact", note="核实位置")
    grave = {"consequence": "safety_accident", "note": "两人受伤"}
    accountable = town.ask("supervisor", "POST", f"cases/{asked}/accountability", **grave)["id"]
    rules = town.ask("supervisor", "GET", "rulebook")["version"]
    requests = {"request": request, "request_code": town.code(request), "lacking": lacking, "rules": rules}
    return {
        **requests,
        "photographed": photographed,
        "photo": photo,
        "accountable": accountable,
        "asked": asked,
        "verified": verified,
        "joined": joined,
        "code": town.code(verified),
        "new": town.report(),
        "officer": town.reported_by_officer(),
    }


PAGES = [
    ("/looks", "auditor"),
    ("/cases/{photographed}", "supervisor"),
    ("/cases/{photographed}/photos/{photo}", "supervisor"),
    ("/admin/rulebook", "administrator"),
    ("/admin/rulebook/change?scope=rehearsal", "administrator"),
    ("/admin/rulebook/compare", "supervisor"),
    ("/admin/rulebook/versions/{rules}", "administrator"),
    ("/signin", None),
    ("/board", "supervisor"),
    ("/cases", "supervisor"),
    ("/cases/{asked}", "supervisor"),
    ("/cases/{asked}", "handler"),
    ("/work?answer={new}", "handler"),
    ("/triage", "supervisor"),
    ("/extensions", "supervisor"),
    ("/interviews", "discipline_officer"),
    ("/units", "supervisor"),
    ("/units/urban-management", "unit_leader"),
    ("/units/rehearsal-unit", "supervisor"),
    ("/trends", "supervisor"),
    ("/accountability", "discipline_officer"),
    ("/accountability/{accountable}", "discipline_officer"),
    ("/notices", "handler"),
    ("/desk/incident", "intake_clerk"),
    ("/cases/{new}/receipt", "intake_clerk"),
    ("/cases/{verified}/reports/{joined}/receipt", "intake_clerk"),
    ("/cases/{asked}/similar", "supervisor"),
    ("/items?q=yl", "intake_clerk"),
    ("/items/rehearsal-service", "intake_clerk"),
    ("/items/rehearsal-service/apply", "intake_clerk"),
    ("/cases/{request}", "supervisor"),
    ("/cases/{request}", "rehearsal.handler"),
    ("/cases/{lacking}", "intake_clerk"),
    ("/cases/{lacking}/receipt", "intake_clerk"),
    ("/work?answer={request}", "rehearsal.handler"),
    ("/track/{request}?code={request_code}", None),
    ("/account", "handler"),
    ("/admin", "administrator"),
    ("/admin/accounts", "administrator"),
    ("/admin/accounts/handler", "administrator"),
    ("/admin/new-account", "administrator"),
    ("/admin/keys", "administrator"),
    ("/admin/units", "administrator"),
    ("/admin/units/sanitation", "administrator"),
    ("/admin/grids", "administrator"),
    ("/admin/grids/qingyou-1", "administrator"),
    ("/admin/calendar", "administrator"),
    ("/admin/log", "auditor"),
    ("/track", None),
    ("/officers?grid=qingyou-1", None),
    ("/officer", "grid_officer"),
    ("/officer/report", "grid_officer"),
    ("/officer/reports", "grid_officer"),
    ("/officer/offline", "grid_officer"),
    ("/officer/verifications/{officer}", "grid_officer"),
    ("/track/{verified}?code={code}", None),
]


@pytest.mark.parametrize(("path", "who"), PAGES)
def test_page_is_accessible_and_fits(visit: Open, lived: dict[str, str], path: str, who: str | None) -> None:
    for look, rules in LOOKS:
        page = visit(path.format(**lived), who, **look)
        assert violations(page, rules) == [], look
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, look
        page.context.close()


def test_light_is_told_by_shape_and_word_and_colour(visit: Open, town: Town) -> None:
    page = visit(f"/cases/{town.report()}", "supervisor")
    light = page.locator("#head .light").first
    expect(light).to_have_text(re.compile("^●绿$"))


def test_case_prints_with_absolute_times_and_without_buttons(visit: Open, lived: dict[str, str]) -> None:
    page = visit(f"/cases/{lived['asked']}", "supervisor")
    page.emulate_media(media="print")
    expect(page.locator(".commands")).to_be_hidden()
    expect(page.locator("header.top")).to_be_hidden()
    shown = page.locator(".facts time").first.evaluate("time => getComputedStyle(time, '::after').content")
    assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", shown)


def test_countdown_says_the_same_as_the_server_in_both_languages(visit: Open, town: Town) -> None:
    number = town.report()
    for language, wanted in (("zh-CN", r"^\d+ 分钟后$"), ("en", r"^in \d+ min$")):
        page = visit(f"/cases/{number}", "supervisor", language=language)
        expect(page.locator("time[data-tick]").first).to_have_text(re.compile(wanted))
