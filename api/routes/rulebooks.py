"""Versions of the rulebook: read and compared by everybody who is signed in, put in force by administrators."""

from typing import Any, Final

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from api import rulebook_view
from api.administration import rulebooks
from api.administration.base import administrator_asks
from api.administration.rulebooks import Scheduled
from api.answers import answer, items
from api.auth import acting, bearer, now
from api.bodies import body, query
from api.docs import described
from api.house import house
from api.problems import Fault, invalid
from api.schemas.rulebooks import CompareQuery, RevisionIn, ScheduleIn
from api.uploads import MULTIPART, read_parts
from domain.authority import Actor
from rulebook.load import Opened
from rulebook.zipped import LARGEST

router = APIRouter(tags=["rulebook"])

YES: Final = frozenset({"true", "1", "yes"})
_FORM: Final = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {"type": "string", "contentMediaType": "application/zip"},
        "effective_from": {"type": "string", "description": "RFC 3339, a day (Asia/Shanghai), or now"},
        "draft": {"type": "string", "enum": ["true", "false"]},
    },
}
_BODY: Final = {"required": True, "content": {MULTIPART: {"schema": _FORM}}}


@router.get("/rulebook/versions", openapi_extra=described())
async def versions(request: Request) -> Response:
    """Every version: scheduled, in force, past, withdrawn; to administrators also drafts."""
    at = now()
    return await house(request).database.read(
        acting(request, lambda connection, actor: items(rulebook_view.versions(connection, actor, at)))
    )


@router.get("/rulebook/versions/{version}", openapi_extra=described())
async def one_version(request: Request, version: str) -> Response:
    """One version with its content. It is named whole, or by its digest."""
    at = now()
    return await house(request).database.read(
        acting(request, lambda connection, actor: answer(rulebook_view.version(connection, actor, version, at)))
    )


@router.get("/rulebook/compare", openapi_extra=described(query=CompareQuery))
async def compare(request: Request) -> Response:
    """What differs between two versions, and how many cases run, which stay as they are."""
    here, checked, at = house(request), query(request, CompareQuery), now()

    def read(connection: Connection, actor: Actor) -> Response:
        wanted = checked.demand()
        current = here.in_force.book.opened.rulebook
        found = rulebook_view.comparison(connection, actor, wanted.from_, wanted.to, current, at)
        return answer(rulebook_view.comparison_sheet(connection, found))

    return await here.database.read(acting(request, read))


@router.post("/rulebook/versions", status_code=201, openapi_extra={**described(), "requestBody": _BODY})
async def add_version(request: Request) -> Response:
    """A ZIP of rulebook files, as the multipart field ``file``: checked, kept, and put in force from an instant on."""
    here = house(request)
    bearer(request)
    await administrator_asks(request)
    parts = await read_parts(request, most=LARGEST, total=LARGEST, files=1, fields=4)
    sent = next((sent for field, sent in parts.files if field == "file"), None)
    if sent is None or not sent.content:
        raise invalid(Fault("file", "file_missing" if sent is None else "file_empty"))
    opened = await rulebooks.of_zip(here, sent.content)
    draft = parts.fields.get("draft", "").lower() in YES
    return await _taken(request, opened, parts.fields.get("effective_from"), draft=draft)


@router.post("/rulebook/revisions", status_code=201, openapi_extra=described(body=RevisionIn))
async def revise(request: Request) -> Response:
    """A version made of the one in force, or of another, by changing values: checked and kept like files."""
    here = house(request)
    bearer(request)
    checked = await body(request, RevisionIn)
    await administrator_asks(request)
    wanted = checked.demand()
    opened = await rulebooks.of_revision(here, wanted)
    return await _taken(request, opened, wanted.effective_from, draft=wanted.draft)


@router.post("/rulebook/versions/{version}/schedule", status_code=201, openapi_extra=described(body=ScheduleIn))
async def schedule(request: Request, version: str) -> Response:
    """A version that is kept counts from an instant on: a draft, or one that counted before."""
    here = house(request)
    bearer(request)
    checked = await body(request, ScheduleIn, optional=True)
    await administrator_asks(request, lambda connection: rulebooks.known(connection, version))
    wanted = checked.demand()
    return await _answered(request, await rulebooks.schedule(request, here, version, wanted.effective_from))


@router.post("/rulebook/versions/{version}/withdrawal", openapi_extra=described())
async def withdraw(request: Request, version: str) -> Response:
    """A version that waits does not come into force. It stays on record."""
    name, at = await rulebooks.take_back(request, version), now()
    return await house(request).database.read(
        acting(request, lambda connection, actor: answer(rulebook_view.version(connection, actor, name, at)))
    )


@router.delete("/rulebook/versions/{version}", status_code=204, openapi_extra=described())
async def throw_away(request: Request, version: str) -> Response:
    """Drop a draft. What was ever put in force stays."""
    await rulebooks.throw_away(request, version)
    return Response(status_code=204)


async def _taken(request: Request, opened: Opened, wanted: str | None, *, draft: bool) -> Response:
    if draft:
        return await _answered(request, Scheduled(await rulebooks.keep(request, opened), None))
    return await _answered(request, await rulebooks.put_in_force(request, opened, wanted))


async def _answered(request: Request, made: Scheduled) -> Response:
    at = now()

    def read(connection: Connection, actor: Actor) -> dict[str, Any]:
        shown = rulebook_view.version(connection, actor, made.version, at)
        return {name: value for name, value in shown.items() if name != "content"}

    shown = await house(request).database.read(acting(request, read))
    return answer(shown, 201, headers={"Location": f"/api/v1/rulebook/versions/{made.version}"})
