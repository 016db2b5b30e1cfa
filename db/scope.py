"""Which rows a person may see: one condition for each kind of dossier. What of a row is in ``domain.visibility``.

Every query on behalf of a person carries one of these. What is outside is "not found", as if it were not there.
"""

from collections.abc import Callable, Mapping

from sqlalchemy import ColumnElement, Select, Table, and_, exists, false, or_, select, true

from db.tables import AccountabilityRow, CaseRow, CaseUnit, InterviewRow, JoinedReport, Look, RedCard, core
from domain.authority import Actor
from domain.visibility import REVIEWERS, is_centre_leader
from domain.vocabulary import CaseStatus, DossierKind, Role, UnitKind

Condition = ColumnElement[bool]

_cases = core(CaseRow)
_case_units = core(CaseUnit)
_cards = core(RedCard)
_joined = core(JoinedReport)
_interviews = core(InterviewRow)
_accountability = core(AccountabilityRow)
_looks = core(Look)

_SEE_ALL_CASES = frozenset({Role.SUPERVISOR, Role.AUDITOR, Role.STATISTICIAN})
_SEE_ALL_FILES = frozenset({Role.SUPERVISOR, Role.AUDITOR, Role.ORGANIZATION_OFFICER, Role.DISCIPLINE_OFFICER})
_SEE_ALL_POINTS = _SEE_ALL_FILES | {Role.STATISTICIAN}
_OF_UNIT = frozenset({Role.HANDLER, Role.UNIT_LEADER})


def visible_cases(actor: Actor) -> Condition:
    """The cases that ``actor`` may see, as a condition on ``cases``; each role adds to what the others see."""
    if sees_all_cases(actor):
        return true()
    return _any([rule(actor) for role, rule in _CASES.items() if role in actor.roles])


def sees_all_cases(actor: Actor) -> bool:
    """Whether no case is hidden from ``actor``."""
    return bool(actor.roles & _SEE_ALL_CASES) or is_centre_leader(actor)


def visible_interviews(actor: Actor) -> Condition:
    """The interview files that ``actor`` may see: of the own unit, or all."""
    return _visible_files(actor, _interviews)


def visible_accountability(actor: Actor) -> Condition:
    """The accountability files that ``actor`` may see: of the own unit, or all."""
    return _visible_files(actor, _accountability)


def visible_looks(actor: Actor) -> Condition:
    """The looks at personal data that ``actor`` may review: all, or those of people of the own unit."""
    if actor.roles & REVIEWERS:
        return true()
    return _looks.c.unit == actor.unit if Role.UNIT_LEADER in actor.roles else false()


def sees_points(actor: Actor, unit: str) -> bool:
    """Whether ``actor`` may see the ledger of points of ``unit``."""
    return watches_points(actor) or (of_unit(actor) and actor.unit == unit)


def watches_points(actor: Actor) -> bool:
    """Whether ``actor`` may see the ledgers of all units."""
    return bool(actor.roles & _SEE_ALL_POINTS) or is_centre_leader(actor)


def of_unit(actor: Actor) -> bool:
    """Whether ``actor`` works on the cases of a unit, and so sees how it stands."""
    return bool(actor.roles & _OF_UNIT)


def _visible_files(actor: Actor, table: Table) -> Condition:
    if actor.roles & _SEE_ALL_FILES or is_centre_leader(actor):
        return true()
    if actor.roles & _OF_UNIT:
        return table.c.unit == actor.unit
    return false()


def _of_unit(actor: Actor) -> Condition:
    """Held by the own unit, now or ever; for the police, whatever endangers life too (A11)."""
    held = _cases.c.number.in_(select(_case_units.c.case).where(_case_units.c.unit == actor.unit))
    return or_(held, _cases.c.danger.is_(True)) if actor.unit_kind is UnitKind.POLICE else held


def _of_officer(actor: Actor) -> Condition:
    """In an own grid, or reported by the officer, first or as a report that was joined (A19)."""
    own = (_cases.c.grid.in_(sorted(actor.grids)), _cases.c.reporting_officer == actor.username)
    return or_(*own, _cases.c.number.in_(_shared(_joined.c.taken_by == actor.username)))


def _of_desk(actor: Actor) -> Condition:
    """Taken at the own desk, or shares a report that was (A19).

    And what waits for materials, which may be brought to any desk (B9).
    """
    waits = and_(_cases.c.status == CaseStatus.AWAITING_MATERIALS, _cases.c.kind == DossierKind.SERVICE_REQUEST)
    return or_(_cases.c.desk_unit == actor.unit, waits, _cases.c.number.in_(_shared(_joined.c.desk_unit == actor.unit)))


def _shared(own: Condition) -> Select[tuple[str]]:
    """Cases that a report was joined to."""
    return select(_joined.c.case).where(own, _joined.c.seq.is_not(None))


def _disciplined(actor: Actor) -> Condition:
    """With a red card or an accountability file."""
    return or_(
        exists(select(_cards.c.id).where(_cards.c.case == _cases.c.number)),
        exists(select(_accountability.c.id).where(_accountability.c.case == _cases.c.number)),
    )


_CASES: Mapping[Role, Callable[[Actor], Condition]] = {
    Role.HANDLER: _of_unit,
    Role.UNIT_LEADER: _of_unit,
    Role.GRID_OFFICER: _of_officer,
    Role.INTAKE_CLERK: _of_desk,
    Role.ORGANIZATION_OFFICER: _disciplined,
    Role.DISCIPLINE_OFFICER: _disciplined,
}


def _any(conditions: list[Condition]) -> Condition:
    return or_(*conditions) if conditions else false()
