"""Finding items: by name, code, keyword, pinyin, initials and English; the likeliest first. Built once a version."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from domain.catalogue.items import CatalogueVersion, Item
from rulebook.catalogue.pinyin import Syllables, spells, syllables

_LETTERS: Final = re.compile(r"[a-z0-9']+")
_FILLERS: Final = re.compile("我要|我想|请问|怎么|如何|哪里|需要|办理|申请|一下|可以|[办要想吗呢的？?！!，,。]")
_LEAST_SHARE: Final = 0.34
_MOST_TERMS: Final = 8
_LATER: Final = 0.01


@dataclass(frozen=True, slots=True)
class _Entry:
    """An item as it is sought. ``all``: every text of it; ``spelt``: its name, then its keywords."""

    place: int
    item: Item
    code: str
    name: str
    keywords: tuple[str, ...]
    words: frozenset[str]
    all: str
    pairs: frozenset[str]
    spelt: tuple[Syllables, ...]


class ItemSearch:
    """The items of one version."""

    def __init__(self, version: CatalogueVersion) -> None:
        self._entries = [_entry(place, item) for place, item in enumerate(version.items)]
        self._paired: dict[str, list[int]] = {}
        self._starts: dict[str, list[tuple[int, int, int]]] = {}
        for entry in self._entries:
            for pair in entry.pairs:
                self._paired.setdefault(pair, []).append(entry.place)
            for number, spelt in enumerate(entry.spelt):
                for start in range(len(spelt)):
                    for letters in _beginnings(spelt, start):
                        self._starts.setdefault(letters, []).append((entry.place, number, start))

    def find(self, query: str, *, line: str | None = None) -> list[Item]:
        """The items that fit every word of ``query``, the likeliest first; all of them for an empty one."""
        terms = _normal(query).split()[:_MOST_TERMS]
        if not terms:
            return [entry.item for entry in self._entries if line in (None, entry.item.line)]
        scores = [self._scores(term) for term in terms]
        places = set(scores[0]).intersection(*scores[1:])
        found = [(sum(score[place] for score in scores), self._entries[place]) for place in places]
        found.sort(key=lambda scored: (-scored[0], len(scored[1].name), scored[1].place))
        return [entry.item for _, entry in found if line in (None, entry.item.line)]

    def _scores(self, term: str) -> dict[int, float]:
        """How well the term fits which entries, by place."""
        best = self._spelt(term.replace("'", "")) if _LETTERS.fullmatch(term) else {}
        for place, score in self._roughly(_pairs(_FILLERS.sub("", term))).items():
            best[place] = max(score, best.get(place, 0.0))
        for entry in self._entries:
            if term in entry.all:
                best[entry.place] = max(_literally(term, entry), best.get(entry.place, 0.0))
        return {place: score for place, score in best.items() if score > 0}

    def _spelt(self, letters: str) -> dict[int, float]:
        """Pinyin and initials: all initials of a name or keyword first, then the beginning before the middle; names
        before keywords, and these in their order, which is that of how usual they are."""
        best: dict[int, float] = {}
        for place, number, start in self._starts.get(letters[:2], ()):
            spelt = self._entries[place].spelt[number]
            score = (68.0 if start == 0 else 56.0) - (6.0 + _LATER * number if number else 0.0)
            if start == 0 and _are_initials(letters, spelt):
                score += 14.0
            if score > best.get(place, 0.0) and spells(spelt, start, letters):
                best[place] = score
        return best

    def _roughly(self, pairs: frozenset[str]) -> dict[int, float]:
        """Words as people say them: enough of their pairs of characters stand in name and keywords."""
        shared = Counter(place for pair in pairs for place in self._paired.get(pair, ()))
        shares = {place: count / len(pairs) for place, count in shared.items()}
        return {place: 20.0 + 30.0 * share for place, share in shares.items() if share >= _LEAST_SHARE}


def _entry(place: int, item: Item) -> _Entry:
    name, keywords = _normal(item.name), tuple(map(_normal, item.keywords))
    english = _normal(item.name_en) if item.name_en != item.name else ""
    return _Entry(
        place=place,
        item=item,
        code=item.code.lower(),
        name=name,
        keywords=keywords,
        words=frozenset(re.findall(r"[a-z0-9]+", english)),
        all="\n".join((item.code.lower(), name, *keywords, english, _normal(item.who))),
        pairs=frozenset().union(*(_pairs(text) for text in (name, *keywords))),
        spelt=tuple(map(syllables, (item.name, *item.keywords))),
    )


def _beginnings(spelt: Syllables, start: int) -> set[str]:
    """The first letter, and the first two, of all ways to spell the characters from ``start`` on."""
    following = spelt[start + 1] if start + 1 < len(spelt) else ()
    ones = {reading[0] for reading in spelt[start]}
    return (
        ones | {reading[:2] for reading in spelt[start]} | {one + reading[0] for one in ones for reading in following}
    )


def _are_initials(letters: str, spelt: Syllables) -> bool:
    """Whether there is one letter for each character, and it is what that character begins with."""
    return len(letters) == len(spelt) and all(
        any(reading.startswith(letter) for reading in readings) for letter, readings in zip(letters, spelt, strict=True)
    )


def _normal(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())


def _pairs(text: str) -> frozenset[str]:
    return frozenset(first + second for first, second in pairwise(text) if not first.isascii())


def _literally(term: str, entry: _Entry) -> float:
    if term == entry.code:
        return 100.0
    if term in entry.name:
        return 98.0 if term == entry.name else 90.0 if entry.name.startswith(term) else 84.0
    if term in entry.keywords:
        return 88.0
    if len(term) > 1 and entry.code.startswith(term):
        return 80.0
    if any(term in keyword for keyword in entry.keywords):
        return 72.0
    if term in entry.words:
        return 66.0
    if len(term) > 1 and any(word.startswith(term) for word in entry.words):
        return 60.0
    return 30.0 if len(term) > 1 else 0.0
