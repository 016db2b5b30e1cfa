"""Accountability files (A10): opened on a case, listed, and their commands."""

import uuid
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from api.answers import answer, items
from api.auth import acting, bearer, now
from api.bodies import body, query
from api.command_table import ACCOUNTABILITY_COMMANDS, CommandLine
from api.commanding import checked_texts, give
from api.docs import described
from api.house import House, house
from api.intake import digest_of, idempotency_key
from api.kinds import ACCOUNTABILITY, shown_file
from api.problems import not_found
from api.routes.cases import visible
from api.schemas.discipline import AccountabilityIn, AccountabilityQuery
from db.frontdesk.accountability import open_file
from db.frontdesk.commands import Words
from db.frontdesk.starting import Start
from db.queries.discipline import list_accountability
from domain import promising
from domain.accountability import Accountability
from domain.authority import Actor, require
from domain.case import Case
from domain.errors import Conflict
from domain.service.promising import rules_of
from domain.service.request import ServiceRequest
from domain.vocabulary import CommandKind

router = APIRouter(tags=["accountability"])

_OPENING = CommandLine(
    path="accountability", schema=AccountabilityIn, kind=CommandKind.HOLD_ACCOUNTABLE, texts=("note",)
)


@router.post(
    "/cases/{number}/accountability", status_code=201, openapi_extra=described(body=AccountabilityIn, key=True)
)
async def open_accountability(request: Request, number: str) -> Response:
    """Open a file on a case with grave consequences."""
    here = house(request)
    bearer(request)
    checked, at = await body(request, AccountabilityIn), now()

    def prepare(connection: Connection, actor: Actor) -> tuple[Words, Accountability]:
        found = visible(connection, actor, number)
        require(actor, _OPENING.kind, found.standing)
        given = checked.demand()
        return _words(request, here, given, number, at), _file(here, found.value, given, at)

    def write(connection: Connection, actor: Actor) -> tuple[str, Start | None]:
        kept, file = prepare(connection, actor)
        return open_file(connection, actor, kept, file)

    await here.database.read(acting(request, prepare))
    opened, start = await here.database.write(acting(request, write))
    if start is not None:
        here.opener.add(start)
    shown = await here.database.read(acting(request, partial(_show, opened)))
    return answer(shown, 201, headers={"Location": f"/api/v1/accountability/{opened}"})


def _words(request: Request, here: House, given: AccountabilityIn, number: str, at: datetime) -> Words:
    return Words(
        id=uuid.uuid4().hex,
        dossier=number,
        kind=_OPENING.kind,
        at=at,
        text=checked_texts(here.rulebook, _OPENING, given),
        key=idempotency_key(request),
        body_hash=digest_of(given, _OPENING.kind.value, number),
    )


def _file(here: House, case: Case | ServiceRequest, given: AccountabilityIn, at: datetime) -> Accountability:
    """The file as it opens, without its number. Raises Conflict("transition_not_allowed") without a unit.

    Of a service request it is about the unit whose step falls due first, or was the last.
    """
    if isinstance(case, ServiceRequest):
        step = case.leading
        rules, category, unit = rules_of(here.rulebook), "", step.unit if step else None
    else:
        rules, category, unit = here.rulebook, case.category, case.unit
    if unit is None:
        raise Conflict("transition_not_allowed")
    return Accountability(
        id="",
        case=case.number,
        consequence=given.consequence,
        unit=unit,
        opened_at=at,
        findings_by=promising.findings_by(rules, category, at),
    )


def _show(opened: str, connection: Connection, actor: Actor) -> dict[str, Any]:
    return ACCOUNTABILITY.show(connection, actor, opened)


@router.get("/accountability", openapi_extra=described(query=AccountabilityQuery))
async def files(request: Request) -> Response:
    """A page of the files that the reader may see, newest first."""
    checked = query(request, AccountabilityQuery)

    def page(connection: Connection, actor: Actor) -> Response:
        found = list_accountability(connection, actor, **checked.demand().model_dump())
        return items([shown_file(row) for row in found.items], next_cursor=found.next_cursor)

    return await house(request).database.read(acting(request, page))


@router.get("/accountability/{file}", openapi_extra=described())
async def one_file(request: Request, file: str) -> Response:
    """One file with its events."""

    def show(connection: Connection, actor: Actor) -> Response:
        if ACCOUNTABILITY.row(connection, actor, file) is None:
            raise not_found()
        return answer(ACCOUNTABILITY.show(connection, actor, file))

    return await house(request).database.read(acting(request, show))


def _route(line: CommandLine) -> Callable[..., Awaitable[Response]]:
    async def command(request: Request, file: str) -> Response:
        return await give(request, ACCOUNTABILITY, file, line)

    return command


for _line in ACCOUNTABILITY_COMMANDS:
    router.add_api_route(
        f"/accountability/{{file}}/{_line.path}",
        _route(_line),
        methods=["POST"],
        name=_line.kind.value,
        summary=(_line.schema.__doc__ or "").strip(),
        openapi_extra=described(body=_line.schema, key=True, version=True),
    )
