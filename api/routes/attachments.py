"""Photos and documents of a case: taken by content, kept by content, given back only to whom the case is visible."""

import asyncio
import hashlib
import os
import uuid
from collections.abc import Collection
from pathlib import Path
from typing import Any
from urllib.parse import quote

import filetype
from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse
from sqlalchemy import Connection

from api.answers import answer
from api.auth import acting, now, require_role
from api.docs import described
from api.house import house
from api.problems import Problem, not_found
from api.routes.cases import visible
from api.uploads import FILE_BODY, one_file
from db.frontdesk.attachments import add_attachment, attachment
from domain.authority import Actor
from domain.visibility import reads_text
from domain.vocabulary import Role

_MAY_ATTACH = (Role.INTAKE_CLERK, Role.GRID_OFFICER, Role.HANDLER, Role.UNIT_LEADER, Role.SUPERVISOR)

router = APIRouter(tags=["attachments"])


@router.post("/cases/{number}/attachments", status_code=201, openapi_extra={**described(), "requestBody": FILE_BODY})
async def attach(request: Request, number: str) -> Response:
    """Attach one image or PDF, as the multipart field ``file``. Its type is found out from its content."""
    here = house(request)
    rules = here.rulebook.attachments

    def allowed(connection: Connection, actor: Actor) -> None:
        visible(connection, actor, number)
        require_role(actor, *_MAY_ATTACH)

    await here.database.read(acting(request, allowed))
    name, content = await one_file(request, rules.max_bytes)
    row: dict[str, Any] = {
        "id": str(uuid.uuid4()),
        "case": number,
        "sha256": hashlib.sha256(content).hexdigest(),
        "media_type": _media_type(content, rules.media_types),
        "size": len(content),
        "name": name,
        "at": now(),
    }
    await asyncio.to_thread(_put, here.settings.attachments_dir, row["sha256"], content)

    def write(connection: Connection, actor: Actor) -> None:
        allowed(connection, actor)
        add_attachment(connection, {**row, "uploaded_by": actor.username}, most=rules.max_count)

    await here.database.write(acting(request, write))
    shown = {key: row[key] for key in ("id", "media_type", "size", "name", "at")}
    return answer(shown, 201, headers={"Location": f"/api/v1/cases/{number}/attachments/{row['id']}"})


@router.get("/cases/{number}/attachments/{attachment_id}", openapi_extra=described())
async def download(request: Request, number: str, attachment_id: str) -> Response:
    """The file. Never shown inside a page of ours."""
    here = house(request)

    def find(connection: Connection, actor: Actor) -> Any:
        visible(connection, actor, number)
        found = attachment(connection, number, attachment_id) if reads_text(actor) else None
        if found is None:
            raise not_found()
        return found

    row = await here.database.read(acting(request, find))
    path = _path(here.settings.attachments_dir, row["sha256"])
    if not await asyncio.to_thread(path.is_file):
        raise not_found()
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(row['name'], safe='')}",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, no-store",
    }
    return FileResponse(path, media_type=row["media_type"], headers=headers)


def _media_type(content: bytes, taken: Collection[str]) -> str:
    """What the content is. Raises Problem(415) unless it is one of those that are taken."""
    kind = filetype.guess(content[:8192])
    if kind is None or kind.mime not in taken:
        raise Problem(415, "file_type_refused")
    return str(kind.mime)


def _path(directory: Path, digest: str) -> Path:
    return directory / digest[:2] / digest


def _put(directory: Path, digest: str, content: bytes) -> None:
    """Write the file under its digest: all of it, flushed to the disk, or nothing. Twice is harmless."""
    path = _path(directory, digest)
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{digest}.{uuid.uuid4().hex}")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
