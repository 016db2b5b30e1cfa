"""The browser's side of identity: the cookie of the session, and the token that every form carries.

A foreign page can make a browser send its cookies, but it cannot read the token, which hangs on both cookies.
"""

import hashlib
import hmac
import re
import secrets
from datetime import datetime
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from fastapi import Request, Response

from api import auth
from api.auth import Bearer
from api.bodies import JSON_LIMIT, read_body
from api.house import House
from api.problems import Problem

SEED_COOKIE: Final = "bihuan_form"
FIELD: Final = "form_token"
"""The field of a form that holds its token."""

HEADER: Final = "X-Form-Token"
"""The header that holds it when a script of ours sends something."""

_SEED_BYTES: Final = 18
_TOKEN_BYTES: Final = 32
_WRITTEN: Final = re.compile(r"[0-9a-f]{128}")
MOST_FIELDS: Final = 100

Form = dict[str, str]


def seed_of(request: Request) -> str:
    """What the tokens of this browser hang on; a new one when it has none."""
    seed = request.cookies.get(SEED_COOKIE, "")
    return seed if seed.isascii() and 0 < len(seed) <= 64 else secrets.token_urlsafe(_SEED_BYTES)


def form_token(here: House, request: Request, seed: str) -> str:
    """The token of the forms that this browser is shown, masked anew each time.

    Pages are sent packed and may repeat what an address says: from how long they are, what stays the same in them could
    be guessed letter by letter. What is masked never stays the same.
    """
    mask = secrets.token_bytes(_TOKEN_BYTES)
    return (mask + _masked(_token(here, request, seed), mask)).hex()


def _token(here: House, request: Request, seed: str) -> bytes:
    basis = f"form:{seed}:{request.cookies.get(auth.COOKIE, '')}"
    return hmac.digest(here.secret, basis.encode("utf-8", "replace"), hashlib.sha256)


def _masked(token: bytes, mask: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(token, mask, strict=True))


async def read_form(here: House, request: Request) -> Form:
    """The fields of a form of ours; of a repeated one the last. Raises Problem(403, "form_expired"), (413), (415)."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/x-www-form-urlencoded":
        raise Problem(415, "unsupported_media_type")
    raw = await read_body(request, JSON_LIMIT)
    try:
        fields = parse_qsl(raw.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError:
        raise Problem(400, "malformed_request") from None
    form = dict(fields)
    require_token(here, request, form.pop(FIELD, ""))
    return form


def require_token(here: House, request: Request, token: str) -> None:
    """Raises Problem(403, "form_expired") unless a page of ours gave this browser the token."""
    expected = _token(here, request, request.cookies.get(SEED_COOKIE, ""))
    if not _WRITTEN.fullmatch(token):
        raise Problem(403, "form_expired")
    given = bytes.fromhex(token)
    if not hmac.compare_digest(expected, _masked(given[_TOKEN_BYTES:], given[:_TOKEN_BYTES])):
        raise Problem(403, "form_expired")
    setattr(request.state, auth.FORM_CHECKED, True)


def keep_cookie(request: Request, response: Response, name: str, value: str, *, until: datetime | None = None) -> None:
    """Give the browser a cookie that no script reads and no foreign form sends."""
    response.set_cookie(
        name, value, expires=until, path="/", secure=request.url.scheme == "https", httponly=True, samesite="lax"
    )


def sign_browser_in(request: Request, response: Response, token: str, until: datetime) -> None:
    """The browser acts under this session from now on."""
    keep_cookie(request, response, auth.COOKIE, token, until=until)


def sign_browser_out(response: Response) -> None:
    """The browser forgets its session."""
    response.delete_cookie(auth.COOKIE, path="/", httponly=True, samesite="lax")


def signed_in(request: Request) -> Bearer:
    """The session of the browser. Raises Problem(401)."""
    return auth.bearer(request)


def local(path: str, otherwise: str = "/") -> str:
    """``path`` if it leads to a page of ours, else ``otherwise``: nobody is sent away by a link of ours."""
    try:
        parts = urlsplit(path)
    except ValueError:
        return otherwise
    ours = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if ours and not parts.scheme and not parts.netloc and "\\" not in path else otherwise
