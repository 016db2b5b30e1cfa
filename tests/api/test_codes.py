"""Every code that can come out says something to a person, and comes out with the status of its kind."""

import re
from collections.abc import Iterator

import pytest

from api import wording
from api.bodies import _CODES
from api.desk import refusal_of
from domain.case_commands import ALLOWED
from settings import ROOT

RAISED = re.compile(
    r"\b(?:Conflict|Unprocessable|Forbidden|fault|unavailable)\(\s*\"(\w+)\"|\b(?:Problem\(\d+|Fault\([^,]+), \"(\w+)\""
)
FIELDS = re.compile(r"Unprocessable\(\s*\"(\w+)\"")


def codes() -> Iterator[str]:
    for package in ("domain", "api", "db"):
        for file in (ROOT / package).rglob("*.py"):
            for first, second in RAISED.findall(file.read_text(encoding="utf-8")):
                yield first or second


@pytest.mark.parametrize("code", sorted({*codes(), *_CODES.values()}))
def test_code_has_a_sentence(code: str) -> None:
    assert wording.say(code) != wording.say("no such code")


@pytest.mark.parametrize("file", ["holding/commands.py", "holding/parts.py", "interview.py", "accountability.py"])
def test_refusal_of_a_field_keeps_its_status_across_the_engine(file: str) -> None:
    assert ALLOWED
    for code in FIELDS.findall((ROOT / "domain" / file).read_text(encoding="utf-8")):
        assert refusal_of(code).http_status == 422
