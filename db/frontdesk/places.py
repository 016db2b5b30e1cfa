"""Units and grids, changed by administrators. Once changed here a row is theirs: seeding leaves it as it is."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, update

from db.frontdesk.accounts import require_unit
from db.frontdesk.adminlog import note
from db.queries.places import grid_row, list_units, unit_row
from db.tables import Account, AccountabilityRow, CasePart, CaseRow, Dossier, Grid, InterviewRow, Unit, core
from domain.administration import Act, Subject, act_of, difference
from domain.errors import Conflict, Unprocessable
from domain.places import Held, require_closable, require_no_circle
from domain.vocabulary import CaseStatus, Role, UnitKind

_unit, _grid, _account = core(Unit), core(Grid), core(Account)
_cases, _parts, _dossiers = core(CaseRow), core(CasePart), core(Dossier)
_FILES = (core(InterviewRow), core(AccountabilityRow))
_OVER = (CaseStatus.CLOSED, CaseStatus.WITHDRAWN)

Values = Mapping[str, Any]


def add_unit(connection: Connection, actor: str, values: Values, now: datetime) -> None:
    """A new unit. Raises Conflict("code_taken"), Unprocessable("parent_unknown")."""
    _require_free(connection, _unit, values["code"])
    _require_parent(connection, values["code"], values.get("parent"))
    connection.execute(insert(_unit).values(**values, active=True, kept_since=now))
    note(connection, actor, now, subject=Subject.UNIT, name=values["code"], act=Act.CREATED, after=values)


def change_unit(
    connection: Connection, actor: str, code: str, changes: Values, now: datetime, *, named: bool = False
) -> None:
    """Change a unit; ``named``: the rules in force name it.

    Raises Unprocessable("parent_unknown"), ("parent_circular"), and the conflicts of ``require_closable``.
    """
    if "parent" in changes:
        _require_parent(connection, code, changes["parent"])
    if changes.get("active") is False:
        require_closable(held_by(connection, code, named=named))
    before = unit_row(connection, code)
    if before is not None:
        _change(connection, _unit, Subject.UNIT, actor, dict(before), changes, now)


def held_by(connection: Connection, code: str, *, named: bool = False) -> Held:
    """What hangs on a unit at this moment."""
    cases = _count(connection, _cases, _cases.c.unit == code, _cases.c.status.not_in(_OVER))
    parts = _count(connection, _parts, _parts.c.unit == code, _parts.c.open)
    running = _dossiers.c.ended_at.is_(None)
    files = sum(
        _count(connection, file.join(_dossiers, _dossiers.c.id == file.c.id), file.c.unit == code, running)
        for file in _FILES
    )
    return Held(
        cases=cases + parts + files,
        accounts=_count(connection, _account, _account.c.unit == code, _account.c.active),
        grids=_count(connection, _grid, _grid.c.unit == code, _grid.c.active),
        units=_count(connection, _unit, _unit.c.parent == code, _unit.c.active),
        named=named,
    )


def add_grid(connection: Connection, actor: str, values: Values, now: datetime) -> None:
    """A new grid. Raises Conflict("code_taken"), Unprocessable("community_unknown"), ("officer_unknown")."""
    _require_free(connection, _grid, values["code"])
    _require_of_grid(connection, values)
    connection.execute(insert(_grid).values(**values, active=True, kept_since=now))
    note(connection, actor, now, subject=Subject.GRID, name=values["code"], act=Act.CREATED, after=_told(values))


def change_grid(connection: Connection, actor: str, code: str, changes: Values, now: datetime) -> None:
    """Change a grid. Raises Unprocessable("community_unknown"), ("officer_unknown")."""
    _require_of_grid(connection, changes)
    before = grid_row(connection, code)
    if before is not None:
        _change(connection, _grid, Subject.GRID, actor, dict(before), changes, now)


def _change(
    connection: Connection, table: Table, subject: Subject, actor: str, row: Values, changes: Values, now: datetime
) -> None:
    was, became = difference(row, changes)
    if not became:
        return
    connection.execute(update(table).where(table.c.code == row["code"]).values(**became, kept_since=now))
    act = act_of(row, became)
    note(connection, actor, now, subject=subject, name=row["code"], act=act, before=_told(was), after=_told(became))


def _told(values: Values) -> dict[str, Any]:
    """For the log: of an outline how many corners it has."""
    return {name: _corners(value) if name == "boundary" and value else value for name, value in values.items()}


def _corners(outline: Any) -> int:
    if isinstance(outline, Mapping):
        return _corners(outline["coordinates"])
    if outline and isinstance(outline[0], int | float):
        return 1
    return sum(_corners(part) for part in outline)


def _require_free(connection: Connection, table: Table, code: str) -> None:
    if connection.scalar(select(table.c.code).where(table.c.code == code)) is not None:
        raise Conflict("code_taken", field="code")


def _require_parent(connection: Connection, code: str, parent: str | None) -> None:
    if parent is None:
        return
    try:
        require_unit(connection, parent, field="parent")
    except Unprocessable:
        raise Unprocessable("parent_unknown", field="parent") from None
    require_no_circle({row["code"]: row["parent"] for row in list_units(connection)}, code, parent)


def _require_of_grid(connection: Connection, values: Values) -> None:
    """Its unit is a community, its officer somebody with that role who is active."""
    if "unit" in values:
        found = unit_row(connection, values["unit"])
        if found is None or not found["active"] or found["kind"] is not UnitKind.COMMUNITY:
            raise Unprocessable("community_unknown", field="unit")
    officer = values.get("officer")
    if officer is not None:
        query = select(_account.c.roles).where(_account.c.username == officer, _account.c.active)
        if Role.GRID_OFFICER.value not in (connection.scalar(query) or ()):
            raise Unprocessable("officer_unknown", field="officer")


def _count(connection: Connection, source: Any, *conditions: Any) -> int:
    return int(connection.scalar(select(func.count()).select_from(source).where(*conditions)) or 0)
