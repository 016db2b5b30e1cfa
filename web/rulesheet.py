"""What pages show of the rulebook's versions: the list, one version in tables, what differs between two."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection

from api import rulebook_view
from db.queries.rulebooks import count_running
from domain.authority import Actor
from domain.rulebook import Category, Rulebook
from domain.rulebook_diff import (
    RuleArea,
    RulebookDiff,
    clocks_in_words,
    hours_in_words,
    ladder_in_words,
    own_clocks,
    rulebook_difference,
)
from domain.rulebook_versions import VersionState
from domain.vocabulary import Role
from web.directory import directory
from web.navigation import RULEBOOK, admin_entries
from web.page import Content, Visit
from web.rule_words import RuleWords


def frame_of(seen: Visit, connection: Connection, actor: Actor) -> Content:
    """What every page of it needs: words, the tabs of administration for whoever has them, whether one may schedule."""
    codes = directory(connection, seen.here, seen.words)
    tabs = admin_entries(actor) if actor.roles & {Role.ADMINISTRATOR, Role.AUDITOR} else ()
    return {
        "codes": codes,
        "rule": RuleWords(seen.words, codes),
        "tabs": tabs,
        "may": Role.ADMINISTRATOR in actor.roles,
        "State": VersionState,
        "Area": RuleArea,
        "version_page": lambda version: f"{RULEBOOK}/versions/{quote(version, safe='')}",
    }


def listed(seen: Visit, connection: Connection, actor: Actor) -> Content:
    """Every version, the one in force by itself."""
    found = rulebook_view.versions(connection, actor, seen.at)
    current = next((one for one in found if one["state"] is VersionState.IN_FORCE), None)
    rules = seen.here.rulebook
    return {
        **frame_of(seen, connection, actor),
        "versions": found,
        "current": current,
        "rules": rules,
        "clocks": clocks_in_words(rules.clocks),
        "running": count_running(connection),
    }


def sheet(seen: Visit, connection: Connection, actor: Actor, name: str) -> Content:
    """One version in tables, and what it would change of the one in force. Raises as the API."""
    shown = rulebook_view.version(connection, actor, name, seen.at)
    rules = rulebook_view.rules_of(connection, actor, shown["version"], seen.at, field="version")
    current = seen.here.in_force.book.opened.rulebook
    return {
        **frame_of(seen, connection, actor),
        "version": shown,
        "rules": rules,
        "clocks": clocks_in_words(rules.clocks),
        "service_clocks": own_clocks(rules.services.clocks, rules.clocks),
        "ladders": {"ack_ladder": ladder_in_words(rules.ack_ladder), "danger": ladder_in_words(rules.danger.ladder)},
        "hours": hours_in_words(rules.hours),
        "groups": _groups(rules),
        "own": {code: own_clocks(found.clocks, rules.clocks) for code, found in rules.categories.items()},
        "diff": rulebook_difference(current, rules) if rules.version != current.version else None,
        "running": count_running(connection),
    }


def compared(seen: Visit, connection: Connection, actor: Actor, earlier: str | None, later: str | None) -> Content:
    """Two versions side by side; without names the one in force against the next, or the last before it."""
    found = rulebook_view.versions(connection, actor, seen.at)
    before, after = earlier, later
    current = seen.here.in_force.book.opened.rulebook
    if after is None:
        others = [one["version"] for one in found if one["version"] != current.version]
        before, after = (before, others[0]) if others else (before, current.version)
    diff: RulebookDiff = rulebook_view.comparison(connection, actor, before, after, current, seen.at)
    catalogues: Mapping[str, Any] = {one["version"]: one["catalogues"] for one in found}
    return {
        **frame_of(seen, connection, actor),
        "versions": found,
        "diff": diff,
        "running": count_running(connection),
        "catalogues": (catalogues.get(diff.earlier, []), catalogues.get(diff.later, [])),
    }


def _groups(rules: Rulebook) -> list[tuple[Any, list[Category]]]:
    """The categories by group, as the rulebook orders them."""
    return [
        (group, [found for found in rules.categories.values() if found.group == group.code])
        for group in rules.groups.values()
    ]
