"""Versions of the rulebook: checked, kept, put in force and taken back by administrators; pages and API alike."""

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from fastapi import Request
from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError
from sqlalchemy import Connection

from api.administration.base import administered
from api.auth import now
from api.fields import Moment
from api.house import House, house
from api.problems import Fault, Problem, invalid, not_found
from api.schemas.rulebooks import RevisionIn, version_name
from db.engine import Database
from db.frontdesk import adminlog, rulebooks
from db.frontdesk.rulebooks import Kept
from db.queries.places import list_grids, list_units
from db.queries.rulebooks import version_named
from domain.administration import Act, Subject
from domain.authority import Actor
from domain.errors import Conflict, Unprocessable
from domain.rulebook_versions import Entry, beginning, midnight, next_midnight
from domain.worktime import SHANGHAI
from rulebook.drafts import derived, fields_at_fault
from rulebook.ground import district_file
from rulebook.load import Opened, open_package
from rulebook.packed import DISTRICT, Package, of_plain
from rulebook.problems import RulebookInvalid
from rulebook.zipped import package_of_zip

NOW: Final = "now"
MOST_FAULTS: Final = 200

_MOMENT: Final[TypeAdapter[datetime]] = TypeAdapter(Moment)


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A version and from when on it counts; None: it is kept as a draft."""

    version: str
    effective_from: datetime | None


async def of_zip(here: House, content: bytes) -> Opened:
    """The rulebook in a ZIP, checked against the units that there are. Raises Problem(422) with every fault."""
    try:
        package = await asyncio.to_thread(package_of_zip, content)
        return await of_package(here.database, package)
    except RulebookInvalid as fault:
        raise told(fault) from None


async def of_package(database: Database, package: Package) -> Opened:
    """The rulebook of a package with the house's own district. Raises RulebookInvalid, Problem(422)."""
    district = await database.read(_district)
    opened = await asyncio.to_thread(open_package, package.with_top({DISTRICT: district}))
    try:
        version_name(opened.rulebook.version.partition("+")[0])
    except PydanticCustomError:
        raise invalid(Fault("version", "rulebook_name_malformed")) from None
    return opened


async def of_revision(here: House, wanted: RevisionIn) -> Opened:
    """The version in force, or the one named, with what is to change. Raises Problem(422), Conflict, Unprocessable."""
    base = await opened_version(here, wanted.based_on) if wanted.based_on else here.in_force.book.opened
    district = await here.database.read(_district)
    base = replace(base, package=base.package.with_top({DISTRICT: district}))
    today = now().astimezone(SHANGHAI).date().isoformat()
    try:
        made = await asyncio.to_thread(
            lambda: derived(base, version=wanted.version, effective_from=today, name=wanted.name, **wanted.changes())
        )
    except RulebookInvalid as fault:
        faults = fields_at_fault(fault, base).items()
        raise invalid(*(Fault(field, "rulebook_value", f"expected {said}") for field, said in faults)) from None
    return made


async def opened_version(here: House, name: str) -> Opened:
    """A version that is kept, opened. Raises Unprocessable("rulebook_version_unknown"), Conflict("…_unreadable")."""

    def read(connection: Connection) -> tuple[str, object]:
        found = version_named(connection, name)
        if found is None:
            raise Unprocessable("rulebook_version_unknown", field="version")
        return found, rulebooks.layers_of(connection, found)

    version, layers = await here.database.read(read)
    book = here.in_force.book
    if book.version == version:
        return book.opened
    try:
        if not isinstance(layers, list):
            raise Conflict("rulebook_version_unreadable")
        return await asyncio.to_thread(open_package, of_plain(layers))
    except RulebookInvalid:
        raise Conflict("rulebook_version_unreadable") from None


async def keep(request: Request, opened: Opened) -> str:
    """Keep a checked version as a draft; its name. Raises Conflict("rulebook_version_known")."""

    def write(connection: Connection, actor: Actor) -> str:
        rulebooks.keep(connection, _kept(opened, actor.username, now()))
        return opened.rulebook.version

    return await administered(request, write)


async def put_in_force(request: Request, opened: Opened, wanted: str | None) -> Scheduled:
    """Keep a checked version and let it count from the instant that ``wanted`` names, or from its own day.

    Raises Unprocessable("effective_from_past"), Conflict("rulebook_instant_taken") among others.
    """
    at = now()
    since = beginning_of(opened, wanted, at)
    made = await administered(request, lambda connection, actor: enter(connection, opened, since, actor.username, at))
    await house(request).in_force.refresh()
    return made


def beginning_of(opened: Opened, wanted: str | None, at: datetime) -> datetime:
    """When a version begins that is put in force at ``at``. Raises Unprocessable("effective_from_past") and others."""
    return beginning(instant_named(wanted, at) or _own(opened, at), at)


def enter(connection: Connection, opened: Opened, since: datetime, by: str, at: datetime) -> Scheduled:
    """Keep a version with its catalogues and let it count from ``since`` on. Raises Conflict."""
    version = opened.rulebook.version
    rulebooks.keep(connection, _kept(opened, by, at))
    rulebooks.keep_catalogues(connection, opened.catalogue.versions, at)
    rulebooks.put_in_force(connection, version, since, by, at)
    _note(connection, by, version, Act.SCHEDULED, since, at)
    return Scheduled(version, since)


async def schedule(request: Request, here: House, name: str, wanted: str | None) -> Scheduled:
    """A version that is kept counts from the instant that ``wanted`` names; it is checked again as things stand now.

    Raises as ``put_in_force``, and Problem(422) when the units that it sends work to are gone.
    """
    try:
        opened = await of_package(here.database, (await opened_version(here, name)).package)
    except RulebookInvalid as fault:
        raise told(fault) from None
    return await put_in_force(request, opened, wanted)


async def take_back(request: Request, name: str) -> str:
    """A version that waits does not come into force. Raises Problem(404), Conflict("rulebook_not_scheduled")."""
    at = now()

    def write(connection: Connection, actor: Actor) -> str:
        version = known(connection, name)
        entry: Entry = rulebooks.take_back(connection, version, actor.username, at)
        _note(connection, actor.username, version, Act.WITHDRAWN, entry.effective_from, at)
        return version

    version = await administered(request, write)
    await house(request).in_force.refresh()
    return version


async def throw_away(request: Request, name: str) -> None:
    """Drop a draft. Raises Problem(404), Conflict("rulebook_not_draft")."""
    await administered(request, lambda connection, _: rulebooks.throw_away(connection, known(connection, name)))


def known(connection: Connection, name: str) -> str:
    """The version that a path names. Raises Problem(404)."""
    found = version_named(connection, name)
    if found is None:
        raise not_found()
    return found


def instant_named(text: str | None, at: datetime) -> datetime | None:
    """The instant that a text names: RFC 3339, a day in Asia/Shanghai, ``now``. Raises Unprocessable."""
    if text is None or not text.strip():
        return None
    named = text.strip()
    if named == NOW:
        return at
    try:
        if len(named) == len("2026-01-31"):
            return midnight(datetime.fromisoformat(named).replace(tzinfo=SHANGHAI)).astimezone(UTC)
        return _MOMENT.validate_python(named)
    except (ValueError, OverflowError, ValidationError):
        raise Unprocessable("instant_malformed", field="effective_from") from None


def told(fault: RulebookInvalid) -> Problem:
    """Every fault as an error of its own, named by file and line."""
    faults = [
        Fault(
            f"{problem.file}:{problem.line}" + (f": {problem.where}" if problem.where else ""),
            "rulebook_invalid",
            f"expected {problem.expected}, found {problem.found}",
        )
        for problem in fault.problems[:MOST_FAULTS]
    ]
    return Problem(422, "rulebook_invalid", faults=faults)


def _own(opened: Opened, at: datetime) -> datetime:
    """The beginning of the day that the version itself names, else of tomorrow."""
    day = datetime.combine(opened.rulebook.effective_from, datetime.min.time(), SHANGHAI).astimezone(UTC)
    return day if day > at else next_midnight(at)


def _district(connection: Connection) -> str:
    units, grids = list_units(connection), list_grids(connection)
    return district_file([dict(row) for row in units], [dict(row) for row in grids])


def _kept(opened: Opened, by: str, at: datetime) -> Kept:
    book = opened.rulebook
    day = datetime.combine(book.effective_from, datetime.min.time(), SHANGHAI).astimezone(UTC)
    return Kept(
        version=book.version,
        name=book.name,
        effective_from=day,
        content=opened.content,
        digest=opened.package.digest,
        layers=opened.package.plain(),
        catalogues=[version.version for version in opened.catalogue.versions],
        added_at=at,
        added_by=by,
    )


def _note(connection: Connection, by: str, version: str, act: Act, since: datetime, at: datetime) -> None:
    after = {"effective_from": since}
    adminlog.note(connection, by, at, subject=Subject.RULEBOOK, name=version, act=act, after=after)
