"""The texts of the pages as the tests read them: what is marked to be said, and what is not."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from jinja2 import nodes

from settings import ROOT
from web.page import TEMPLATES, environment

WEB = ROOT / "web"
SAYING = frozenset({"_", "mark"})
CHINESE = re.compile(r"[\u3400-\u9fff]")
_TAG = re.compile(r"<[^<>]*>")
_SAID_ATTRIBUTE = re.compile(r"\b(?:alt|aria-label|placeholder|title|data-text|data-on|data-off)=\"([^\"]*)\"")
_ENTITY = re.compile(r"&[a-z]+;")
_LETTER = re.compile(r"[^\W\d_]")
_SLOT = "\x00"
LANGUAGES = frozenset({"English", "中文"})
"""The names of the languages stand in their own."""


def templates() -> list[Path]:
    """All templates."""
    return sorted(TEMPLATES.rglob("*.html"))


def modules() -> list[Path]:
    """All Python files of the pages."""
    return sorted(WEB.rglob("*.py"))


def said_in_template(text: str) -> Iterator[str]:
    """What a template says through the translator."""
    for call in environment().parse(text).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "_" and isinstance(call.args[0], nodes.Const):
            yield call.args[0].value


def said_in_module(text: str) -> Iterator[str]:
    """What a module marks to be said."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SAYING and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def unmarked_in_template(text: str) -> Iterator[str]:
    """Words of a template that nobody translates: between tags, and in attributes that people meet."""
    parts: list[str] = []
    for output in environment().parse(text).find_all(nodes.Output):
        parts += [node.data if isinstance(node, nodes.TemplateData) else _SLOT for node in output.nodes]
    whole = "".join(parts)
    for attribute in _SAID_ATTRIBUTE.findall(whole):
        if _LETTER.search(attribute):
            yield attribute
    for words in _TAG.sub("\n", whole).split("\n"):
        plain = _ENTITY.sub("", words).replace(_SLOT, "").strip()
        if _LETTER.search(plain) and plain not in LANGUAGES:
            yield plain


def unmarked_in_module(text: str) -> Iterator[str]:
    """Chinese in a module that nobody marked."""
    tree = ast.parse(text)
    marked = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SAYING
        for part in ast.walk(node)
    }
    documented = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        said = node.value if isinstance(node, ast.Constant) and id(node) not in marked | documented else None
        if isinstance(said, str) and CHINESE.search(said):
            yield said


def said() -> set[str]:
    """Everything that pages say."""
    found: set[str] = set()
    for path in templates():
        found |= set(said_in_template(path.read_text(encoding="utf-8")))
    for path in modules():
        found |= set(said_in_module(path.read_text(encoding="utf-8")))
    return found
