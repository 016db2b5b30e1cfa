"""Standings as pages show them: every figure with the list of its cases, rates as per cent, twelve weeks as a line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from api.standing import SeenGroup, Standings
from db.queries.standings import UnitCounts
from domain.authority import Actor
from domain.periods import Days
from domain.standings import Counted, rate
from domain.vocabulary import Figure
from web.caselinks import cases_at, lists_all_of, of_figure, of_red
from web.charts import Spark, spark
from web.language import Say, mark
from web.words import Words

TABLE: Final = (
    Figure.CAME,
    Figure.FINISHED,
    Figure.ON_TIME,
    Figure.LATE,
    Figure.DEFERRED,
    Figure.EXCUSED,
    Figure.ANSWERED,
    Figure.UNANSWERED,
    Figure.EXTENDED,
    Figure.RETURNED,
    Figure.URGED,
    Figure.REDONE,
    Figure.APPEALING,
)
"""The figures of a table of units, in its order."""

_NOTHING: Final = "—"


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """A figure; ``path``: the list of its cases, for whoever sees all of them."""

    number: int
    path: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A unit in a table. ``weeks`` says in words what ``spark`` draws."""

    counted: Counted
    rank: int | None
    rate: str
    figures: Mapping[Figure, Linked]
    red: Linked
    spark: Spark
    weeks: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A group: its units with something to tell, and those without."""

    group: SeenGroup
    rows: tuple[Row, ...]
    idle: tuple[str, ...]


def percent(share: Fraction | None) -> str:
    """A share as people read it, to one decimal; 100% and 0% are exactly that."""
    if share is None:
        return _NOTHING
    shown = f"{float(share) * 100:.1f}"
    if shown == "100.0" and share < 1:
        shown = "99.9"
    if shown == "0.0" and share > 0:
        shown = "0.1"
    return shown.removesuffix(".0") + "%"


def tables(standings: Standings, actor: Actor, words: Words) -> list[Table]:
    """The groups, each a table, the largest first."""
    groups = sorted(standings.groups, key=lambda group: -group.size)
    return [_table(standings, group, actor, words) for group in groups]


def _table(standings: Standings, group: SeenGroup, actor: Actor, words: Words) -> Table:
    busy = [one for one in group.standings if not one.counted.idle or one.counted.unit == actor.unit]
    rows = (row_of(standings, one.counted, one.rank, actor, words) for one in busy)
    idle = tuple(one.counted.unit for one in group.standings if one not in busy)
    return Table(group=group, rows=tuple(rows), idle=idle)


def row_of(standings: Standings, counted: Counted, rank: int | None, actor: Actor, words: Words) -> Row:
    """One unit."""
    unit, found = counted.unit, standings.counts[counted.unit]
    shares = [rate(on_time, late) for on_time, late in found.weeks]
    return Row(
        counted=counted,
        rank=rank,
        rate=percent(counted.rate),
        figures={
            figure: _linked(actor, unit, figure, number, standings.days) for figure, number in counted.figures.items()
        },
        red=Linked(
            number=counted.red,
            path=cases_at(of_red(unit)) if counted.red and lists_all_of(actor, unit, None) else None,
        ),
        spark=spark(shares),
        weeks=_told(words.say, shares),
    )


def weeks_of(standings: Standings, found: UnitCounts, actor: Actor) -> list[tuple[Days, Linked, Linked, str]]:
    """The weeks of a unit, the latest first: what was on time, what was late, and the rate."""
    unit = found.unit["code"]
    return [
        (
            week,
            _linked(actor, unit, Figure.ON_TIME, on_time, week),
            _linked(actor, unit, Figure.LATE, late, week),
            percent(rate(on_time, late)),
        )
        for week, (on_time, late) in reversed(list(zip(standings.weeks, found.weeks, strict=True)))
    ]


def _linked(actor: Actor, unit: str, figure: Figure, number: int, days: Days) -> Linked:
    shown = number and lists_all_of(actor, unit, figure)
    return Linked(number=number, path=cases_at(of_figure(unit, figure, days)) if shown else None)


def _told(say: Say, shares: Iterable[Fraction | None]) -> str:
    return say(mark("近 12 周按时率：{weeks}"), weeks=" ".join(percent(share) for share in shares))
