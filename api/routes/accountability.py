"""Accountability files (A10): opened on a case, listed, and their commands."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from api.accountable import Opening, hold_accountable
from api.answers import answer, items
from api.auth import acting, bearer, now
from api.bodies import body, query
from api.command_table import ACCOUNTABILITY_COMMANDS, CommandLine
from api.commanding import give
from api.docs import described
from api.house import house
from api.intake import idempotency_key
from api.kinds import ACCOUNTABILITY, shown_file
from api.problems import not_found
from api.schemas.discipline import AccountabilityIn, AccountabilityQuery
from db.queries.discipline import list_accountability
from domain.authority import Actor

router = APIRouter(tags=["accountability"])


@router.post(
    "/cases/{number}/accountability", status_code=201, openapi_extra=described(body=AccountabilityIn, key=True)
)
async def open_accountability(request: Request, number: str) -> Response:
    """Open a file on a case with grave consequences."""
    here, token, at = house(request), bearer(request), now()
    checked = await body(request, AccountabilityIn)
    key = partial(idempotency_key, request)
    opened = await hold_accountable(here, Opening(token=token, number=number, checked=checked, key=key, at=at))
    shown = await here.database.read(acting(request, partial(_show, opened)))
    return answer(shown, 201, headers={"Location": f"/api/v1/accountability/{opened}"})


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
