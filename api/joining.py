"""A report of a matter that has a case already is joined to it (A19): checked as every report, kept beside, then put to
the case, which decides. The order of refusal is 401, 404, 403, 422, 409."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import Request
from sqlalchemy import Connection

from api.auth import acting, bearer, now
from api.bodies import Checked
from api.desk import EngineAway, OutcomeUnknown, refusal_of
from api.house import House, house
from api.intake import checked_place, digest_of, words_of
from api.places import Places
from api.problems import not_found, unavailable
from api.schemas.incidents import IncidentIn
from db.frontdesk import joining
from db.frontdesk.commands import Kept, Words
from db.frontdesk.joining import Joinable
from domain.authority import Actor, require
from domain.errors import Conflict, Refused
from domain.messages import Command
from domain.rulebook import Rulebook
from domain.vocabulary import CommandKind


@dataclass(frozen=True, slots=True)
class Joining:
    """A report that may be joined: kept beside its command, which waits for the case's word."""

    kept: Kept
    command: Command


async def join(request: Request, number: str, given: Checked[IncidentIn], key: Callable[[], str | None]) -> int:
    """Join the report to the case; the number by which the case knows it.

    Raises Problem and Refused for whatever stands against it; then nothing of it is kept.
    """
    bearer(request)
    here, at = house(request), now()
    places = await here.places()

    def prepare(connection: Connection, actor: Actor) -> Joining:
        found = joining.joinable(connection, actor, number, protected(here.rulebook))
        if found is None:
            raise not_found()
        require(actor, CommandKind.JOIN, found.standing)
        body = given.demand()
        report = _report(body, found, here.rulebook, places, at)
        return _kept(connection, actor, found, body, report, key(), at)

    made = await here.database.write(acting(request, prepare))
    if made.kept.refused is not None:
        raise refusal_of(made.kept.refused)
    if not made.kept.done:
        await _put(here, number, made.command)
    report = await here.database.read(lambda connection: joining.joined_as(connection, made.kept.id))
    if report is None:
        raise unavailable("outcome_unknown")
    return report


def protected(rules: Rulebook) -> frozenset[str]:
    """Categories of which nobody learns who does not see their cases (A14)."""
    return frozenset(category.code for category in rules.categories.values() if category.protected)


def _report(body: IncidentIn, found: Joinable, rules: Rulebook, places: Places, at: datetime) -> dict[str, Any]:
    """The report as it is kept. Raises Problem(422), Conflict("protected_not_joined")."""
    place = checked_place(body, rules, places, at)
    category = rules.category(body.category)
    if category.protected and category.code != found.case.category:
        raise Conflict("protected_not_joined")
    return {
        "source": body.source,
        "category": category.code,
        "danger": body.danger or category.danger,
        "grid": place.grid or place.point_grid,
        **words_of(body),
    }


def _kept(
    connection: Connection, actor: Actor, found: Joinable, body: IncidentIn, report: dict[str, Any], key: str | None,
    at: datetime,
) -> Joining:  # fmt: skip
    number, command = found.case.number, uuid.uuid4().hex
    words = Words(
        id=command,
        dossier=number,
        kind=CommandKind.JOIN,
        at=at,
        text={},
        key=key,
        body_hash=digest_of(body, CommandKind.JOIN.value, number),
    )
    kept = joining.keep(connection, actor, words, report)
    return Joining(
        kept,
        Command(
            id=kept.id,
            kind=CommandKind.JOIN,
            at=at,
            actor=actor.username,
            unit=actor.unit,
            roles=tuple(sorted(actor.roles)),
            data={"danger": report["danger"]},
            seen=found.case.version,
        ),
    )


async def _put(here: House, number: str, command: Command) -> None:
    try:
        await here.desk.command(number, command)
    except EngineAway:
        raise unavailable("engine_unavailable") from None
    except OutcomeUnknown:
        raise unavailable("outcome_unknown") from None
    except Refused as refused:
        code = refused.code
        await here.database.write(lambda connection: joining.refuse(connection, command.id, code))
        raise
