"""What a page costs the store does not grow with what it shows: how many statements it takes."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

import pytest
from sqlalchemy import Engine, event

from tests.web.conftest import Visitor, accept

FULL = 10
"""So many in one lane that it has to be counted."""

PAGES = [
    ("supervisor", "/board"),
    ("supervisor", "/board/lanes?unit=urban-management"),
    ("supervisor", "/cases"),
    ("supervisor", "/cases?q=made-up"),
    ("supervisor", "/triage"),
    ("supervisor", "/notices"),
    ("handler", "/work"),
    ("handler", "/cases?light=green"),
    ("unit_leader", "/notices"),
    ("intake_clerk", "/cases"),
    ("auditor", "/board"),
]
MOST = 26


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that ran meanwhile, in this process, the watch and the relay aside."""
    found: list[str] = []
    lock = Lock()

    def count(_: object, __: object, statement: str, *rest: object) -> None:
        if "FROM cases" in statement or "FROM notice" in statement or "FROM case_part" in statement:
            with lock:
                found.append(statement)

    event.listen(Engine, "before_cursor_execute", count)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", count)


@pytest.mark.parametrize(("who", "path"), PAGES)
def test_page_takes_as_many_statements_when_there_are_more_cases(visitor: Visitor, who: str, path: str) -> None:
    clerk, reader = visitor(None), visitor(who)

    def cost() -> int:
        with counted() as found:
            assert reader.get(path).status_code == 200
        return len(found)

    for _ in range(FULL):
        accept(clerk)
    few = cost()
    for _ in range(FULL):
        accept(clerk)
    assert cost() == few <= MOST
