"""For residents, without an account: following a case and answering for it, with the code of the receipt (A12, B2).

A wrong code, an unknown number and a malformed one look the same and take the same path: the code of whatever number
was sent is worked out and compared, and nothing else happens. Only the right code leads to the database.
"""

import uuid
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from api.answers import answer
from api.auth import address_of, now
from api.bodies import body, query
from api.desk import EngineAway, OutcomeUnknown
from api.docs import described
from api.house import House, house
from api.intake import digest_of
from api.problems import not_found, unavailable
from api.schemas.public import RatingIn
from api.schemas.queries import TrackQuery
from api.tracking import Tracked, find_tracked, item_of, rated, timeline, was_rated
from db.frontdesk import commands
from db.frontdesk.commands import Words
from domain.errors import Conflict, Refused
from domain.messages import Command
from domain.vocabulary import CaseStatus, CommandKind

router = APIRouter(tags=["residents"])

_NUMBER_LENGTH: Final = 40
"""No case number is longer; what is longer is one key to the throttles."""


@router.get("/track/{number}", openapi_extra=described(query=TrackQuery, public=True))
async def track(request: Request, number: str) -> Response:
    """Where the case stands, without a name in it."""
    return answer(await followed(request, number, query(request, TrackQuery).demand().code))


async def followed(request: Request, number: str, code: str) -> dict[str, Any]:
    """What whoever shows the code is shown. Raises Problem(404), Problem(429)."""
    here, number = house(request), _typed(number)
    return await _shown(here, number, _require_code(request, here, number, code))


@router.post("/track/{number}/rating", openapi_extra=described(body=RatingIn, public=True))
async def rating(request: Request, number: str) -> Response:
    """The reporter's answer: solved or not, and how well. Not solved opens a new round."""
    return answer(await rate(request, number, (await body(request, RatingIn)).demand()))


async def rate(request: Request, number: str, given: RatingIn) -> dict[str, Any]:
    """Take the answer of whoever shows the code; the case after it. Raises Problem(404), Problem(429), Conflict."""
    here, number = house(request), _typed(number)
    report = _require_code(request, here, number, given.code)
    found = await _found(here, number, report)
    if not found.may_be_rated:
        raise await _refusal(here, found)
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
    data, seen = rated(here.rulebook, found, given, at), found.case.version
    command = Command(id=words.id, kind=words.kind, at=at, actor=None, unit=None, data=data, seen=seen)
    await _put(here, words, command, report)
    return await _shown(here, number, report)


async def _put(here: House, words: Words, command: Command, report: int) -> None:
    try:
        await here.desk.command(words.dossier, command)
    except EngineAway:
        raise unavailable("engine_unavailable") from None
    except OutcomeUnknown:
        raise unavailable("outcome_unknown") from None
    except Refused as refused:
        code = refused.code
        await here.database.write(lambda connection: commands.refuse(connection, words.id, code))
        if code != "transition_not_allowed":
            raise
        raise await _refusal(here, await _found(here, words.dossier, report)) from None


def _typed(number: str) -> str:
    """A number as somebody typed it, in its one spelling."""
    return number.strip().upper()


def _require_code(request: Request, here: House, number: str, code: str) -> int:
    """Whose code it is of the reports of this number.

    Raises Problem(404) for a code that is not of this number, Problem(429) for whoever asks or guesses too often."""
    address, key = address_of(request), number[:_NUMBER_LENGTH]
    here.trackings.require(address, key)
    here.addresses.require(address)
    here.pace.require(address, key)
    report = here.tracked_report(number, code)
    if report is None:
        here.trackings.failed(address, key)
        here.addresses.failed(address)
        raise not_found()
    return report


async def _refusal(here: House, found: Tracked) -> Conflict:
    """Why it cannot be rated: it has been, or it is not its time."""
    number, report, closed = found.case.number, found.report, found.case.status is CaseStatus.CLOSED
    before = closed and await here.database.read(lambda connection: was_rated(connection, number, report))
    return Conflict("already_rated" if before else "transition_not_allowed")


async def _found(here: House, number: str, report: int) -> Tracked:
    found = await here.database.read(lambda connection: find_tracked(connection, number, report))
    if found is None:
        raise not_found()
    return found


async def _shown(here: House, number: str, report: int) -> dict[str, Any]:
    found = await _found(here, number, report)
    item = await item_of(here.shelf, found)
    return await here.database.read(lambda connection: timeline(connection, here.rulebook, found, item))
