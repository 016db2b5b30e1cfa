"""Giving a command from a form: the API's own way, from the fields of a form instead of a body of JSON."""

import secrets
from typing import Any

from fastapi import Request

from api.auth import now
from api.command_table import CommandLine
from api.commanding import Asked, Kind, carry_out
from api.house import House
from api.problems import Fault, Problem
from web.reading import filled_in
from web.session import Form, signed_in

_VERSION_LENGTH = 9
_NAMED = ("extension", "part")
"""What a path may name of a case."""


def fresh_key() -> str:
    """What makes a form count once, however often it is sent."""
    return secrets.token_hex(12)


async def give(here: House, request: Request, kind: Kind, dossier: str, line: CommandLine, form: Form) -> None:
    """Carry out the command of a form. Raises Problem and Refused as the API does."""
    more = {name: form.pop(name, "") for name in _NAMED if f"{{{name}}}" in line.path}
    asked: Asked = _asked(request, dossier, line, form, more)
    await carry_out(here, kind, asked)


def _asked(request: Request, dossier: str, line: CommandLine, form: Form, more: dict[str, Any]) -> Asked:
    key, version = form.pop("key", ""), form.pop("version", "")
    return Asked(
        token=signed_in(request),
        dossier=dossier,
        line=line,
        checked=filled_in(form, line.schema),
        key=lambda: key or None,
        version=lambda: _version(version),
        more=more,
        at=now(),
    )


def _version(text: str) -> int | None:
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > _VERSION_LENGTH:
        raise Problem(422, "version_malformed", faults=(Fault("version", "version_malformed"),))
    return int(text)
