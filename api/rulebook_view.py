"""Versions of the rulebook as they are answered and shown: the list, one version, what differs between two."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from api.problems import not_found
from db.frontdesk.rulebooks import entries
from db.queries.rulebooks import count_running, rulebook_content, rulebook_versions, version_named
from domain.authority import Actor
from domain.catalogue.diff import Change
from domain.errors import Conflict, Unprocessable
from domain.rulebook import Rulebook
from domain.rulebook_diff import AreaChange, RulebookDiff, Subject, rulebook_difference
from domain.rulebook_versions import Entry, VersionState, state_of, state_of_version
from domain.vocabulary import Role
from rulebook.values import of_content


def versions(connection: Connection, actor: Actor, at: datetime) -> list[dict[str, Any]]:
    """Every version, the liveliest first; drafts for administrators only."""
    scheduled = entries(connection)
    shown = [_version(row, scheduled, at) for row in rulebook_versions(connection)]
    ranks = {state: rank for rank, state in enumerate(_ORDER)}
    mine = [found for found in shown if found["state"] is not VersionState.DRAFT or sees_drafts(actor)]
    return sorted(mine, key=lambda found: (ranks[found["state"]], -_since(found).timestamp()))


def version(connection: Connection, actor: Actor, name: str, at: datetime) -> dict[str, Any]:
    """One version with its content. Raises Problem(404)."""
    whole = version_named(connection, name)
    found = next((row for row in versions(connection, actor, at) if row["version"] == whole), None)
    if found is None:
        raise not_found()
    return {**found, "content": rulebook_content(connection, found["version"])}


def rules_of(connection: Connection, actor: Actor, name: str, at: datetime, *, field: str) -> Rulebook:
    """A version as a value. Raises Unprocessable("rulebook_version_unknown"), Conflict("…_unreadable")."""
    whole = version_named(connection, name)
    state = state_of_version(whole, entries(connection), at) if whole else VersionState.DRAFT
    if whole is None or (state is VersionState.DRAFT and not sees_drafts(actor)):
        raise Unprocessable("rulebook_version_unknown", field=field)
    found = of_content(rulebook_content(connection, whole) or {})
    if found is None:
        raise Conflict("rulebook_version_unreadable")
    return found


def comparison(
    connection: Connection, actor: Actor, earlier: str | None, later: str, current: Rulebook, at: datetime
) -> RulebookDiff:
    """What differs; without ``earlier`` from the version in force, ``current``. Raises as ``rules_of``."""
    before = rules_of(connection, actor, earlier, at, field="from") if earlier else current
    return rulebook_difference(before, rules_of(connection, actor, later, at, field="to"))


def comparison_sheet(connection: Connection, diff: RulebookDiff) -> dict[str, Any]:
    """A comparison as it is answered, with the cases that run, all of which stay under what they were promised."""
    catalogues = {row["version"]: row["catalogues"] or [] for row in rulebook_versions(connection)}
    return {
        "from": diff.earlier,
        "to": diff.later,
        "count": diff.count,
        "areas": [_area(area) for area in diff.areas],
        "catalogues": {side: catalogues.get(name, []) for side, name in (("from", diff.earlier), ("to", diff.later))},
        "running": count_running(connection),
    }


def sees_drafts(actor: Actor) -> bool:
    """Whether versions that were never put in force are shown to somebody."""
    return Role.ADMINISTRATOR in actor.roles


_ORDER = (
    VersionState.DRAFT,
    VersionState.SCHEDULED,
    VersionState.IN_FORCE,
    VersionState.PAST,
    VersionState.WITHDRAWN,
)


def _version(row: Any, scheduled: Sequence[Entry], at: datetime) -> dict[str, Any]:
    own = [entry for entry in scheduled if entry.version == row["version"]]
    state = state_of_version(row["version"], scheduled, at)
    named = [entry for entry in own if state_of(entry, scheduled, at) is state]
    return {
        "version": row["version"],
        "name": row["name"],
        "state": state,
        "effective_from": named[0].effective_from if named else None,
        "added_at": row["loaded_at"],
        "added_by": row["added_by"],
        "catalogues": row["catalogues"] or [],
        "entries": [_entry(entry, scheduled, at) for entry in own],
    }


def _since(shown: dict[str, Any]) -> datetime:
    since: datetime = shown["effective_from"] or shown["added_at"]
    return since


def _entry(entry: Entry, scheduled: Sequence[Entry], at: datetime) -> dict[str, Any]:
    return {
        "state": state_of(entry, scheduled, at),
        "effective_from": entry.effective_from,
        "scheduled_at": entry.scheduled_at,
        "scheduled_by": entry.scheduled_by,
        "withdrawn_at": entry.withdrawn_at,
        "withdrawn_by": entry.withdrawn_by,
    }


def _area(area: AreaChange) -> dict[str, Any]:
    return {
        "area": area.area,
        "changes": _changes(area.changes),
        "added": [_subject(subject) for subject in area.added],
        "removed": [_subject(subject) for subject in area.removed],
        "changed": [{**_subject(one.subject), "changes": _changes(one.changes)} for one in area.changed],
    }


def _changes(changes: Sequence[Change]) -> list[dict[str, Any]]:
    return [{"field": change.field, "before": change.before, "after": change.after} for change in changes]


def _subject(subject: Subject) -> dict[str, str]:
    return {"code": subject.code, "name": subject.name, "name_en": subject.name_en}
