"""What is shown of a holding, whatever it is a holding of: its clocks, its lights, and what gathers in it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from domain.holding.state import Holding, Part
from domain.holding.values import Extension, Pause, RedCard
from domain.lights import ack_light, case_light
from domain.promise import Promise, Rest
from domain.vocabulary import CaseStatus, StepStatus

Texts = Mapping[str, Mapping[str, Any]]
"""Command id → the words of that command."""


def part_view(part: Part, now: datetime, texts: Texts) -> dict[str, Any]:
    """A part as a command names it (``step``), with its own lights and deadlines for the moment ``now`` (A18, B3)."""
    return {
        "step": part.key,
        "status": step_status(part),
        **lights(part, now),
        "unit": part.unit,
        "handler": part.handler,
        **held(part, texts),
        "completed_at": part.completed_at,
    }


def step_status(part: Part) -> StepStatus:
    """Where it stands, as it is shown. One that was returned waits for another unit."""
    if part.outside is not None and not part.finished:
        return StepStatus.OUTSIDE
    return _STATUS.get(part.status, StepStatus.WAITING)


_STATUS = {
    CaseStatus.DISPATCHED: StepStatus.DISPATCHED,
    CaseStatus.IN_PROGRESS: StepStatus.IN_PROGRESS,
    CaseStatus.SUSPENDED: StepStatus.PAUSED,
    CaseStatus.CLOSED: StepStatus.DONE,
    CaseStatus.WITHDRAWN: StepStatus.RELEASED,
}


def held(holding: Holding, texts: Texts) -> dict[str, Any]:
    """What every holding has: its round, its clocks, what was asked of it."""
    return {
        "round": holding.round,
        "dispatched_at": holding.dispatched_at,
        "acknowledged_at": holding.acknowledged_at,
        **promised(holding),
        "resume_at": holding.resume_at,
        "extensions": [extension_view(item, texts) for item in holding.extensions],
        "urgings": [
            {"id": item.id, "answer_by": item.answer_by, "answered": item.answered} for item in holding.urgings
        ],
        "pauses": [pause_view(line) for line in holding.pauses],
    }


def promised(holding: Holding) -> dict[str, Any]:
    """The instants of its clocks, and what made them."""
    return {"ack_by": holding.ack.ack_by if holding.ack else None, **promise_view(holding.promise)}


def promise_view(promise: Promise | None) -> dict[str, Any]:
    """The instants of a promise, and the rule and the versions behind them."""
    return {
        "yellow_at": promise.yellow_at if promise else None,
        "extension_by": promise.extension_by if promise else None,
        "due_at": promise.due_at if promise else None,
        "provisional": promise.provisional if promise else False,
        "promise": {
            "rule": promise.rule,
            "rulebook_version": promise.rulebook_version,
            "calendar_version": promise.calendar_version,
            "granted": promise.granted,
        } if promise else None,
    }  # fmt: skip


def pause_view(line: Pause) -> dict[str, Any]:
    """A line of the pause ledger (E5): from when to when the clock stood, what was left, and the deadline it made.

    ``left`` is working time (``working``), to be counted from ``until`` within office hours, or elapsed time.
    """
    return {
        "since": line.since,
        "until": line.until,
        "left": rest_view(line.left),
        "due_before": line.due_before,
        "due_after": line.due_after,
    }


def rest_view(rest: Rest | None) -> dict[str, Any] | None:
    """What was left, in whole hours, minutes and seconds."""
    if rest is None:
        return None
    hours, within = divmod(rest.length, timedelta(hours=1))
    minutes, seconds = divmod(int(within.total_seconds()), 60)
    return {"working": rest.working, "hours": hours, "minutes": minutes, "seconds": seconds}


def lights(holding: Holding, now: datetime) -> dict[str, Any]:
    """Both lights, for the moment ``now``."""
    promise, ack = holding.promise, holding.ack
    yellow_at, due_at = (promise.yellow_at, promise.due_at) if promise else (None, None)
    ack_yellow_at, ack_by = (ack.yellow_at, ack.ack_by) if ack else (None, None)
    return {
        "light": case_light(yellow_at, due_at, holding.frozen_at, now),
        "ack_light": ack_light(ack_yellow_at, ack_by, holding.acknowledged_at, holding.frozen_at, now),
    }


def card_view(card: RedCard) -> dict[str, Any]:
    """A red card; ``step``: the part on which it fell."""
    return {
        "id": card.id,
        "unit": card.unit,
        "step": card.part,
        "at": card.at,
        "due_at": card.due_at,
        "points": card.points,
        "reversed": card.reversed,
        "appeal": card.appeal,
        "appeal_by": card.appeal_by,
        "interview": card.interview,
    }


def extension_view(extension: Extension, texts: Texts) -> dict[str, Any]:
    """A request for an extension, with its words."""
    decision = texts.get(extension.decision, {}) if extension.decision else {}
    return {
        "id": extension.id,
        "requested_at": extension.requested_at,
        "until": extension.until,
        "reason": texts.get(extension.command, {}).get("reason"),
        "status": extension.status,
        "higher": extension.higher,
        "decided_at": extension.decided_at,
        "note": decision.get("note"),
    }
