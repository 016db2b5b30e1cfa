"""Reading what comes in: bodies with a limit, JSON into contracts, queries into contracts.

A reading never raises by itself what is wrong with the body: it is kept in ``Checked`` and demanded after identity,
existence and right have been settled, because 401, 404 and 403 come first.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from api.problems import Fault, Problem, invalid

JSON_LIMIT = 1 << 20

M = TypeVar("M", bound=BaseModel)

_CODES = {
    "missing": "field_required",
    "extra_forbidden": "field_unknown",
    "string_type": "text_expected",
    "string_too_long": "text_too_long",
    "string_unicode": "text_expected",
    "bool_type": "boolean_expected",
    "bool_parsing": "boolean_expected",
    "int_type": "integer_expected",
    "int_parsing": "integer_expected",
    "int_from_float": "integer_expected",
    "int_parsing_size": "out_of_range",
    "float_type": "number_expected",
    "float_parsing": "number_expected",
    "finite_number": "number_expected",
    "enum": "value_unknown",
    "literal_error": "value_unknown",
    "model_type": "object_expected",
    "model_attributes_type": "object_expected",
    "list_type": "list_expected",
    "tuple_type": "list_expected",
    "too_long": "list_too_long",
    "timezone_aware": "instant_without_offset",
    "datetime_type": "instant_malformed",
    "datetime_parsing": "instant_malformed",
    "datetime_from_date_parsing": "instant_malformed",
    "greater_than_equal": "out_of_range",
    "greater_than": "out_of_range",
    "less_than_equal": "out_of_range",
    "less_than": "out_of_range",
}
_OWN = frozenset(_CODES.values())


@dataclass(frozen=True, slots=True)
class Checked(Generic[M]):
    """What was read: an acceptable value, or the problem with it."""

    value: M | None
    problem: Problem | None = None

    def demand(self) -> M:
        """The value. Raises the Problem with it."""
        if self.problem is not None or self.value is None:
            raise self.problem or Problem(400, "malformed_request")
        return self.value


async def read_body(request: Request, limit: int) -> bytes:
    """The whole body. Raises Problem(413) as soon as it is known to be larger than ``limit`` bytes."""
    too_large = Problem(413, "body_too_large", headers={"Connection": "close"})
    announced = request.headers.get("content-length", "0")
    if announced.isdigit() and int(announced[:20]) > limit:
        raise too_large
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise too_large
        chunks.append(chunk)
    return b"".join(chunks)


async def body(request: Request, schema: type[M], *, optional: bool = False) -> Checked[M]:
    """The JSON body as ``schema``. ``optional``: no body at all stands for an empty object."""
    try:
        raw = await read_body(request, JSON_LIMIT)
        if optional and not raw:
            raw = b"{}"
        else:
            _require_json(request)
        return Checked(schema.model_validate_json(raw))
    except Problem as problem:
        return Checked(None, problem)
    except ValidationError as error:
        return Checked(None, of_validation(error))


def query(request: Request, schema: type[M]) -> Checked[M]:
    """The query string as ``schema``; of a repeated parameter the last counts."""
    try:
        return Checked(schema.model_validate(dict(request.query_params), strict=False))
    except ValidationError as error:
        return Checked(None, of_validation(error))


def of_validation(error: ValidationError) -> Problem:
    """Pydantic's findings as ours: fields and codes, never the input."""
    details = error.errors(include_url=False, include_context=False, include_input=False)
    if any(detail["type"] == "json_invalid" for detail in details):
        return Problem(400, "malformed_json")
    return invalid(*_faults(details))


def _faults(details: Iterable[ErrorDetails]) -> Iterable[Fault]:
    for detail in details:
        kind = detail["type"]
        code = _CODES.get(kind, kind if kind in _OWN or detail["msg"] == "refused" else "field_invalid")
        yield Fault(".".join(_named(part) for part in detail["loc"]), code)


def _named(part: int | str) -> str:
    """A part of a field's path; a name that somebody made up is told only if it looks like one of ours."""
    name = str(part)
    ours = isinstance(part, int) or (name.isascii() and name.isidentifier() and len(name) <= 40)
    return name if ours else "?"


def _require_json(request: Request) -> None:
    media_type, _, parameters = request.headers.get("content-type", "").lower().partition(";")
    media_type = media_type.strip()
    named = media_type == "application/json" or (media_type.startswith("application/") and media_type.endswith("+json"))
    charset = parameters.partition("charset=")[2].strip(' "')
    if not named or charset.partition(";")[0].strip(' "') not in ("", "utf-8", "utf8"):
        raise Problem(415, "unsupported_media_type")
