"""Errors as RFC 9457 problems: one shape, a stable ``code``, never an echo of what was sent.

Exception
├── Problem(status, code, …)      refused at the edge: identity, body, path
└── domain.errors.Refused(code)   refused by the rules; carries its own status
"""

import json
import logging
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from api import wording
from db.errors import StoreUnavailable
from domain.errors import Refused

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 2

_log = logging.getLogger("bihuan.api")

_BY_STATUS = {
    400: "malformed_request",
    401: "not_authenticated",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "unsupported_media_type",
    429: "too_many_requests",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One field without an acceptable value. ``field`` is its dotted path in the body, or the query parameter.

    ``message``: what is wrong in particular, for files that are checked line by line; else what ``code`` says.
    """

    field: str
    code: str
    message: str | None = None


class Problem(Exception):
    """A refusal at the edge."""

    def __init__(
        self,
        status: int,
        code: str,
        *,
        faults: Iterable[Fault] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.faults = tuple(faults)
        self.headers = dict(headers or {})


def invalid(*faults: Fault) -> Problem:
    """422 for these fields; its own code is theirs when they agree, else ``invalid_fields``."""
    codes = {fault.code for fault in faults}
    return Problem(422, codes.pop() if len(codes) == 1 else "invalid_fields", faults=faults)


def not_found() -> Problem:
    """404: unknown, or not visible to the one who asks."""
    return Problem(404, "not_found")


def unavailable(code: str, *, after: int = RETRY_AFTER_S) -> Problem:
    """503 with ``Retry-After``."""
    return Problem(503, code, headers={"Retry-After": str(after)})


def render(problem: Problem) -> Response:
    """The answer. ``instance`` names this occurrence, so that a log line can be found without any input in it."""
    instance = f"urn:uuid:{uuid.uuid4()}"
    content: dict[str, object] = {
        "type": f"urn:bihuan:problem:{problem.code}",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": wording.say(problem.code),
        "instance": instance,
        "code": problem.code,
    }
    if problem.faults:
        content["errors"] = [
            {"field": fault.field, "code": fault.code, "message": fault.message or wording.say(fault.code)}
            for fault in problem.faults
        ]
    if problem.status >= 500:
        _log.warning("%s %s", problem.code, instance)
    return Response(
        json.dumps(content, ensure_ascii=False), problem.status, headers=problem.headers, media_type=MEDIA_TYPE
    )


def of_refusal(refused: Refused) -> Problem:
    """A refusal of the rules as a problem with the same code."""
    faults = (Fault(refused.field, refused.code),) if refused.field else ()
    return Problem(refused.http_status, refused.code, faults=faults)


def problem_of(error: Exception) -> Problem:
    """What went wrong, as a problem."""
    match error:
        case Problem():
            return error
        case Refused():
            return of_refusal(error)
        case HTTPException():
            code = _BY_STATUS.get(error.status_code, "malformed_request")
            return Problem(error.status_code, code, headers=error.headers)
        case RequestValidationError():
            return Problem(422, "invalid_fields")
        case StoreUnavailable():
            _log.error("store unavailable: %s", error)
            return unavailable("store_unavailable")
        case ClientDisconnect():
            return Problem(400, "malformed_request")
    return Problem(500, "internal_error")


FAILURES: Final[tuple[type[Exception], ...]] = (
    Problem,
    Refused,
    HTTPException,
    RequestValidationError,
    StoreUnavailable,
    ClientDisconnect,
    Exception,
)
"""Every way in which a request can fail."""


def install(app: FastAPI) -> None:
    """Every way in which a request can fail becomes a problem."""

    async def fail(request: Request, error: Exception) -> Response:
        return render(problem_of(error))

    for kind in FAILURES:
        app.add_exception_handler(kind, fail)
