"""Units and grids as administrators change them: what must hold of codes, of what is above what, and of closing."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.errors import Conflict, Unprocessable

Parents = Mapping[str, str | None]
"""Unit → the unit above it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What hangs on a unit: counts of what is open with it, and whether the rules name it."""

    cases: int = 0
    accounts: int = 0
    grids: int = 0
    units: int = 0
    named: bool = False


def require_no_circle(parents: Parents, code: str, parent: str | None) -> None:
    """``parent`` may stand above ``code``. Raises Unprocessable("parent_circular")."""
    above = parent
    while above is not None:
        if above == code:
            raise Unprocessable("parent_circular", field="parent")
        above = parents.get(above)


def require_closable(held: Held) -> None:
    """A unit may be closed when nothing hangs on it.

    Raises Conflict: ``unit_holds_work``, ``unit_named_by_rules``, ``unit_has_units``, ``unit_has_grids``,
    ``unit_has_accounts``.
    """
    for hangs, code in (
        (held.cases, "unit_holds_work"),
        (held.named, "unit_named_by_rules"),
        (held.units, "unit_has_units"),
        (held.grids, "unit_has_grids"),
        (held.accounts, "unit_has_accounts"),
    ):
        if hangs:
            raise Conflict(code)
