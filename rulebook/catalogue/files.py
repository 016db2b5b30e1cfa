"""The files of a catalogue, layer over layer and version over version, checked for shape.

A version that is based on another has its items, with what its own files say laid over them: of an item that both
have, the keys that the newer one writes count in place of the older one's.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeVar

from pydantic import BaseModel

from rulebook.catalogue.schema import (
    CatalogueModel,
    CommonMaterialModel,
    ItemModel,
    ItemsModel,
    LineModel,
    VersionModel,
)
from rulebook.files import checked, tree
from rulebook.marked import Marked, read
from rulebook.problems import Problem

DIRECTORY: Final = "catalogue"
MAIN: Final = f"{DIRECTORY}/catalogue.yaml"

Model = TypeVar("Model", bound=BaseModel)
Entries = dict[str, Marked]


@dataclass(frozen=True, slots=True)
class Written:
    """An item as it is written, and where."""

    model: ItemModel
    marked: Marked

    def problem(self, path: tuple[int | str, ...], expected: str, found: str) -> Problem:
        """A fault in it; ``path`` of keys and indices."""
        where = ".".join(map(str, (self.model.code, *path)))
        return self.marked.at(path).problem(where, expected, found)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A version with all its items. ``marked``: where its dates are written."""

    version: VersionModel
    marked: Marked
    lines: dict[str, LineModel]
    materials: dict[str, CommonMaterialModel]
    items: tuple[Written, ...]


@dataclass(slots=True)
class _Draft:
    """A version while its files are read."""

    lines: dict[str, LineModel]
    materials: dict[str, CommonMaterialModel]
    entries: Entries


def sheets(paths: list[Path], problems: list[Problem]) -> tuple[Sheet, ...]:
    """The versions of a rulebook with these layers, as they are declared. No catalogue at all is an empty one."""
    if not any((path / MAIN).is_file() for path in paths):
        return ()
    marked = tree(paths, MAIN, problems)
    main = checked(CatalogueModel, marked, problems)
    if main is None or marked is None:
        return ()
    _check_places(paths, {version.version for version in main.versions}, problems)
    drafts: dict[str, _Draft] = {}
    for index, version in enumerate(main.versions):
        below = _below(version, index, main, drafts, marked, problems)
        drafts[version.version] = _read_version(version.version, below, paths, problems)
    return tuple(
        _sheet(version, marked.at(("versions", index)), drafts[version.version], problems)
        for index, version in enumerate(main.versions)
    )


def _check_places(paths: list[Path], versions: set[str], problems: list[Problem]) -> None:
    """A file that nothing reads is a mistake, not a remark."""
    for layer in paths:
        for file in sorted((layer / DIRECTORY).rglob("*.yaml")):
            within = file.relative_to(layer / DIRECTORY).parts
            if file != layer / MAIN and (len(within) != 2 or within[0] not in versions):
                expected = f"a file in the directory of a version ({', '.join(sorted(versions))})"
                problems.append(Problem(file, 1, "", expected, "/".join(within)))


def _below(
    version: VersionModel,
    index: int,
    main: CatalogueModel,
    drafts: dict[str, _Draft],
    marked: Marked,
    problems: list[Problem],
) -> _Draft:
    """What the version begins with."""
    base = drafts.get(version.based_on) if version.based_on is not None else None
    if version.based_on is not None and base is None:
        path = ("versions", index, "based_on")
        problems.append(
            marked.at(path).problem(".".join(map(str, path)), "a version that stands above", version.based_on)
        )
    if base is not None:
        return _Draft(dict(base.lines), dict(base.materials), dict(base.entries))
    return _Draft({line.code: line for line in main.lines}, {found.code: found for found in main.materials}, {})


def _read_version(version: str, draft: _Draft, paths: list[Path], problems: list[Problem]) -> _Draft:
    for layer in reversed(paths):
        given: dict[str, Marked] = {}
        for file in sorted((layer / DIRECTORY / version).glob("*.yaml")):
            _read_file(file, draft, given, problems)
    return draft


def _read_file(file: Path, draft: _Draft, given: Entries, problems: list[Problem]) -> None:
    """Lay one file of items over what is there. ``given``: what other files of its layer say, for the same version."""
    marked = read(file, problems)
    model = checked(ItemsModel, marked, problems)
    if model is None or marked is None:
        return
    draft.lines |= {line.code: line for line in model.lines}
    draft.materials |= {material.code: material for material in model.materials}
    for index in range(len(model.items)):
        _lay(marked.at(("items", index)), draft.entries, given, problems)
    for index, code in enumerate(model.withdrawn):
        if draft.entries.pop(code, None) is None:
            found = marked.at(("withdrawn", index))
            problems.append(found.problem(f"withdrawn.{index}", "the code of an item that was there", code))


def _lay(entry: Marked, entries: Entries, given: Entries, problems: list[Problem]) -> None:
    own = entry.value.get("code") if isinstance(entry.value, dict) else None
    if own is None or not isinstance(own.value, str) or not isinstance(entry.value, dict):
        problems.append(entry.problem("items", "an item with a code", "something else"))
        return
    code = own.value
    if code in given:
        first = f"{code} again (first in {given[code].file.name}, line {given[code].line})"
        problems.append(own.problem("code", "every code once", first))
        return
    given[code] = entry
    below = entries.get(code)
    if below is not None and isinstance(below.value, dict):
        entries[code] = Marked({**below.value, **entry.value}, entry.file, entry.line)
    else:
        entries[code] = entry


def _sheet(version: VersionModel, marked: Marked, draft: _Draft, problems: list[Problem]) -> Sheet:
    items: list[Written] = []
    for code, entry in draft.entries.items():
        model = _checked_item(code, entry, problems)
        if model is not None:
            items.append(Written(model, entry))
    return Sheet(version, marked, draft.lines, draft.materials, tuple(items))


def _checked_item(code: str, entry: Marked, problems: list[Problem]) -> ItemModel | None:
    own: list[Problem] = []
    model = checked(ItemModel, entry, own)
    problems.extend(replace(fault, where=f"{code}.{fault.where}".rstrip(".")) for fault in own)
    return model
