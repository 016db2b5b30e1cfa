"""Interview → ``interview``, Accountability → ``accountability``: column names are those of the fields."""

from typing import Any

from sqlalchemy import Connection, Table, bindparam, update

from db.tables import AccountabilityRow, InterviewRow, core
from domain.plain import instant_or_none

_INTERVIEW = ("card", "case", "unit", "status", "convene_missed", "version")
_ACCOUNTABILITY = ("case", "unit", "consequence", "status", "version")


def interview_columns(state: dict[str, Any]) -> dict[str, Any]:
    """The columns of ``interview`` that follow from the plain state of an interview file."""
    return _columns(state, _INTERVIEW, ("convene_by", "opened_at", "closed_at"))


def accountability_columns(state: dict[str, Any]) -> dict[str, Any]:
    """The columns of ``accountability`` that follow from the plain state of an accountability file."""
    return _columns(state, _ACCOUNTABILITY, ("opened_at", "closed_at"))


def update_interview(connection: Connection, file: str, state: dict[str, Any]) -> None:
    """Bring the row of the interview file to ``state``."""
    _update(connection, core(InterviewRow), file, interview_columns(state))


def update_accountability(connection: Connection, file: str, state: dict[str, Any]) -> None:
    """Bring the row of the accountability file to ``state``."""
    _update(connection, core(AccountabilityRow), file, accountability_columns(state))


def _columns(state: dict[str, Any], copied: tuple[str, ...], instants: tuple[str, ...]) -> dict[str, Any]:
    return {
        **{name: state[name] for name in copied},
        **{name: instant_or_none(state.get(name)) for name in instants},
        "state": state,
    }


def _update(connection: Connection, table: Table, file: str, columns: dict[str, Any]) -> None:
    connection.execute(update(table).where(table.c.id == bindparam("key")), {"key": file, **columns})
