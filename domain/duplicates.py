"""Whether two reports are likely to be about the same matter (A19): by place, words, category and time. Pure.

Likeness is symmetric, and looks at nothing of a person. It only offers: whoever takes the report decides.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final, TypeVar

from domain.vocabulary import Likeness

EARTH_M: Final = 6_371_008.8
"""Mean radius in metres. A sphere is within half a per cent of WGS-84, which is less than where people stand."""

LONGEST: Final = 2_000
"""So many characters of a report are compared."""

_SAME_GRID: Final = 0.6
"""How well two places agree of which no more is known than that they are in one grid."""

_SAME_GROUP: Final = 0.4
_WORD: Final = re.compile(r"[a-z0-9]+|[^\W\da-z_]+")
_MOST_WORDS: Final = 3

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateRules:
    """When a case is offered as a probable duplicate. Of the rulebook.

    place, words, category, time   what each of them weighs
    least      per cent of likeness from which a case is offered; ``most``: no more than so many
    reach      metres beyond which two points are not the same place
    looked_back, closed_within   how long ago a case may have been received, and closed, at most
    half_life  time between two reports that halves what time says for them
    ignored    words that stand in every report
    """

    place: int
    words: int
    category: int
    time: int
    least: int
    most: int
    reach: int
    looked_back: timedelta
    closed_within: timedelta
    half_life: timedelta
    ignored: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """What of a report is compared. A point is WGS-84, in degrees; what is None is not known."""

    at: datetime
    category: str | None = None
    group: str | None = None
    grid: str | None = None
    lat: float | None = None
    lon: float | None = None
    text: str = ""

    @property
    def point(self) -> tuple[float, float] | None:
        """Latitude and longitude."""
        return None if self.lat is None or self.lon is None else (self.lat, self.lon)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """How likely two reports are the same matter, in per cent, and why.

    metres  between their points, if both have one
    shared  words that stand in both, of cases that are offered
    """

    score: int
    reasons: tuple[Likeness, ...]
    metres: int | None = None
    shared: tuple[str, ...] = ()


def likeness(one: Sketch, other: Sketch, rules: DuplicateRules) -> Alike:
    """How alike they are. A place or words that are not known speak against it; a category that is not yet, for
    neither: it is often chosen last."""
    return _likeness(one, _grams(one.text, rules.ignored), other, rules)


def probable(
    draft: Sketch, known: Iterable[T], sketch: Callable[[T], Sketch], rules: DuplicateRules
) -> list[tuple[T, Alike]]:
    """Those of ``known`` that are likely the matter of ``draft``, the likeliest first; of equals the latest."""
    mine = _grams(draft.text, rules.ignored)
    found = [(each, made, _likeness(draft, mine, made, rules)) for each in known for made in (sketch(each),)]
    likely = [entry for entry in found if entry[2].score >= rules.least]
    likely.sort(key=lambda entry: (entry[2].score, entry[1].at), reverse=True)
    return [
        (each, replace(alike, shared=shared_words(draft.text, made.text, rules.ignored)))
        for each, made, alike in likely[: rules.most]
    ]


def _likeness(one: Sketch, mine: frozenset[str], other: Sketch, rules: DuplicateRules) -> Alike:
    metres, category = _metres(one, other), _category(one, other)
    theirs = _grams(other.text, rules.ignored)
    parts = [
        (rules.place, _place(one, other, metres, rules.reach)),
        (rules.words, _words(mine, theirs)),
        (rules.time, _time(one.at, other.at, rules.half_life)),
        *([] if category is None else [(rules.category, category)]),
    ]
    whole = sum(weight for weight, _ in parts)
    found = sum(weight * part for weight, part in parts)
    return Alike(
        score=round(100 * found / whole) if whole else 0,
        reasons=tuple(_reasons(one, other, metres, rules.reach, alike=not mine.isdisjoint(theirs))),
        metres=None if metres is None else round(metres),
    )


def distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Metres between two WGS-84 points, given in degrees of latitude and longitude."""
    (lat, lon), (lat_b, lon_b) = (tuple(map(math.radians, point)) for point in (one, other))
    square = math.sin((lat_b - lat) / 2) ** 2 + math.cos(lat) * math.cos(lat_b) * math.sin((lon_b - lon) / 2) ** 2
    return 2 * EARTH_M * math.asin(math.sqrt(min(1.0, square)))


def shared_words(one: str, other: str, ignored: Iterable[str] = ()) -> tuple[str, ...]:
    """The longest words that stand in both texts, at most three. They tell of either only what is in the other."""
    mine, theirs = _pieces(one, ignored), " ".join(sorted(_pieces(other, ignored)))
    runs = sorted({run for piece in mine for run in _runs(piece, theirs)}, key=lambda run: (-len(run), run))
    kept: list[str] = []
    for run in runs:
        if not any(run in longer for longer in kept):
            kept.append(run)
    return tuple(kept[:_MOST_WORDS])


def _metres(one: Sketch, other: Sketch) -> float | None:
    return distance(one.point, other.point) if one.point is not None and other.point is not None else None


def _place(one: Sketch, other: Sketch, metres: float | None, reach: int) -> float:
    if metres is not None:
        return max(0.0, 1.0 - metres / reach)
    return _SAME_GRID if one.grid is not None and one.grid == other.grid else 0.0


def _category(one: Sketch, other: Sketch) -> float | None:
    if one.category is None or other.category is None:
        return None
    if one.category == other.category:
        return 1.0
    return _SAME_GROUP if one.group is not None and one.group == other.group else 0.0


def _time(one: datetime, other: datetime, half_life: timedelta) -> float:
    return float(0.5 ** (abs(one - other) / half_life))


def _words(mine: frozenset[str], theirs: frozenset[str]) -> float:
    """The cosine of their pairs of characters: a short report fits a long one that says the same and more."""
    if not mine or not theirs:
        return 0.0
    return len(mine & theirs) / math.sqrt(len(mine) * len(theirs))


def _reasons(one: Sketch, other: Sketch, metres: float | None, reach: int, *, alike: bool) -> Iterable[Likeness]:
    if one.grid is not None and one.grid == other.grid:
        yield Likeness.SAME_GRID
    if metres is not None and metres <= reach:
        yield Likeness.NEAR
    if one.category is not None and one.category == other.category:
        yield Likeness.SAME_CATEGORY
    elif one.group is not None and one.group == other.group:
        yield Likeness.SAME_GROUP
    if alike:
        yield Likeness.SAME_WORDS


def _pieces(text: str, ignored: Iterable[str]) -> frozenset[str]:
    """The words of a text: what is between blanks, signs and what everybody says."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST]).lower()
    for word in ignored:
        plain = plain.replace(word, " ")
    return frozenset(_WORD.findall(plain))


def _grams(text: str, ignored: Iterable[str]) -> frozenset[str]:
    """Pairs of neighbouring characters; words in letters and digits as they are."""
    found: set[str] = set()
    for piece in _pieces(text, ignored):
        found |= {piece} if piece.isascii() else {first + second for first, second in pairwise(piece)}
    return frozenset(found)


def _runs(piece: str, other: str) -> Iterable[str]:
    """The longest stretches of ``piece`` that stand in ``other``, of two characters or more."""
    start = 0
    while start < len(piece) - 1:
        end = start
        while end < len(piece) and piece[start : end + 1] in other:
            end += 1
        if end - start > 1:
            yield piece[start:end]
        start = max(end, start + 1)
