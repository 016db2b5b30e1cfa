"""Photos and documents of a case: taken by content, kept by content, given back only to whom the case is visible."""

import asyncio
import hashlib
import os
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import filetype
from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse
from sqlalchemy import Connection

from api.answers import answer
from api.auth import acting, now, require_role
from api.docs import described
from api.house import House, house
from api.intake import idempotency_key
from api.problems import Fault, Problem, invalid, not_found
from api.routes.cases import visible
from api.uploads import FILE_BODY, one_file
from db.frontdesk.attachments import add_attachment, attachment
from domain.authority import Actor
from domain.visibility import reads_text
from domain.vocabulary import Role

_MAY_ATTACH = (Role.INTAKE_CLERK, Role.GRID_OFFICER, Role.HANDLER, Role.UNIT_LEADER, Role.SUPERVISOR)

_KEYS: Final = uuid.UUID("6f1d2c0e-6a3b-5d0e-9a57-3f0c7d1b8e42")
"""The namespace in which a key of a client names an attachment."""

router = APIRouter(tags=["attachments"])


@dataclass(frozen=True, slots=True)
class File:
    """A file that may be attached: its type is what its content says."""

    name: str
    content: bytes
    media_type: str


@router.post(
    "/cases/{number}/attachments",
    status_code=201,
    openapi_extra={**described(key=True), "requestBody": FILE_BODY},
)
async def attach(request: Request, number: str) -> Response:
    """Attach one image or PDF, as the multipart field ``file``. Its type is found out from its content."""
    here = house(request)
    await here.database.read(acting(request, _attaching(number)))
    key = idempotency_key(request)
    file = await one_file(request, here.rulebook.attachments.max_bytes)
    row = await keep(request, number, checked(here, *file), key)
    shown = {name: row[name] for name in ("id", "media_type", "size", "name", "at")}
    return answer(shown, 201, headers={"Location": f"/api/v1/cases/{number}/attachments/{row['id']}"})


def checked(here: House, name: str, content: bytes) -> File:
    """The file, if it may be attached. Raises Problem(413), Problem(415) and Problem(422, "file_empty")."""
    rules = here.rulebook.attachments
    if len(content) > rules.max_bytes:
        raise Problem(413, "body_too_large")
    if not content:
        raise invalid(Fault("file", "file_empty"))
    return File(name, content, _media_type(content, rules.media_types))


async def keep(request: Request, number: str, file: File, key: str | None) -> Mapping[str, Any]:
    """Attach a file; what stands of it. The same ``key`` with the same content attaches once.

    Raises Problem(401), Problem(404), Forbidden("not_allowed"), Conflict("too_many_attachments") and
    Conflict("idempotency_key_reused").
    """
    here = house(request)
    row: dict[str, Any] = {
        "case": number,
        "sha256": hashlib.sha256(file.content).hexdigest(),
        "media_type": file.media_type,
        "size": len(file.content),
        "name": file.name,
        "at": now(),
    }
    await asyncio.to_thread(_put, here.settings.attachments_dir, row["sha256"], file.content)

    def write(connection: Connection, actor: Actor) -> Mapping[str, Any]:
        _attaching(number)(connection, actor)
        made = {"id": _id(number, actor, key), **row, "uploaded_by": actor.username}
        return add_attachment(connection, made, most=here.rulebook.attachments.max_count)

    return await here.database.write(acting(request, write))


def _attaching(number: str) -> Callable[[Connection, Actor], None]:
    """Raises Problem(404) and Forbidden("not_allowed") for whoever may not attach to this case."""

    def allowed(connection: Connection, actor: Actor) -> None:
        visible(connection, actor, number)
        require_role(actor, *_MAY_ATTACH)

    return allowed


def _id(number: str, actor: Actor, key: str | None) -> str:
    """A new id; that of the first time for a key that comes again."""
    return str(uuid.uuid4() if key is None else uuid.uuid5(_KEYS, "\x1f".join((number, actor.username, key))))


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
