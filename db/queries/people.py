"""What people are called, and who of a unit may be given work."""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from db.tables import Account, core
from domain.vocabulary import Role

_account = core(Account)
_GIVEN_WORK = frozenset({Role.HANDLER.value, Role.UNIT_LEADER.value})


def names_of(connection: Connection, usernames: Iterable[str | None]) -> dict[str, str]:
    """Username → name, of those who have an account."""
    wanted = sorted({name for name in usernames if name})
    if not wanted:
        return {}
    query = select(_account.c.username, _account.c.name).where(_account.c.username.in_(wanted))
    return {row.username: row.name for row in connection.execute(query)}


def handlers_of(connection: Connection, unit: str) -> dict[str, str]:
    """Username → name of whoever may handle a case of the unit, handlers before leaders."""
    query = (
        select(_account.c.username, _account.c.name, _account.c.roles)
        .where(_account.c.unit == unit, _account.c.active)
        .order_by(_account.c.username)
    )
    found = [row for row in connection.execute(query) if _GIVEN_WORK & set(row.roles)]
    found.sort(key=lambda row: Role.HANDLER.value not in row.roles)
    return {row.username: row.name for row in found}
