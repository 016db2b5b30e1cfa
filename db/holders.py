"""Which cases a unit holds, as a condition on ``cases``."""

from sqlalchemy import ColumnElement, or_, select

from db.plans import Reading, as_read
from db.tables import CasePart, CaseRow, core

_cases, _parts = core(CaseRow), core(CasePart)


def held_by(unit: str, reading: Reading = Reading.FEW) -> ColumnElement[bool]:
    """Led by the unit, or with a part that it has not finished yet. ``reading``: as ``db.scope.visible_cases``."""
    parts = select(_parts.c.case).where(_parts.c.unit == unit, _parts.c.open)
    return or_(as_read(_cases.c.unit, reading) == unit, as_read(_cases.c.number, reading).in_(parts))
