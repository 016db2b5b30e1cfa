"""What an extension would bring is said while its date is being chosen, by the rules themselves (A6)."""

from datetime import datetime, timedelta

import httpx
import pytest

from domain.worktime import SHANGHAI
from tests.api.conftest import token_of
from tests.web.conftest import Visitor, accept

DAY = timedelta(days=1)


def ahead(client: httpx.Client, number: str, until: str) -> str:
    answer = client.get(f"/cases/{number}/request_extension/ahead", params={"until": until})
    assert answer.status_code == 200
    return answer.text


def due_of(client: httpx.Client, number: str) -> datetime:
    headers = {"Authorization": f"Bearer {token_of('supervisor')}"}
    due = datetime.fromisoformat(client.get(f"/api/v1/cases/{number}", headers=headers).json()["due_at"])
    return due.astimezone(SHANGHAI)


def test_date_that_is_chosen_says_how_much_later_it_is(visitor: Visitor) -> None:
    client = visitor("supervisor")
    number = accept(visitor(None), category="abandoned-vehicle")
    due = due_of(client, number)
    later = due + next(DAY * n for n in range(1, 9) if (due + DAY * n).weekday() == 2)
    said = ahead(client, number, f"{later:%Y-%m-%dT%H:%M}")
    assert f"延至 {later:%m-%d} 周三" in said
    assert "比现在的期限晚" in said
    assert "个工作日" in said


def test_date_that_the_rules_refuse_is_refused_while_choosing(visitor: Visitor) -> None:
    client = visitor("supervisor")
    number = accept(visitor(None), category="abandoned-vehicle")
    due = due_of(client, number)
    assert 'class="error"' in ahead(client, number, f"{due - DAY:%Y-%m-%dT%H:%M}")
    saturday = due + next(DAY * n for n in range(1, 9) if (due + DAY * n).weekday() == 5)
    assert 'class="error"' in ahead(client, number, f"{saturday:%Y-%m-%dT%H:%M}")


@pytest.mark.parametrize("until", ["", "soon", "2026-13-40T99:00", "0001-01-01T00:00", "9999-12-31T23:59", "\x00"])
def test_nothing_breaks_on_what_is_no_date(visitor: Visitor, until: str) -> None:
    ahead(visitor("supervisor"), accept(visitor(None)), until)
