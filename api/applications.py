"""From an application as it came in to what the front desk writes: every check, and everything that it is promised."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.house import House
from api.in_force import Book
from api.intake import digest_of, is_phone
from api.places import Places
from api.problems import Fault, invalid
from api.schemas.services import PersonIn, ServiceRequestIn
from db.frontdesk.applications import Application
from db.frontdesk.register import Applicant
from domain.catalogue.flow import flow_of, materials_of
from domain.catalogue.holders import Holders
from domain.catalogue.items import ApplicantKind, Item
from domain.errors import Refused, Unprocessable
from domain.identity import Identity, read_identity
from domain.register import PERSONS, claims_of
from domain.service import promising, resolving
from domain.service.flow import Flow
from domain.service.materials import Materials
from domain.service.request import ServiceRequest
from domain.worktime import shanghai_date


async def application(body: ServiceRequestIn, key: str | None, here: House, at: datetime) -> Application:
    """The application, ready to be accepted.

    Raises Refused for an item that cannot be accepted, else Problem(422) that names every field at fault.
    """
    book = here.in_force.at(at)
    item = book.shelf.catalogue.acceptable(body.item, shanghai_date(at))
    read = Reading(book, body, item, at, await here.places(), await here.holders())
    if faults := read.faults():
        raise invalid(*faults)
    request, identity = _bare(read), read.applicant()
    return Application(
        received_at=at,
        key=key,
        body_hash=digest_of(body),
        request=request,
        resolved=resolving.opening(book.rulebook, request),
        applicant=_remembered(body, identity),
        claims=claims_of(body.form, item, body.applicant.kind),
        words=_words(body, request, identity, read.proxy()),
    )


@dataclass(frozen=True, slots=True)
class Reading:
    """An application and what it is read by; each part of it is made, or refused, by itself."""

    book: Book
    body: ServiceRequestIn
    item: Item
    at: datetime
    places: Places
    holders: Holders

    def faults(self) -> list[Fault]:
        """Every field at fault."""
        checks: dict[str, Callable[[], object]] = {
            "catalogue_version": self.version,
            "applicant.kind": self.kind,
            "applicant.id_number": self.applicant,
            "applicant.phone": self.phone,
            "on_behalf_of.id_number": self.proxy,
            "materials": self.materials,
            "grid": self.grid,
            "item": self.flow,
        }
        return [fault for field, check in checks.items() for fault in _faults(field, check)]

    def version(self) -> str:
        """The version in force, which is the one that the clerk looked at, and not last year's (B6)."""
        catalogue, wanted = self.book.shelf.catalogue, self.body.catalogue_version
        current = catalogue.in_force(shanghai_date(self.at)).version
        if wanted not in (None, current):
            known = catalogue.version(wanted) is not None
            raise Unprocessable("item_no_longer_valid" if known else "catalogue_version_unknown")
        return current

    def kind(self) -> ApplicantKind:
        """Who applies is somebody who may, in person or not."""
        if self.body.applicant.kind not in self.item.applicants:
            raise Unprocessable("applicant_not_entitled")
        if self.body.on_behalf_of is not None and not self.item.proxy:
            raise Unprocessable("proxy_not_allowed", field="on_behalf_of")
        return self.body.applicant.kind

    def applicant(self) -> Identity:
        """By which paper the applicant is known."""
        return self._identity(self.body.applicant)

    def phone(self) -> str | None:
        """Where the applicant is reached: a person under a number of their own, an enterprise at its switchboard."""
        given = self.body.applicant.phone
        if given is not None and self.body.applicant.kind in PERSONS and not is_phone(given):
            raise Unprocessable("phone_invalid")
        return given

    def proxy(self) -> Identity | None:
        """By which paper whoever comes in the applicant's place is known."""
        return self._identity(self.body.on_behalf_of) if self.body.on_behalf_of else None

    def materials(self) -> Materials:
        """What such an applicant is asked for, and what is there."""
        given, by_proxy = self.body.materials, self.body.on_behalf_of is not None
        return materials_of(self.item, self.body.applicant.kind, by_proxy=by_proxy, given=given)

    def grid(self) -> str | None:
        """The grid of the applicant."""
        if self.body.grid is not None and not self.places.known(self.body.grid):
            raise Unprocessable("grid_unknown")
        return self.body.grid

    def flow(self) -> Flow:
        """The steps, with who holds them for somebody of this grid."""
        community = self.places.community_of(self.body.grid)
        return flow_of(self.item, lambda holder: self.holders.unit_of(holder, community))

    def _identity(self, person: PersonIn) -> Identity:
        return read_identity(person.id_number, today=shanghai_date(self.at), kind=person.id_type)


def _faults(field: str, check: Callable[[], object]) -> Iterator[Fault]:
    """What is wrong with a field, under the name that the refusal gives it where that says more."""
    try:
        check()
    except Refused as refused:
        named = refused.field or field
        yield Fault(field if field.endswith(f".{named}") else named, refused.code)


def _bare(read: Reading) -> ServiceRequest:
    """The request without its number and its desk."""
    rules, item = read.book.rulebook, read.item
    return ServiceRequest(
        number="",
        item=item.code,
        catalogue_version=read.version(),
        received_at=read.at,
        terms=promising.terms(rules),
        flow=read.flow(),
        materials=read.materials(),
        promised=str(item.promised),
        legal_rule=str(item.legal) if item.legal else None,
        grid=read.grid(),
        redos=rules.services.redos,
    )


def warnings(body: ServiceRequestIn, at: datetime) -> list[dict[str, str]]:
    """What is odd about the numbers of an acceptable application, and no reason to refuse it."""
    people = {"applicant.id_number": body.applicant, "on_behalf_of.id_number": body.on_behalf_of}
    return [
        warning
        for field, person in people.items()
        if person is not None
        for warning in odd(field, read_identity(person.id_number, today=shanghai_date(at), kind=person.id_type))
    ]


def odd(field: str, identity: Identity) -> list[dict[str, str]]:
    """The warnings about the number in ``field``, as they are answered."""
    return [{"field": field, "code": code} for code in identity.warnings]


def _remembered(body: ServiceRequestIn, identity: Identity) -> Applicant:
    """What the register learns at once; where an enterprise is reached is not where its signer is."""
    given = body.applicant
    if given.kind not in PERSONS:
        return Applicant(identity=identity, name=given.name)
    return Applicant(
        identity=identity, name=given.name, phone=given.phone, address=given.address or None, grid=body.grid
    )


def _words(
    body: ServiceRequestIn, request: ServiceRequest, identity: Identity, proxy: Identity | None
) -> dict[str, Any]:
    given, other = body.applicant, body.on_behalf_of
    return {
        "item": request.item,
        "catalogue_version": request.catalogue_version,
        "applicant_name": given.name,
        "id_type": identity.kind.value,
        "id_number": identity.number,
        "phone": given.phone,
        "address": given.address or None,
        "on_behalf_of": None if other is None or proxy is None else {
            "name": other.name,
            "relation": other.relation,
            "id_type": proxy.kind.value,
            "id_number": proxy.number,
            "phone": other.phone,
        },
        "form": dict(body.form),
    }  # fmt: skip
