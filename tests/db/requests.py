"""Service requests that live through the real rules and the real recorder, for database tests."""

from datetime import datetime
from typing import Any, Self

from sqlalchemy import Connection

from db.projections.opening import insert_opening
from db.recorder import record
from domain.authority import Actor
from domain.messages import Recording
from domain.plain import to_plain
from domain.service.request import ServiceRequest
from domain.vocabulary import CommandKind, DossierKind, Role, UnitKind
from tests.db.people import DESK
from tests.unit.service_world import FIVE, MATERIALS, RECEIVED, Service


class Stored:
    """A request of ``tests.unit.service_world`` whose events are recorded as its workflow would."""

    def __init__(self, connection: Connection, **how: Any) -> None:
        self.connection = connection
        self.world = Service(**{"flow": FIVE, "materials": MATERIALS, **how})
        self._kept = len(self.world.events)
        state = to_plain(self.request)
        insert_opening(
            connection,
            DossierKind.SERVICE_REQUEST,
            state,
            self.world.events,
            RECEIVED,
            desk_unit=DESK,
            taken_by="clerk",
        )

    @property
    def request(self) -> ServiceRequest:
        """As it stands."""
        return self.world.request

    @property
    def number(self) -> str:
        """Its number."""
        return self.request.number

    def until(self, at: datetime) -> Self:
        """Nobody does anything until ``at``."""
        self.world.until(at)
        return self.record()

    def through(self, key: str, at: datetime, outcome: str = "passed") -> Self:
        """An inside step is acknowledged and done at once."""
        self.world.through(key, at, outcome)
        return self.record()

    def give(self, kind: CommandKind, at: datetime, **said: Any) -> Self:
        """One command."""
        self.world.give(kind, at, **said)
        return self.record()

    def record(self) -> Self:
        """Record what has happened since."""
        record(self.connection, self.recording(), self.world.events[-1].at)
        self._kept = len(self.world.events)
        return self

    def recording(self) -> Recording:
        """The batch of what has not been recorded yet."""
        events = tuple(self.world.events[self._kept :])
        state, ended = to_plain(self.request), self.request.ended
        kind = DossierKind.SERVICE_REQUEST
        return Recording(dossier=self.number, kind=kind, events=events, state=state, ended=ended)


def holder(unit: str, role: Role = Role.HANDLER) -> Actor:
    """Somebody of a unit that holds a step."""
    return Actor(username=f"{role.value}-{unit}", unit=unit, unit_kind=UnitKind.DEPARTMENT, roles=frozenset({role}))
