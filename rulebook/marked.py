"""YAML as values that know where they stand, so that every fault can be pointed at; and one file laid over another.

Only what a rulebook needs: mappings, lists, text, whole and decimal numbers, true, false and null. Words like ``no``
and ``12:00`` stay text.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

import yaml

from rulebook.problems import Problem

_INTEGER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_DECIMAL: Final = re.compile(r"-?[0-9]{1,17}\.[0-9]{1,17}")
"""Longer ones are none that a rulebook needs, and stay text."""

_DEEPEST: Final = 40
_LONGEST_IN_WORDS: Final = 200_000
"""Characters of a text whose faults are told by the slower of two readers."""

_WORDS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None, "~": None, "": None}
_IDENTITY: Final = ("code", "version", "name", "username")
_FAST: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Value: TypeAlias = "bool | int | float | str | list[Marked] | dict[str, Marked] | None"


@dataclass(frozen=True, slots=True)
class Marked:
    """A value and where it stands. For a key of a mapping ``line`` is the line of the key."""

    value: Value
    file: Path
    line: int

    @property
    def plain(self) -> Any:
        """The value without marks."""
        if isinstance(self.value, dict):
            return {key: item.plain for key, item in self.value.items()}
        if isinstance(self.value, list):
            return [item.plain for item in self.value]
        return self.value

    def at(self, path: tuple[int | str, ...]) -> "Marked":
        """What stands at the path of keys and indices, or the nearest thing above it that exists."""
        found = self
        for step in path:
            inside = found.value
            if isinstance(inside, dict) and isinstance(step, str):
                found = inside.get(step, found)
            if isinstance(inside, list) and isinstance(step, int):
                found = inside[step] if step < len(inside) else found
        return found

    def problem(self, where: str, expected: str, found: str) -> Problem:
        """A fault at this value."""
        return Problem(self.file, self.line, where, expected, found)


def read(file: Path, problems: list[Problem]) -> Marked | None:
    """The content of a YAML file; None, with the problem noted, when it cannot be read at all."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        problems.append(Problem(file, 1, "", "a readable file in UTF-8", type(fault).__name__))
        return None
    return parsed(text, file, problems)


def parsed(text: str, file: Path, problems: list[Problem]) -> Marked | None:
    """As ``read``, of a text that stands, or is to stand, in ``file``."""
    try:
        node = _compose(text)
    except _NotPlain as fault:
        problems.append(Problem(file, fault.line, "", "plain YAML", str(fault)))
        return None
    except yaml.MarkedYAMLError as fault:
        line = fault.problem_mark.line + 1 if fault.problem_mark else 1
        problems.append(Problem(file, line, "", "YAML", fault.problem or "something else"))
        return None
    except yaml.YAMLError as fault:
        problems.append(Problem(file, 1, "", "YAML", str(fault).splitlines()[0]))
        return None
    if node is None:
        problems.append(Problem(file, 1, "", "content", "an empty file"))
        return None
    return _mark(node, file, node.start_mark.line + 1, problems)


def _compose(text: str) -> yaml.Node | None:
    """With libyaml where there is one, which is ten times as fast; what is wrong is said by the other in its words."""
    try:
        _demand_plain(text)
        return yaml.compose(text, Loader=_FAST)
    except _NotPlain:
        raise
    except yaml.YAMLError:
        if len(text) > _LONGEST_IN_WORDS:
            raise
        return yaml.compose(text, Loader=yaml.SafeLoader)


class _NotPlain(yaml.YAMLError):
    """What YAML has and a rulebook has not, and the line where it stands."""

    def __init__(self, found: str, line: int) -> None:
        self.line = line
        super().__init__(found)


def _demand_plain(text: str) -> None:
    """Raises before a few hundred bytes unfold to gigabytes, or nest deeper than a reader's stack."""
    depth = 0
    for event in yaml.parse(text, Loader=_FAST):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise _NotPlain("an alias, which unfolds without end", line)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise _NotPlain(f"more than {_DEEPEST} levels", line)


def overlaid(below: Marked, above: Marked) -> Marked:
    """``above`` laid over ``below``: keys override, entries of lists by their code or name; others are added."""
    if isinstance(below.value, dict) and isinstance(above.value, dict):
        merged = dict(below.value)
        for key, item in above.value.items():
            merged[key] = overlaid(merged[key], item) if key in merged else item
        return Marked(merged, above.file, above.line)
    if isinstance(below.value, list) and isinstance(above.value, list):
        named = [_identity(item) for item in (*below.value, *above.value)]
        if None not in named:
            return Marked(_entries(below.value, above.value), above.file, above.line)
    return above


def _entries(below: list[Marked], above: list[Marked]) -> list[Marked]:
    known = {_identity(item) for item in below}
    replaced = {_identity(item): item for item in above}
    kept = [overlaid(item, replaced[_identity(item)]) if _identity(item) in replaced else item for item in below]
    return kept + [item for item in above if _identity(item) not in known]


def _identity(entry: Marked) -> Any:
    if isinstance(entry.value, dict):
        for key in _IDENTITY:
            if key in entry.value:
                return (key, entry.value[key].plain)
    return None


def _mark(node: yaml.Node, file: Path, line: int, problems: list[Problem]) -> Marked:
    if isinstance(node, yaml.MappingNode):
        return Marked(_mapping(node, file, problems), file, line)
    if isinstance(node, yaml.SequenceNode):
        return Marked([_mark(item, file, item.start_mark.line + 1, problems) for item in node.value], file, line)
    quoted = isinstance(node, yaml.ScalarNode) and bool(node.style)  # of a plain one it is None or empty
    return Marked(str(node.value) if quoted else _scalar(node.value), file, line)


def _mapping(node: yaml.MappingNode, file: Path, problems: list[Problem]) -> dict[str, Marked]:
    made: dict[str, Marked] = {}
    for key, value in node.value:
        line, name = key.start_mark.line + 1, str(key.value)
        if name in made:
            first = f"it again (first in line {made[name].line})"
            problems.append(Problem(file, line, name, "every key once", first))
        made[name] = _mark(value, file, line, problems)
    return made


def _scalar(text: str) -> Value:
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) else text
