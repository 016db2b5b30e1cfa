"""Text on its way into the cells of a spreadsheet: shown as it was written, never computed, never disguised. Pure."""

import re
import unicodedata
from typing import Final

LONGEST: Final = 32_000
"""Characters that a cell takes, nearly."""

_NUMBER: Final = re.compile(r"[+-]?\d[\d.;=ext]*")
"""What begins with a sign and is a number all the same, telephones included."""

_ACTIVE: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""With what a spreadsheet would take a cell for a formula; the wide ones, too, in some languages."""

_TURNING: Final = frozenset(chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
"""Marks that turn the direction of what follows: in a cell they only disguise it."""

_KEPT: Final = frozenset("\n\t")
_UNFIT: Final = frozenset({"Cc", "Cs"})


def plain(text: str) -> str:
    """``text`` without what no cell can hold, and without marks that disguise; at most ``LONGEST`` characters."""
    if text.isprintable():
        return text[:LONGEST]
    kept = (char for char in text if char in _KEPT or not _is_unfit(char))
    return "".join(kept)[:LONGEST]


def inert(text: str) -> str:
    """``text`` for a table without types: what a spreadsheet would compute begins with an apostrophe."""
    shown = plain(text)
    active = shown.lstrip(" ").startswith(_ACTIVE) and not _NUMBER.fullmatch(shown)
    return f"'{shown}" if active else shown


def _is_unfit(char: str) -> bool:
    return char in _TURNING or unicodedata.category(char) in _UNFIT or ord(char) in (0xFFFE, 0xFFFF)
