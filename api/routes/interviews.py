"""Interview files (A9): lists, one, and their commands."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from api.answers import answer, items
from api.auth import acting
from api.bodies import query
from api.command_table import INTERVIEW_COMMANDS, CommandLine
from api.commanding import give
from api.docs import described
from api.house import house
from api.kinds import INTERVIEWS, shown_file
from api.problems import not_found
from api.schemas.discipline import InterviewsQuery
from db.queries.discipline import list_interviews
from domain.authority import Actor

router = APIRouter(tags=["interviews"])


@router.get("/interviews", openapi_extra=described(query=InterviewsQuery))
async def interviews(request: Request) -> Response:
    """A page of the interview files that the reader may see, newest first."""
    checked = query(request, InterviewsQuery)

    def page(connection: Connection, actor: Actor) -> Response:
        found = list_interviews(connection, actor, **checked.demand().model_dump())
        return items([shown_file(row) for row in found.items], next_cursor=found.next_cursor)

    return await house(request).database.read(acting(request, page))


@router.get("/interviews/{file}", openapi_extra=described())
async def one_interview(request: Request, file: str) -> Response:
    """One interview file with its events."""

    def show(connection: Connection, actor: Actor) -> Response:
        if INTERVIEWS.row(connection, actor, file) is None:
            raise not_found()
        return answer(INTERVIEWS.show(connection, actor, file))

    return await house(request).database.read(acting(request, show))


def _route(line: CommandLine) -> Callable[..., Awaitable[Response]]:
    async def command(request: Request, file: str) -> Response:
        return await give(request, INTERVIEWS, file, line)

    return command


for _line in INTERVIEW_COMMANDS:
    router.add_api_route(
        f"/interviews/{{file}}/{_line.path}",
        _route(_line),
        methods=["POST"],
        name=_line.kind.value,
        summary=(_line.schema.__doc__ or "").strip(),
        openapi_extra=described(body=_line.schema, key=True, version=True),
    )
