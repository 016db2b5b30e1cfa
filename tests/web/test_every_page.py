"""Every page as every role: who gets in is a table, and a route that is not in it fails.

Whatever comes back is safe: the policy, no inline code, no store, and no contact of a resident where it is not due.
"""

import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from fastapi.routing import APIRoute

from api.auth import COOKIE
from domain.vocabulary import Role
from tests.api.conftest import token_of
from tests.api.served import Served, served, settings_for
from tests.web.conftest import accept, token_in
from tests.web.pages_table import KEPT_BY_BROWSERS, LEADING_ON, NOBODY, OPEN_TO
from web.app import create_app
from web.routes import PAGES
from web.session import FIELD

REPORTER, PHONE = "王路人甲", "13900139001"
_INLINE = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>|\sstyle\s*=\s*[\"']|\son[a-z]+\s*=\s*[\"']|javascript:", re.I)
_PARAMETER = re.compile(r"\{(\w+)\}")
_CODES = {
    "/items/": "rehearsal-service",
    "/units/": "rehearsal-unit",
    "/admin/units/": "rehearsal-unit",
    "/admin/grids/": "qingyou-1",
}
"""What ``code`` names, by the beginning of the route."""

_TRACKED = "/track/{number}"
_SAFE = frozenset({200, 303, 400, 403, 404, 405, 409, 413, 415, 422})
RUBBISH: tuple[dict[str, str], ...] = (
    {},
    {"key": "", "note": "\x00", "unit": "\ufffe", "until": "yesterday", "codes.": "1", "codes.x": "1"},
    {"number": "9" * 400, "id": "-1", "at": "2026-13-45T99:99", "score": "1e9", "roles": "administrator", "limit": "x"},
)


@dataclass(frozen=True, slots=True)
class Place:
    """The running product with a case of each kind, and what stands in the paths of their pages."""

    running: Served
    named: Mapping[str, str]

    def client(self, who: str | None) -> httpx.Client:
        """The browser of somebody."""
        client = httpx.Client(base_url=self.running.base_url, timeout=30)
        if who is not None:
            client.cookies.set(COOKIE, token_of(who))
        return client

    def path(self, route: str) -> str:
        """Where a page is: with something that is there in its path, or else with nothing that is."""
        code = next((code for beginning, code in _CODES.items() if route.startswith(beginning)), "")
        named = {**self.named, "code": code}
        path = _PARAMETER.sub(lambda found: named.get(found[1], "nothing-such"), route)
        return f"{path}?code={self.named['tracking_code']}" if route == _TRACKED else path


@pytest.fixture(scope="module")
def place(sqlite_district: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """For the whole module: nothing that is asked here changes anything."""
    directory = tmp_path_factory.mktemp("every-page")
    shutil.copy(sqlite_district, directory / "store.db")
    with served(settings_for(f"sqlite:///{directory / 'store.db'}", directory), make=create_app) as running:
        with httpx.Client(base_url=running.base_url, timeout=30) as client:
            number = accept(client, reporter={"name": REPORTER, "phone": PHONE})
        code = running.app.state.house.tracking_code(number)
        named = {
            "number": number,
            "tracking_code": code,
            "username": "rehearsal.handler",
            "year": "2026",
            "chosen": "en",
            "form": "csv",
        }
        yield Place(running, named)


def routes(method: str) -> set[str]:
    """The paths of all pages that answer to this method."""
    return {
        route.path
        for module in PAGES
        for route in module.router.routes
        if isinstance(route, APIRoute) and method in (route.methods or ())
    }


def test_table_has_every_page() -> None:
    assert routes("GET") ^ (OPEN_TO.keys() | LEADING_ON) == set()


@pytest.mark.parametrize("role", [None, *Role])
def test_page_opens_to_the_roles_of_the_table_and_is_safe_for_all(place: Place, role: Role | None) -> None:
    wrong = []
    with place.client(role) as client:
        for route in sorted(OPEN_TO.keys() | LEADING_ON):
            answer = client.get(place.path(route))
            roles = OPEN_TO.get(route, NOBODY)
            due = {303} if route in LEADING_ON else {200} if role in roles else {403, 404} if role else {303, 403, 404}
            due |= {429} if route == _TRACKED else set()  # everybody here follows from the same address
            if answer.status_code not in due:
                wrong.append((route, answer.status_code))
            assert_safe(route, answer)
    assert wrong == []


def assert_safe(route: str, answer: httpx.Response) -> None:
    """Nobody's contact, nothing that a browser keeps or runs."""
    assert PHONE not in answer.text, route
    assert REPORTER not in answer.text, route
    assert "no-store" in answer.headers["cache-control"] or route in KEPT_BY_BROWSERS, route
    if answer.headers.get("content-type", "").startswith("text/html"):
        assert "unsafe" not in answer.headers["content-security-policy"], route
        assert _INLINE.search(answer.text) is None, (route, _INLINE.search(answer.text))


@pytest.mark.parametrize("role", [None, *Role])
def test_form_without_our_token_is_refused_everywhere(place: Place, role: Role | None) -> None:
    with place.client(role) as client:
        for route in sorted(routes("POST")):
            answer = client.post(place.path(route), data={"note": "x"})
            refused = {403, 404, 415} if role else {303, 403, 404, 415}
            assert answer.status_code in refused, (route, answer.status_code)
            assert answer.status_code != 303 or answer.headers["location"].startswith("/signin"), route


@pytest.mark.parametrize("role", [None, Role.SUPERVISOR, Role.GRID_OFFICER, Role.ADMINISTRATOR])
def test_rubbish_in_a_form_is_no_failure(place: Place, role: Role | None) -> None:
    with place.client(role) as client:
        token = token_in(client.get("/notices" if role else "/signin").text)
        for route in sorted(routes("POST") - {"/signout"}):
            for rubbish in RUBBISH:
                answer = client.post(place.path(route), data={FIELD: token, **rubbish})
                assert answer.status_code in _SAFE | {429, 503}, (route, rubbish, answer.status_code)
