"""Which page opens to whom: people whose account has nothing but one role.

A list opens to every role, and is empty for whoever may see nothing of it; a page that is for one task opens to those
who have that task. None is somebody without an account.
"""

from collections.abc import Mapping
from typing import Final

from domain.vocabulary import Role

ALL: Final = frozenset(Role)
EVERYBODY: Final[frozenset[Role | None]] = frozenset({None, *Role})
NOBODY: Final[frozenset[Role]] = frozenset()

_REPORTERS: Final = frozenset({Role.INTAKE_CLERK, Role.GRID_OFFICER, Role.SUPERVISOR})
_APPLICATION_TAKERS: Final = frozenset({Role.INTAKE_CLERK, Role.SUPERVISOR})
_SEERS_OF_THE_CASE: Final = _REPORTERS | {Role.STATISTICIAN, Role.AUDITOR}
_OFFICER: Final = frozenset({Role.GRID_OFFICER})
_ADMINISTRATOR: Final = frozenset({Role.ADMINISTRATOR})
_READERS_OF_POINTS: Final = frozenset(
    {Role.SUPERVISOR, Role.ORGANIZATION_OFFICER, Role.DISCIPLINE_OFFICER, Role.STATISTICIAN, Role.AUDITOR}
)
_LOGS: Final = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})

OPEN_TO: Final[Mapping[str, frozenset[Role | None] | frozenset[Role]]] = {
    "/account": ALL,
    "/accountability": ALL,
    "/accountability/{file}": NOBODY,
    "/admin": _LOGS,
    "/admin/accounts": _ADMINISTRATOR,
    "/admin/accounts/{username}": _ADMINISTRATOR,
    "/admin/calendar": _ADMINISTRATOR,
    "/admin/calendar/progress": _ADMINISTRATOR,
    "/admin/calendar/{year}": _ADMINISTRATOR,
    "/admin/grids": _ADMINISTRATOR,
    "/admin/grids/{code}": _ADMINISTRATOR,
    "/admin/keys": _ADMINISTRATOR,
    "/admin/log": _LOGS,
    "/admin/new-account": _ADMINISTRATOR,
    "/admin/rulebook": ALL,
    "/admin/rulebook/change": _ADMINISTRATOR,
    "/admin/rulebook/compare": ALL,
    "/admin/rulebook/versions/{version}": NOBODY,
    "/admin/units": _ADMINISTRATOR,
    "/admin/units/{code}": _ADMINISTRATOR,
    "/board": ALL,
    "/board.{form}": ALL,
    "/board/lanes": ALL,
    "/cases": ALL,
    "/cases.{form}": ALL,
    "/cases/rows": ALL,
    "/cases/{number}": _SEERS_OF_THE_CASE,
    "/cases/{number}/photos/{photo}": NOBODY,
    "/cases/{number}/receipt": _APPLICATION_TAKERS,
    "/cases/{number}/reports/{report}/receipt": NOBODY,
    "/cases/{number}/request_extension/ahead": _SEERS_OF_THE_CASE,
    "/cases/{number}/similar": _REPORTERS,
    "/cases/{number}/state": _SEERS_OF_THE_CASE,
    "/desk/incident": _REPORTERS,
    "/extensions": ALL,
    "/extensions.{form}": ALL,
    "/interviews": ALL,
    "/interviews.{form}": ALL,
    "/accountability.{form}": ALL,
    "/units.{form}": ALL,
    "/interviews/{file}": NOBODY,
    "/items": ALL,
    "/items-found": ALL,
    "/items/{code}": ALL,
    "/items/{code}/apply": _APPLICATION_TAKERS,
    "/looks": frozenset({Role.UNIT_LEADER, Role.DISCIPLINE_OFFICER, Role.AUDITOR}),
    "/manifest.webmanifest": EVERYBODY,
    "/notices": ALL,
    "/officer": _OFFICER,
    "/officer/offline": _OFFICER,
    "/officer/proof": EVERYBODY,
    "/officer/report": _OFFICER,
    "/officer/reports": _OFFICER,
    "/officer/verifications/{number}": _OFFICER,
    "/officers": EVERYBODY,
    "/signin": EVERYBODY,
    "/sw.js": EVERYBODY,
    "/track": EVERYBODY,
    "/track/{number}": EVERYBODY,
    "/trends": frozenset({Role.HANDLER, Role.UNIT_LEADER, Role.SUPERVISOR, Role.STATISTICIAN, Role.AUDITOR}),
    "/triage": ALL,
    "/triage/news": ALL,
    "/units": ALL,
    "/units/{code}": _READERS_OF_POINTS,
    "/units/{code}/points.{form}": _READERS_OF_POINTS,
    "/work": ALL,
    "/work-lanes": ALL,
    "/work.{form}": ALL,
}
"""The route of a page → who gets it. NOBODY: of what the test's paths name there is none, and that is all it says."""

LEADING_ON: Final = frozenset({"/", "/language/{chosen}"})
"""Routes that only ever send somebody on."""

KEPT_BY_BROWSERS: Final = frozenset({"/manifest.webmanifest", "/officer/offline", "/sw.js"})
"""What holds nothing of anybody."""
