"""A rulebook that comes as a ZIP: read with limits, whatever it says of itself, and never written where it wants to be.

Faults are told like those of the files themselves: with a name, a line, what was expected and what stands there.
"""

import io
import stat
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Final

from rulebook.files import MAIN
from rulebook.marked import parsed
from rulebook.packed import Layer, Package, belongs
from rulebook.problems import Problem, RulebookInvalid

LARGEST: Final = 4 << 20
"""Bytes of the ZIP itself."""

MOST_FILES: Final = 400
LARGEST_UNPACKED: Final = 16 << 20
LARGEST_FILE: Final = 4 << 20
DEEPEST: Final = 8
LONGEST_NAME: Final = 100
"""Bytes of each part of a path: a file system takes no more than some two hundred."""

_READ: Final = frozenset({".yaml", ".yml", ".csv"})
"""Files of these kinds are meant: one that nothing reads is a mistake, any other is passed by."""

_LEFT_OUT: Final = frozenset({"__MACOSX"})
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)
"""What ``zipfile`` raises for bytes that only begin like one, for passwords and for methods that it does not know."""


def package_of_zip(content: bytes) -> Package:
    """The package in a ZIP. Raises RulebookInvalid with what stands against it."""
    files = _texts(content)
    roots = sorted({_directory(path) for path in files if PurePosixPath(path).name == MAIN})
    if not roots:
        raise _invalid(MAIN, f"a file {MAIN}", "none in this ZIP")
    below = {root: _below(root, files, roots) for root in roots}
    outermost = [root for root in roots if root not in below.values()]
    if len(outermost) != 1:
        shown = ", ".join(root or "." for root in outermost) or "a circle"
        raise _invalid(MAIN, "one rulebook, and those that it extends", shown)
    chain = [outermost[0]]
    while (following := below[chain[-1]]) is not None:
        chain.append(following)
    _demand_all_read(files, chain)
    return Package(tuple(_layer(root, files, outermost=root == chain[0]) for root in chain))


def _texts(content: bytes) -> dict[str, str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            entries = [entry for entry in packed.infolist() if not entry.is_dir()]
            if len(entries) > MOST_FILES:
                raise _invalid("", f"at most {MOST_FILES} files", str(len(entries)))
            return _unpacked(packed, entries)
    except _BROKEN as broken:
        raise _invalid("", "a ZIP that can be read", type(broken).__name__) from broken


def _unpacked(packed: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> dict[str, str]:
    found: dict[str, str] = {}
    left = LARGEST_UNPACKED
    for entry in entries:
        path = _checked_name(entry)
        if path is None:
            continue
        if path in found:
            raise _invalid(path, "every file once", "it again")
        with packed.open(entry) as file:
            raw = file.read(min(LARGEST_FILE, left) + 1)  # what an entry says of its own size need not be so
        left -= len(raw)
        if len(raw) > LARGEST_FILE or left < 0:
            raise _invalid(
                path, f"at most {LARGEST_FILE >> 20} MiB a file, {LARGEST_UNPACKED >> 20} MiB in all", "more"
            )
        try:
            found[path] = raw.decode("utf-8-sig" if path.endswith(".csv") else "utf-8")
        except UnicodeDecodeError as fault:
            raise _invalid(path, "a file in UTF-8", "something else") from fault
    return found


def _checked_name(entry: zipfile.ZipInfo) -> str | None:
    """Where the file belongs; None: it is not meant for us. Raises RulebookInvalid for a name that leads elsewhere."""
    name = entry.filename
    path = PurePosixPath(name)
    odd = "\\" in name or ":" in name or not name.isprintable() or path.is_absolute() or ".." in path.parts
    long = any(len(part.encode()) > LONGEST_NAME for part in path.parts)
    if odd or long or len(path.parts) > DEEPEST or stat.S_ISLNK(entry.external_attr >> 16):
        raise _invalid("", "names of files within the ZIP", "one that leads elsewhere")
    hidden = any(part.startswith(".") or part in _LEFT_OUT for part in path.parts)
    return None if hidden or path.suffix.lower() not in _READ else path.as_posix()


def _below(root: str, files: Mapping[str, str], roots: list[str]) -> str | None:
    """The directory that this one extends, which has to be in the ZIP. Raises RulebookInvalid when it is not."""
    main = _joined(root, MAIN)
    said = _extends(main, files[main])
    if said is None:
        return None
    found = _resolved(root, said)
    if found is None or found not in roots or found == root:
        raise _invalid(main, f"extends: a directory of this ZIP with another {MAIN}", repr(said)[:60])
    return found


def _extends(path: str, text: str) -> str | None:
    problems: list[Problem] = []
    marked = parsed(text, Path(path), problems)
    if problems:
        raise RulebookInvalid(problems)
    said = marked.value.get("extends") if marked is not None and isinstance(marked.value, dict) else None
    return said.value if said is not None and isinstance(said.value, str) else None


def _resolved(root: str, said: str) -> str | None:
    parts = list(PurePosixPath(root).parts)
    for part in PurePosixPath(said).parts:
        if part == "..":
            if not parts:
                return None
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def _demand_all_read(files: Mapping[str, str], chain: list[str]) -> None:
    """A file that nothing reads is a mistake, not a remark. Raises RulebookInvalid with all of them."""
    unread = [path for path in files if not any(_within(path, root) for root in chain)]
    if unread:
        raise RulebookInvalid([Problem(Path(path), 1, "", "a file of a rulebook", "a name that nothing reads")
                               for path in unread])  # fmt: skip


def _within(path: str, root: str) -> bool:
    inside = path.removeprefix(f"{root}/") if root else path
    return (not root or inside != path) and belongs(inside)


def _layer(root: str, files: Mapping[str, str], *, outermost: bool) -> Layer:
    own = {path.removeprefix(f"{root}/") if root else path: text for path, text in files.items() if _within(path, root)}
    return Layer("" if outermost else root, own)


def _directory(path: str) -> str:
    above = PurePosixPath(path).parent.as_posix()
    return "" if above == "." else above


def _joined(root: str, name: str) -> str:
    return f"{root}/{name}" if root else name


def _invalid(path: str, expected: str, found: str) -> RulebookInvalid:
    return RulebookInvalid([Problem(Path(path or "ZIP"), 1, "", expected, found)])
