"""Whom residents may call: the officer of a grid, by name and duty phone, nothing else of the account."""

from collections.abc import Sequence

from sqlalchemy import Connection, RowMapping, or_, select

from db.tables import Account, Grid, Unit, core

_grid, _account, _unit = core(Grid), core(Account), core(Unit)
_MOST_WORDS = 5


def officer_of(connection: Connection, grid: str) -> RowMapping | None:
    """The officer of a grid; None when there is no such grid, or nobody is on duty there."""
    query = (
        select(
            _grid.c.code.label("grid"),
            _grid.c.name.label("grid_name"),
            _grid.c.name_en.label("grid_name_en"),
            _account.c.name.label("name"),
            _grid.c.officer_phone.label("phone"),
        )
        .select_from(_grid.join(_account, _account.c.username == _grid.c.officer))
        .where(_grid.c.code == grid, _account.c.active)
    )
    return connection.execute(query).mappings().first()


def grids_with_officers(connection: Connection, words: str, most: int) -> Sequence[RowMapping]:
    """The grids where somebody is on duty whose own name, or that of their community, has all these words; by code.

    In either language.
    """
    query = (
        select(
            _grid.c.code,
            _grid.c.name,
            _grid.c.name_en,
            _unit.c.name.label("community"),
            _unit.c.name_en.label("community_en"),
        )
        .select_from(
            _grid.join(_account, _account.c.username == _grid.c.officer).outerjoin(_unit, _unit.c.code == _grid.c.unit)
        )
        .where(_account.c.active)
        .order_by(_grid.c.unit, _grid.c.code)
        .limit(most)
    )
    called = (_grid.c.name, _unit.c.name, _grid.c.name_en, _unit.c.name_en)
    for word in words.replace("\x00", " ").split()[:_MOST_WORDS]:
        query = query.where(or_(*(column.icontains(word, autoescape=True) for column in called)))
    return connection.execute(query).mappings().all()
