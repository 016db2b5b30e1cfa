"""Words that are written once, and words that are not written at all."""

import ast
import enum
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain import vocabulary
from settings import ROOT
from tests.architecture.source import Lint, Source, dotted, offences, product, source, text_files

FIELDS = frozenset(
    {"ack_light", "audience", "consequence", "decided_for", "kind", "light", "outcome", "role", "roles", "source",
     "status", "type"}
)  # fmt: skip
"""Names under which members of closed sets are compared and stored."""

MEMBERS = frozenset(
    member.value
    for kind in vars(vocabulary).values()
    if isinstance(kind, type) and issubclass(kind, enum.StrEnum)
    for member in kind
)
TERMINAL = frozenset({"launch/up.py"})
"""Where a line goes to whoever sits at the terminal."""

_REGISTRIES = (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"), ("unpkg", "com"),
               ("jsdelivr", "net"), ("docker", "io"), ("ghcr", "io"), ("quay", "io"), ("crates", "io"),
               ("rubygems", "org"), ("anaconda", "org"), ("debian", "org"))  # fmt: skip
REGISTRIES = tuple(".".join(parts) for parts in _REGISTRIES)
"""Hosts of package registries, put together so that this file does not name them either."""

PLACES = re.compile(r"(?<![\w.:/-])/(?:home|root|Users|work|tmp|mnt|private)/\w|\b[A-Z]:\\\\?Users\b")
NAMING_THEM = frozenset({"tests/architecture/test_words.py"})


def retyped_member(file: Source) -> Iterator[str]:
    """Values of closed sets that are typed as strings where they are compared or stored."""
    for node in ast.walk(file.tree):
        for name, values in _compared_or_stored(node):
            for value in values:
                if name in FIELDS and value in MEMBERS:
                    yield f"{getattr(node, 'lineno', 0)} types {value!r} for {name}"


def _compared_or_stored(node: ast.AST) -> Iterator[tuple[str, list[str]]]:
    match node:
        case ast.Compare(left=left, comparators=comparators):
            sides = [left, *comparators]
            literals = [text for side in sides for text in _literals(side)]
            yield from ((_name(side), literals) for side in sides)
        case ast.Match(subject=subject, cases=cases):
            patterns = [part for case in cases for part in ast.walk(case.pattern) if isinstance(part, ast.MatchValue)]
            yield _name(subject), [text for pattern in patterns for text in _literals(pattern.value)]
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield key.value, _literals(value)
        case ast.keyword(arg=str(name), value=value):
            yield name, _literals(value)
        case ast.Assign(targets=[target], value=value):
            yield _name(target), _literals(value)
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            yield _name(target), _literals(value)


def _name(node: ast.AST) -> str:
    """The last name of an expression: ``status`` of ``case.status``, ``row["status"]``, ``row.get("status")``."""
    match node:
        case ast.Subscript(slice=ast.Constant(value=str(key))):
            return key
        case ast.Call(func=ast.Attribute(attr="get"), args=[ast.Constant(value=str(key)), *_]):
            return key
    return dotted(node).rpartition(".")[2].lstrip("_")


def _literals(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return [text for element in node.elts for text in _literals(element)]
    return []


def printing(file: Source) -> Iterator[str]:
    """Calls of ``print``."""
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Call) and dotted(node.func) == "print" and file.path not in TERMINAL:
            yield f"{node.lineno} prints"


def rehearsing(file: Source) -> Iterator[str]:
    """Code that knows the rehearsal: renaming it in the rulebook must change nothing."""
    for number, line in enumerate(file.text.splitlines(), start=1):
        if "rehearsal" in line.lower():
            yield f"{number} knows the rehearsal"


def out_of_place(path: str, text: str) -> Iterator[str]:
    """Hosts of registries, and paths of somebody's machine."""
    for number, line in enumerate(text.splitlines(), start=1):
        found = [host for host in REGISTRIES if host in line] + PLACES.findall(line)
        yield from (f"{path}:{number} names {name}" for name in found)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def test_members_of_closed_sets_are_never_retyped() -> None:
    assert offences(retyped_member, product()) == []


def test_nothing_prints_but_the_terminal_program() -> None:
    assert offences(printing, product()) == []


def test_no_code_knows_the_rehearsal() -> None:
    assert offences(rehearsing, product()) == []


def test_no_file_names_a_registry_or_a_machine() -> None:
    found: list[str] = []
    for path in text_files():
        name = path.relative_to(ROOT).as_posix()
        if name not in NAMING_THEM:
            found += out_of_place(name, _text(path))
    assert found == []


@pytest.mark.parametrize(
    ("lint", "line"),
    [
        (retyped_member, 'late = case.status == "closed"'),
        (retyped_member, 'late = row["light"] in ("yellow", "red")'),
        (retyped_member, 'late = "red" != row.get("light")'),
        (retyped_member, 'row = {"status": "dispatched"}'),
        (retyped_member, 'find(kind="incident")'),
        (retyped_member, 'status = "closed"'),
        (retyped_member, 'match event.type:\n    case "rated" | "closed":\n        pass'),
        (printing, 'print("done")'),
        (rehearsing, 'short = category == "rehearsal-short"'),
    ],
)
def test_offence_is_found_when_there_is_one(lint: Lint, line: str) -> None:
    assert offences(lint, [source("api/made_up.py", line)])


@pytest.mark.parametrize(
    "line", ["see /home/somebody/notes", 'open("/tmp/x")', f"https://{REGISTRIES[0]}/simple", r"C:\Users\me"]
)
def test_place_is_found_when_a_line_names_one(line: str) -> None:
    assert list(out_of_place("README.md", line))


@pytest.mark.parametrize("line", ["GET /api/v1/work/", "http://127.0.0.1:8000/tmp/x", "../shared/work/a", "a/tmp/b"])
def test_nothing_is_found_when_a_line_is_an_address_or_relative(line: str) -> None:
    assert not list(out_of_place("README.md", line))
