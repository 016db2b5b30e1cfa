"""The tree as the architecture tests read it: files, syntax trees, names."""

import ast
import subprocess
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from settings import ROOT

PACKAGES = ("activities", "api", "db", "domain", "launch", "rulebook", "web", "workflows")
MODULES = ("settings.py", "worker.py")
NOT_OURS = frozenset({".git", "var", "build", "__pycache__"})


@dataclass(frozen=True, slots=True)
class Source:
    """A Python file of the product. ``path`` is relative to the root, with slashes."""

    path: str
    text: str
    tree: ast.Module


Lint = Callable[[Source], Iterable[str]]
"""Says what is wrong in a file."""


@cache
def product() -> tuple[Source, ...]:
    """Every Python file that runs at a user's: not tests, not benchmarks."""
    paths = [ROOT / name for name in MODULES]
    for package in PACKAGES:
        paths += sorted((ROOT / package).rglob("*.py"))
    return tuple(read(path) for path in paths)


def read(path: Path) -> Source:
    """A file of the tree."""
    return source(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))


def source(path: str, text: str) -> Source:
    """A file as it would be."""
    return Source(path, text, ast.parse(text))


def under(*packages: str) -> tuple[Source, ...]:
    """The files of some packages."""
    return tuple(file for file in product() if file.path.startswith(tuple(f"{package}/" for package in packages)))


def offences(lint: Lint, files: Iterable[Source]) -> list[str]:
    """All that a lint finds, with the file in front."""
    return [f"{file.path}:{found}" for file in files for found in lint(file)]


def imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and dotted name of everything that is imported, at whatever depth; ``from a import b`` is ``a.b``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function, nested ones too."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def dotted(node: ast.AST) -> str:
    """``a.b.c`` of an expression that is one, else an empty string."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (head := dotted(node.value)):
        return f"{head}.{node.attr}"
    return ""


def text_files() -> Iterator[Path]:
    """Every file of the tree, whatever its kind: what git has or would take, else all but what is made at run time."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(listing, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
        paths = [ROOT / name for name in listed if name]
    except (OSError, subprocess.CalledProcessError):
        paths = [path for path in ROOT.rglob("*") if NOT_OURS.isdisjoint(path.relative_to(ROOT).parts)]
    return (path for path in sorted(paths) if path.is_file())
