"""The way back for connectors: the form of a step that is outside, and its answer as a command like any other (B8).

Commands are the system's, without an actor. Their ids are made of the hand-off's, so that a repeat changes nothing; a
refusal is not kept of them, because it may pass and is tried again.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from api.auth import now
from api.desk import Desk
from api.forms import filled_form
from api.in_force import Rules
from api.items import item_under
from db.engine import Database
from db.frontdesk import commands
from db.frontdesk.applications import application_of
from db.frontdesk.commands import Words
from db.frontdesk.starting import start_of
from domain.errors import Conflict, Refused
from domain.holding.parts import latest
from domain.messages import Command
from domain.plain import of_plain, to_plain
from domain.service import resolving
from domain.service.flow import USUAL_OUTCOMES
from domain.service.handoffs import Answered, Handoff
from domain.service.request import ServiceRequest
from domain.vocabulary import CommandKind

ATTEMPTS: Final = 3


class ConnectorDelivery:
    """What connectors are given and give back, by ``desk``. ``clock`` stamps what they bring."""

    def __init__(self, database: Database, desk: Desk, rules: Rules, *, clock: Callable[[], datetime] = now) -> None:
        self._database = database
        self._desk = desk
        self._rules = rules
        self._clock = clock

    async def handoff(self, case: str, step: str, id: str) -> Handoff | None:
        """What is to be handed out; None when the step is not open (any more), or was handed out anew since."""
        return await self._database.read(lambda connection: _handoff(connection, case, step, id))

    async def confirm(self, handoff: Handoff, reference: str) -> None:
        """The other side has it, under ``reference``. Raises Refused, and whatever else means "not now"."""
        words = self._words(CommandKind.CONFIRM_HANDOFF, handoff, {"reference": reference})
        await self._put(words, {"part": handoff.step})

    async def answer(self, handoff: Handoff, answered: Answered) -> None:
        """The other side has decided. Raises as ``confirm``."""
        said = {"note": answered.note, "reference": handoff.id}
        decided = {"decided_at": to_plain(answered.at)} if answered.at is not None else {}
        words = self._words(CommandKind.COMPLETE_STEP, handoff, said | decided)
        for attempt in range(1, ATTEMPTS + 1):
            request = await self._database.read(lambda connection: _request(connection, handoff.case))
            if request is None:
                raise Conflict("step_not_open")
            data = resolving.complete_step(self._rules(), request, handoff.step, answered.outcome, words.at)
            try:
                await self._put(words, data, seen=request.version)
                return
            except Refused as refused:
                if refused.code != "promise_changed" or attempt == ATTEMPTS:
                    raise

    def _words(self, kind: CommandKind, handoff: Handoff, text: dict[str, Any]) -> Words:
        made = hashlib.sha256(f"{handoff.id}:{kind}".encode()).hexdigest()
        return Words(
            id=made[:32], dossier=handoff.case, kind=kind, at=self._clock(), text=text, key=None, body_hash=made
        )

    async def _put(self, words: Words, data: dict[str, Any], *, seen: int = 0) -> None:
        await self._database.write(lambda connection: commands.keep(connection, None, words))
        command = Command(
            id=words.id, kind=words.kind, at=words.at, actor=None, unit=None, data=data, seen=seen
        )  # fmt: skip
        await self._desk.command(words.dossier, command)


def _request(connection: Connection, case: str) -> ServiceRequest | None:
    """As it stands; None when it has ended, or is not there."""
    start = start_of(connection, case)
    return of_plain(ServiceRequest, start.state) if start is not None else None


def _handoff(connection: Connection, case: str, step: str, id: str) -> Handoff | None:
    request, application = _request(connection, case), application_of(connection, case)
    part = latest(request.parts, step) if request is not None else None
    if request is None or application is None or part is None or part.finished or part.outside is None:
        return None
    rule = request.flow.step(step)
    if part.outside.handoff != id or rule is None:
        return None
    return Handoff(
        id=id,
        case=case,
        step=step,
        item=request.item,
        unit=part.unit or rule.unit,
        outcomes=tuple(known.code for known in rule.outcomes or USUAL_OUTCOMES),
        form=filled_form(request, application, item_under(connection, request.catalogue_version, request.item)),
        materials=request.materials.given,
    )
