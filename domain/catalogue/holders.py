"""Who holds a step, once it is known for whom: units, the street's unit of a line, the community of the place (B7)."""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.catalogue.items import Holder, HolderKind
from domain.errors import Unprocessable
from domain.vocabulary import UnitKind


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitPlace:
    """A unit, its line, and the unit above it."""

    code: str
    kind: UnitKind
    line: str | None = None
    parent: str | None = None


class Holders:
    """The units among which holders are found."""

    def __init__(self, units: Iterable[UnitPlace]) -> None:
        self._units = {unit.code: unit for unit in units}

    def __bool__(self) -> bool:
        return bool(self._units)

    def unit_of(self, holder: Holder, community: str | None) -> str:
        """The code of the unit that holds a step for somebody of ``community``.

        A line is held by its unit on the community's street; where that has none, or no community is known, by the
        only unit of the line that stands below another, else by the only one at all.

        Raises Unprocessable("grid_required") when the community holds the step and is not known, and ("unit_unknown")
        when there is no such unit, or several.
        """
        match holder.kind:
            case HolderKind.COMMUNITY:
                if community is None:
                    raise Unprocessable("grid_required", field="grid")
                found = [community]
            case HolderKind.LINE:
                found = self._of_line(holder.code, community)
            case HolderKind.UNIT:
                found = [holder.code] if holder.code is not None and holder.code in self._units else []
        if len(found) != 1:
            raise Unprocessable("unit_unknown", field="item")
        return found[0]

    def communities(self) -> tuple[str, ...]:
        """The codes of all communities."""
        return tuple(unit.code for unit in self._units.values() if unit.kind is UnitKind.COMMUNITY)

    def _of_line(self, line: str | None, community: str | None) -> list[str]:
        among = [unit for unit in self._units.values() if unit.line == line]
        here = self._units.get(community) if community is not None else None
        street = [unit.code for unit in among if here is not None and unit.parent == here.parent]
        below = [unit.code for unit in among if unit.parent is not None]
        return street or below or [unit.code for unit in among]
