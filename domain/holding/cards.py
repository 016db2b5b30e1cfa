"""Red cards of a dossier: what a missed deadline brings about, appeals, rulings and their windows (A8, A9, A17).

The cards of all its holdings lie on the dossier, numbered through. What else a dossier is made of: ``state``.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from domain.errors import Conflict
from domain.facts import Fact
from domain.holding.state import Holding, Part
from domain.holding.values import RedCard
from domain.messages import Command, Event
from domain.plain import instant, to_plain
from domain.promise import Terms
from domain.vocabulary import AppealStatus, EventType


class Carded(Protocol):
    """A dossier composed of holdings, on which their red cards fall. ``lead``: the holding that it is itself."""

    @property
    def number(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def terms(self) -> Terms: ...
    @property
    def lead(self) -> Holding | None: ...
    @property
    def parts(self) -> tuple[Part, ...]: ...
    @property
    def red_cards(self) -> tuple[RedCard, ...]: ...
    @property
    def closed_at(self) -> datetime | None: ...
    @property
    def archived(self) -> bool: ...


def missed(holding: Holding, dossier: Carded) -> list[Fact]:
    """A deadline passed and unfinished: red, a card, points, an interview file; in this order, at this second."""
    promise = holding.promise
    if promise is None:
        return []
    card = f"{dossier.number}-R{len(dossier.red_cards) + 1}"
    interview = f"{card}-I"
    against = {"card": card, "unit": holding.unit}
    due_at, convene_by, appeal_by = (to_plain(at) for at in (promise.due_at, promise.convene_by, promise.appeal_by))
    points = -dossier.terms.points
    return [
        (EventType.TURNED_RED, {"due_at": due_at, "unit": holding.unit}),
        (EventType.RED_CARD_ISSUED, {**against, "handler": holding.handler, "due_at": due_at,
                                     "points": points, "interview": interview, "appeal_by": appeal_by}),
        (EventType.POINTS_DEDUCTED, {**against, "points": points}),
        (EventType.INTERVIEW_OPENED, {**against, "interview": interview, "convene_by": convene_by}),
    ]  # fmt: skip


def appeal(dossier: Carded, command: Command) -> Iterable[Fact]:
    """By the unit, against the card that is named, else its latest.

    Raises Conflict("no_card_to_appeal"), ("appeal_pending"), ("already_appealed"), ("appeal_too_late").
    """
    named = command.data.get("card")
    cards = [card for card in dossier.red_cards if card.unit == command.unit and named in (None, card.id)]
    if not cards:
        raise Conflict("no_card_to_appeal")
    card = cards[-1]
    if card.appeal is AppealStatus.PENDING:
        raise Conflict("appeal_pending")
    if card.appeal is not None:
        raise Conflict("already_appealed")
    if command.at > card.appeal_by or dossier.archived:
        raise Conflict("appeal_too_late")
    return [(EventType.APPEALED, {"card": card.id, "unit": card.unit})]


def rule_appeal(dossier: Carded, command: Command) -> Iterable[Fact]:
    """On the card that is named, else on the oldest appeal that waits. Raises Conflict("no_appeal_pending")."""
    named = command.data.get("card")
    pending = [card for card in dossier.red_cards if card.appeal is AppealStatus.PENDING and named in (None, card.id)]
    if not pending:
        raise Conflict("no_appeal_pending")
    card = pending[0]
    if not command.data["uphold"]:
        return [(EventType.APPEAL_DISMISSED, {"card": card.id, "unit": card.unit})]
    return [
        (EventType.APPEAL_UPHELD, {"card": card.id, "unit": card.unit}),
        (EventType.POINTS_RESTORED, {"card": card.id, "unit": card.unit, "points": -card.points}),
    ]


def pending_appeal(dossier: Carded) -> RedCard | None:
    """The oldest red card whose appeal waits for a ruling."""
    return next((card for card in dossier.red_cards if card.appeal is AppealStatus.PENDING), None)


def windows_until(dossier: Carded) -> datetime | None:
    """Until when a card of this finished dossier can still be appealed; None: no such window is open."""
    latest = max((card.appeal_by for card in dossier.red_cards if card.appeal is None), default=None)
    if latest is None or dossier.archived or (dossier.closed_at is not None and latest < dossier.closed_at):
        return None
    return latest


def settled(dossier: Carded) -> bool:
    """No appeal waits, and none can come any more."""
    return pending_appeal(dossier) is None and windows_until(dossier) is None


def _issued(dossier: Carded, event: Event) -> Mapping[str, Any]:
    data = event.data
    card = RedCard(
        id=data["card"],
        unit=data["unit"],
        handler=data["handler"],
        at=event.at,
        due_at=instant(data["due_at"]),
        points=data["points"],
        interview=data["interview"],
        appeal_by=instant(data["appeal_by"]),
        part=data.get("part"),
    )
    return {"red_cards": (*dossier.red_cards, card)}


def _marked(status: AppealStatus) -> Callable[[Carded, Event], Mapping[str, Any]]:
    def change(dossier: Carded, event: Event) -> Mapping[str, Any]:
        named = event.data["card"]
        return {
            "red_cards": tuple(replace(card, appeal=status) if card.id == named else card for card in dossier.red_cards)
        }

    return change


CHANGES: Mapping[EventType, Callable[[Carded, Event], Mapping[str, Any]]] = {
    EventType.RED_CARD_ISSUED: _issued,
    EventType.APPEALED: _marked(AppealStatus.PENDING),
    EventType.APPEAL_UPHELD: _marked(AppealStatus.UPHELD),
    EventType.APPEAL_DISMISSED: _marked(AppealStatus.DISMISSED),
    EventType.ARCHIVED: lambda dossier, event: {"archived": True},
}
"""How the events of its cards change a dossier, whichever holding they fell on."""
