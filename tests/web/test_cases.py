"""The list of cases: what it is narrowed by is shown, stays while one looks further, and can be taken away."""

import html
import re

from tests.api.applications import application
from tests.api.conftest import token_of
from tests.web.conftest import Visitor, accept

MARK = re.compile(r'<a class="chip" href="([^"]+)"[^>]*><span class="soft">([^<]+)</span> ([^<]+?) <span')


def marks(page: str) -> dict[str, tuple[str, str]]:
    """Label → value, and the address without it."""
    return {label: (value, html.unescape(address)) for address, label, value in MARK.findall(page)}


def test_everything_it_is_narrowed_by_is_shown_and_can_be_taken_away(visitor: Visitor) -> None:
    ours = visitor("supervisor")
    page = ours.get("/cases?waiting=extension&grid=qingyou-1&due_before=2026-11-24T10:30:00%2B08:00&status=in_progress")
    shown = marks(page.text)
    assert {label: value for label, (value, _) in shown.items()} == {
        "状态": "办理中", "网格": "青柚第一网格", "等待": "决定延期", "到期早于": "2026-11-24 10:30",
    }  # fmt: skip
    less = marks(ours.get(shown["网格"][1]).text)
    assert less.keys() == shown.keys() - {"网格"}


def test_nothing_is_marked_when_nothing_narrows(visitor: Visitor) -> None:
    assert marks(visitor("supervisor").get("/cases").text) == {}


def test_figure_goes_as_a_whole(visitor: Visitor) -> None:
    asked = "/cases?figure=late&figure_unit=sanitation&figure_from=2026-11-01T00:00:00Z&figure_to=2026-12-01T00:00:00Z"
    (mark,) = marks(visitor("supervisor").get(asked).text).values()
    assert mark[1] == "/cases"


def test_waiting_and_due_can_be_chosen_and_what_has_no_field_is_kept(visitor: Visitor) -> None:
    page = visitor("supervisor").get("/cases?kind=incident&waiting=return").text
    form = page[
        page.index('<form class="filters many"') : page.index("</form>", page.index('<form class="filters many"'))
    ]
    assert '<option value="return" selected>裁定退单' in form
    assert form.count("以内</option>") == 3
    assert '<input type="hidden" name="kind" value="incident">' in form


def test_every_number_of_the_board_leads_to_a_list_of_exactly_so_many(visitor: Visitor) -> None:
    accept(visitor(None))
    ours = visitor("supervisor")
    page = ours.get("/board").text
    counters = re.findall(r'<a class="counter" href="([^"]+)"[^>]*><b>(\d+)</b><span>([^<]+)', page)
    assert len(counters) == 9
    for address, number, name in counters:
        listed = ours.get(html.unescape(address)).text
        assert marks(listed)["看板"][0] == name
        assert f'data-total="{number}"' in listed if int(number) else "data-row" not in listed, name
    lights = re.findall(r'<a class="chip" href="([^"]+)"><span class="light.*?</a>', page)
    numbers = re.findall(r"</span> (\d+)</a>", page[page.index('class="chips lit"') :])
    for address, number in zip(lights, numbers, strict=True):
        listed = ours.get(html.unescape(address)).text
        assert f'data-total="{number}"' in listed if int(number) else "data-row" not in listed


def test_list_says_who_holds_the_open_steps_of_a_request(visitor: Visitor) -> None:
    client = visitor(None)
    headers = {"Authorization": f"Bearer {token_of('intake_clerk')}"}
    number = client.post("/api/v1/service-requests", json=application(), headers=headers).json()["number"]
    listed = visitor("supervisor").get("/cases").text
    row = listed[listed.index(f'data-row="{number}"') :]
    assert "受理审查 · 望桐街道演练单位" in row[: row.index("</li>")]


def test_whoever_answers_reads_what_was_reported_beside_the_form(visitor: Visitor) -> None:
    client = visitor("handler")
    number = accept(client, category="abandoned-vehicle")
    page = client.get(f"/work?answer={number}").text
    panel = page[page.index('id="answer"') : page.index('id="lanes"')]
    assert "三号楼门前路灯不亮" in panel
