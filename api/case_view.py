"""The case as the contract shows it, from its value and the texts that the reader may see."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from domain.case import Case
from domain.holding_values import Extension, RedCard
from domain.lights import ack_light, case_light
from domain.vocabulary import DossierKind

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
        "round": case.round,
        "received_at": case.received_at,
        "dispatched_at": case.dispatched_at,
        "acknowledged_at": case.acknowledged_at,
        **_promised(case),
        "resume_at": case.resume_at,
        **{name: getattr(case, name) for name in ("verify_by", "answer_by", "completed_at", "closed_at")},
        "version": case.version,
        "red_cards": [_red_card(card) for card in case.red_cards],
        "extensions": [_extension(item, texts or {}) for item in case.extensions],
        "urgings": [{"id": item.id, "answer_by": item.answer_by, "answered": item.answered} for item in case.urgings],
        "steps": [],
        **more,
    }


def _promised(case: Case) -> dict[str, Any]:
    promise, ack = case.promise, case.ack
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


def _lights(case: Case, now: datetime) -> dict[str, Any]:
    promise, ack = case.promise, case.ack
    yellow_at, due_at = (promise.yellow_at, promise.due_at) if promise else (None, None)
    ack_yellow_at, ack_by = (ack.yellow_at, ack.ack_by) if ack else (None, None)
    return {
        "light": case_light(yellow_at, due_at, case.frozen_at, now),
        "ack_light": ack_light(ack_yellow_at, ack_by, case.acknowledged_at, case.frozen_at, now),
    }


def _red_card(card: RedCard) -> dict[str, Any]:
    return {
        "id": card.id,
        "unit": card.unit,
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
