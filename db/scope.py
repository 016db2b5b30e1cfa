"""Which rows a person may see: one condition for each kind of dossier. What of a row is in ``domain.visibility``.

Every query on behalf of a person carries one of these. What is outside is "not found", as if it were not there.
"""

from collections.abc import Callable, Mapping

from sqlalchemy import ColumnElement, Table, and_, exists, false, or_, select, true

from db.plans import Reading, as_read
from db.tables import AccountabilityRow, CaseRow, CaseUnit, InterviewRow, JoinedReport, Look, RedCard, Report, core
from domain.authority import Actor
from domain.visibility import REVIEWERS, is_centre_leader
from domain.vocabulary import CaseStatus, DossierKind, Role, UnitKind

Condition = ColumnElement[bool]

_cases = core(CaseRow)
_case_units = core(CaseUnit)
_cards = core(RedCard)
_joined = core(JoinedReport)
_reports = core(Report)
_interviews = core(InterviewRow)
_accountability = core(AccountabilityRow)
_looks = core(Look)

_SEE_ALL_CASES = frozenset({Role.SUPERVISOR, Role.AUDITOR, Role.STATISTICIAN})
_SEE_ALL_FILES = frozenset({Role.SUPERVISOR, Role.AUDITOR, Role.ORGANIZATION_OFFICER, Role.DISCIPLINE_OFFICER})
_SEE_ALL_POINTS = _SEE_ALL_FILES | {Role.STATISTICIAN}
_OF_UNIT = frozenset({Role.HANDLER, Role.UNIT_LEADER})


def visible_cases(actor: Actor, reading: Reading = Reading.FEW) -> Condition:
    """The cases that ``actor`` may see, as a condition on ``cases``; each role adds to what the others see.

    ``reading`` changes nothing but how the condition is looked up.
    """
    if sees_all_cases(actor):
        return true()
    return _any([rule(actor, reading) for role, rule in _CASES.items() if role in actor.roles])


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
    """The looks at personal data that ``actor`` may review: all, or those of people of the own unit.

    Not those by which an accused unit would learn which of its own people brought the report (A13).
    """
    if actor.roles & REVIEWERS:
        return true()
    if Role.UNIT_LEADER not in actor.roles:
        return false()
    own = _looks.c.unit == actor.unit
    return own if is_centre_leader(actor) else and_(own, ~_betraying(actor))


def _betraying(actor: Actor) -> Condition:
    """Looks at a case of the own unit of which a reporter has not agreed: only who took the report can have looked."""
    held = exists(
        select(_case_units.c.case).where(_case_units.c.case == _looks.c.case, _case_units.c.unit == actor.unit)
    )
    unseen = [
        exists(select(table.c.case).where(table.c.case == _looks.c.case, table.c.disclose.is_(False)))
        for table in (_reports, _joined)
    ]
    return and_(held, or_(*unseen))


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


def _of_unit(actor: Actor, reading: Reading) -> Condition:
    """Held by the own unit, now or ever; for the police, whatever endangers life too (A11)."""
    held = _among(_case_units, _case_units.c.unit == actor.unit, reading)
    dangerous = as_read(_cases.c.danger, reading).is_(True)
    return or_(held, dangerous) if actor.unit_kind is UnitKind.POLICE else held


def _of_officer(actor: Actor, reading: Reading) -> Condition:
    """In an own grid, or reported by the officer, first or as a report that was joined (A19)."""
    in_grid = as_read(_cases.c.grid, reading).in_(sorted(actor.grids))
    first = as_read(_cases.c.reporting_officer, reading) == actor.username
    return or_(in_grid, first, _shared(_joined.c.taken_by == actor.username, reading))


def _of_desk(actor: Actor, reading: Reading) -> Condition:
    """Taken at the own desk, or shares a report that was (A19).

    And what waits for materials, which may be brought to any desk (B9).
    """
    status = as_read(_cases.c.status, reading)
    waits = and_(status == CaseStatus.AWAITING_MATERIALS, _cases.c.kind == DossierKind.SERVICE_REQUEST)
    own = as_read(_cases.c.desk_unit, reading) == actor.unit
    return or_(own, waits, _shared(_joined.c.desk_unit == actor.unit, reading))


def _shared(own: Condition, reading: Reading) -> Condition:
    """Cases that a report was joined to."""
    return _among(_joined, and_(own, _joined.c.seq.is_not(None)), reading)


def _disciplined(actor: Actor, reading: Reading) -> Condition:
    """With a red card or an accountability file."""
    return or_(*(_among(table, true(), reading) for table in (_cards, _accountability)))


def _among(table: Table, which: Condition, reading: Reading) -> Condition:
    """Named by such a row of ``table``: looked up one by one, or all of them first where many are compared."""
    if reading is Reading.FEW:
        return exists(select(table.c.case).where(table.c.case == _cases.c.number, which).correlate(_cases))
    return as_read(_cases.c.number, reading).in_(select(table.c.case).where(which).correlate(None))


_CASES: Mapping[Role, Callable[[Actor, Reading], Condition]] = {
    Role.HANDLER: _of_unit,
    Role.UNIT_LEADER: _of_unit,
    Role.GRID_OFFICER: _of_officer,
    Role.INTAKE_CLERK: _of_desk,
    Role.ORGANIZATION_OFFICER: _disciplined,
    Role.DISCIPLINE_OFFICER: _disciplined,
}


def _any(conditions: list[Condition]) -> Condition:
    return or_(*conditions) if conditions else false()
