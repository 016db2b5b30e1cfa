"""How units stand, as far as somebody may see it: watchers see all of them, a unit itself and its place (D6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from api.schemas.standings import StandingsQuery
from db.queries.standings import UnitCounts, red_by_unit, unit_counts
from db.scope import of_unit, sees_points, watches_points
from domain.authority import Actor
from domain.periods import Days, weeks_until
from domain.rulebook import Rulebook
from domain.standings import Counted, Group, Standing, Trait, group_key, grouped, rate
from domain.vocabulary import Period, UnitKind
from domain.worktime import shanghai_date

WEEKS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Standings:
    """Groups of comparable units in a period; ``counts``: unit → what was counted of it.

    Only units that the reader may see are in ``groups``; ``ranked`` of a group, and the places, are of all its units.
    """

    days: Days
    weeks: tuple[Days, ...]
    groups: tuple["SeenGroup", ...]
    counts: Mapping[str, UnitCounts]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenGroup:
    """A group as a reader sees it. ``size``: how many units it has."""

    key: str
    kind: UnitKind
    parent: str | None
    standings: tuple[Standing, ...]
    ranked: int
    size: int


def days_of(asked: StandingsQuery, now: datetime) -> Days:
    """The days that were asked for. A day that is missing is filled in: today, or the first of the period."""
    today = shanghai_date(now)
    if asked.first is None and asked.last is None:
        return Days.of(asked.period, today)
    last = asked.last or max(today, asked.first or today)
    return Days(asked.first or Days.of(Period.MONTH, last).first, last)


def standings_of(
    connection: Connection, actor: Actor, rules: Rulebook, asked: StandingsQuery, now: datetime
) -> Standings:
    """The standings that ``actor`` may see."""
    days, weeks = days_of(asked, now), weeks_until(shanghai_date(now), WEEKS)
    if not watches_points(actor) and not of_unit(actor):
        return Standings(days=days, weeks=weeks, groups=(), counts={})
    alike = Trait.KIND in rules.standings.compare_by and not watches_points(actor)
    found = unit_counts(connection, days, weeks, kind=actor.unit_kind if alike else None)
    red = red_by_unit(connection, actor, now)
    counted = [_counted(one, rules, red) for one in found]
    counts = {one.unit["code"]: one for one in found if sees_points(actor, one.unit["code"])}
    groups = [_seen(group, counts) for group in grouped(counted, rules.standings.least_judged)]
    shown = tuple(group for group in groups if group is not None and asked.group in (None, group.key))
    return Standings(days=days, weeks=weeks, groups=shown, counts=counts)


def shown_standings(rules: Rulebook, standings: Standings) -> dict[str, Any]:
    """The standings as they are answered."""
    return {
        "from": standings.days.first,
        "to": standings.days.last,
        "least_judged": rules.standings.least_judged,
        "compare_by": list(rules.standings.compare_by),
        "groups": [_shown_group(standings, group) for group in standings.groups],
    }


def shown_rate(share: Any) -> float | None:
    """A rate between 0 and 1, to four places."""
    return None if share is None else round(float(share), 4)


def _counted(one: UnitCounts, rules: Rulebook, red: Mapping[str, int]) -> Counted:
    return Counted(
        unit=one.unit["code"],
        group=group_key(one.unit, rules.standings.compare_by),
        figures=one.figures,
        red=red.get(one.unit["code"], 0),
        points=one.points,
        balance=one.balance,
    )


def _seen(group: Group, counts: Mapping[str, UnitCounts]) -> SeenGroup | None:
    """What the reader may see of a group; None: nothing."""
    own = tuple(one for one in group.standings if one.counted.unit in counts)
    if not own:
        return None
    unit = counts[own[0].counted.unit].unit
    return SeenGroup(
        key=group.key,
        kind=unit["kind"],
        parent=unit["parent"],
        standings=own,
        ranked=group.ranked,
        size=len(group.standings),
    )


def _shown_group(standings: Standings, group: SeenGroup) -> dict[str, Any]:
    units = [_shown_unit(standings, one) for one in group.standings]
    return {"group": group.key, "ranked": group.ranked, "size": group.size, "units": units}


def _shown_unit(standings: Standings, one: Standing) -> dict[str, Any]:
    counted, found = one.counted, standings.counts[one.counted.unit]
    weeks = zip(standings.weeks, found.weeks, strict=True)
    return {
        "unit": counted.unit,
        "name": found.unit["name"],
        "rank": one.rank,
        "rate": shown_rate(counted.rate),
        "judged": counted.judged,
        "figures": {figure.value: number for figure, number in counted.figures.items()},
        "red": counted.red,
        "points": counted.points,
        "balance": counted.balance,
        "weeks": [
            {
                "from": week.first,
                "to": week.last,
                "on_time": on_time,
                "late": late,
                "rate": shown_rate(rate(on_time, late)),
            }
            for week, (on_time, late) in weeks
        ],
    }
