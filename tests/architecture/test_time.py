"""Time is an argument: neither rules nor replayed code look at a clock, and only one module waits."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.source import Lint, Source, dotted, imported, offences, product, source, under

UNREPEATABLE = frozenset({"os", "random", "secrets", "socket", "time", "uuid"})
CLOCKS = frozenset({"datetime.now", "datetime.today", "datetime.utcnow", "date.today", "datetime.datetime.now"})
WAITS = frozenset({"asyncio.sleep", "asyncio.timeout", "asyncio.wait_for", "workflow.sleep"})


def unrepeatable(file: Source) -> Iterator[str]:
    """Clocks, randomness and the machine: what would be another thing at a replay."""
    for line, name in imported(file.tree):
        if name.partition(".")[0] in UNREPEATABLE:
            yield f"{line} imports {name}"
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Attribute) and dotted(node) in CLOCKS:
            yield f"{node.lineno} reads {dotted(node)}"


def clock_without_zone(file: Source) -> Iterator[str]:
    """``datetime.now()`` without a zone, and its naive relatives."""
    for node in ast.walk(file.tree):
        if not isinstance(node, ast.Call) or dotted(node.func) not in CLOCKS | {"datetime.fromtimestamp"}:
            continue
        zoned = any(keyword.arg == "tz" for keyword in node.keywords)
        wanted = 2 if dotted(node.func).endswith("fromtimestamp") else 1
        if not dotted(node.func).endswith(".now") and not dotted(node.func).endswith("fromtimestamp"):
            yield f"{node.lineno} calls {dotted(node.func)}"
        elif not zoned and len(node.args) < wanted:
            yield f"{node.lineno} calls {dotted(node.func)} without a zone"


def timeout_named(file: Source) -> Iterator[str]:
    """A wait with an end, anywhere but in ``workflows/deadline.py``."""
    if file.path == "workflows/deadline.py":
        return
    for node in ast.walk(file.tree):
        if not isinstance(node, ast.Call):
            continue
        if dotted(node.func) in WAITS or any(keyword.arg == "timeout" for keyword in node.keywords):
            yield f"{node.lineno} waits with an end of its own"


def test_rules_and_replayed_code_see_neither_clock_nor_chance() -> None:
    assert offences(unrepeatable, under("domain", "workflows")) == []


def test_every_clock_is_read_with_a_zone() -> None:
    assert offences(clock_without_zone, product()) == []


def test_one_module_of_the_replayed_code_names_a_timeout() -> None:
    assert offences(timeout_named, under("workflows")) == []


@pytest.mark.parametrize(
    ("lint", "line"),
    [
        (unrepeatable, "import random"),
        (unrepeatable, "from time import monotonic"),
        (unrepeatable, "now = datetime.now(UTC)"),
        (clock_without_zone, "now = datetime.now()"),
        (clock_without_zone, "day = date.today()"),
        (clock_without_zone, "at = datetime.fromtimestamp(0)"),
        (timeout_named, "await workflow.wait_condition(ready, timeout=day)"),
        (timeout_named, "await asyncio.sleep(5)"),
    ],
)
def test_offence_is_found_when_there_is_one(lint: Lint, line: str) -> None:
    assert offences(lint, [source("workflows/made_up.py", line)])
