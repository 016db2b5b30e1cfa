"""One made-up case as its workflow would have led it: commands in the order of their instants, the clock between."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from domain.case import Case
from domain.errors import Refused
from domain.ledger import Ledger
from domain.messages import Command, Event
from domain.plain import to_plain
from domain.service.request import ServiceRequest
from domain.vocabulary import CommandKind, DossierKind, Role

C = TypeVar("C", Case, ServiceRequest)

CENTRE = "supervision-centre"
DESK = "intake-desk"

Row = dict[str, Any]


@dataclass(slots=True)
class Life(Generic[C]):
    """A case so far. ``words``: the columns of its report or application; ``asked``: rows of its commands.

    desk_unit, taken_by  who took it in
    """

    kind: DossierKind
    ledger: Ledger[C]
    opening: tuple[Event, ...]
    words: Row
    desk_unit: str
    taken_by: str
    asked: list[Row] = field(default_factory=list)

    @property
    def case(self) -> C:
        """As it stands."""
        return self.ledger.current

    @property
    def events(self) -> tuple[Event, ...]:
        """Everything that happened."""
        return (*self.opening, *self.ledger.batch())

    def by_unit(self, kind: CommandKind, at: datetime, unit: str | None, by: str, said: str = "", **data: Any) -> bool:
        """A command of the unit's handler; whether the rules took it."""
        return self._give(kind, at, unit, by, (Role.HANDLER, Role.UNIT_LEADER), said, data)

    def by_centre(self, kind: CommandKind, at: datetime, said: str = "", **data: Any) -> bool:
        """A command of the supervision centre; whether the rules took it."""
        return self._give(kind, at, CENTRE, "supervisor", (Role.SUPERVISOR,), said, data)

    def _give(
        self, kind: CommandKind, at: datetime, unit: str | None, by: str, roles: tuple[Role, ...], said: str, data: Row
    ) -> bool:
        number = self.case.number
        given = Command(
            id=f"{number}-{len(self.asked) + 1}",
            kind=kind,
            at=at,
            actor=by,
            unit=unit,
            roles=roles,
            data={name: to_plain(value) for name, value in data.items()},
        )
        try:
            self.ledger.decide(given)
        except Refused:
            return False
        row = {"id": given.id, "dossier": number, "kind": kind, "actor": by, "unit": unit, "at": at}
        self.asked.append({**row, "text": {_WORD_OF[kind]: said} if said else {}})
        return True


_WORD_OF = {
    CommandKind.ACKNOWLEDGE: "plan",
    CommandKind.COMPLETE: "result",
    CommandKind.REQUEST_EXTENSION: "reason",
    CommandKind.RETURN: "reason",
    CommandKind.SUSPEND: "reason",
    CommandKind.APPEAL: "reason",
}
