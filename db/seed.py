"""What a rulebook brings along, written to the store: its version, its catalogue's, the district's units and people.

Repeating it is harmless: units and grids follow the files until an administrator changes them, an account that exists
keeps its password, roles and unit, and a version of rulebook or catalogue stays as it was loaded; only the days of a
catalogue's follow. Files that changed count from now on, until an administrator's version has come into force: from
then on rules change there only.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from argon2 import PasswordHasher
from sqlalchemy import Connection, Table, insert, select, update

from db.engine import Database
from db.frontdesk import rulebooks
from db.frontdesk.rulebooks import Kept
from db.tables import Account, CatalogueRow, Grid, Unit, core
from domain.catalogue.items import Catalogue
from domain.plain import to_plain
from domain.rulebook_versions import by_files, in_force
from rulebook.district import District, Person
from rulebook.load import Opened

_ZONE = ZoneInfo("Asia/Shanghai")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeded:
    """What was new: counts of rows, and whether the rulebook's version was.

    ``catalogues``: versions of the catalogue; ``followed``: whether the files' rules count, or an administrator's.
    """

    units: int
    grids: int
    accounts: int
    version: bool
    catalogues: int
    followed: bool = True


def seed(database: Database, opened: Opened, password: Callable[[], str], now: datetime | None = None) -> Seeded:
    """Write what is not there yet, in one unit of work. ``password`` is asked only when an account is new."""
    stamp = now or datetime.now(UTC)
    known = set(database.read_sync(lambda connection: connection.scalars(select(core(Account).c.username)).all()))
    accounts = _accounts([person for person in opened.district.people if person.username not in known], password, stamp)
    return database.write_sync(lambda connection: _write(connection, opened, accounts, stamp))


def _write(connection: Connection, opened: Opened, accounts: list[Row], now: datetime) -> Seeded:
    return Seeded(
        units=_follow(connection, core(Unit), "code", _units(opened.district)),
        grids=_follow(connection, core(Grid), "code", _grids(opened.district)),
        accounts=_add(connection, core(Account), "username", accounts),
        version=rulebooks.keep(connection, _kept(opened, now), follow=True),
        catalogues=_keep_catalogue(connection, opened.catalogue, now),
        followed=_put_in_force(connection, opened.rulebook.version, _midnight(opened), now),
    )


def _put_in_force(connection: Connection, version: str, first: datetime, now: datetime) -> bool:
    """Let the files' version count, unless an administrator's does; whether the files are followed."""
    entries = rulebooks.entries(connection)
    current = in_force(entries, now)
    if current is None:
        rulebooks.put_in_force(connection, version, min(first, now), None, now)
    elif not by_files(entries, now):
        return False
    elif current.version != version:
        since = max(now, current.effective_from + timedelta(microseconds=1))
        rulebooks.put_in_force(connection, version, since, None, now)
    return True


def _units(district: District) -> list[Row]:
    return [
        {
            "code": unit.code,
            "name": unit.name,
            "name_en": unit.name_en,
            "kind": unit.kind,
            "line": unit.line,
            "parent": unit.parent,
        }
        for unit in district.units
    ]


def _grids(district: District) -> list[Row]:
    return [
        {
            "code": grid.code,
            "name": grid.name,
            "name_en": grid.name_en,
            "unit": grid.community,
            "officer": grid.officer,
            "officer_phone": grid.duty_phone,
            "boundary": grid.boundary,
        }
        for grid in district.grids
    ]


def _accounts(people: list[Person], password: Callable[[], str], now: datetime) -> list[Row]:
    hashed = (
        PasswordHasher().hash(password()) if people else ""
    )  # one for all: they share the password, and it is printed
    return [
        {
            "username": person.username,
            "password_hash": hashed,
            "name": person.name,
            "unit": person.unit,
            "roles": [role.value for role in person.roles],
            "active": True,
            "created_at": now,
        }
        for person in people
    ]


def _midnight(opened: Opened) -> datetime:
    return datetime.combine(opened.rulebook.effective_from, time(), _ZONE).astimezone(UTC)


def _kept(opened: Opened, now: datetime) -> Kept:
    book = opened.rulebook
    return Kept(
        version=book.version,
        name=book.name,
        effective_from=_midnight(opened),
        content=opened.content,
        digest=opened.package.digest,
        layers=opened.package.plain(),
        catalogues=[version.version for version in opened.catalogue.versions],
        added_at=now,
    )


def _keep_catalogue(connection: Connection, catalogue: Catalogue, now: datetime) -> int:
    """Every version, whole, and what the files say of its days. How many were new."""
    table = core(CatalogueRow)
    for version in catalogue.versions:
        changed = {
            "effective_from": version.effective_from,
            "effective_to": version.effective_to,
            "content": to_plain(version),
        }
        connection.execute(update(table).where(table.c.version == version.version).values(**changed))
    return rulebooks.keep_catalogues(connection, catalogue.versions, now)


def _follow(connection: Connection, table: Table, key: str, rows: list[Row]) -> int:
    """Make the table say what the files say, but for rows that an administrator changed; how many rows were new.

    Rows that the files no longer name stay.
    """
    for row in rows:
        theirs = (table.c[key] == row[key], table.c.kept_since.is_(None))
        connection.execute(update(table).where(*theirs).values(**row))
    return _add(connection, table, key, rows)


def _add(connection: Connection, table: Table, key: str, rows: list[Row]) -> int:
    known = set(connection.scalars(select(table.c[key])))
    new = [row for row in rows if row[key] not in known]
    if new:
        connection.execute(insert(table), new)
    return len(new)
