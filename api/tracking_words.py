"""What the ways of incidents and of service requests have in common when a resident is shown them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from db.queries.events import RecordedEvent
from domain.promise import Promise
from domain.tracking import Clock, Stage, Wait
from domain.vocabulary import EventType

TOLD: Final = frozenset(
    {
        EventType.RECEIVED,
        EventType.DISPATCHED,
        EventType.REDISPATCHED,
        EventType.ACKNOWLEDGED,
        EventType.EXTENSION_GRANTED,
        EventType.SUSPENDED,
        EventType.RESUMED,
        EventType.MATERIALS_REQUESTED,
        EventType.MATERIALS_RECEIVED,
        EventType.HANDED_OUT,
        EventType.STEP_COMPLETED,
        EventType.COMPLETED,
        EventType.VERIFIED,
        EventType.REOPENED,
        EventType.RATED,
        EventType.CLOSED,
        EventType.WITHDRAWN,
    }
)
"""Events that a resident is told of: their type, their instant, and the key of the step, nothing else of their data."""

STAGES: Final[Mapping[Stage, tuple[str, str]]] = {
    Stage.RECEIVED: ("受理", "Received"),
    Stage.DISPATCHED: ("交办", "Assigned"),
    Stage.ACKNOWLEDGED: ("签收并安排", "Taken on and arranged"),
    Stage.HANDLED: ("办理", "Worked on"),
    Stage.VERIFIED: ("核查", "Checked"),
    Stage.ANSWERED: ("答复与评价", "Answered and rated"),
}


def named(key: str, name: str, name_en: str) -> dict[str, Any]:
    """A key and its names."""
    return {"key": key, "name": name, "name_en": name_en}


def stage(found: Stage) -> dict[str, Any]:
    """A stage with its names."""
    return named(found.value, *STAGES[found])


def waiting(reason: Wait | None, until: datetime | None = None, **more: Any) -> dict[str, Any] | None:
    """Why nothing moves, and until when at the longest; None: something does."""
    return None if reason is None else {"reason": reason, "until": until, **more}


def promised(promise: Promise | None) -> dict[str, Any] | None:
    """A promise with the rule that made it, as it stands on a receipt."""
    if promise is None:
        return None
    return {
        "due_at": promise.due_at,
        "rule": promise.rule,
        "provisional": promise.provisional,
        "rulebook_version": promise.rulebook_version,
        "calendar_version": promise.calendar_version,
    }


def timed(clock: Clock) -> dict[str, Any]:
    """Days and hours as numbers."""
    return {
        "days_spent": clock.spent.days,
        "hours_spent": clock.spent.hours,
        "days_left": clock.left.days if clock.left else None,
        "hours_left": clock.left.hours if clock.left else None,
        "counted_in": clock.counted_in,
        "overdue": clock.overdue,
    }


def told(recorded: Sequence[RecordedEvent], *, assisted: bool = False) -> list[dict[str, Any]]:
    """What happened, as a resident is told it. ``assisted``: parts are units that help, and are not their matter."""
    return [
        {"at": item.event.at, "type": item.event.type, "step": None if assisted else item.event.data.get("part")}
        for item in recorded
        if item.event.type in TOLD and not (assisted and item.event.data.get("part"))
    ]


def said_last(recorded: Sequence[RecordedEvent], kind: EventType, name: str) -> str | None:
    """The words ``name`` of the command behind the last event of that type; None: it had none, whatever came before."""
    last = next((item for item in reversed(recorded) if item.event.type is kind), None)
    return (last.text or {}).get(name) or None if last is not None else None
