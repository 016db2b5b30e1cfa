"""What differs between two versions of the rulebook, as people speak of it: which limit, which points, which route.

A clock that a category only has because the general one changed is told once, under the general ones. The catalogue's
own differences are in ``domain.catalogue.diff``.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from domain.catalogue.diff import Change, in_words
from domain.promise import Ladder
from domain.rulebook import Category, Clocks, Group, Route, Rulebook
from domain.worktime import OfficeHours

Told = Mapping[str, Any]
"""Field → its value in words."""


class RuleArea(StrEnum):
    """What a rule is about, in the order in which a rulebook is read."""

    CLOCKS = "clocks"
    SERVICES = "services"
    CATEGORIES = "categories"
    ROUTES = "routes"
    GROUPS = "groups"
    ACK_LADDER = "ack_ladder"
    DANGER = "danger"
    OFFICE_HOURS = "office_hours"
    CALENDAR = "calendar"
    STANDINGS = "standings"
    DUPLICATES = "duplicates"
    TEXTS = "texts"
    ATTACHMENTS = "attachments"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A category, group or route as a version names it."""

    code: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectChange:
    """One that both versions have, as the later one names it."""

    subject: Subject
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaChange:
    """What changed in one area: its own fields, or what came and went and changed among its subjects."""

    area: RuleArea
    changes: tuple[Change, ...] = ()
    added: tuple[Subject, ...] = ()
    removed: tuple[Subject, ...] = ()
    changed: tuple[SubjectChange, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RulebookDiff:
    """What one has to know who knew the earlier version. No areas: the rules are the same."""

    earlier: str
    later: str
    areas: tuple[AreaChange, ...]

    @property
    def count(self) -> int:
        """How many things changed."""
        return sum(
            len(area.changes) + len(area.added) + len(area.removed) + sum(len(one.changes) for one in area.changed)
            for area in self.areas
        )


def rulebook_difference(earlier: Rulebook, later: Rulebook) -> RulebookDiff:
    """From the earlier version to the later one, area by area. Names and dates of the versions are no difference."""
    plain = {area: tuple(_fields(told(earlier), told(later))) for area, told in _PLAIN.items()}
    areas = {area: AreaChange(area=area, changes=changes) for area, changes in plain.items()}
    areas[RuleArea.SERVICES] = AreaChange(
        area=RuleArea.SERVICES,
        changes=(
            *_clock_changes(earlier.services.clocks, later.services.clocks, earlier.clocks, later.clocks),
            *_fields(_services(earlier), _services(later)),
        ),
    )
    areas[RuleArea.GROUPS] = _subjects(RuleArea.GROUPS, earlier.groups, later.groups, _group, _of_groups)
    areas[RuleArea.ROUTES] = _subjects(RuleArea.ROUTES, _routes(earlier), _routes(later), _route, _of_routes)
    areas[RuleArea.CATEGORIES] = _subjects(
        RuleArea.CATEGORIES,
        earlier.categories,
        later.categories,
        _named,
        lambda before, after: _of_categories(before, after, earlier.clocks, later.clocks),
    )
    found = (areas[area] for area in RuleArea if area in areas)
    return RulebookDiff(
        earlier=earlier.version,
        later=later.version,
        areas=tuple(one for one in found if one.changes or one.added or one.removed or one.changed),
    )


def clocks_in_words(clocks: Clocks) -> dict[str, Any]:
    """Clock → what it is set to: limits in the words of the rulebook."""
    return {field.name: in_words(getattr(clocks, field.name)) for field in fields(Clocks)}


def own_clocks(clocks: Clocks, general: Clocks) -> dict[str, Any]:
    """The clocks that are not the general ones, in words."""
    others = clocks_in_words(general)
    return {name: value for name, value in clocks_in_words(clocks).items() if value != others[name]}


def ladder_in_words(ladder: Ladder) -> dict[str, Any]:
    """``rung.1``: who is told after how long; ``repeat``: how often the last one is."""
    rungs = {
        f"rung.{place}": f"{length(rung.after)} · {rung.name} · {', '.join(rung.tell)}"
        for place, rung in enumerate(ladder.rungs, start=1)
    }
    return {**rungs, "repeat": length(ladder.repeat)}


def hours_in_words(hours: OfficeHours) -> list[str]:
    """``09:00-12:00``, one for each period."""
    return [f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in hours.periods]


def length(span: timedelta) -> str:
    """An elapsed time in the words of the rulebook, in the largest unit that it is a whole number of."""
    seconds = round(span.total_seconds())
    for unit, size in (("hour", 3600), ("minute", 60)):
        if seconds and seconds % size == 0:
            return f"{seconds // size} {unit}{'' if seconds == size else 's'}"
    return f"{seconds} second{'' if seconds == 1 else 's'}"


def _services(rules: Rulebook) -> Told:
    services = rules.services
    return {
        "acknowledgement_in_office_hours": services.acknowledgement_in_office_hours,
        "materials_window": in_words(services.materials_window),
        "handoff_within": in_words(services.handoff_within),
        "chase": length(services.chase),
        "redos": services.redos,
    }


def _danger(rules: Rulebook) -> Told:
    danger = rules.danger
    return {
        "acknowledgement": in_words(danger.acknowledgement),
        "unit": danger.unit,
        **ladder_in_words(danger.ladder),
    }


def _duplicates(rules: Rulebook) -> Told:
    """Fields that are called as those of other areas are named with their own."""
    values = {field.name: getattr(rules.duplicates, field.name) for field in fields(rules.duplicates)}
    return {
        f"duplicates.{name}": length(value) if isinstance(value, timedelta) else in_words(value)
        for name, value in values.items()
    }


def _calendar(rules: Rulebook) -> Told:
    calendar = rules.calendar
    return {
        "version": calendar.version,
        "years": f"{min(calendar.years)}-{max(calendar.years)}" if calendar.years else "",
    }


_PLAIN: Final[Mapping[RuleArea, Callable[[Rulebook], Told]]] = {
    RuleArea.CLOCKS: lambda rules: clocks_in_words(rules.clocks),
    RuleArea.ACK_LADDER: lambda rules: ladder_in_words(rules.ack_ladder),
    RuleArea.DANGER: _danger,
    RuleArea.OFFICE_HOURS: lambda rules: {"office_hours": hours_in_words(rules.hours)},
    RuleArea.CALENDAR: _calendar,
    RuleArea.STANDINGS: lambda rules: in_words(rules.standings),
    RuleArea.DUPLICATES: _duplicates,
    RuleArea.TEXTS: lambda rules: in_words(rules.texts),
    RuleArea.ATTACHMENTS: lambda rules: in_words(rules.attachments),
}


def _fields(before: Told, after: Told) -> Iterator[Change]:
    for name in [*before, *(name for name in after if name not in before)]:
        if before.get(name) != after.get(name):
            yield Change(field=name, before=before.get(name), after=after.get(name))


def _clock_changes(before: Clocks, after: Clocks, earlier: Clocks, later: Clocks) -> Iterator[Change]:
    """Changes of clocks that are not those of the general ones."""
    was, became = clocks_in_words(earlier), clocks_in_words(later)
    for change in _fields(clocks_in_words(before), clocks_in_words(after)):
        if (change.before, change.after) != (was[change.field], became[change.field]):
            yield change


def _of_categories(before: Category, after: Category, earlier: Clocks, later: Clocks) -> Iterable[Change]:
    names = ("name", "name_en", "group", "limit", "danger", "protected")
    own = {name: in_words(getattr(before, name)) for name in names}
    new = {name: in_words(getattr(after, name)) for name in names}
    return (*_fields(own, new), *_clock_changes(before.clocks, after.clocks, earlier, later))


def _of_groups(before: Group, after: Group) -> Iterable[Change]:
    return _fields(in_words(before), in_words(after))


def _of_routes(before: Route, after: Route) -> Iterable[Change]:
    return _fields(in_words(before), in_words(after))


def _routes(rules: Rulebook) -> dict[str, Route]:
    return {route.name: route for route in rules.routes}


def _named(category: Category) -> Subject:
    return Subject(code=category.code, name=category.name, name_en=category.name_en)


def _group(group: Group) -> Subject:
    return Subject(code=group.code, name=group.name, name_en=group.name_en)


def _route(route: Route) -> Subject:
    return Subject(code=route.name, name=route.name, name_en=route.name)


def _subjects(
    area: RuleArea,
    earlier: Mapping[str, Any],
    later: Mapping[str, Any],
    named: Callable[[Any], Subject],
    changes: Callable[[Any, Any], Iterable[Change]],
) -> AreaChange:
    both = ((found, tuple(changes(earlier[code], found))) for code, found in later.items() if code in earlier)
    return AreaChange(
        area=area,
        added=tuple(named(found) for code, found in later.items() if code not in earlier),
        removed=tuple(named(found) for code, found in earlier.items() if code not in later),
        changed=tuple(SubjectChange(subject=named(found), changes=made) for found, made in both if made),
    )
