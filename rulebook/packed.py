"""The files of a rulebook as one value that can be kept in a row and sent as a ZIP: layer over layer, outermost first.

Only what a rulebook is made of is taken; nothing of a package ever names a place outside of it.
"""

import hashlib
import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any, Final

from rulebook.files import MAIN
from rulebook.problems import Problem, RulebookInvalid

DISTRICT: Final = "district.yaml"
RULES: Final = (MAIN, "categories.yaml", "routing.yaml")
_CALENDAR: Final = "calendar.csv"
_SINGLE: Final = frozenset({*RULES, DISTRICT, _CALENDAR})
_NESTED: Final = {"calendar": (".csv", 2), "catalogue": (".yaml", 3)}
"""Directory → how its files end, and how deep they lie at most."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One directory: its name, empty for the outermost, and its files by their path in it."""

    name: str
    files: Mapping[str, str]

    def shown(self, path: str) -> str:
        """How a file of it is named to people."""
        return f"{self.name}/{path}" if self.name else path


@dataclass(frozen=True, slots=True)
class Package:
    """All layers, outermost first."""

    layers: tuple[Layer, ...]

    @property
    def digest(self) -> str:
        """SHA-256 in hex of everything but the district, which is the house's."""
        content = [
            {path: text for path, text in layer.files.items() if path != DISTRICT} for layer in self.layers
        ]  # fmt: skip
        canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    def plain(self) -> list[Any]:
        """As JSON."""
        return [{"name": layer.name, "files": dict(layer.files)} for layer in self.layers]

    def with_top(self, files: Mapping[str, str]) -> "Package":
        """With these files in the outermost layer, and in none below: they say all that there is to say."""
        bare = [
            replace(layer, files={path: text for path, text in layer.files.items() if path not in files})
            for layer in self.layers
        ]
        return Package((replace(bare[0], files={**bare[0].files, **files}), *bare[1:]))

    @contextmanager
    def unpacked(self) -> Iterator[list[Path]]:
        """Directories with the layers, for as long as the block lasts."""
        with tempfile.TemporaryDirectory(prefix="bihuan-rulebook-") as above:
            paths = [Path(above) / str(index) for index in range(len(self.layers))]
            for directory, layer in zip(paths, self.layers, strict=True):
                directory.mkdir()
                for path, text in layer.files.items():
                    file = directory / path
                    file.parent.mkdir(parents=True, exist_ok=True)
                    file.write_text(text, encoding="utf-8")
            yield paths

    def named(self, fault: RulebookInvalid, paths: list[Path]) -> RulebookInvalid:
        """The same faults, in files as the package names them."""
        return RulebookInvalid([replace(problem, file=self._named(problem.file, paths)) for problem in fault.problems])

    def _named(self, file: Path, paths: list[Path]) -> Path:
        for directory, layer in zip(paths, self.layers, strict=True):
            if file.is_relative_to(directory):
                return Path(layer.shown(file.relative_to(directory).as_posix()))
        return Path(file.name)


def of_plain(plain: list[Any]) -> Package:
    """The package behind its JSON."""
    return Package(tuple(Layer(layer["name"], layer["files"]) for layer in plain))


def belongs(path: str) -> bool:
    """Whether a rulebook has files of this path."""
    parts = PurePosixPath(path).parts
    if len(parts) == 1:
        return parts[0] in _SINGLE
    ending, deepest = _NESTED.get(parts[0], ("", 0))
    return len(parts) <= deepest and path.endswith(ending)


def packed(directories: list[Path]) -> Package:
    """The files of these directories, outermost first. Raises RulebookInvalid for one that is no text."""
    return Package(
        tuple(
            Layer("" if index == 0 else directory.name, _files(directory))
            for index, directory in enumerate(directories)
        )
    )


def _files(directory: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for file in sorted(directory.rglob("*")):
        path = file.relative_to(directory).as_posix()
        if file.is_file() and belongs(path):
            try:
                found[path] = file.read_text(encoding="utf-8-sig" if path.endswith(".csv") else "utf-8")
            except (OSError, UnicodeDecodeError) as fault:
                expected = "a readable file in UTF-8"
                raise RulebookInvalid([Problem(file, 1, "", expected, type(fault).__name__)]) from fault
    return found
