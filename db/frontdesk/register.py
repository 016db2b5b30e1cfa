"""The register at the desk: an accepted application remembers its applicant, and a look is noted before it is answered.

What is claimed becomes a fact by the recorder (``db.projections.register``), when the application is approved.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from db.frontdesk.looks import Looked, note_look
from db.once import insert_once
from db.tables import Person, PersonClaim, PersonFact, core
from domain.authority import Actor
from domain.identity import Identity
from domain.register import COLUMNS, Fact, Purpose
from domain.vocabulary import LookKind

_person, _claim, _fact = core(Person), core(PersonClaim), core(PersonFact)
_BY_PAPER = select(_person).where(
    _person.c.id_type == bindparam("kind"), _person.c.id_number == bindparam("paper_number")
)
_FACTS = (
    select(_fact.c.name, _fact.c.value, _fact.c.at)
    .where(_fact.c.person == bindparam("id"), _fact.c.withdrawn_at.is_(None))
    .order_by(_fact.c.at, _fact.c.case)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """A person as an application that is accepted names them. What is None is not said."""

    identity: Identity
    name: str | None = None
    phone: str | None = None
    address: str | None = None
    grid: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A value of the register, and since when it stands there."""

    value: Any
    as_of: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a look is answered: every field that the purpose opens, known (else None in it) or not, and all facts."""

    fields: Mapping[str, Known]
    facts: Mapping[str, Fact]


def remember(connection: Connection, applicant: Applicant, now: datetime) -> str:
    """The id of the applicant's record, made or brought up to date: what was said counts, what was not stays."""
    identity = applicant.identity
    said = {"name": applicant.name, "phone": applicant.phone, "address": applicant.address, "grid": applicant.grid}
    row: dict[str, Any] = {
        "id": uuid.uuid4().hex,
        "id_type": identity.kind,
        "id_number": identity.number,
        "sex": identity.sex,
        "born_on": identity.born_on,
        "updated_at": now,
        **said,
    }
    if insert_once(connection, _person, [row]):
        return str(row["id"])
    stands = _by_paper(connection, identity)
    if stands is None:
        raise LookupError("a person who is there was not found")
    news = {name: value for name, value in said.items() if value is not None and value != stands[name]}
    if news:
        connection.execute(update(_person).where(_person.c.id == stands["id"]).values(**news, updated_at=now))
    return str(stands["id"])


def claim(connection: Connection, case: str, person: str, claims: Mapping[str, str], now: datetime) -> None:
    """Keep what the application ``case`` says about its applicant. Harmless when repeated."""
    rows = [{"case": case, "name": name, "person": person, "value": said, "at": now} for name, said in claims.items()]
    insert_once(connection, _claim, rows)


def look_up(connection: Connection, actor: Actor, identity: Identity, purpose: Purpose, now: datetime) -> Seen:
    """What the register gives for this purpose; the look is noted, whether it knows the number or not."""
    opened = purpose.opens
    stands = _by_paper(connection, identity)
    person = stands["id"] if stands is not None else None
    looked = Looked(kind=LookKind.REGISTER, purpose=purpose.item, fields=[name.value for name in opened], person=person)
    note_look(connection, actor, looked, now)
    facts = {row.name: Fact(row.value, row.at) for row in connection.execute(_FACTS, {"id": person})}
    nobody: Mapping[str, Any] = {"sex": identity.sex, "born_on": identity.born_on}
    record = stands or nobody
    as_of = record.get("updated_at")
    shown = {
        name.value: _column(record.get(name), as_of) if name in COLUMNS else _fact_of(facts, name) for name in opened
    }
    return Seen(fields=shown, facts=facts)


def _column(value: Any, as_of: datetime | None) -> Known:
    return Known(value=value, as_of=None if value is None else as_of)


def _fact_of(facts: Mapping[str, Fact], name: str) -> Known:
    found = facts.get(name)
    return Known(value=found.value if found else None, as_of=found.at if found else None)


def _by_paper(connection: Connection, identity: Identity) -> Mapping[str, Any] | None:
    found = connection.execute(_BY_PAPER, {"kind": identity.kind, "paper_number": identity.number}).mappings().first()
    return None if found is None else dict(found)
