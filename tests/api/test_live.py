"""Live pages: a nudge when something happens, to everybody who waits, and to nobody else."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from api.auth import COOKIE
from tests.api.conftest import As, token_of
from tests.api.served import Served, report

PATH = "/board/stream"


@contextmanager
def stream(client: httpx.Client) -> Iterator[Iterator[str]]:
    with client.stream("GET", PATH, timeout=15) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = answer.iter_lines()
        assert next(lines).startswith("retry:")
        yield lines


def test_everybody_who_waits_is_told_when_a_case_comes_in(as_: As) -> None:
    with stream(as_("supervisor")) as first, stream(as_("handler")) as second:
        assert as_("intake_clerk").post("/incidents", json=report()).status_code == 201
        assert "event: changed" in first
        assert "event: changed" in second


def test_nudge_says_nothing_about_what_happened(as_: As) -> None:
    with stream(as_("handler")) as lines:
        as_("intake_clerk").post("/incidents", json=report())
        assert "event: changed" in lines
        assert next(lines) == "data:"


def test_stream_is_refused_to_whoever_is_not_signed_in(calm: Served) -> None:
    with calm.client() as client:
        assert client.get(PATH).status_code == 401


def test_browser_is_known_by_its_cookie_when_it_reads(calm: Served) -> None:
    with calm.client() as client:
        client.cookies.set(COOKIE, token_of("supervisor"))
        assert client.get("/sessions/current").json()["username"] == "supervisor"


@pytest.mark.parametrize("path", ["/incidents", "/cases/SJ261123-0000001/urging", "/notices/1/read"])
def test_cookie_alone_changes_nothing(calm: Served, path: str) -> None:
    with calm.client() as client:
        client.cookies.set(COOKIE, token_of("supervisor"))
        assert client.post(path, json=report()).status_code == 401
        assert client.delete("/sessions/current").status_code == 401
        assert client.get("/sessions/current").status_code == 200
