"""Accounts, sessions, keys of machine clients, units and grids."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import SQLModel

from db.tables import columns
from domain.vocabulary import UnitKind


class Account(SQLModel, table=True):
    """A person who signs in. ``roles`` are values of ``domain.vocabulary.Role``."""

    username: str = columns.text(primary_key=True)
    password_hash: str = columns.text()
    name: str = columns.text()
    unit: str | None = columns.text(nullable=True)
    roles: list[str] = columns.document(list)
    active: bool = True
    created_at: datetime = columns.instant()
    signed_in_at: datetime | None = columns.instant(nullable=True)


class Session(SQLModel, table=True):
    """A signed-in browser or client, by the SHA-256 of its token in hex."""

    token_hash: str = columns.text(primary_key=True)
    username: str = columns.text(refers="account.username")
    created_at: datetime = columns.instant()
    expires_at: datetime = columns.instant()
    revoked_at: datetime | None = columns.instant(nullable=True)


class ApiKey(SQLModel, table=True):
    """A machine client, by the SHA-256 of its key in hex; it acts as ``username`` of ``unit``."""

    __tablename__ = "api_key"

    key_hash: str = columns.text(primary_key=True)
    name: str = columns.text()
    unit: str | None = columns.text(nullable=True)
    username: str = columns.text()
    roles: list[str] = columns.document(list)
    created_at: datetime = columns.instant()
    revoked_at: datetime | None = columns.instant(nullable=True)


class Unit(SQLModel, table=True):
    """An organisation that holds work. ``line`` is its line of departments, ``parent`` the unit above it.

    ``kept_since``: since an administrator changed it here, the rulebook's files no longer say what it is.
    """

    code: str = columns.text(primary_key=True)
    name: str = columns.text()
    name_en: str | None = columns.text(nullable=True)
    kind: UnitKind = columns.code(UnitKind)
    line: str | None = columns.text(nullable=True)
    parent: str | None = columns.text(nullable=True)
    active: bool = True
    kept_since: datetime | None = columns.instant(nullable=True)


class Grid(SQLModel, table=True):
    """The smallest area, its community ``unit``, its officer and its outline (a GeoJSON polygon).

    ``kept_since`` as of a unit.
    """

    code: str = columns.text(primary_key=True)
    name: str = columns.text()
    name_en: str | None = columns.text(nullable=True)
    unit: str = columns.text()
    officer: str | None = columns.text(nullable=True)
    officer_phone: str | None = columns.text(nullable=True)
    boundary: dict[str, Any] | None = columns.document(nullable=True)
    active: bool = True
    kept_since: datetime | None = columns.instant(nullable=True)


class RulebookVersion(SQLModel, table=True):
    """A rulebook that was in force from ``effective_from`` on, as it was loaded."""

    __tablename__ = "rulebook_version"

    version: str = columns.text(primary_key=True)
    name: str = columns.text()
    effective_from: datetime = columns.instant()
    loaded_at: datetime = columns.instant()
    content: dict[str, Any] = columns.document(dict)


class CatalogueRow(SQLModel, table=True):
    """A version of the catalogue of service items, whole, so that a running case can always be shown its own (B6).

    The days are those of ``domain.catalogue.items.CatalogueVersion``; ``content`` is that value as JSON.
    """

    __tablename__ = "catalogue_version"

    version: str = columns.text(primary_key=True)
    effective_from: date = columns.day()
    effective_to: date | None = columns.day(nullable=True)
    loaded_at: datetime = columns.instant()
    content: dict[str, Any] = columns.document(dict)


Index("ix_session_username", columns.core(Session).c.username)
Index("ix_grid_officer", columns.core(Grid).c.officer)
Index("ix_unit_kind", columns.core(Unit).c.kind)
