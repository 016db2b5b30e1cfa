"""Chinese text as it can be spelt: every character with all its readings, without tones."""

import os
from functools import cache
from typing import Any

Syllables = tuple[tuple[str, ...], ...]
"""For each character that is spelt, its readings, the commonest first; letters and digits are spelt by themselves."""


@cache
def _readings() -> Any:
    # Readings by phrase would take 45 MB, and all readings of a character are wanted here anyway.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "true")
    import pypinyin

    return pypinyin


def syllables(text: str) -> Syllables:
    """The readings of each character; spaces and punctuation are left out."""
    return tuple(found for character in text if (found := _of_character(character)))


def spells(spelt: Syllables, start: int, letters: str) -> bool:
    """Whether ``letters`` spell the characters from ``start`` on: whole syllables, their beginnings, or initials.

    ``cjr``, ``canjiren``, ``canj`` and ``cjren`` all spell the beginning of 残疾人证.
    """
    ends = {0}
    for readings in spelt[start:]:
        reached = set[int]()
        for end in ends:
            rest = letters[end:]
            for reading in readings:
                if reading.startswith(rest):
                    return True
                reached |= {end + length for length in _prefixes(reading) if rest.startswith(reading[:length])}
        ends = reached
        if not ends:
            return False
    return len(letters) in ends


def _prefixes(reading: str) -> tuple[int, ...]:
    """How many letters of a syllable may stand for it: the initial (two of zh, ch, sh) or all."""
    return (1, 2, len(reading)) if reading[:2] in ("zh", "ch", "sh") else (1, len(reading))


@cache
def _of_character(character: str) -> tuple[str, ...]:
    if character.isascii():
        return (character.lower(),) if character.isalnum() else ()
    found = _readings().pinyin(character, style=_readings().Style.NORMAL, heteronym=True, errors="ignore")
    return tuple(dict.fromkeys(reading.replace("ü", "v") for reading in (found[0] if found else ()) if reading))
