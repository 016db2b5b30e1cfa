"""Both languages are complete: nothing is said without its English, and nothing is shown that nobody translates."""

import re
from enum import StrEnum
from pathlib import Path

import pytest

from api import wording
from domain.vocabulary import EventType, Light
from tests.web import source
from web.happenings import _SENTENCES
from web.language import english, refusals
from web.words import NAMES

OF_THE_PAGES = {"rules_refuse"}
"""Codes that no refusal has: what is said where none is written."""

NO_WORD_YET = {"withdraw_interview", "rebase", "interview", "accountability"}
"""Members that no page shows so far."""


def test_everything_that_is_said_has_its_english_and_nothing_else_has() -> None:
    assert source.said() - set(english()) == set()
    assert set(english()) - source.said() == set()


def test_values_are_put_into_both_languages_alike() -> None:
    slots = re.compile(r"\{\w+\}")
    for chinese, translated in english().items():
        assert sorted(set(slots.findall(chinese))) == sorted(set(slots.findall(translated))), chinese


def test_english_has_no_chinese_in_it() -> None:
    assert [text for text in english().values() if source.CHINESE.search(text)] == []


@pytest.mark.parametrize("template", source.templates(), ids=lambda path: path.name)
def test_template_has_no_words_that_nobody_translates(template: Path) -> None:
    assert list(source.unmarked_in_template(template.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("module", source.modules(), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_module_has_no_chinese_that_nobody_marked(module: Path) -> None:
    assert list(source.unmarked_in_module(module.read_text(encoding="utf-8"))) == []


def test_every_refusal_has_its_chinese() -> None:
    codes = set(wording._SENTENCES)
    assert codes - set(refusals()) == set()
    assert set(refusals()) - codes == OF_THE_PAGES


@pytest.mark.parametrize("kind", NAMES, ids=lambda kind: kind.__name__)
def test_every_member_of_a_closed_set_has_its_word(kind: type[StrEnum]) -> None:
    assert {member.value for member in kind if member not in NAMES[kind]} <= NO_WORD_YET


def test_every_event_has_its_sentence() -> None:
    assert set(EventType) - set(_SENTENCES) == set()
    assert Light in NAMES


@pytest.mark.parametrize(
    "text",
    [
        "<p>Hello</p>",
        "<p>你好</p>",
        '<img alt="a lamp">',
        "{% if frame %}waiting{% endif %}",
        '<input placeholder="name">',
        '<b>{{ _("案件") }} of 3</b>',
    ],
)
def test_untranslated_words_are_found_when_there_are_some(text: str) -> None:
    assert list(source.unmarked_in_template(text))


def test_translated_words_are_not_found() -> None:
    assert not list(source.unmarked_in_template('<p title="{{ _("灯") }}">{{ _("案件") }} · {{ now }}</p>'))
    assert list(source.unmarked_in_module('x = "案件"'))
    assert not list(source.unmarked_in_module('x = mark("案件")'))
