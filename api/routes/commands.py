"""``POST /cases/{number}/…``: one route for each line of the table of commands."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Request, Response

from api.command_table import CASE_COMMANDS, CommandLine
from api.commanding import give
from api.docs import described
from api.kinds import CASES

router = APIRouter(tags=["commands"])


def _route(line: CommandLine) -> Callable[..., Awaitable[Response]]:
    async def command(request: Request, number: str) -> Response:
        return await give(request, CASES, number, line)

    async def of_extension(request: Request, number: str, extension: str) -> Response:
        return await give(request, CASES, number, line, extension=extension)

    async def of_part(request: Request, number: str, part: str) -> Response:
        return await give(request, CASES, number, line, part=part)

    if "{part}" in line.path:
        return of_part
    return of_extension if "{extension}" in line.path else command


for _line in CASE_COMMANDS:
    router.add_api_route(
        f"/cases/{{number}}/{_line.path}",
        _route(_line),
        methods=["POST"],
        name=_line.kind.value,
        summary=(_line.schema.__doc__ or "").strip(),
        openapi_extra=described(body=_line.schema, key=True, version=True),
    )
