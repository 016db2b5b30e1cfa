"""How units stand (D6): what of a case counts for which unit, the on-time rate, and the rank among comparable units.

What counts is taken from the events alone, so that every figure has its cases. Pure. Which of it a person may see is
decided by ``db.scope``, how it is counted in the database by ``db.queries.standings``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from domain.vocabulary import Figure


class Trait(StrEnum):
    """What units may have in common to be comparable."""

    KIND = "kind"
    LINE = "line"
    PARENT = "parent"


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingRules:
    """What the rulebook says of standings.

    least_judged  a unit with fewer judged cases in the period is shown without a rank: one case proves nothing
    compare_by    units that have all of these in common are comparable
    """

    least_judged: int = 5
    compare_by: tuple[Trait, ...] = (Trait.KIND, Trait.PARENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """The figures of one unit in a period.

    red      open cases whose light is red now
    points   of the ledger's entries in the period; ``balance`` of all of them
    """

    unit: str
    group: str
    figures: Mapping[Figure, int]
    red: int = 0
    points: int = 0
    balance: int = 0

    @property
    def judged(self) -> int:
        """The denominator of the on-time rate: deadlines that were met or missed. Deferred cases are not in it (A16),
        nor those whose red cards were all reversed (A17)."""
        return self.figures.get(Figure.ON_TIME, 0) + self.figures.get(Figure.LATE, 0)

    @property
    def rate(self) -> Fraction | None:
        """The share of judged cases that were on time; None: nothing was judged."""
        return rate(self.figures.get(Figure.ON_TIME, 0), self.figures.get(Figure.LATE, 0))

    @property
    def idle(self) -> bool:
        """Nothing to tell of it."""
        return not any(self.figures.values()) and not self.red and not self.points


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A unit in its group. ``rank``: 1 is the best, equals share one; None: too few cases to be ranked."""

    counted: Counted
    rank: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Comparable units, the ranked ones first. ``ranked``: how many have a rank."""

    key: str
    standings: tuple[Standing, ...]

    @property
    def ranked(self) -> int:
        """How many have a rank."""
        return sum(1 for standing in self.standings if standing.rank is not None)

    def place_of(self, unit: str) -> int | None:
        """The rank of a unit of this group."""
        return next((one.rank for one in self.standings if one.counted.unit == unit), None)


def rate(on_time: int, late: int) -> Fraction | None:
    """The on-time rate; None: nothing was judged."""
    return Fraction(on_time, on_time + late) if on_time + late else None


def group_key(traits: Mapping[str, str | None], compare_by: Sequence[Trait]) -> str:
    """The name of the group of a unit with these traits: comparable units share it."""
    return ".".join(traits.get(trait) or "-" for trait in compare_by)


def grouped(counted: Iterable[Counted], least_judged: int) -> tuple[Group, ...]:
    """The groups in the order of their keys, each ranked."""
    by_key: dict[str, list[Counted]] = {}
    for one in counted:
        by_key.setdefault(one.group, []).append(one)
    return tuple(Group(key=key, standings=ranked(by_key[key], least_judged)) for key in sorted(by_key))


def ranked(counted: Iterable[Counted], least_judged: int) -> tuple[Standing, ...]:
    """Comparable units by their on-time rate. Equals share a rank, and the next one skips as many (1, 2, 2, 4).

    Units with fewer judged cases than ``least_judged`` come after the others, without a rank.
    """
    everyone = list(counted)
    rates = {one.unit: one.rate for one in everyone if one.judged >= max(1, least_judged)}
    better = sorted((share for share in rates.values() if share is not None), reverse=True)
    standings = [
        Standing(counted=one, rank=None if (share := rates.get(one.unit)) is None else better.index(share) + 1)
        for one in everyone
    ]
    return tuple(sorted(standings, key=_order))


def _order(standing: Standing) -> tuple[bool, int, int, str]:
    counted = standing.counted
    return (standing.rank is None, standing.rank or 0, -counted.judged, counted.unit)
