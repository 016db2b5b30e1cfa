"""Files that come in a multipart form: their names and contents, with a limit that holds while they come."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException

from api.problems import Fault, Problem, invalid

ENVELOPE: Final = 64 << 10
"""Bytes of the form around its files."""

MULTIPART: Final = "multipart/form-data"

_NAME_LENGTH: Final = 120
_FIELD_BYTES: Final = 1 << 20

_UPLOAD: Final = {
    "type": "object",
    "required": ["file"],
    "properties": {"file": {"type": "string", "contentMediaType": "application/octet-stream"}},
}
FILE_BODY: Final = {"required": True, "content": {"multipart/form-data": {"schema": _UPLOAD}}}
"""How the document says it."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it came. ``name``: the last part of what the sender called it, without what cannot be shown."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Parts:
    """What a form carries. Of a repeated field the last counts; ``files``: field and file, in their order."""

    fields: Mapping[str, str]
    files: tuple[tuple[str, Sent], ...]


def is_multipart(request: Request) -> bool:
    """Whether the request says that it is such a form."""
    return request.headers.get("content-type", "").lower().startswith(MULTIPART)


async def one_file(request: Request, most: int) -> tuple[str, bytes]:
    """The name and content of the one file ``file``. Raises Problem(413), (415), (400), (422)."""
    parts = await read_parts(request, most=most, total=most, files=1, fields=4)
    sent = next((sent for field, sent in parts.files if field == "file"), None)
    if sent is None:
        raise invalid(Fault("file", "file_missing"))
    if not sent.content:
        raise invalid(Fault("file", "file_empty"))
    return sent.name, sent.content


async def read_parts(request: Request, *, most: int, total: int, files: int, fields: int) -> Parts:
    """A multipart form whose files have at most ``most`` bytes each, and ``total`` together.

    Raises Problem(413) as soon as more has come, (415) for another kind of body, (400) for a broken one or for more
    than ``files`` files or ``fields`` fields.
    """
    if not is_multipart(request):
        raise Problem(415, "unsupported_media_type")
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced[:20]) > total + ENVELOPE:
        raise _too_large()
    limited = _limited(request, total + ENVELOPE)
    try:
        async with limited.form(max_files=files, max_fields=fields, max_part_size=_FIELD_BYTES) as form:
            found = await _parts(form)
    except MultiPartException:
        raise Problem(400, "malformed_request") from None
    if any(len(sent.content) > most for _, sent in found.files):
        raise _too_large()
    return found


async def _parts(form: FormData) -> Parts:
    given = form.multi_items()
    files = [(name, value) for name, value in given if isinstance(value, UploadFile)]
    return Parts(
        fields={name: value for name, value in given if isinstance(value, str)},
        files=tuple([(name, Sent(_safe_name(file.filename), await file.read())) for name, file in files]),
    )


def _limited(request: Request, most: int) -> Request:
    """The request, failing as soon as more than ``most`` bytes have come."""
    size = 0

    async def receive() -> Any:
        nonlocal size
        message = await request.receive()
        size += len(message.get("body", b""))
        if size > most:
            raise _too_large()
        return message

    return Request(request.scope, receive)


def _too_large() -> Problem:
    return Problem(413, "body_too_large", headers={"Connection": "close"})


def _safe_name(name: str | None) -> str:
    """The last part of a file's name, without what cannot be shown."""
    last = (name or "").replace("\\", "/").rpartition("/")[2]
    return "".join(char for char in last if char.isprintable())[-_NAME_LENGTH:] or "file"
