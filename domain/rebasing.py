"""What a new calendar makes of a dossier's deadlines (E2, E5): worked out outside, carried in by one command.

How a single promise is counted again is ``domain.promising.promise_rebased``; what the dossier does with the answer is
``domain.parts.rebase``.
"""

from datetime import datetime
from typing import Any

from domain import promising
from domain.cards import Carded
from domain.holding import Holding
from domain.holding_values import CLOCK_KEPT
from domain.plain import to_plain
from domain.promise import Promise
from domain.rulebook import Rulebook

Data = dict[str, Any]


def rebasing(rulebook: Rulebook, category: str, dossier: Carded, now: datetime) -> Data | None:
    """The data of the command that carries this rulebook's calendar into ``dossier``; None: nothing changes.

    ``category`` as for ``promising.promise_resumed``.
    """
    lead = _holding(rulebook, category, dossier.lead, now) if dossier.lead is not None else None
    parts = {part.key: _holding(rulebook, category, part, now) for part in dossier.parts}
    found = {key: data for key, data in parts.items() if data is not None}
    if lead is None and not found:
        return None
    return {"calendar_version": rulebook.calendar.version, **(lead or {}), "parts": found}


def _holding(rulebook: Rulebook, category: str, holding: Holding, now: datetime) -> Data | None:
    """Of one holding: its deadline, the one with which a pause will end, the one that an extension would bring."""
    if holding.promise is None or holding.red or holding.status not in CLOCK_KEPT:
        return None
    clocks, at = rulebook.clocks_of(category), holding.frozen_at or now
    promise = promising.promise_rebased(rulebook, clocks, holding.promise, at)
    resumed = _resumed(rulebook, category, holding, moved=promise is not None)
    asked = holding.pending_extension
    asked_promise = promising.promise_rebased(rulebook, clocks, asked.promise, at) if asked else None
    if promise is None and resumed is None and asked_promise is None:
        return None
    found = {"promise": promise, "resume_promise": resumed, "asked_promise": asked_promise}
    return {**to_plain(found), "basis": to_plain(holding.promise.due_at)}


def _resumed(rulebook: Rulebook, category: str, holding: Holding, *, moved: bool) -> Promise | None:
    planned = holding.resume_promise
    if planned is None or holding.promise is None or holding.frozen_at is None or holding.resume_at is None:
        return None
    if planned.calendar_version == rulebook.calendar.version or not (moved or planned.provisional):
        return None
    made = promising.promise_resumed(rulebook, category, holding.promise, holding.frozen_at, holding.resume_at)
    return None if made.provisional else made
