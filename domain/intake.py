"""What a report, and a completion, must be to be taken at all: refusals of input (A1, A12).

Pure checks of values. Whether a telephone number is one and which grid a point lies in is for libraries at the edge:
their answers are passed in. Personal input is never put into a refusal, only the name of its field.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain.errors import Refused, Unprocessable
from domain.rulebook import Rulebook
from domain.vocabulary import Source

_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_TURNING: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Marks that turn the direction of writing: a name with one is shown as another name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporter:
    """Who reports. ``anonymous``: does not say; then no contact is asked for."""

    name: str | None = None
    phone: str | None = None
    anonymous: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where it is: as reported, and ``point_grid``, the grid in which the edge found the point to lie."""

    grid: str | None = None
    lat: float | None = None
    lon: float | None = None
    point_grid: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report as it comes in, before anything is written."""

    category: str
    description: str
    source: Source
    place: Place
    reporter: Reporter | None = None
    occurred_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What the world outside the rules answers: the clock, the grids, the numbering plan of telephones."""

    now: datetime
    grid_known: Callable[[str], bool]
    phone_valid: Callable[[str], bool]


def refusals(report: Report, rulebook: Rulebook, outside: Outside) -> tuple[Refused, ...]:
    """Everything that stands against a report, in the order of its fields; empty when it is acceptable."""
    texts = rulebook.texts
    found = (
        _refusal(lambda: rulebook.category(report.category)),
        _refusal(lambda: check_text(report.description, texts.description, field="description")),
        _refusal(lambda: check_place(report.place, texts.address, outside.grid_known)),
        _refusal(lambda: check_reporter(report.reporter, report.source, texts.name, outside.phone_valid)),
        _refusal(lambda: check_occurred(report.occurred_at, outside.now)),
    )
    return tuple(refusal for refusal in found if refusal is not None)


def check_report(report: Report, rulebook: Rulebook, outside: Outside) -> None:
    """Raises the first of ``refusals``, if there is one."""
    for refusal in refusals(report, rulebook, outside):
        raise refusal


def check_name(text: str, longest: int, *, field: str, empty_allowed: bool = False) -> str:
    """As ``check_text``, of a name. Raises Unprocessable("text_direction_characters"), too.

    Other texts keep such marks, as whoever writes from right to left needs them; pages keep them apart.
    """
    if _TURNING.search(text):
        raise Unprocessable("text_direction_characters", field=field)
    return check_text(text, longest, field=field, empty_allowed=empty_allowed)


def check_text(text: str, longest: int, *, field: str, empty_allowed: bool = False) -> str:
    """The text without blanks around it.

    Raises Unprocessable("text_empty"), ("text_too_long") beyond ``longest`` characters, ("text_control_characters")
    for anything that cannot be shown (tabs and line ends can).
    """
    stripped = text.strip()
    if not stripped and not empty_allowed:
        raise Unprocessable("text_empty", field=field)
    if len(stripped) > longest:
        raise Unprocessable("text_too_long", field=field)
    if _CONTROL.search(stripped):
        raise Unprocessable("text_control_characters", field=field)
    return stripped


def check_place(place: Place, longest_address: int, grid_known: Callable[[str], bool]) -> None:
    """Raises Unprocessable("place_missing"), ("grid_unknown"), ("place_outside_grids"), or what an address is not."""
    if place.address is not None:
        check_text(place.address, longest_address, field="place.address")
    if place.grid is not None and not grid_known(place.grid):
        raise Unprocessable("grid_unknown", field="place.grid")
    if (place.lat is None) is not (place.lon is None):
        raise Unprocessable("place_missing", field="place.point")
    if place.lat is not None and place.grid is None and place.point_grid is None:
        raise Unprocessable("place_outside_grids", field="place.point")
    if place.grid is None and place.lat is None and place.address is None:
        raise Unprocessable("place_missing", field="place")


def check_reporter(
    reporter: Reporter | None, source: Source, longest_name: int, phone_valid: Callable[[str], bool]
) -> None:
    """Raises Unprocessable("reporter_contact_missing"), ("phone_invalid"), or what a name is not.

    A grid officer's own report needs no reporter: the officer answers for it.
    """
    if reporter is None:
        if source is not Source.OFFICER:
            raise Unprocessable("reporter_contact_missing", field="reporter")
        return
    if reporter.name is not None:
        check_name(reporter.name, longest_name, field="reporter.name", empty_allowed=True)
    phone = (reporter.phone or "").strip()
    if not phone and not reporter.anonymous:
        raise Unprocessable("reporter_contact_missing", field="reporter.phone")
    if phone and not phone_valid(phone):
        raise Unprocessable("phone_invalid", field="reporter.phone")


def check_occurred(occurred_at: datetime | None, now: datetime) -> None:
    """Raises Unprocessable("occurred_in_future")."""
    if occurred_at is not None and occurred_at > now:
        raise Unprocessable("occurred_in_future", field="occurred_at")


def _refusal(check: Callable[[], object]) -> Refused | None:
    try:
        check()
    except Refused as refusal:
        return refusal
    return None
