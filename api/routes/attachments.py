"""Photos and documents of a case: taken by content, kept by content, given back only to whom the case is visible."""

import asyncio
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse
from sqlalchemy import Connection

from api import pictures
from api.answers import answer
from api.attached import shown
from api.attachments import checked, keep, path_of, put, require_attaching
from api.auth import acting
from api.docs import described
from api.house import House, house
from api.intake import idempotency_key
from api.kinds import revealing
from api.problems import not_found
from api.routes.cases import visible
from api.uploads import FILE_BODY, one_file
from db.frontdesk.attachments import attachment
from domain.authority import Actor
from domain.visibility import reads_text

router = APIRouter(tags=["attachments"])

_PRIVATE: Final = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@router.post(
    "/cases/{number}/attachments",
    status_code=201,
    openapi_extra={**described(key=True), "requestBody": FILE_BODY},
)
async def attach(request: Request, number: str) -> Response:
    """Attach one image or PDF, as the multipart field ``file``. Its type is found out from its content.

    Of a picture the pixels are kept, upright: place, time and device that a camera noted are not.
    """
    here = house(request)
    allowed = acting(request, lambda connection, actor: require_attaching(connection, actor, number))
    await here.database.read(allowed)
    key = idempotency_key(request)
    sent = await one_file(request, here.rulebook.attachments.max_bytes)
    row = await keep(request, number, checked(here, *sent), key)
    listed = {key: row[key] for key in ("id", "media_type", "size", "name", "at")}
    return answer(listed, 201, headers={"Location": f"/api/v1/cases/{number}/attachments/{row['id']}"})


@router.get("/cases/{number}/attachments/{attachment_id}", openapi_extra=described())
async def download(request: Request, number: str, attachment_id: str) -> Response:
    """The file. Never shown inside a page of ours but as a picture."""
    here = house(request)
    file = await here.database.read(acting(request, _finder(number, attachment_id)))
    path = await _lying(here, file["sha256"])
    headers = {**_PRIVATE, "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file['name'], safe='')}"}
    return FileResponse(path, media_type=file["media_type"], headers=headers)


@router.get("/cases/{number}/attachments/{attachment_id}/thumbnail", openapi_extra=described())
async def thumbnail(request: Request, number: str, attachment_id: str) -> Response:
    """A picture at most 320 pixels wide and high, as JPEG; 404 for what is no picture."""
    here = house(request)
    file = await here.database.read(acting(request, _finder(number, attachment_id)))
    if not pictures.is_picture(file["media_type"]):
        raise not_found()
    path = path_of(here.settings.thumbnails_dir, file["sha256"])
    if not await asyncio.to_thread(path.is_file):
        original = await _lying(here, file["sha256"])
        made = await pictures.thumbnail(await asyncio.to_thread(original.read_bytes))
        await asyncio.to_thread(put, path, made)
    headers = {**_PRIVATE, "Content-Disposition": "inline"}
    return FileResponse(path, media_type=pictures.THUMBNAIL_TYPE, headers=headers)


def _finder(number: str, attachment_id: str) -> Any:
    """Finds the file, as the reader may see it, and where it lies. Raises Problem(404)."""

    def find(connection: Connection, actor: Actor) -> dict[str, Any]:
        case = visible(connection, actor, number)
        row = attachment(connection, number, attachment_id) if reads_text(actor) else None
        if row is None:
            raise not_found()
        return {**shown(dict(row), actor, revealing=revealing(connection, actor, case)), "sha256": row["sha256"]}

    return find


async def _lying(here: House, digest: str) -> Path:
    path = path_of(here.settings.attachments_dir, digest)
    if not await asyncio.to_thread(path.is_file):
        raise not_found()
    return path
