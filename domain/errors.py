"""Refusals: what the rules say no to, each with a stable code.

    Exception
    └── Refused(code, …)          the rules refuse; nothing has changed
        ├── Forbidden             the role may not do this at all          (HTTP 403)
        ├── Unprocessable         a field has no acceptable value          (HTTP 422)
        └── Conflict              not in this state, not by this unit …    (HTTP 409)

A refusal becomes a rejected update or ``ApplicationError(type=code)`` in a workflow, and a problem with that ``code``
in HTTP. Nobody branches on a message. Codes are snake_case and never change their meaning.
"""

from typing import ClassVar


class Refused(Exception):
    """The rules refuse. ``code`` is stable; ``field`` names the input at fault, if one is."""

    http_status: ClassVar[int] = 409

    def __init__(self, code: str, *, field: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.field = field


class Conflict(Refused):
    """Not now: the state, the holder or an earlier command stands against it."""


class Forbidden(Refused):
    """Not by this role, ever."""

    http_status = 403


class Unprocessable(Refused):
    """A field has no acceptable value."""

    http_status = 422
