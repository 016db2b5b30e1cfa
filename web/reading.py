"""From what a browser sends to the contracts of the API: nothing is checked here that is not checked there."""

from datetime import datetime
from typing import Any, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError

from api.bodies import Checked, of_validation
from domain.worktime import SHANGHAI
from web.session import Form

M = TypeVar("M", bound=BaseModel)

_MOMENT_LENGTHS = frozenset({len("2026-01-31T08:00"), len("2026-01-31T08:00:00")})


def asked(request: Request, schema: type[M]) -> M:
    """The query string as ``schema``; what a form left empty was not asked. Raises Problem(422)."""
    given = {name: value for name, value in request.query_params.items() if value.strip()}
    return checked(given, schema).demand()


def filled_in(form: Form, schema: type[M]) -> Checked[M]:
    """The fields of a form that ``schema`` knows; what was left empty, and may be left out, was left out.

    A list of codes is a box for each of them: ``codes.CODE``.
    """
    fields = schema.model_fields
    known = {field.alias or name: field for name, field in fields.items()}
    given = {
        name: moment(value)
        for name, value in form.items()
        if name in known and (value.strip() or known[name].is_required())
    }
    lists = {name: ticked(form, name) for name in known if any(key.startswith(f"{name}.") for key in form)}
    return checked({**given, **lists}, schema)


def ticked(form: Form, name: str) -> list[str]:
    """The codes whose boxes of this field are ticked."""
    return [key.partition(".")[2] for key, value in form.items() if key.startswith(f"{name}.") and value]


def checked(given: dict[str, Any], schema: type[M]) -> Checked[M]:
    """What was given as ``schema``, or the problem with it."""
    try:
        return Checked(schema.model_validate(given, strict=False))
    except ValidationError as error:
        return Checked(None, of_validation(error))


def moment(value: str) -> str:
    """A browser's date and time have no zone: people mean Asia/Shanghai. Anything else stays as it is."""
    if len(value) not in _MOMENT_LENGTHS or value[10:11] != "T":
        return value
    try:
        return datetime.fromisoformat(value).replace(tzinfo=SHANGHAI).isoformat()
    except ValueError:
        return value
