"""Whom residents may call: the officer of a grid, by name and duty phone, nothing else of the account."""

from sqlalchemy import Connection, RowMapping, select

from db.tables import Account, Grid, core

_grid, _account = core(Grid), core(Account)


def officer_of(connection: Connection, grid: str) -> RowMapping | None:
    """The officer of a grid; None when there is no such grid, or nobody is on duty there."""
    query = (
        select(
            _grid.c.code.label("grid"),
            _grid.c.name.label("grid_name"),
            _account.c.name.label("name"),
            _grid.c.officer_phone.label("phone"),
        )
        .select_from(_grid.join(_account, _account.c.username == _grid.c.officer))
        .where(_grid.c.code == grid, _account.c.active)
    )
    return connection.execute(query).mappings().first()
