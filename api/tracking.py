"""The way of a case as its resident is shown it (B2, D5): no account, no names of people, no internal notes.

What is worked out is ``domain.tracking``; here it gets the public names of units and stages. Of a protected category
nothing is shown that would reveal it: neither category, nor unit, nor result (A14).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from api.auth import now
from db.queries.cases import tracked_row
from db.queries.events import RecordedEvent, list_events
from db.queries.places import unit_names
from domain import tracking
from domain.case import Case
from domain.plain import of_plain
from domain.promise import Promise
from domain.rulebook import Rulebook
from domain.tracking import Clock, Passage, Stage
from domain.vocabulary import CaseStatus, DossierKind, EventType

TOLD: Final = frozenset(
    {
        EventType.RECEIVED,
        EventType.DISPATCHED,
        EventType.REDISPATCHED,
        EventType.ACKNOWLEDGED,
        EventType.EXTENSION_GRANTED,
        EventType.SUSPENDED,
        EventType.RESUMED,
        EventType.COMPLETED,
        EventType.VERIFIED,
        EventType.REOPENED,
        EventType.RATED,
        EventType.CLOSED,
        EventType.WITHDRAWN,
    }
)
"""Events that a resident is told of, with their instant and nothing of their data."""

STAGES: Final[Mapping[Stage, tuple[str, str]]] = {
    Stage.RECEIVED: ("受理", "Received"),
    Stage.DISPATCHED: ("交办", "Assigned"),
    Stage.ACKNOWLEDGED: ("签收并安排", "Taken on and arranged"),
    Stage.HANDLED: ("办理", "Worked on"),
    Stage.VERIFIED: ("核查", "Checked"),
    Stage.ANSWERED: ("答复与评价", "Answered and rated"),
}

_ANSWERED: Final = frozenset({CaseStatus.AWAITING_ANSWER, CaseStatus.CLOSED})
_HELD: Final = frozenset({CaseStatus.DISPATCHED, CaseStatus.IN_PROGRESS, CaseStatus.SUSPENDED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracked:
    """A case whose code was shown. ``desk``: code of the unit that took it in."""

    case: Case
    desk: str | None


def find_tracked(connection: Connection, number: str) -> Tracked | None:
    """The case with this number, for whoever has shown its code."""
    row = tracked_row(connection, number)
    if row is None or row["kind"] is not DossierKind.INCIDENT:
        return None
    return Tracked(case=of_plain(Case, row["state"]), desk=row["desk_unit"])


def timeline(connection: Connection, rules: Rulebook, number: str) -> dict[str, Any] | None:
    """What the resident is shown of the case at this moment; None: there is no such case."""
    found = find_tracked(connection, number)
    if found is None:
        return None
    return _incident(connection, rules, found.case, found.desk, now())


def was_rated(connection: Connection, number: str) -> bool:
    """Whether the resident has answered before."""
    return any(item.event.type is EventType.RATED for item in list_events(connection, number))


def promised(promise: Promise | None) -> dict[str, Any] | None:
    """A promise as it stands on a receipt."""
    if promise is None:
        return None
    return {"due_at": promise.due_at, "rule": promise.rule, "provisional": promise.provisional}


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


def stage_names(stage: Stage) -> dict[str, str]:
    """Key and names of a stage."""
    name, name_en = STAGES[stage]
    return {"key": stage.value, "name": name, "name_en": name_en}


def told(recorded: Sequence[RecordedEvent]) -> list[dict[str, Any]]:
    """What happened, as a resident is told it."""
    return [{"at": item.event.at, "type": item.event.type} for item in recorded if item.event.type in TOLD]


def _incident(connection: Connection, rules: Rulebook, case: Case, desk: str | None, at: datetime) -> dict[str, Any]:
    recorded = list_events(connection, case.number)
    category = rules.categories.get(case.category)
    protected = category is not None and category.protected
    names = unit_names(connection, [code for code in (case.unit, desk) if code])
    holder = names.get(case.unit or "") if case.status in _HELD and not protected else None
    way = tracking.stages(case, _verified_at(recorded))
    running = tracking.clock(
        rules.worktime, case.promise, case.pauses, received_at=case.received_at, at=case.frozen_at or at
    )
    wait = tracking.wait_of(case.status)
    return {
        "number": case.number,
        "kind": DossierKind.INCIDENT,
        "status": case.status,
        "outcome": case.outcome,
        "category": None if protected else case.category,
        "category_name": category.name if category and not protected else None,
        "unit": None if protected else names.get(case.unit or ""),
        "holders": [{"unit": holder, "since": case.dispatched_at}] if holder else [],
        "desk": names.get(desk or ""),
        "received_at": case.received_at,
        "due_at": case.promise.due_at if case.promise else None,
        "legal_due_at": None,
        "promise": promised(case.promise),
        **timed(running),
        "steps": [{**stage_names(step.stage), "state": step.passage, "at": step.at} for step in way],
        "next": [stage_names(step.stage) for step in way if step.passage is Passage.AHEAD][:1],
        "waits_for": {"reason": wait, "until": _until(case)} if wait else None,
        "answer_by": case.answer_by,
        "result": None if protected else _result(recorded, case.status),
        "materials": [],
        "events": told(recorded),
    }


def _until(case: Case) -> datetime | None:
    return {
        CaseStatus.SUSPENDED: case.resume_at,
        CaseStatus.AWAITING_VERIFICATION: case.verify_by,
        CaseStatus.AWAITING_ANSWER: case.answer_by,
    }.get(case.status)


def _verified_at(recorded: Sequence[RecordedEvent]) -> datetime | None:
    return next((item.event.at for item in reversed(recorded)
                 if item.event.type is EventType.VERIFIED and item.event.data.get("solved")), None)  # fmt: skip


def _result(recorded: Sequence[RecordedEvent], status: CaseStatus) -> str | None:
    """What the unit answered, once it has been checked."""
    if status not in _ANSWERED:
        return None
    texts = [item.text for item in recorded if item.event.type is EventType.COMPLETED and item.text]
    return texts[-1].get("result") if texts else None
