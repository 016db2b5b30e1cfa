"""A case as its page shows it: state, promise, calendar, way, commands; and what was sent and refused before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from api.commanding import Subject
from api.kinds import CASES, case_events, shown_case
from api.problems import Problem, not_found
from db.queries.board import last_handler, open_by_unit
from db.queries.people import handlers_of
from domain.authority import Actor
from domain.case import Case
from domain.service.request import ServiceRequest
from domain.visibility import gives_receipt
from domain.vocabulary import TalkKind
from web.directory import Directory, directory
from web.forms import Widget
from web.happenings import Happenings, people_in
from web.offers import Offer, case_offers, main_offer, offer_of
from web.page import Content, Visit
from web.strip import spent, strip


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A form that was sent and refused: it is shown again with what was in it."""

    kind: str
    values: Mapping[str, str]
    problem: Problem

    @property
    def faults(self) -> dict[str, str]:
        """Field → code of what is wrong with it."""
        return {fault.field: fault.code for fault in self.problem.faults}


_BARE: Final[Content] = {"danger": False, "category": None, "item": None, "verify_by": None, "assisting": []}
"""What not every kind of case has."""


def find(connection: Connection, actor: Actor, number: str) -> Subject:
    """The case. Raises Problem(404): there is none, or the actor may not see it."""
    found = CASES.find(connection, actor, number, {})
    if found is None:
        raise not_found()
    return found


def case_content(
    seen: Visit, connection: Connection, actor: Actor, number: str, attempt: Attempt | None = None
) -> Content:
    """Everything on the page of a case."""
    found = find(connection, actor, number)
    case: Case | ServiceRequest = found.value
    incident = case if isinstance(case, Case) else None
    events = case_events(connection, actor, found)
    view = {**_BARE, **shown_case(connection, actor, found, seen.at)}
    codes = directory(connection, seen.here, seen.words, people_in(events) | {view["handler"]})
    told = Happenings(seen.words, seen.times, codes.units, codes.people)
    offers = case_offers(seen.here.rulebook, connection, found, actor, seen.at) if incident else []
    main = offer_of(offers, attempt.kind) if attempt else main_offer(offers, case.status)
    return {
        "case": view,
        "value": case,
        "codes": codes,
        "timeline": told.timeline(events),
        "offers": offers,
        "main": main,
        "attempt": attempt,
        **_promised(seen, case),
        **choices(connection, actor, offers, codes, incident),
        "gives_receipt": gives_receipt(actor, found.standing),
    }


def _promised(seen: Visit, case: Case | ServiceRequest) -> Content:
    promise = case.promise
    if promise is None:
        return {"strip": None, "spent": 0, "left": None}
    at = min(seen.at, case.frozen_at) if case.frozen_at else seen.at
    return {
        "strip": strip(promise, seen.here.rulebook.calendar, at),
        "spent": spent(promise, at),
        "left": promise.due_at - at,
    }


def choices(
    connection: Connection, actor: Actor, offers: Iterable[Offer], codes: Directory, case: Case | None
) -> Content:
    """What the fields of the forms offer to choose from."""
    widgets = {field.widget for offer in offers for field in offer.fields}
    giving = Widget.HANDLER in widgets
    return {
        "handlers": handlers_of(connection, actor.unit) if giving else {},
        "last_handler": last_handler(connection, actor, actor.unit) if giving else None,
        "load": open_by_unit(connection, actor) if Widget.UNIT in widgets else {},
        "unit_names": codes.units,
        "open_urgings": [item for item in case.urgings if not item.answered] if case else [],
        "own_cards": [card for card in case.red_cards if card.unit == actor.unit] if case else [],
        "talks": list(TalkKind),
    }
