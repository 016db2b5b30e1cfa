"""Who may give which command: one table, role × command × relation to the dossier.

Whether a person sees a dossier at all is decided by the query scope (not visible is "not found"). Here: a person who
sees it and may never give this command is refused ``not_allowed``; whether the state admits it is for the dossier.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.errors import Forbidden
from domain.vocabulary import CommandKind, Role, UnitKind


class Relation(StrEnum):
    """How a person stands to a dossier."""

    ANYONE = "anyone"
    CENTRE = "centre"
    UNIT = "unit"
    """of a unit that holds it, or has held it; which of these, the dossier decides (``not_holder``)"""
    REPORTING_OFFICER = "reporting_officer"
    DESK = "desk"
    """of the desk that took it in"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person or a machine client who acts, as the accounts say at this moment. ``grids``: codes of own grids."""

    username: str
    unit: str
    unit_kind: UnitKind
    roles: frozenset[Role]
    grids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What of a dossier decides a relation: its units (now or ever), desk and reporting officer."""

    units: frozenset[str] = frozenset()
    desk: str | None = None
    reporting_officer: str | None = None


_CENTRE = {Role.SUPERVISOR: frozenset({Relation.ANYONE}), Role.UNIT_LEADER: frozenset({Relation.CENTRE})}
_UNIT = {Role.HANDLER: frozenset({Relation.UNIT}), Role.UNIT_LEADER: frozenset({Relation.UNIT})}
_TAKEN_IN = {Role.INTAKE_CLERK: frozenset({Relation.DESK})}
_OFFICERS = {
    Role.ORGANIZATION_OFFICER: frozenset({Relation.ANYONE}),
    Role.DISCIPLINE_OFFICER: frozenset({Relation.ANYONE}),
}

REPORTERS = frozenset({Role.INTAKE_CLERK, Role.GRID_OFFICER, Role.SUPERVISOR})
"""Roles that may bring in a report (A1)."""

TABLE: Mapping[CommandKind, Mapping[Role, frozenset[Relation]]] = {
    CommandKind.DISPATCH: _CENTRE,
    CommandKind.ACKNOWLEDGE: _UNIT,
    CommandKind.PROGRESS: _UNIT,
    CommandKind.URGE: _CENTRE,
    CommandKind.TAKE_OVER: {
        Role.SUPERVISOR: frozenset({Relation.ANYONE}),
        Role.HANDLER: frozenset({Relation.UNIT}),
        Role.UNIT_LEADER: frozenset({Relation.UNIT, Relation.CENTRE}),
    },
    CommandKind.RETURN: _UNIT,
    CommandKind.RULE_RETURN: _CENTRE,
    CommandKind.REQUEST_EXTENSION: _UNIT,
    CommandKind.DECIDE_EXTENSION: _CENTRE,
    CommandKind.SUSPEND: _CENTRE,
    CommandKind.RESUME: _CENTRE,
    CommandKind.COMPLETE: _UNIT,
    CommandKind.VERIFY: {**_CENTRE, Role.GRID_OFFICER: frozenset({Relation.REPORTING_OFFICER})},
    CommandKind.RATE: {**_CENTRE, Role.INTAKE_CLERK: frozenset({Relation.DESK})},
    CommandKind.APPEAL: _UNIT,
    CommandKind.RULE_APPEAL: _CENTRE,
    CommandKind.WITHDRAW: {
        **_CENTRE,
        Role.INTAKE_CLERK: frozenset({Relation.DESK}),
        Role.GRID_OFFICER: frozenset({Relation.REPORTING_OFFICER}),
    },
    CommandKind.JOIN: {role: frozenset({Relation.ANYONE}) for role in REPORTERS},
    CommandKind.ASSIST: _CENTRE,
    CommandKind.COMPLETE_STEP: {**_UNIT, **_TAKEN_IN, Role.SUPERVISOR: frozenset({Relation.ANYONE})},
    CommandKind.REQUEST_MATERIALS: _UNIT,
    CommandKind.BRING_MATERIALS: {**_CENTRE, Role.INTAKE_CLERK: frozenset({Relation.ANYONE})},
    CommandKind.CONFIRM_HANDOFF: {**_CENTRE, **_TAKEN_IN},
    CommandKind.CONVENE: _OFFICERS,
    CommandKind.WAIVE: _OFFICERS,
    CommandKind.KEEP_MINUTES: _OFFICERS,
    CommandKind.RECTIFY: {**_OFFICERS, Role.UNIT_LEADER: frozenset({Relation.UNIT})},
    CommandKind.CHECK: _OFFICERS,
    CommandKind.HOLD_ACCOUNTABLE: _CENTRE,
    CommandKind.RECORD_FINDINGS: _OFFICERS,
    CommandKind.DECIDE_ACCOUNTABILITY: _OFFICERS,
    CommandKind.CLOSE_ACCOUNTABILITY: _OFFICERS,
}
"""The authorisation table. A command that is not in it may be given by nobody through the API."""

APPLICATION_TAKERS = frozenset({Role.INTAKE_CLERK, Role.SUPERVISOR})
"""Roles that may accept an application for a service item, whichever line is behind it (B1)."""

ATTACHERS = frozenset({Role.INTAKE_CLERK, Role.GRID_OFFICER, Role.HANDLER, Role.UNIT_LEADER, Role.SUPERVISOR})
"""Roles that may attach photos and documents to a case that they see (A1)."""


def relations(actor: Actor, standing: Standing) -> frozenset[Relation]:
    """How ``actor`` stands to the dossier."""
    found = {Relation.ANYONE}
    if actor.unit_kind is UnitKind.CENTRE:
        found.add(Relation.CENTRE)
    if actor.unit in standing.units:
        found.add(Relation.UNIT)
    if actor.unit == standing.desk:
        found.add(Relation.DESK)
    if actor.username == standing.reporting_officer:
        found.add(Relation.REPORTING_OFFICER)
    return frozenset(found)


def may(actor: Actor, command: CommandKind, standing: Standing) -> bool:
    """Whether one of the actor's roles may give ``command`` in the relation in which the actor stands."""
    stands = relations(actor, standing)
    return any(not stands.isdisjoint(wanted) for role, wanted in TABLE.get(command, {}).items() if role in actor.roles)


def require(actor: Actor, command: CommandKind, standing: Standing) -> None:
    """Raises Forbidden("not_allowed") unless the actor may."""
    if not may(actor, command, standing):
        raise Forbidden("not_allowed")


def require_reporter(actor: Actor) -> None:
    """Raises Forbidden("not_allowed") unless the actor may bring in reports."""
    if actor.roles.isdisjoint(REPORTERS):
        raise Forbidden("not_allowed")


def require_desk(actor: Actor) -> None:
    """Raises Forbidden("not_allowed") unless the actor may accept applications."""
    if actor.roles.isdisjoint(APPLICATION_TAKERS):
        raise Forbidden("not_allowed")


def may_attach(actor: Actor) -> bool:
    """Whether the actor may attach files to the cases that they see."""
    return not actor.roles.isdisjoint(ATTACHERS)


def require_attacher(actor: Actor) -> None:
    """Raises Forbidden("not_allowed") unless the actor may attach files."""
    if not may_attach(actor):
        raise Forbidden("not_allowed")
