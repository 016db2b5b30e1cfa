"""One file that comes as a multipart form: its name and its content, with a limit."""

from typing import Any, Final

from fastapi import Request, UploadFile
from starlette.formparsers import MultiPartException

from api.problems import Fault, Problem, invalid

ENVELOPE: Final = 64 << 10
"""Bytes of the form around the file."""

_NAME_LENGTH: Final = 120

_UPLOAD: Final = {
    "type": "object",
    "required": ["file"],
    "properties": {"file": {"type": "string", "contentMediaType": "application/octet-stream"}},
}
FILE_BODY: Final = {"required": True, "content": {"multipart/form-data": {"schema": _UPLOAD}}}
"""How the document says it."""


async def one_file(request: Request, most: int) -> tuple[str, bytes]:
    """The name and content of the one file. Raises Problem(413), (415), (400), (422)."""
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise Problem(415, "unsupported_media_type")
    too_large = Problem(413, "body_too_large", headers={"Connection": "close"})
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced[:20]) > most + ENVELOPE:
        raise too_large
    try:
        async with _limited(request, most + ENVELOPE, too_large).form(max_files=1, max_fields=4) as form:
            sent = form.get("file")
            if not isinstance(sent, UploadFile) and not hasattr(sent, "filename"):
                raise invalid(Fault("file", "file_missing"))
            content = await sent.read()  # type: ignore[union-attr]
            name = _safe_name(sent.filename)  # type: ignore[union-attr]
    except MultiPartException:
        raise Problem(400, "malformed_request") from None
    if len(content) > most:
        raise too_large
    if not content:
        raise invalid(Fault("file", "file_empty"))
    return name, content


def _limited(request: Request, most: int, too_large: Problem) -> Request:
    """The request, failing as soon as more than ``most`` bytes have come."""
    size = 0

    async def receive() -> Any:
        nonlocal size
        message = await request.receive()
        size += len(message.get("body", b""))
        if size > most:
            raise too_large
        return message

    return Request(request.scope, receive)


def _safe_name(name: str | None) -> str:
    """The last part of a file's name, without what cannot be shown."""
    last = (name or "").replace("\\", "/").rpartition("/")[2]
    return "".join(char for char in last if char.isprintable())[-_NAME_LENGTH:] or "file"
