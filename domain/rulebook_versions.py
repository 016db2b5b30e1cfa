"""Which version of the rulebook counts when: the list of what was put in force, and one function that picks from it.

A version comes into force at an instant and stays so until a later one does. What it was decided by — the files of an
installation, or an administrator — makes no difference here. Promises that were made stay as they are (E4).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from domain.errors import Conflict, Unprocessable
from domain.worktime import SHANGHAI

SOONEST: Final = timedelta(seconds=3)
"""Nothing comes into force, or is taken back, sooner than this: by then every process has read of it."""

LATEST: Final = timedelta(days=3660)


class VersionState(StrEnum):
    """Where a version stands."""

    DRAFT = "draft"
    """checked and kept, but never put in force"""
    SCHEDULED = "scheduled"
    IN_FORCE = "in_force"
    PAST = "past"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A version and from when on it counts. ``scheduled_by`` None: it came with the files of the installation."""

    id: int
    version: str
    effective_from: datetime
    scheduled_at: datetime
    scheduled_by: str | None = None
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None


def in_force(entries: Iterable[Entry], at: datetime) -> Entry | None:
    """The entry that counts at an instant: of those that have begun and were not withdrawn, the one that began last."""
    begun = (entry for entry in entries if entry.withdrawn_at is None and entry.effective_from <= at)
    return max(begun, key=_order, default=None)


def upcoming(entries: Iterable[Entry], at: datetime) -> Entry | None:
    """The entry that is the next to come into force; None: nothing is scheduled."""
    waiting = (entry for entry in entries if entry.withdrawn_at is None and entry.effective_from > at)
    return min(waiting, key=_order, default=None)


def state_of(entry: Entry, entries: Iterable[Entry], at: datetime) -> VersionState:
    """Where an entry stands at an instant."""
    if entry.withdrawn_at is not None:
        return VersionState.WITHDRAWN
    if entry.effective_from > at:
        return VersionState.SCHEDULED
    return VersionState.IN_FORCE if in_force(entries, at) == entry else VersionState.PAST


def state_of_version(version: str, entries: Sequence[Entry], at: datetime) -> VersionState:
    """Where a version stands, which may have been put in force several times: the liveliest of its entries."""
    states = {state_of(entry, entries, at) for entry in entries if entry.version == version}
    ranked = (VersionState.IN_FORCE, VersionState.SCHEDULED, VersionState.PAST, VersionState.WITHDRAWN)
    return next((state for state in ranked if state in states), VersionState.DRAFT)


def next_midnight(at: datetime) -> datetime:
    """The beginning of the next day in Asia/Shanghai: when a change comes into force that names no instant."""
    return midnight(at.astimezone(SHANGHAI) + timedelta(days=1))


def midnight(day: datetime) -> datetime:
    """The beginning of the day, in Asia/Shanghai, that an instant lies in."""
    return datetime.combine(day.astimezone(SHANGHAI).date(), time(), SHANGHAI).astimezone(UTC)


def beginning(wanted: datetime, now: datetime) -> datetime:
    """When what is wanted from an instant on really begins: what is nearer than ``SOONEST`` is put off until then.

    Raises Unprocessable("effective_from_past") for what has passed, ("effective_from_far") beyond ten years.
    """
    if wanted < now:
        raise Unprocessable("effective_from_past", field="effective_from")
    if wanted > now + LATEST:
        raise Unprocessable("effective_from_far", field="effective_from")
    return max(wanted, now + SOONEST)


def withdrawable(version: str, entries: Iterable[Entry], now: datetime) -> Entry:
    """The entry of a version that waits, and can be taken back. Raises Conflict("rulebook_not_scheduled")."""
    waiting = [
        entry
        for entry in entries
        if entry.version == version and entry.withdrawn_at is None and entry.effective_from > now + SOONEST
    ]
    if not waiting:
        raise Conflict("rulebook_not_scheduled")
    return min(waiting, key=_order)


def by_files(entries: Sequence[Entry], at: datetime) -> bool:
    """Whether what the files of the installation say still counts: until a version of an administrator has begun."""
    current = in_force(entries, at)
    return current is None or current.scheduled_by is None


def _order(entry: Entry) -> tuple[datetime, int]:
    return (entry.effective_from, entry.id)
