"""What administrators change, and the rules for it: never without an administrator, nothing secret in the log.

Reading and writing of it is in ``db.frontdesk``; the words are the pages'. No resident is ever in here.
"""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any, Final

from domain.errors import Conflict
from domain.vocabulary import Role


class Subject(StrEnum):
    """What was changed."""

    ACCOUNT = "account"
    API_KEY = "api_key"
    UNIT = "unit"
    GRID = "grid"
    CALENDAR = "calendar"
    RULEBOOK = "rulebook"


class Act(StrEnum):
    """What was done to it."""

    CREATED = "created"
    CHANGED = "changed"
    DEACTIVATED = "deactivated"
    ACTIVATED = "activated"
    PASSWORD_RESET = "password_reset"  # noqa: S105
    """by an administrator"""
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    """by its owner"""
    SESSION_ENDED = "session_ended"
    REVOKED = "revoked"
    SCHEDULED = "scheduled"
    WITHDRAWN = "withdrawn"


Values = Mapping[str, Any]
SECRET: Final = frozenset({"password", "password_hash", "key", "key_hash", "token", "token_hash"})
READERS: Final = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})
"""Roles that read what administrators have done."""


def difference(before: Values, after: Values) -> tuple[dict[str, Any], dict[str, Any]]:
    """What of both differs; of what ``after`` does not name nothing is said. Secrets are in neither."""
    changed = [name for name in after if name not in SECRET and before.get(name) != after[name]]
    return {name: before.get(name) for name in changed}, {name: after[name] for name in changed}


def without_secrets(values: Values) -> dict[str, Any]:
    """What of ``values`` may be kept in the log."""
    return {name: value for name, value in values.items() if name not in SECRET}


def act_of(before: Values, after: Values) -> Act:
    """What a change is called: switching on and off have names of their own."""
    if "active" in after and before.get("active") != after["active"]:
        return Act.ACTIVATED if after["active"] else Act.DEACTIVATED
    return Act.PASSWORD_RESET if SECRET & set(after) else Act.CHANGED


def loses_administrator(changes: Values) -> bool:
    """Whether an administrator to whom this happens is none any more."""
    return changes.get("active") is False or ("roles" in changes and Role.ADMINISTRATOR.value not in changes["roles"])


def require_administrator_left(username: str, administrators: Collection[str]) -> None:
    """Of those who are active, somebody other than ``username`` stays. Raises Conflict("last_administrator")."""
    if set(administrators) == {username}:
        raise Conflict("last_administrator")
