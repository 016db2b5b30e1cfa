"""Signing in, accounts, keys of machine clients."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from api.fields import LABEL, Code, Contract, Label, Name, fault, text
from domain.administration import Subject
from domain.vocabulary import Role

SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 256
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")


def _username(value: str) -> str:
    if not _USERNAME.fullmatch(value):
        raise fault("username_malformed")
    return value


def _password(value: str) -> str:
    if len(value) < SHORTEST_PASSWORD:
        raise fault("password_too_short")
    if len(value) > LONGEST_PASSWORD:
        raise fault("password_too_long")
    return value


def _roles(value: list[Role]) -> list[Role]:
    if not value:
        raise fault("roles_missing")
    return list(dict.fromkeys(value))


Cursor = Annotated[str, AfterValidator(text(LABEL, empty=True))]
Username = Annotated[str, AfterValidator(_username)]
Password = Annotated[str, AfterValidator(_password)]
Roles = Annotated[list[Role], AfterValidator(_roles)]


class SessionIn(Contract):
    """Who signs in. Any text is taken and checked, so that an answer tells nothing about which names exist."""

    username: Label
    password: Annotated[str, Field(max_length=1000)]


class AccountIn(Contract):
    """A new account. Without a password the house makes one, and shows it in the answer only."""

    username: Username
    password: Password | None = None
    name: Name
    unit: Code
    roles: Roles


class AccountChange(Contract):
    """What of an account is to change. A new password, and a deactivation, end its sessions."""

    active: bool | None = None
    roles: Roles | None = None
    unit: Code | None = None
    password: Password | None = None
    name: Name | None = None


class KeyIn(Contract):
    """A key for another system, which acts for ``unit`` in these roles."""

    name: Username
    unit: Code
    roles: Roles


class AccountsQuery(Contract):
    """Which accounts, by username. ``q``: a part of username or name; ``signed_in``: have they ever."""

    q: Label | None = None
    unit: Code | None = None
    role: Role | None = None
    active: bool | None = None
    signed_in: bool | None = None
    cursor: Cursor = ""
    limit: Annotated[int, Field(ge=1, le=500)] = 100


class OwnPassword(Contract):
    """A new password of one's own; the old one shows that it is its owner who asks."""

    old: Annotated[str, Field(max_length=1000)]
    new: Password


class LogQuery(Contract):
    """What of the log of administration. ``name``: of what was changed."""

    subject: Subject | None = None
    name: Name | None = None
    actor: Label | None = None
    cursor: Annotated[str, Field(max_length=400)] | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50
