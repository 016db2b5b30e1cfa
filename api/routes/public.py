"""For residents, without an account: following a case and answering for it, with the code of the receipt (A12, B2).

A wrong code and an unknown number look the same, and take the same path.
"""

import uuid
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from api.answers import answer
from api.auth import address_of, now
from api.bodies import body, query
from api.desk import EngineAway, OutcomeUnknown
from api.docs import described
from api.house import House, house
from api.intake import digest_of
from api.problems import not_found, unavailable
from api.resolve import rate
from api.schemas.public import RatingIn
from api.schemas.queries import TrackQuery
from db.frontdesk import commands
from db.frontdesk.commands import Words
from db.queries.cases import tracked_state
from db.queries.events import list_events
from db.queries.places import unit_row
from domain.case import Case
from domain.case_commands import ALLOWED
from domain.errors import Conflict, Refused
from domain.messages import Command
from domain.plain import of_plain
from domain.vocabulary import CaseStatus, CommandKind, EventType

router = APIRouter(tags=["residents"])

_TOLD: Final = frozenset(
    {
        EventType.RECEIVED,
        EventType.DISPATCHED,
        EventType.REDISPATCHED,
        EventType.ACKNOWLEDGED,
        EventType.EXTENSION_GRANTED,
        EventType.SUSPENDED,
        EventType.RESUMED,
        EventType.COMPLETED,
        EventType.VERIFIED,
        EventType.REOPENED,
        EventType.RATED,
        EventType.CLOSED,
        EventType.WITHDRAWN,
    }
)
_ANSWERED: Final = frozenset({CaseStatus.AWAITING_ANSWER, CaseStatus.CLOSED})


@router.get("/track/{number}", openapi_extra=described(query=TrackQuery, public=True))
async def track(request: Request, number: str) -> Response:
    """Where the case stands, without a name in it."""
    here = house(request)
    wanted = query(request, TrackQuery).demand()
    case = await _tracked(request, here, number, wanted.code)
    return answer(await here.database.read(lambda connection: _timeline(connection, case)))


@router.post("/track/{number}/rating", openapi_extra=described(body=RatingIn, public=True))
async def rating(request: Request, number: str) -> Response:
    """The reporter's answer: solved or not, and how well. Not solved opens a new round."""
    here = house(request)
    given = (await body(request, RatingIn)).demand()
    case = await _tracked(request, here, number, given.code)
    if case.status not in ALLOWED[CommandKind.RATE]:
        raise Conflict("transition_not_allowed")
    at = now()
    words = Words(
        id=uuid.uuid4().hex,
        dossier=number,
        kind=CommandKind.RATE,
        at=at,
        text={"comment": given.comment},
        key=None,
        body_hash=digest_of(given, number),
    )
    await here.database.write(lambda connection: commands.keep(connection, None, words))
    data, seen = rate(here.rulebook, case, given, at), case.version
    await _put(here, words, Command(id=words.id, kind=words.kind, at=at, actor=None, unit=None, data=data, seen=seen))
    case = await _read(here, number)
    return answer(await here.database.read(lambda connection: _timeline(connection, case)))


async def _put(here: House, words: Words, command: Command) -> None:
    try:
        await here.desk.command(words.dossier, command)
    except EngineAway:
        raise unavailable("engine_unavailable") from None
    except OutcomeUnknown:
        raise unavailable("outcome_unknown") from None
    except Refused as refused:
        code = refused.code
        await here.database.write(lambda connection: commands.refuse(connection, words.id, code))
        raise


async def _tracked(request: Request, here: House, number: str, code: str) -> Case:
    """The case of this number and code. Raises Problem(404), and Problem(429) after too many wrong codes."""
    address = address_of(request)
    here.trackings.require(address, number)
    here.addresses.require(address)
    if not here.tracks(number, code):
        here.trackings.failed(address, number)
        here.addresses.failed(address)
        raise not_found()
    return await _read(here, number)


async def _read(here: House, number: str) -> Case:
    state = await here.database.read(lambda connection: tracked_state(connection, number))
    if state is None:
        raise not_found()
    return of_plain(Case, state)


def _timeline(connection: Connection, case: Case) -> dict[str, Any]:
    recorded = list_events(connection, case.number)
    unit = unit_row(connection, case.unit) if case.unit else None
    results = [item.text for item in recorded if item.event.type is EventType.COMPLETED and item.text]
    return {
        "number": case.number,
        "status": case.status,
        "outcome": case.outcome,
        "category": case.category,
        "unit": unit["name"] if unit else None,
        "received_at": case.received_at,
        "due_at": case.promise.due_at if case.promise else None,
        "answer_by": case.answer_by,
        "result": results[-1].get("result") if results and case.status in _ANSWERED else None,
        "events": [{"at": item.event.at, "type": item.event.type} for item in recorded if item.event.type in _TOLD],
    }
