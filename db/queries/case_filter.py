"""What to look for among the cases, as conditions on ``cases``, within what the person may see."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, false, or_, select

from db.holders import held_by
from db.lights import ACK, CASE, light_is, running
from db.plans import Reading, as_read, holds
from db.queries.board import Lane, Moment, in_lane
from db.scope import visible_cases
from db.tables import CaseRow, Report, UnitFigure, core
from domain.authority import Actor
from domain.visibility import reads_text
from domain.vocabulary import CaseStatus, DossierKind, Figure, Light, Waiting
from domain.worktime import end_of_day

_cases = core(CaseRow)
_c = _cases.c
_reports = core(Report)
_figures = core(UnitFigure)

_WAITING = {
    Waiting.ALARM: _c.alarm,
    Waiting.EXTENSION: _c.extension_pending,
    Waiting.RETURN: _c.return_pending,
    Waiting.APPEAL: _c.appeal_pending,
}
_MAX_WORDS = 10
_OF_NUMBERS = re.compile(r"[A-Za-z0-9-]+")
_OF_MANY = re.compile(r"(?:[SB]J?|J)\d{0,5}|[\d-]{1,3}|-?0+")
"""Pieces that thousands of numbers have, as SJ26: a page is full of them at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """What to look for. What ends with ``_before`` or ``_to`` is exclusive, what ends with ``_from`` is inclusive.

    unit     leads the case, or holds a part of it that is open
    running  its clock runs
    lane     the board counts it there
    figure   it counts so for ``figure_unit`` (None: for whichever unit), in that time; named without it: it came
    waiting  for whose word it waits
    q   every word must stand in the number or in the description; people are never searched
    """

    kind: DossierKind | None = None
    status: tuple[CaseStatus, ...] = ()
    light: Light | None = None
    ack_light: Light | None = None
    unit: str | None = None
    grid: str | None = None
    category: str | None = None
    item: str | None = None
    due_from: datetime | None = None
    due_before: datetime | None = None
    received_from: datetime | None = None
    received_to: datetime | None = None
    closed_from: datetime | None = None
    closed_to: datetime | None = None
    waiting: Waiting | None = None
    lane: Lane | None = None
    running: bool = False
    figure: Figure | None = None
    figure_unit: str | None = None
    figure_from: datetime | None = None
    figure_to: datetime | None = None
    q: str | None = None


def case_conditions(
    actor: Actor, wanted: CaseFilter, now: datetime, reading: Reading = Reading.ALL
) -> list[ColumnElement[bool]]:
    """What is wanted, and within what the actor may see. ``reading``: as ``db.scope.visible_cases``."""
    found = [visible_cases(actor, reading)]
    for column, value in (
        (as_read(_c.kind, reading), wanted.kind),
        (_c.grid, wanted.grid),
        (_c.category, wanted.category),
        (_c.item, wanted.item),
    ):
        if value is not None:
            found.append(column == value)
    if wanted.unit is not None:
        found.append(held_by(wanted.unit, reading))
    if wanted.status:
        found.append(as_read(_c.status, reading, Reading.BY_DEADLINE).in_(wanted.status))
    if wanted.waiting is not None:
        found.append(_WAITING[wanted.waiting])
    if wanted.lane is not None:
        found.append(in_lane(wanted.lane, Moment(now=now, day_ends=end_of_day(now)), wanted.unit))
    return (
        found
        + _lit(wanted, now, reading)
        + _periods(wanted, reading)
        + _figured(wanted, reading)
        + _words(actor, wanted.q, reading)
    )


def _lit(wanted: CaseFilter, now: datetime, reading: Reading) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.light is not None:
        yellow_at, red_at, stops = CASE
        found.append(light_is(wanted.light, (yellow_at, as_read(red_at, reading), stops), now))
    if wanted.ack_light is not None:
        found.append(light_is(wanted.ack_light, ACK, now))
    if wanted.running:
        found.append(running())
    return found


def _periods(wanted: CaseFilter, reading: Reading) -> list[ColumnElement[bool]]:
    due_at = as_read(_c.due_at, reading, Reading.BY_DEADLINE)
    received_at = as_read(_c.received_at, reading, Reading.BY_RECEIPT)
    return [
        *_between(due_at, wanted.due_from, wanted.due_before),
        *_between(received_at, wanted.received_from, wanted.received_to),
        *_between(_c.closed_at, wanted.closed_from, wanted.closed_to),
    ]


def _between(column: ColumnElement[Any], first: datetime | None, until: datetime | None) -> list[ColumnElement[bool]]:
    return [*([column >= first] if first is not None else []), *([column < until] if until is not None else [])]


def _figured(wanted: CaseFilter, reading: Reading) -> list[ColumnElement[bool]]:
    if (wanted.figure, wanted.figure_unit, wanted.figure_from, wanted.figure_to) == (None, None, None, None):
        return []
    counted = select(_figures.c.case).where(_figures.c.figure == (wanted.figure or Figure.CAME))
    counted = counted.where(*_between(_figures.c.at, wanted.figure_from, wanted.figure_to))
    if wanted.figure_unit is not None:
        counted = counted.where(_figures.c.unit == wanted.figure_unit)
    return [as_read(_c.number, reading).in_(counted)]


def _words(actor: Actor, q: str | None, reading: Reading) -> list[ColumnElement[bool]]:
    # PostgreSQL refuses NUL in a text, and no text contains one.
    words = (q or "").replace("\x00", " ").split()[:_MAX_WORDS]
    number, described = as_read(_c.number, reading), reads_text(actor)
    said = [word for word in words if described and not _OF_NUMBERS.fullmatch(word)]
    found = [number.in_(_told(*said))] if said else []
    return found + [_word(word, number, described=described) for word in words if word not in said]


def _word(word: str, number: ColumnElement[str], *, described: bool) -> ColumnElement[bool]:
    """Stands in the number or in the description. What stands in few is sought in both, and no case for either."""
    if not _OF_NUMBERS.fullmatch(word):
        return false()
    piece = word.upper()
    if not described or _OF_MANY.fullmatch(piece):
        numbered = number.contains(piece, autoescape=True)
        return or_(numbered, number.in_(_told(word))) if described else numbered
    of_numbers = select(_c.number).where(_c.number.contains(piece, autoescape=True)).correlate(None)
    return number.in_(of_numbers.union_all(_told(word)))


def _told(*words: str) -> "Select[tuple[str]]":
    """The cases whose description holds all of these words: the descriptions are read through once."""
    return select(_reports.c.case).where(*(holds(_reports.c.description, word) for word in words))
