"""The case as the contract shows it, from its value and the texts that the reader may see."""

from datetime import datetime
from typing import Any

from api.holding_view import Texts, card_view, held, lights, part_view
from domain.case import Case
from domain.vocabulary import DossierKind


def case_view(case: Case, now: datetime, *, texts: Texts | None = None, **more: Any) -> dict[str, Any]:
    """The case for the moment ``now``. Without ``texts`` the words of its extensions are left out."""
    return {
        "number": case.number,
        "kind": DossierKind.INCIDENT,
        "status": case.status,
        "outcome": case.outcome,
        **lights(case, now),
        "category": case.category,
        "danger": case.danger,
        "unit": case.unit,
        "handler": case.handler,
        "grid": case.grid,
        "received_at": case.received_at,
        **held(case, texts or {}),
        **{name: getattr(case, name) for name in ("verify_by", "answer_by", "completed_at", "closed_at")},
        "version": case.version,
        "red_cards": [card_view(card) for card in case.red_cards],
        "assisting": [part_view(part, now, texts or {}) for part in case.parts],
        "steps": [],
        "joined": len(case.joined),
        **more,
    }
