"""Units and grids."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, RowMapping, select

from db.tables import Grid, Unit, core
from domain.vocabulary import UnitKind

_units = core(Unit)
_grids = core(Grid)


def list_units(connection: Connection, *, kind: UnitKind | None = None) -> Sequence[RowMapping]:
    """All units, or those of one kind, by code."""
    query = select(_units).order_by(_units.c.code)
    if kind is not None:
        query = query.where(_units.c.kind == kind)
    return connection.execute(query).mappings().all()


def unit_row(connection: Connection, code: str) -> RowMapping | None:
    """The unit with this code."""
    return connection.execute(select(_units).where(_units.c.code == code)).mappings().first()


def unit_names(connection: Connection, codes: Iterable[str]) -> dict[str, str]:
    """The public names of these units, by code."""
    wanted = sorted(set(codes))
    if not wanted:
        return {}
    found = connection.execute(select(_units.c.code, _units.c.name).where(_units.c.code.in_(wanted)))
    return {row.code: row.name for row in found}


def list_grids(connection: Connection) -> Sequence[RowMapping]:
    """All grids, by code."""
    return connection.execute(select(_grids).order_by(_grids.c.code)).mappings().all()


def grid_row(connection: Connection, code: str) -> RowMapping | None:
    """The grid with this code."""
    return connection.execute(select(_grids).where(_grids.c.code == code)).mappings().first()
