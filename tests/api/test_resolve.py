"""What is resolved for a command after the rulebook has changed under a running case."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from api import resolve
from api.schemas.commands import AnswerIn, DispatchIn, VerificationIn
from domain.case import Case
from domain.rulebook import Rulebook
from tests.unit.case_world import MONDAY, after, bare_case, promise
from tests.unit.rulebooks import shipped

RULES: Rulebook = replace(shipped().rulebook, categories={})
RUNNING: Case = replace(bare_case(), unit="roads", promise=replace(promise(MONDAY), rule="3 days"))


@pytest.mark.parametrize(
    "ask",
    [
        lambda: resolve.verify(RULES, resolve.whole(RUNNING), VerificationIn(solved=False, note=""), after(days=1)),
        lambda: resolve.rate(RULES, resolve.whole(RUNNING), AnswerIn(solved=False, note=""), after(days=1)),
        lambda: resolve.dispatch(
            RULES, resolve.whole(replace(RUNNING, red=True)), DispatchIn(unit="water"), after(days=1)
        ),
    ],
    ids=["verification", "answer", "dispatch"],
)
def test_running_case_keeps_its_limit_when_its_category_is_gone(ask: Callable[[], dict[str, Any]]) -> None:
    made = ask()
    assert (made["promise"]["rule"], made["promise"]["due_at"]) == ("3 days", "2026-03-06T09:30:00+00:00")
