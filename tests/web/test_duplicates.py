"""The same matter at the desk: offered while typing and once at sending, joined, with receipts; notices in words."""

import re

import httpx
import pytest

from domain.vocabulary import EventType
from tests.api.served import Served
from tests.web.conftest import Visitor, accept, send
from web.happenings import DECIDED

WORDS = "人民路三号楼门前井盖破损，夜里看不清。"
FORM = {"category": "exposed-rubbish", "description": "三号楼门前井盖破损很危险", "grid": "qingyou-1", "source": "desk",
        "reporter_name": "李某某", "reporter_phone": "13900139000"}  # fmt: skip
PAGE = "/desk/incident"


@pytest.fixture
def clerk(visitor: Visitor) -> httpx.Client:
    """The desk's browser."""
    return visitor("intake_clerk")


def test_promise_and_duplicates_are_shown_while_somebody_types(clerk: httpx.Client) -> None:
    number = accept(clerk, category="exposed-rubbish", description=WORDS)
    shown = send(clerk, PAGE, f"{PAGE}/ahead", **FORM)
    assert shown.status_code == 200
    assert f'name="into" value="{number}"' in shown.text
    assert "井盖破损" in shown.text
    assert "环境卫生" in shown.text  # who will have it
    assert "<html" not in shown.text
    nothing = send(clerk, PAGE, f"{PAGE}/ahead", category="nonsense", grid="nowhere", description="", into="")
    assert "选好类别和网格" in nothing.text


def test_offer_is_made_once_when_the_form_is_sent_without_script(clerk: httpx.Client) -> None:
    number = accept(clerk, category="exposed-rubbish", description=WORDS)
    asked = send(clerk, PAGE, PAGE, **FORM, key="once")
    assert asked.status_code == 200
    assert "可能已有人反映过同一件事" in asked.text
    assert 'value="once"' in asked.text
    assert "李某某" in asked.text
    taken = send(clerk, PAGE, PAGE, **FORM, key="once", into="")
    assert (taken.status_code, number in taken.headers["location"]) == (303, False)
    again = send(clerk, PAGE, PAGE, **FORM, key="once")
    assert again.status_code == 422 or again.headers["location"] == taken.headers["location"]


def test_form_that_has_made_its_case_is_not_asked_again(clerk: httpx.Client) -> None:
    first, again = (send(clerk, PAGE, PAGE, **FORM, key="twice") for _ in range(2))
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.headers["location"] == again.headers["location"]


def test_choice_and_words_are_kept_when_the_engine_is_away(clerk: httpx.Client) -> None:
    number = accept(clerk, category="exposed-rubbish", description=WORDS)
    answer = send(clerk, PAGE, PAGE, **FORM, key="away", into=number)
    assert answer.status_code == 503
    assert re.search(rf'value="{number}" checked', answer.text)
    assert 'value="away"' in answer.text


def test_danger_is_offered_nothing_to_join(clerk: httpx.Client) -> None:
    number = accept(clerk, category="exposed-rubbish", description=WORDS)
    shown = send(clerk, PAGE, f"{PAGE}/ahead", **FORM, danger="true")
    assert f'value="{number}"' not in shown.text
    assert "不并入其他案件" in shown.text


def test_similar_cases_stand_beside_a_case_and_on_a_page_of_their_own(visitor: Visitor) -> None:
    centre = visitor("supervisor")
    one, other = (accept(centre, category="exposed-rubbish", description=WORDS) for _ in range(2))
    assert f'hx-get="/cases/{one}/similar"' in centre.get(f"/cases/{one}").text
    fragment = centre.get(f"/cases/{one}/similar", headers={"HX-Request": "true"})
    page = centre.get(f"/cases/{one}/similar")
    assert all(other in answer.text for answer in (fragment, page))
    assert ("<html" in page.text, "<html" in fragment.text) == (True, False)
    assert "/similar" not in visitor("auditor").get(f"/cases/{one}").text


def test_page_of_a_joined_receipt_needs_a_report(visitor: Visitor) -> None:
    number = accept(visitor("intake_clerk"))
    for report in ("7", "x"):
        assert visitor("intake_clerk").get(f"/cases/{number}/reports/{report}/receipt").status_code == 404


def test_notice_of_a_request_does_not_wait_for_a_verification(pages: Served) -> None:
    from web.happenings import Happenings
    from web.language import Language, speaker
    from web.words import Words

    say = speaker(Language.CHINESE)
    told = Happenings(Words(say, Language.CHINESE), None, {}, {})  # type: ignore[arg-type]
    assert told.sentence(EventType.COMPLETED, {}, applied=True) == DECIDED
    assert "核查" in told.sentence(EventType.COMPLETED, {})
    assert "协办" not in told.sentence(EventType.RELEASED, {}, applied=True)
