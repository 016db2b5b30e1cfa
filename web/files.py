"""The files that pages are made of: our stylesheet, script and mark, and htmx out of its wheel.

Each is asked for under the digest of its content, so that a browser may keep it for good.
"""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request, Response

from api.problems import not_found

OWN: Final = Path(__file__).with_name("static")
STYLES: Final = Path(__file__).with_name("styles")
STYLESHEET: Final = "bihuan.css"
"""All of ``styles``, joined in the order of their names."""

_TYPES: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_FOR_GOOD: Final = "public, max-age=31536000, immutable"
_A_WHILE: Final = "public, max-age=300"
_VERSION_LENGTH: Final = 12

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is sent."""

    content: bytes
    packed: bytes
    media_type: str
    version: str


@cache
def files() -> dict[str, File]:
    """All files by name."""
    paths = [path for path in sorted(OWN.iterdir()) if path.suffix in _TYPES]
    found = {path.name: _file(path.read_bytes(), path.suffix) for path in [*paths, _htmx()]}
    return {**found, STYLESHEET: _file(_stylesheet(), ".css")}


def _stylesheet() -> bytes:
    return b"\n".join(path.read_bytes() for path in sorted(STYLES.glob("*.css")))


def _htmx() -> Path:
    # found without being imported: the wheel's module speaks to a framework that is not here
    found = find_spec("js_lib_htmx")
    if found is None or found.origin is None:
        raise RuntimeError("the wheel django-js-lib-htmx is not installed")
    return Path(found.origin).with_name("static") / "htmx" / "htmx.min.js"


def _file(content: bytes, suffix: str) -> File:
    version = hashlib.sha256(content).hexdigest()[:_VERSION_LENGTH]
    return File(content, gzip.compress(content, mtime=0), _TYPES[suffix], version)


def address(name: str) -> str:
    """Where a file is to be had, in its present version."""
    return f"/static/{name}?v={files()[name].version}"


@router.get("/static/{name}")
async def static_file(request: Request, name: str) -> Response:
    """One file."""
    found = files().get(name)
    if found is None:
        raise not_found()
    current = request.query_params.get("v") == found.version
    headers = {"Cache-Control": _FOR_GOOD if current else _A_WHILE, "Vary": "Accept-Encoding"}
    packed = "gzip" in request.headers.get("accept-encoding", "")
    if packed:
        headers["Content-Encoding"] = "gzip"
    return Response(found.packed if packed else found.content, media_type=found.media_type, headers=headers)
