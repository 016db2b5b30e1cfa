"""Seeding: what the rulebook brings along is there once, and what people changed stays."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select, update

from db.engine import Database
from db.frontdesk import rulebooks
from db.queries.rulebooks import catalogue_version, catalogue_versions
from db.seed import Seeded, seed
from db.tables import Account, Grid, RulebookVersion, Unit, core
from domain.catalogue.items import Catalogue
from domain.rulebook_versions import in_force
from domain.vocabulary import Role
from rulebook.load import Opened, open_rulebook
from settings import ROOT

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TABLES = [core(table) for table in (Unit, Grid, Account, RulebookVersion)]


@pytest.fixture(scope="module")
def opened() -> Opened:
    return open_rulebook(ROOT / "rulebook" / "default")


def counts(database: Database) -> list[Any]:
    queries = [select(func.count()).select_from(table) for table in TABLES]
    return database.read_sync(lambda connection: [connection.scalar(query) for query in queries])


def account(database: Database, username: str) -> Any:
    query = select(core(Account)).where(core(Account).c.username == username)
    return database.read_sync(lambda connection: connection.execute(query).one())


def never_asked() -> str:
    raise AssertionError("no account is new")


def test_district_is_there_when_seeded(database: Database, opened: Opened) -> None:
    told = seed(database, opened, lambda: "made-up-password", NOW)
    district = opened.district
    expected = [len(district.units), len(district.grids), len(district.people), 1]
    assert counts(database) == expected
    assert (told.units, told.grids, told.accounts, told.version) == (*expected[:3], True)
    assert told.catalogues == len(opened.catalogue.versions) == 2
    assert PasswordHasher().verify(account(database, Role.SUPERVISOR.value).password_hash, "made-up-password")


def test_every_role_has_its_account_when_seeded(database: Database, opened: Opened) -> None:
    seed(database, opened, lambda: "made-up-password", NOW)
    for role in Role:
        assert role.value in account(database, role.value).roles


def test_nothing_is_new_when_seeded_twice(database: Database, opened: Opened) -> None:
    seed(database, opened, lambda: "made-up-password", NOW)
    before = counts(database)
    assert seed(database, opened, never_asked, NOW) == Seeded(units=0, grids=0, accounts=0, version=False, catalogues=0)
    assert counts(database) == before


def test_password_and_roles_stay_when_they_were_changed(database: Database, opened: Opened) -> None:
    seed(database, opened, lambda: "made-up-password", NOW)
    changes = {"password_hash": "changed", "roles": [], "active": False}
    statement = update(core(Account)).where(core(Account).c.username == Role.AUDITOR.value).values(**changes)
    database.write_sync(lambda connection: connection.execute(statement))
    seed(database, opened, never_asked, NOW)
    kept = account(database, Role.AUDITOR.value)
    assert (kept.password_hash, kept.roles, kept.active) == ("changed", [], False)


def test_unit_follows_the_file_when_its_name_changes(database: Database, opened: Opened) -> None:
    seed(database, opened, lambda: "made-up-password", NOW)
    first, *others = opened.district.units
    renamed = replace(opened.district, units=(replace(first, name="改了名字"), *others))
    seed(database, replace(opened, district=renamed), never_asked, NOW)
    query = select(core(Unit).c.name).where(core(Unit).c.code == first.code)
    assert database.read_sync(lambda connection: connection.scalar(query)) == "改了名字"


def test_version_of_the_catalogue_stays_when_its_file_is_gone(database: Database, opened: Opened) -> None:
    seed(database, opened, lambda: "made-up-password", NOW)
    older, newer = opened.catalogue.versions
    rewritten = replace(newer, version="2026+ffffffff", items=newer.items[1:])
    seed(database, replace(opened, catalogue=Catalogue((rewritten,))), never_asked, NOW)
    for version in (older, newer, rewritten):
        assert database.read_sync(partial(catalogue_version, version=version.version)) == version
    names = [row["version"] for row in database.read_sync(catalogue_versions)]
    assert names[0] == older.version
    assert set(names[1:]) == {newer.version, rewritten.version}


def test_last_day_of_a_version_follows_when_a_newer_one_comes(database: Database, opened: Opened) -> None:
    older, newer = opened.catalogue.versions
    alone = replace(older, effective_to=None)
    seed(database, replace(opened, catalogue=Catalogue((alone,))), lambda: "made-up-password", NOW)
    assert seed(database, opened, never_asked, NOW).catalogues == 1
    rows = {row["version"]: row["effective_to"] for row in database.read_sync(catalogue_versions)}
    assert rows == {older.version: older.effective_to, newer.version: None}


def counted(database: Database, at: datetime) -> str | None:
    found = in_force(database.read_sync(rulebooks.entries), at)
    return found.version if found else None


def changed(opened: Opened, version: str) -> Opened:
    package = opened.package.with_top({"routing.yaml": f"# {version}"})
    return replace(opened, rulebook=replace(opened.rulebook, version=version), package=package)


def test_files_that_changed_count_once_they_are_seeded(database: Database, opened: Opened) -> None:
    first, later = opened.rulebook.version, NOW + timedelta(days=1)
    seed(database, opened, lambda: "made-up-password", NOW)
    assert counted(database, NOW) == first
    assert counted(database, datetime(2026, 1, 1, tzinfo=UTC)) == first
    seed(database, changed(opened, "other+1"), never_asked, later)
    assert [counted(database, at) for at in (NOW, later)] == [first, "other+1"]
    assert seed(database, opened, never_asked, later).followed
    assert counted(database, later + timedelta(seconds=1)) == first


def test_files_no_longer_count_once_a_version_of_an_administrator_has_begun(database: Database, opened: Opened) -> None:
    seed(database, opened, lambda: "made-up-password", NOW)
    begins, after = NOW + timedelta(days=1), NOW + timedelta(days=2)
    scheduled = partial(rulebooks.put_in_force, version=opened.rulebook.version, since=begins, by="them", now=NOW)
    database.write_sync(lambda connection: scheduled(connection))
    assert seed(database, changed(opened, "other+1"), never_asked, NOW + timedelta(hours=1)).followed
    assert not seed(database, changed(opened, "other+2"), never_asked, after).followed
    assert counted(database, after) == opened.rulebook.version
    assert counted(database, begins - timedelta(seconds=1)) == "other+1"


def test_items_that_changed_are_kept_under_the_same_rules(database: Database, opened: Opened) -> None:
    seed(database, opened, lambda: "made-up-password", NOW)
    version = opened.rulebook.version
    package = opened.package.with_top({"catalogue/2026/more.yaml": "# more"})
    assert not seed(database, replace(opened, package=package), never_asked, NOW).version
    assert database.read_sync(rulebooks.digests) == {version: package.digest}
