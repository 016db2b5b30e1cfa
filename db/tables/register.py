"""Persons as the register knows them, what applications claim and have proved about them, and who looked.

Personal data. A look holds ids and names of fields, never a value. Facts and looks are appended and never deleted.
"""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from db.tables import columns
from domain.identity import IdentityKind, Sex
from domain.vocabulary import LookKind


class Person(SQLModel, table=True):
    """One person, by the number of a paper. ``id`` is random: it says nothing, and can stand in logs."""

    __table_args__ = (UniqueConstraint("id_type", "id_number", name="uq_person_paper"),)

    id: str = columns.text(primary_key=True)
    id_type: IdentityKind = columns.code(IdentityKind)
    id_number: str = columns.text()
    name: str | None = columns.text(nullable=True)
    sex: Sex | None = columns.code(Sex, nullable=True)
    born_on: date | None = columns.day(nullable=True)
    phone: str | None = columns.text(nullable=True)
    address: str | None = columns.text(nullable=True)
    grid: str | None = columns.text(nullable=True)
    updated_at: datetime = columns.instant()


class PersonClaim(SQLModel, table=True):
    """What an application says about its applicant. It counts for nothing until the application is approved."""

    __tablename__ = "person_claim"

    case: str = columns.text(primary_key=True, refers="cases.number")
    name: str = columns.text(primary_key=True)
    person: str = columns.text(refers="person.id")
    value: str = columns.text()
    at: datetime = columns.instant()


class PersonFact(SQLModel, table=True):
    """What an approved application proved (B5). ``withdrawn_at``: the case was opened again and is not decided."""

    __tablename__ = "person_fact"

    case: str = columns.text(primary_key=True, refers="cases.number")
    name: str = columns.text(primary_key=True)
    person: str = columns.text(refers="person.id")
    value: str = columns.text()
    at: datetime = columns.instant()
    withdrawn_at: datetime | None = columns.instant(nullable=True)


class Look(SQLModel, table=True):
    """Somebody looked at personal data (C7): when, who, of which unit, at what of whom, and why. Appended only.

    person   of the register; None: the register did not know the number, or it was looked at with a case
    purpose  an item for a look at the register, else a member of ``LookPurpose``
    case     with which the data came, and its ``grid``
    fields   what was shown: names, never values
    oddities  what was unusual about it, as ``domain.looks`` found at that moment; ``unusual``: anything was
    """

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = columns.instant()
    username: str = columns.text()
    unit: str = columns.text()
    person: str | None = columns.text(nullable=True, refers="person.id")
    purpose: str = columns.text()
    fields: list[str] = columns.document(list)
    kind: LookKind = columns.code(LookKind)
    case: str | None = columns.text(nullable=True)
    grid: str | None = columns.text(nullable=True)
    note: str | None = columns.text(nullable=True)
    oddities: list[str] | None = columns.document(nullable=True)
    unusual: bool = False


Index("ix_person_claim_person", columns.core(PersonClaim).c.person)
Index("ix_person_fact_person", columns.core(PersonFact).c.person, columns.core(PersonFact).c.at)
Index("ix_look_person", columns.core(Look).c.person, columns.core(Look).c.at)
Index("ix_look_username", columns.core(Look).c.username, columns.core(Look).c.at)
Index("ix_look_at", columns.core(Look).c.at, columns.core(Look).c.id)
Index("ix_look_unit", columns.core(Look).c.unit, columns.core(Look).c.at)
Index("ix_look_case", columns.core(Look).c.case, columns.core(Look).c.at)
