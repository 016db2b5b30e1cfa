"""The case as the contract shows it, from its value and the texts that the reader may see."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from domain.case import Case
from domain.holding import Holding, Part
from domain.holding_values import Extension, RedCard
from domain.lights import ack_light, case_light
from domain.vocabulary import CaseStatus, DossierKind, StepStatus

Texts = Mapping[str, Mapping[str, Any]]
"""Command id → the words of that command."""


def case_view(case: Case, now: datetime, *, texts: Texts | None = None, **more: Any) -> dict[str, Any]:
    """The case for the moment ``now``. Without ``texts`` the words of its extensions are left out."""
    return {
        "number": case.number,
        "kind": DossierKind.INCIDENT,
        "status": case.status,
        "outcome": case.outcome,
        **_lights(case, now),
        "category": case.category,
        "danger": case.danger,
        "unit": case.unit,
        "handler": case.handler,
        "grid": case.grid,
        "received_at": case.received_at,
        **_held(case, texts or {}),
        **{name: getattr(case, name) for name in ("verify_by", "answer_by", "completed_at", "closed_at")},
        "version": case.version,
        "red_cards": [_red_card(card) for card in case.red_cards],
        "assisting": [part_view(part, now, texts or {}) for part in case.parts],
        "steps": [],
        **more,
    }


def part_view(part: Part, now: datetime, texts: Texts) -> dict[str, Any]:
    """A part as a command names it (``step``), with its own lights and deadlines for the moment ``now`` (A18, B3)."""
    return {
        "step": part.key,
        "status": _STATUS.get(part.status, StepStatus.WAITING),
        **_lights(part, now),
        "unit": part.unit,
        "handler": part.handler,
        **_held(part, texts),
        "completed_at": part.completed_at,
    }


_STATUS = {
    CaseStatus.DISPATCHED: StepStatus.DISPATCHED,
    CaseStatus.IN_PROGRESS: StepStatus.IN_PROGRESS,
    CaseStatus.SUSPENDED: StepStatus.PAUSED,
    CaseStatus.CLOSED: StepStatus.DONE,
    CaseStatus.WITHDRAWN: StepStatus.RELEASED,
}


def _held(holding: Holding, texts: Texts) -> dict[str, Any]:
    """What every holding has: its round, its clocks, what was asked of it."""
    return {
        "round": holding.round,
        "dispatched_at": holding.dispatched_at,
        "acknowledged_at": holding.acknowledged_at,
        **_promised(holding),
        "resume_at": holding.resume_at,
        "extensions": [_extension(item, texts) for item in holding.extensions],
        "urgings": [
            {"id": item.id, "answer_by": item.answer_by, "answered": item.answered} for item in holding.urgings
        ],
    }


def _promised(holding: Holding) -> dict[str, Any]:
    promise, ack = holding.promise, holding.ack
    return {
        "ack_by": ack.ack_by if ack else None,
        "yellow_at": promise.yellow_at if promise else None,
        "extension_by": promise.extension_by if promise else None,
        "due_at": promise.due_at if promise else None,
        "provisional": promise.provisional if promise else False,
        "promise": {
            "rule": promise.rule,
            "rulebook_version": promise.rulebook_version,
            "calendar_version": promise.calendar_version,
        } if promise else None,
    }  # fmt: skip


def _lights(holding: Holding, now: datetime) -> dict[str, Any]:
    promise, ack = holding.promise, holding.ack
    yellow_at, due_at = (promise.yellow_at, promise.due_at) if promise else (None, None)
    ack_yellow_at, ack_by = (ack.yellow_at, ack.ack_by) if ack else (None, None)
    return {
        "light": case_light(yellow_at, due_at, holding.frozen_at, now),
        "ack_light": ack_light(ack_yellow_at, ack_by, holding.acknowledged_at, holding.frozen_at, now),
    }


def _red_card(card: RedCard) -> dict[str, Any]:
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


def _extension(extension: Extension, texts: Texts) -> dict[str, Any]:
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
