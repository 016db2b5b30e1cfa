"""Lights: how near a deadline is, computed for the moment of asking and never stored (A7, A8).

``db.lights`` says the same in SQL. At the very instant of the deadline the light is red: what is done at that instant
is done too late, as everywhere (a milestone due at an instant comes before a command stamped with it).
"""

from datetime import datetime

from domain.vocabulary import Light


def light(yellow_at: datetime | None, due_at: datetime | None, at: datetime) -> Light:
    """The light at ``at`` of a clock that turns yellow at ``yellow_at`` and red at ``due_at``; no clock is green."""
    if due_at is not None and at >= due_at:
        return Light.RED
    if yellow_at is not None and at >= yellow_at:
        return Light.YELLOW
    return Light.GREEN


def judged_at(now: datetime, *stops: datetime | None) -> datetime:
    """The instant as of which a clock is judged: now, or when it was stopped first."""
    return min([now, *(stop for stop in stops if stop is not None)])


def case_light(yellow_at: datetime | None, due_at: datetime | None, frozen_at: datetime | None, now: datetime) -> Light:
    """The light of a case: its deadline, as of when it was frozen (completed, suspended, finished)."""
    return light(yellow_at, due_at, judged_at(now, frozen_at))


def ack_light(
    yellow_at: datetime | None,
    ack_by: datetime | None,
    acknowledged_at: datetime | None,
    frozen_at: datetime | None,
    now: datetime,
) -> Light:
    """The light of an acknowledgement (A3), as of when it was given or the case was frozen without it."""
    return light(yellow_at, ack_by, judged_at(now, acknowledged_at, frozen_at))
