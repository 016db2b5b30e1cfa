"""What of a case waits for somebody's word: its columns, from the plain state, so that a board needs no look inside."""

from collections.abc import Iterator, Mapping
from typing import Any

from domain.holding.values import FINISHED
from domain.vocabulary import AppealStatus, ExtensionStatus


def waiting_columns(state: Mapping[str, Any]) -> dict[str, bool]:
    """Alarm that nobody has taken over; extension, return and appeal that wait; of the case or a part of it."""
    running = state["status"] not in FINISHED
    holdings = [*_holdings(state)] if running else []
    pending = ExtensionStatus.PENDING
    return {
        "alarm": running and state.get("alarm_next") is not None,
        "extension_pending": any(item["status"] == pending for part in holdings for item in part.get("extensions", ())),
        "return_pending": any(part.get("return_pending", False) for part in holdings),
        "appeal_pending": any(card.get("appeal") == AppealStatus.PENDING for card in state.get("red_cards", ())),
    }


def _holdings(state: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield state
    yield from state.get("parts") or ()
