"""A case as its page shows it: state, promise, calendar, way, commands; and what was sent and refused before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from api.commanding import Subject
from api.contacts import may_look_at
from api.items import item_under
from api.kinds import CASES, case_events, shown_case
from api.problems import Problem, not_found
from db.queries.board import last_handler, open_by_unit
from db.queries.joined import joined_at
from db.queries.people import handlers_of
from domain import reports
from domain.authority import REPORTERS, Actor, may_attach
from domain.case import Case
from domain.holding.state import Holding
from domain.identity import IdentityKind
from domain.service.request import ServiceRequest
from domain.visibility import gives_receipt
from domain.vocabulary import CommandKind, LookPurpose, TalkKind
from web.accountable import files_of, opening_offers
from web.directory import Directory, directory
from web.forms import PHOTOS, Widget
from web.happenings import Happenings, people_in
from web.offers import Offer, Trial, case_offers, main_offer
from web.page import Content, Visit
from web.photos import strip_of
from web.request_offers import main_request_offer, request_offers
from web.requestfile import request_content
from web.strip import spent, strip


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A form that was sent and refused: it is shown again with what was in it.

    photos  whether photos were sent along: a browser cannot be given those again
    """

    kind: str
    values: Mapping[str, str]
    problem: Problem
    photos: bool = False

    @property
    def faults(self) -> dict[str, str]:
        """Field → code of what is wrong with it."""
        return {fault.field: fault.code for fault in self.problem.faults}

    def of(self, offer: Offer) -> bool:
        """Whether it is the form of this offer that was sent."""
        named = offer.named.items()
        return offer.kind.value == self.kind and all(self.values.get(name) == value for name, value in named)


_BARE: Final[Content] = {
    "danger": False,
    "category": None,
    "item": None,
    "verify_by": None,
    "assisting": [],
    "result": None,
}
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
    events = case_events(connection, actor, found)
    view = {**_BARE, **shown_case(connection, actor, found, seen.at)}
    people = people_in(events) | {view["handler"], *(file["by"] for file in view.get("attachments", ()))}
    codes = directory(connection, seen.here, seen.words, people)
    item = None if isinstance(case, Case) else item_under(connection, case.catalogue_version, case.item)
    told = Happenings(seen.words, seen.times, codes.units, codes.people, item)
    commands = offers_of(seen, connection, found, actor)
    offers, main = [*commands, *opening_offers(seen, found, actor)], _first(case, commands)
    if attempt:
        main = next((offer for offer in offers if attempt.of(offer)), None)
    return {
        "case": view,
        "value": case,
        "codes": codes,
        "timeline": told.timeline(events),
        "offers": offers,
        "main": main,
        "attempt": attempt,
        **_promised(seen, case),
        **choices(connection, actor, offers, codes, case),
        **({} if isinstance(case, Case) else request_content(seen, case, view, item)),
        "compares": isinstance(case, Case) and not case.finished and not actor.roles.isdisjoint(REPORTERS),
        "strip_of_photos": strip_of(seen, view, codes),
        **_may(connection, actor, found),
        "photos_label": PHOTOS.label,
        "photos_hint": PHOTOS.hint,
    }


def _may(connection: Connection, actor: Actor, found: Subject) -> Content:
    """What somebody may do beside commands: add photos, be shown whom the case concerns, read files on it."""
    return {
        "accountability": files_of(connection, actor, found.dossier),
        "gives_receipt": gives_receipt(actor, found.standing),
        "may_attach": may_attach(actor),
        "may_look": may_look_at(connection, actor, found),
        "purposes": list(LookPurpose),
        "paper_of": IdentityKind,
        "revealed": None,
    }


def offers_of(
    seen: Visit, connection: Connection, found: Subject, actor: Actor, only: CommandKind | None = None
) -> list[Offer]:
    """What may be asked of it. ``only``: nothing but this command is tried."""
    case, trial = found.value, Trial(seen.here.rulebook, connection, found, actor, seen.at)
    if isinstance(case, Case):
        return case_offers(trial, only)
    return request_offers(trial, item_under(connection, case.catalogue_version, case.item), seen.words, only)


def _first(case: Case | ServiceRequest, offers: list[Offer]) -> Offer | None:
    """What of it is to be done first."""
    return main_offer(offers, case.status) if isinstance(case, Case) else main_request_offer(offers)


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
    connection: Connection, actor: Actor, offers: Iterable[Offer], codes: Directory, case: Case | ServiceRequest | None
) -> Content:
    """What the fields of the forms offer to choose from."""
    widgets = {field.widget for offer in offers for field in offer.fields}
    giving = Widget.HANDLER in widgets
    return {
        "handlers": handlers_of(connection, actor.unit) if giving else {},
        "last_handler": last_handler(connection, actor, actor.unit) if giving else None,
        "load": open_by_unit(connection, actor) if Widget.UNIT in widgets else {},
        "unit_names": codes.open_units,
        "asked_reports": _asked(connection, case) if isinstance(case, Case) and case.joined else [],
        "open_urgings": [
            item for holding in (_own(case, actor) if case else ()) for item in holding.urgings if not item.answered
        ],
        "own_cards": [card for card in (case.red_cards if case else ()) if card.unit == actor.unit],
        "talks": list(TalkKind),
    }


def _asked(connection: Connection, case: Case) -> list[tuple[int, datetime]]:
    """Reports whose reporter has not answered in this round, and when each came."""
    since = {reports.FIRST: case.received_at, **joined_at(connection, case.number)}
    return [(report, since[report]) for report in reports.of(case) if report not in case.answered and report in since]


def _own(case: Case | ServiceRequest, actor: Actor) -> Iterable[Holding]:
    """What of it a command of the actor's unit may answer for."""
    if isinstance(case, Case):
        return [case]
    return [part for part in case.open_parts if part.unit == actor.unit]
