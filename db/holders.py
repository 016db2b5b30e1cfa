"""Which cases a unit holds, as a condition on ``cases``."""

from sqlalchemy import ColumnElement, or_, select

from db.tables import CasePart, CaseRow, core

_cases, _parts = core(CaseRow), core(CasePart)


def held_by(unit: str) -> ColumnElement[bool]:
    """Led by the unit, or with a part that it has not finished yet."""
    parts = select(_parts.c.case).where(_parts.c.unit == unit, _parts.c.open)
    return or_(_cases.c.unit == unit, _cases.c.number.in_(parts))
