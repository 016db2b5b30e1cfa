"""Lights as SQL conditions: the same rule as ``domain.lights``, so that filters and counts are never late either.

Each condition compares bare columns with one instant, so that the indexes on due dates serve it.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, literal, not_, or_

from db.tables import CaseRow, core
from domain.vocabulary import Light

_cases = core(CaseRow)
_c = _cases.c

Clock = tuple[ColumnElement[Any], ColumnElement[Any], tuple[ColumnElement[Any], ...]]

CASE: Clock = (_c.light_yellow_at, _c.light_due_at, (_c.frozen_at,))
ACK: Clock = (_c.ack_yellow_at, _c.ack_by, (_c.acknowledged_at, _c.frozen_at))
"""When it turns yellow, when red, and what stops it."""


def light_is(wanted: Light, clock: Clock, now: datetime) -> ColumnElement[bool]:
    """Whether the light of ``clock`` is ``wanted`` at ``now``."""
    yellow_at, red_at, stops = clock
    red = _reached(red_at, stops, now)
    if wanted is Light.RED:
        return red
    yellow = _reached(yellow_at, stops, now)
    if wanted is Light.YELLOW:
        return and_(yellow, not_(red))
    return and_(not_(yellow), not_(red))


def light_of(clock: Clock, now: datetime) -> ColumnElement[str]:
    """The light of ``clock`` at ``now``, as the value of ``Light``."""
    yellow_at, red_at, stops = clock
    return case(
        (_reached(red_at, stops, now), literal(Light.RED.value)),
        (_reached(yellow_at, stops, now), literal(Light.YELLOW.value)),
        else_=literal(Light.GREEN.value),
    )


def running() -> ColumnElement[bool]:
    """Its clock runs, and its light may change."""
    return and_(_c.frozen_at.is_(None), _c.light_due_at.is_not(None))


def _reached(instant: ColumnElement[Any], stops: tuple[ColumnElement[Any], ...], now: datetime) -> ColumnElement[bool]:
    """The clock ran until ``instant``: it is not after now, nor after what stopped the clock. Never unknown."""
    running = [or_(stop.is_(None), instant <= stop) for stop in stops]
    return and_(instant.is_not(None), instant <= now, *running)
