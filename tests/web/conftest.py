"""The pages in front of the API, for browsers that send forms and keep cookies."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.auth import COOKIE
from tests.api.conftest import postgres_district, sqlite_district, token_of
from tests.api.served import Served, report, served, settings_for
from web.app import create_app
from web.session import FIELD

__all__ = ["postgres_district", "sqlite_district"]

Visitor = Callable[[str | None], httpx.Client]
_TOKEN = re.compile(rf'name="{FIELD}" value="([0-9a-f]+)"')


@pytest.fixture
def pages(sqlite_district: Path, tmp_path: Path) -> Iterator[Served]:
    """Pages on a database of this test's own. The engine is away."""
    import shutil

    path = tmp_path / "store.db"
    shutil.copy(sqlite_district, path)
    with served(settings_for(f"sqlite:///{path}", tmp_path), make=create_app) as running:
        yield running


@pytest.fixture
def visitor(pages: Served) -> Iterator[Visitor]:
    """``visitor("handler")``: the browser of somebody who has signed in; None: of somebody who has not."""
    with ExitStack() as clients:

        def come(username: str | None) -> httpx.Client:
            client = clients.enter_context(httpx.Client(base_url=pages.base_url, timeout=30))
            if username is not None:
                client.cookies.set(COOKIE, token_of(username))
            return client

        yield come


def token_in(page: str) -> str:
    """The token that the forms of a page carry."""
    found = _TOKEN.search(page)
    assert found is not None, "no form on the page"
    return found[1]


def send(client: httpx.Client, page: str, action: str, **fields: Any) -> httpx.Response:
    """Fill in a form of ``page`` and send it to ``action``."""
    return client.post(action, data={FIELD: token_in(client.get(page).text), **fields})


def accept(client: httpx.Client, **changes: Any) -> str:
    """A new case, taken over the API; its number."""
    headers = {"Authorization": f"Bearer {token_of('intake_clerk')}"}
    answer = client.post("/api/v1/incidents", json=report(**changes), headers=headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["number"])
