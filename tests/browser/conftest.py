"""A real browser before the whole product: pages, API, engine and worker. In a process of its own (``make browser``).

Debian's chromium is used, driven by Playwright; no browser is downloaded. Without one these tests fail, and say so.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from api.auth import COOKIE
from tests.api.conftest import sqlite_district, token_of
from tests.api.served import Served, engine, served, settings_for
from tests.browser.town import Town
from web.app import create_app
from web.language import COOKIE as LANGUAGE

__all__ = ["sqlite_district"]

NAMES = ("chromium", "chromium-browser", "google-chrome")
PATIENCE_MS = 10_000

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def town(sqlite_district: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The product, for the whole run: every test brings its own cases."""
    directory = tmp_path_factory.mktemp("browsed")
    shutil.copy(sqlite_district, directory / "store.db")
    with engine() as address:
        settings = settings_for(f"sqlite:///{directory / 'store.db'}", directory, address)
        with served(settings, worker=True, make=create_app) as running:
            yield Town(running)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, closed before another module begins: its driver would disturb an event loop."""
    path = os.environ.get("BIHUAN_TEST_BROWSER") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.fail("No browser was found: apt-get install chromium fonts-noto-cjk (or set BIHUAN_TEST_BROWSER).")
    with sync_playwright() as driver:
        launched = driver.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield launched
        launched.close()


class Watched:
    """What went wrong in the pages of a test: messages of the console, errors, requests that left the machine."""

    def __init__(self, running: Served) -> None:
        self._host = urlsplit(running.base_url).netloc
        self.complaints: list[str] = []
        self.expected: tuple[str, ...] = ()

    def watch(self, context: BrowserContext) -> None:
        """Watch every page of a browser."""
        context.on("request", self._asked)
        context.on("weberror", lambda error: self.complaints.append(f"error: {error.error}"))
        context.on("console", lambda said: self._said(said.type, said.text))

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.netloc != self._host:
            self.complaints.append(f"request: {request.url}")

    def _said(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and not any(known in text for known in self.expected):
            self.complaints.append(f"{kind}: {text}")


@pytest.fixture
def watched(town: Town) -> Iterator[Watched]:
    """Fails the test when a console complained, or a request left the machine."""
    watching = Watched(town.running)
    yield watching
    assert watching.complaints == []


@pytest.fixture
def visit(browser: Browser, town: Town, watched: Watched) -> Iterator[Open]:
    """``visit("/board", "supervisor")``: a page in a browser of its own, of somebody signed in."""
    contexts: list[BrowserContext] = []

    def open_page(
        path: str, who: str | None = None, *, width: int = 1280, dark: bool = False, script: bool = True,
        language: str = "zh-CN",
    ) -> Page:  # fmt: skip
        context = browser.new_context(
            base_url=town.running.base_url,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            locale=language,
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        watched.watch(context)
        context.add_cookies([{"name": LANGUAGE, "value": language, "url": town.running.base_url}])
        if who is not None:
            context.add_cookies([{"name": COOKIE, "value": token_of(who), "url": town.running.base_url}])
        page = context.new_page()
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
