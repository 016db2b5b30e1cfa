"""The languages of the pages. Chinese is what the source says; the English is in ``web/locale/en``.

Text is marked where it is written: ``_("…")`` in templates, ``mark("…")`` in Python for what is said later. A test
finds what has no English.
"""

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final, Protocol

from fastapi import Request

from api import wording

COOKIE: Final = "bihuan_language"
LOCALE: Final = Path(__file__).with_name("locale")
GENERAL_REFUSAL: Final = "rules_refuse"


class Language(StrEnum):
    """The languages there are; the value is what HTML calls them."""

    CHINESE = "zh-CN"
    ENGLISH = "en"


class Say(Protocol):
    """Says a text in the reader's language, with these values put in."""

    def __call__(self, text: str, /, **values: object) -> str:
        """The text."""
        ...


def mark(text: str) -> str:
    """Marks a text that is said later, where the reader is known."""
    return text


@cache
def english() -> Mapping[str, str]:
    """Chinese → English, from every file of ``locale/en``. Raises ValueError for a text that stands in two of them."""
    found: dict[str, str] = {}
    for path in sorted((LOCALE / "en").glob("*.toml")):
        more = _read(path)
        if twice := found.keys() & more.keys():
            raise ValueError(f"{path.name}: already translated: {sorted(twice)}")
        found |= more
    return found


@cache
def refusals() -> Mapping[str, str]:
    """Code of a refusal → what it says in Chinese. The English is the API's own."""
    return _read(LOCALE / "refusals.toml")


def _read(path: Path) -> dict[str, str]:
    found: dict[str, str] = tomllib.loads(path.read_text(encoding="utf-8"))
    return found


def language_of(request: Request) -> Language:
    """What the reader chose, else Chinese."""
    chosen = request.cookies.get(COOKIE, "")
    return Language(chosen) if chosen in set(Language) else Language.CHINESE


def speaker(language: Language) -> Say:
    """What says a text in this language. What has no English is said in Chinese."""
    texts: Mapping[str, str] = english() if language is Language.ENGLISH else {}

    def say(text: str, /, **values: Any) -> str:
        found = texts.get(text, text)
        return found.format(**values) if values else found

    return say


def refusal(language: Language, code: str) -> str:
    """What the code of a refusal says to a person."""
    if language is Language.ENGLISH:
        return wording.say(code)
    return refusals().get(code) or refusals()[GENERAL_REFUSAL]
