"""What crosses the engine carries ids, codes and instants: never a name, a phone, an address or free text."""

import ast
import base64
import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from api.command_table import ACCOUNTABILITY_COMMANDS, CASE_COMMANDS, INTERVIEW_COMMANDS, CommandLine
from domain import accountability, case, interview, messages, promise
from domain.holding import outside, state, values
from domain.service import flow, materials, request
from settings import ROOT
from tests.architecture.source import Source, offences, source, under

PERSONAL = frozenset(
    {"address", "birth", "comment", "contact", "description", "email", "id_number", "lat", "location", "lon", "measure",
     "measures", "name", "note", "person", "phone", "place", "plan", "reason", "reporter", "reporter_name",
     "reporter_phone", "result", "text", "words"}
)  # fmt: skip
CODES = {("Rung", "name")}
"""Fields with such a name that hold a code: a rung of a ladder is named in the rulebook."""

CROSSING = (
    messages, case, state, values, interview, accountability, promise, request, flow, materials, outside,
)  # fmt: skip
WRITING_EVENTS = (
    "domain/case.py", "domain/case_clock.py", "domain/case_commands.py", "domain/case_events.py", "domain/facts.py",
    "domain/interview.py", "domain/accountability.py",
)  # fmt: skip
CODE_KEYS = {("domain/facts.py", "name")}
"""Where such a key is written for a code: again the rung of a ladder."""

HISTORIES = sorted((ROOT / "tests" / "replay" / "histories").glob("*.json"))
COMMANDS = (*CASE_COMMANDS, *INTERVIEW_COMMANDS, *ACCOUNTABILITY_COMMANDS)


def personal_fields(module: ModuleType) -> Iterator[str]:
    """Fields of the module's own dataclasses whose name says that a person's data is in them."""
    for kind in vars(module).values():
        if isinstance(kind, type) and is_dataclass(kind) and kind.__module__ == module.__name__:
            for field in fields(kind):
                if field.name in PERSONAL and (kind.__name__, field.name) not in CODES:
                    yield f"{kind.__name__}.{field.name}"


def personal_keys(file: Source) -> Iterator[str]:
    """Keys of dictionaries by which personal data would get into an event."""
    for node in ast.walk(file.tree):
        for key in node.keys if isinstance(node, ast.Dict) else ():
            if isinstance(key, ast.Constant) and key.value in PERSONAL and (file.path, key.value) not in CODE_KEYS:
                yield f"{key.lineno} writes {key.value!r}"


def keys_of(plain: Any) -> Iterator[tuple[str, Any]]:
    """Every key of a JSON value with what it holds, at whatever depth."""
    if isinstance(plain, dict):
        for key, value in plain.items():
            yield key, value
            yield from keys_of(value)
    elif isinstance(plain, list):
        for item in plain:
            yield from keys_of(item)


def payloads(history: Any) -> Iterator[Any]:
    """What a history carries of ours, decoded."""
    if isinstance(history, dict) and isinstance(history.get("data"), str) and "metadata" in history:
        encoding = base64.b64decode(history["metadata"].get("encoding", "")).decode()
        if encoding.startswith("json/"):
            yield json.loads(base64.b64decode(history["data"]))
    elif isinstance(history, dict):
        for value in history.values():
            yield from payloads(value)
    elif isinstance(history, list):
        for item in history:
            yield from payloads(item)


@pytest.mark.parametrize("module", CROSSING, ids=lambda module: module.__name__)
def test_no_message_or_state_has_a_personal_field(module: ModuleType) -> None:
    assert list(personal_fields(module)) == []


def test_no_event_is_written_with_a_personal_key() -> None:
    alone = [file for file in under("domain") if file.path in WRITING_EVENTS]
    assert len(alone) == len(WRITING_EVENTS)
    assert offences(personal_keys, [*alone, *under("domain/holding", "domain/service")]) == []


@pytest.mark.parametrize("line", COMMANDS, ids=lambda line: line.kind.value)
def test_words_of_a_command_stay_beside_it(line: CommandLine) -> None:
    assert set(line.schema.model_fields) & PERSONAL <= set(line.texts)


@pytest.mark.parametrize("file", HISTORIES, ids=lambda file: file.stem)
def test_no_history_holds_a_personal_key(file: Path) -> None:
    held = {key for payload in payloads(json.loads(file.read_text(encoding="utf-8"))) for key, _ in keys_of(payload)}
    assert held & {"state", "connector", "calendar_version"}  # or nothing was looked at
    assert held & PERSONAL <= {name for _, name in CODES}


def test_offence_is_found_when_there_is_one() -> None:
    assert offences(personal_keys, [source("domain/case.py", 'def f(a):\n    return {"note": a}')])
