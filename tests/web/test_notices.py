"""Notices in the console: what happened, in words, with the way to its case (D7)."""

from tests.web.conftest import Visitor, accept


def test_notice_says_what_happened_and_leads_to_its_case(visitor: Visitor) -> None:
    number = accept(visitor(None), category="occupied-road")
    page = visitor("unit_leader").get("/notices")
    assert page.status_code == 200
    assert number in page.text
