"""How every command goes: identity, existence, right, fields; words kept; resolved; put to the workflow; answered.

The order of refusal is 401, 404, 403, 422, 409. A key that came before gives what happened then.
"""

import asyncio
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Final, Protocol

from fastapi import Request, Response
from pydantic import BaseModel
from sqlalchemy import Connection

from api.answers import answer
from api.auth import Bearer, bearer, now
from api.bodies import Checked, body
from api.command_table import CommandLine, texts_of
from api.desk import EngineAway, OutcomeUnknown, refusal_of
from api.house import House, house
from api.intake import digest_of, idempotency_key
from api.problems import Fault, Problem, not_found, unavailable
from db.frontdesk import accounts, commands
from db.frontdesk.commands import Kept, Words
from domain.answers import check_answer
from domain.authority import Actor, Standing, require
from domain.errors import Refused, Unprocessable
from domain.intake import check_text
from domain.messages import Command
from domain.rulebook import Rulebook
from domain.vocabulary import CommandKind

ATTEMPTS: Final = 3
PAUSE_S: Final = 0.15


State = Mapping[str, Any]
"""A dossier's plain state."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a command is put to: its standing decides the right; ``version`` is that of its last event on record."""

    dossier: str
    standing: Standing
    value: Any
    version: int


Foreseen = Callable[[State], dict[str, Any] | None]
"""From the plain state after a command to its answer; None when the command changed what had been read."""


class Kind(Protocol):
    """A kind of dossier, as commands see it."""

    def find(self, connection: Connection, actor: Actor, dossier: str, part: Mapping[str, Any]) -> Subject | None:
        """The dossier, if the actor may see it, and it has the ``part`` that the path names."""
        ...

    def concerned(self, connection: Connection, subject: Subject, actor: Actor, kind: CommandKind, data: State) -> Any:
        """What of the dossier a command with this ``data`` concerns: that is what its resolver is given."""
        ...

    def foresee(self, connection: Connection, actor: Actor, before: Subject) -> Foreseen | None:
        """The answer but for the state after the command, read while it is under way; None: it has to be read after."""
        ...

    def show(self, connection: Connection, actor: Actor, dossier: str) -> dict[str, Any]:
        """The dossier as it is answered."""
        ...


@dataclass(frozen=True, slots=True)
class Asked:
    """A command as it came in. ``origin`` tells apart what came by other ways than a request of its own."""

    token: Bearer
    dossier: str
    line: CommandLine
    checked: Checked[BaseModel]
    key: Callable[[], str | None]
    version: Callable[[], int | None]
    more: Mapping[str, Any]
    at: datetime
    origin: str = ""

    def digest(self, given: BaseModel) -> str:
        """What tells it from every other command."""
        address = (self.line.kind.value, self.dossier, *self.more.values())
        return digest_of(given, *address, *([self.origin] if self.origin else []))


@dataclass(frozen=True, slots=True)
class Prepared:
    """A command that may be given, its words kept: by whom, and what was resolved for it.

    kept     how it stands, or what stands under its key
    subject  what it was resolved from
    """

    actor: Actor
    words: Words
    kept: Kept
    subject: Subject
    data: dict[str, Any] = field(default_factory=dict)


async def give(request: Request, kind: Kind, dossier: str, line: CommandLine, **more: Any) -> Response:
    """Carry out one command and answer the dossier after it."""
    asked = Asked(
        token=bearer(request),
        dossier=dossier,
        line=line,
        checked=await body(request, line.schema, optional=not _required(line.schema)),
        key=lambda: idempotency_key(request),
        version=lambda: if_match(request),
        more=more,
        at=now(),
    )
    here = house(request)
    shown = await carry_out(here, kind, asked)
    if shown is None:
        token = asked.token
        shown = await here.database.read(lambda connection: kind.show(connection, token.actor(connection), dossier))
    return answer(shown)


async def carry_out(here: House, kind: Kind, asked: Asked) -> dict[str, Any] | None:
    """Put a command to its dossier, whatever it was read from: the answer as far as it was foreseen.

    A deadline that moved meanwhile is resolved again. Raises Problem and Refused for whatever stands against it.
    """
    command = uuid.uuid4().hex
    for attempt in range(ATTEMPTS):
        prepared = await here.database.write(
            partial(prepare, here.in_force.at(asked.at).rulebook, kind, asked, command)
        )
        kept = prepared.kept
        if kept.refused is not None:
            raise refusal_of(kept.refused)
        if kept.done:
            return None
        state, foreseen = await asyncio.gather(
            _put(here, prepared, last=attempt == ATTEMPTS - 1),
            _foresee(here, kind, prepared),
        )
        if state is not None:
            return foreseen(state) if foreseen else None
        command = kept.id
        await asyncio.sleep(PAUSE_S * (attempt + 1))
    return None


async def _foresee(here: House, kind: Kind, prepared: Prepared) -> Foreseen | None:
    return await here.database.read(lambda connection: kind.foresee(connection, prepared.actor, prepared.subject))


def prepare(rules: Rulebook, kind: Kind, asked: Asked, command: str, connection: Connection) -> Prepared:
    """Every check that comes before the workflow; then the words are kept, all in one unit of work.

    Raises what stands against it, in the order of refusal; nothing is kept then.
    """
    actor = asked.token.actor(connection)
    subject = kind.find(connection, actor, asked.dossier, asked.more)
    if subject is None:
        raise not_found()
    line = asked.line
    require(actor, line.kind, subject.standing)
    given = asked.checked.demand()
    text = checked_texts(rules, line, given)
    key, version = asked.key(), asked.version()
    _check_names(connection, actor, line, given)
    words = Words(
        id=command,
        dossier=asked.dossier,
        kind=line.kind,
        at=asked.at,
        text=text,
        key=key,
        body_hash=asked.digest(given),
    )
    kept = commands.keep(connection, actor, words)
    if kept.done or kept.refused:
        return Prepared(actor, words, kept, subject)
    data = {**_part_named(given), **asked.more}
    resolved = line.resolver(rules, kind.concerned(connection, subject, actor, line.kind, data), given, asked.at)
    data = {**resolved, **data}
    if version is not None:
        data["version"] = version
    return Prepared(actor, words, kept, subject, data)


async def _put(here: House, prepared: Prepared, *, last: bool) -> State | None:
    """The plain state after it; None: the deadline moved meanwhile, and it is to be resolved again."""
    actor, words, kept = prepared.actor, prepared.words, prepared.kept
    command = Command(
        id=kept.id,
        kind=words.kind,
        at=words.at,
        actor=actor.username,
        unit=actor.unit,
        roles=tuple(sorted(actor.roles)),
        data=prepared.data,
        seen=prepared.subject.version,
    )
    try:
        return await here.desk.command(words.dossier, command)
    except EngineAway:
        raise unavailable("engine_unavailable") from None
    except OutcomeUnknown:
        raise unavailable("outcome_unknown") from None
    except Refused as refused:
        if refused.code == "promise_changed" and not last:
            return None
        if refused.code != "promise_changed":
            code = refused.code
            await here.database.write(lambda connection: commands.refuse(connection, kept.id, code))
        raise


def checked_texts(rules: Rulebook, line: CommandLine, given: BaseModel) -> dict[str, str]:
    """The words, within the rulebook's bounds. Raises Unprocessable, ("answer_without_content") among others."""
    text = dict(texts_of(line, given))
    for name, value in text.items():
        if line.kind is CommandKind.COMPLETE:
            text[name] = check_answer(value, rules.texts.result, field=name)
        else:
            text[name] = check_text(value, rules.texts.note, field=name, empty_allowed=True)
    return text


def _part_named(given: BaseModel) -> dict[str, Any]:
    step = getattr(given, "step", None)
    return {} if step is None else {"part": step}


def _check_names(connection: Connection, actor: Actor, line: CommandLine, given: BaseModel) -> None:
    """Raises Unprocessable("handler_unknown") or ("unit_unknown") for a code that names nobody."""
    if line.handler is not None and not commands.may_handle(connection, getattr(given, line.handler), actor.unit):
        raise Unprocessable("handler_unknown", field=line.handler)
    for name in line.units:
        named = getattr(given, name)
        for unit in [named] if isinstance(named, str) else named or ():
            accounts.require_unit(connection, unit, field=name)


def if_match(request: Request) -> int | None:
    """The version that the caller saw, if it says so. Raises Problem(422, "version_malformed")."""
    seen = request.headers.get("if-match")
    if seen is None or seen.strip() == "*":
        return None
    number = seen.strip().removeprefix("W/").strip('"')
    if not number.isascii() or not number.isdigit() or len(number) > 9:
        raise Problem(422, "version_malformed", faults=(Fault("If-Match", "version_malformed"),))
    return int(number)


def _required(schema: type[BaseModel]) -> bool:
    return any(field.is_required() for field in schema.model_fields.values())
