"""From a filter to the list of its cases: what was counted with it, the list shows."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime
from urllib.parse import urlencode

from db.queries.case_filter import CaseFilter
from db.queries.paging import CaseSort
from db.queries.standings import ANYTIME
from db.scope import sees_all_cases
from domain.authority import Actor
from domain.periods import Days
from domain.vocabulary import Figure, Light
from domain.worktime import SHANGHAI

_OF_CARDS = frozenset({Figure.CARDED, Figure.LATE, Figure.EXCUSED, Figure.APPEALING})
"""Cases with a red card: whoever watches discipline sees them all."""


def cases_at(wanted: CaseFilter, sort: CaseSort | None = None) -> str:
    """The address of the list of the cases that match."""
    given = dict(_given(wanted))
    return "/cases?" + urlencode(given | ({"sort": sort.value} if sort else {}))


def _given(wanted: CaseFilter) -> Iterator[tuple[str, str]]:
    for field in fields(wanted):
        value = getattr(wanted, field.name)
        if value == field.default:
            continue
        if isinstance(value, datetime):
            yield field.name, value.astimezone(SHANGHAI).isoformat()
        elif isinstance(value, tuple):
            yield field.name, ",".join(value)
        else:
            yield field.name, "true" if value is True else str(value)


def of_figure(unit: str, figure: Figure, days: Days) -> CaseFilter:
    """The cases behind a figure of a unit."""
    if figure in ANYTIME:
        return CaseFilter(figure=figure, figure_unit=unit)
    return CaseFilter(figure=figure, figure_unit=unit, figure_from=days.begins, figure_to=days.ends)


def of_red(unit: str) -> CaseFilter:
    """What is red at a unit now."""
    return CaseFilter(unit=unit, light=Light.RED, running=True)


def lists_all_of(actor: Actor, unit: str, figure: Figure | None) -> bool:
    """Whether the list behind the figure (None: the red lights) shows ``actor`` every case that was counted."""
    return sees_all_cases(actor) or unit == actor.unit or figure in _OF_CARDS
