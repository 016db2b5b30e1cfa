"""An application at the desk: what the register knows is filled in, what is missing is told, what is promised is seen
before it is sent (B1, B5, B9, D3)."""

from dataclasses import dataclass, field
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection

from api.house import house
from api.problems import Problem, of_refusal
from api.routes.applicants import looked_up
from api.routes.services import take
from api.schemas.register import LookupIn
from api.schemas.services import ServiceRequestIn
from domain.authority import Actor, require_desk
from domain.errors import Refused
from domain.identity import IdentityKind
from domain.register import COLUMNS, Purpose
from web.casefile import Attempt
from web.page import Content, show, visit
from web.reading import checked, ticked
from web.routes.case import key_of
from web.routes.items import item_in_force, sheet
from web.session import Form, read_form

router = APIRouter()

_SHOWN_AGAIN: Final = frozenset({409, 422, 503})
LOOK_UP: Final = "look_up"
_APPLICANT: Final = ("kind", "name", "id_type", "id_number", "phone", "address")
_PROXY: Final = ("name", "relation", "id_number", "phone")
_FORM: Final = "form."
_FILLED: Final = ("name", "phone", "address", "grid")
"""What the register fills in of what every form asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What the register gave: field of the form → since when it stands there; ``papers`` need not be brought."""

    known: dict[str, Any] = field(default_factory=dict)
    papers: frozenset[str] = frozenset()


@router.get("/items/{code}/apply")
async def empty_form(request: Request, code: str) -> Response:
    """The empty form."""
    return await _page(request, code, {}, None)


@router.post("/items/{code}/apply")
async def apply(request: Request, code: str) -> Response:
    """Take the application; the form again with what is wrong, or with what the register knows."""
    form = await read_form(house(request), request)
    key = form.get("key", "")
    try:
        if form.pop("act", "") == LOOK_UP:
            return await _with_register(request, code, form)
        taken = await take(request, checked(_body(code, form), ServiceRequestIn), lambda: key or None)
    except (Problem, Refused) as error:
        problem = of_refusal(error) if isinstance(error, Refused) else error
        if problem.status not in _SHOWN_AGAIN:
            raise
        return await _page(request, code, form, Attempt(kind="", values=form, problem=problem))
    return RedirectResponse(f"/cases/{taken.case.number}/receipt", 303)


async def _with_register(request: Request, code: str, form: Form) -> Response:
    """The form with what the register knows of the applicant. What was typed stays; the look is noted."""
    asked = {"item": code, **_given(form, ("id_type", "id_number"))}
    found = await looked_up(request, checked({"id_number": "", **asked}, LookupIn))
    known, values = {}, dict(form)
    for name, fact in found["fields"].items():
        target = name if name in _FILLED else _FORM + name
        if fact["value"] is not None and not values.get(target, "").strip():
            values[target] = str(fact["value"])
            known[target] = fact["as_of"]
    papers = frozenset(found["papers"])
    values |= {f"materials.{paper}": "true" for paper in papers}
    return await _page(request, code, values, None, look=Look(known=known, papers=papers))


async def _page(request: Request, code: str, form: Form, attempt: Attempt | None, look: Look | None = None) -> Response:
    seen = visit(request)
    version, item = item_in_force(seen, code)

    def read(connection: Connection, actor: Actor) -> Content:
        require_desk(actor)
        return {
            **sheet(seen, connection, version, item),
            "values": form,
            "faults": attempt.faults if attempt else {},
            "attempt": attempt,
            "look": look,
            "register_fields": [name for name in Purpose(item=item.code, line=item.line).opens if name not in COLUMNS],
            "papers": list(IdentityKind),
        }

    status = attempt.problem.status if attempt else 200
    key = form.get("key") or key_of(attempt) if look else key_of(attempt)
    return await show(request, "apply.html", read, status=status, key=key)


def _body(code: str, form: Form) -> dict[str, Any]:
    """The application as the API's contract has it; what is empty was not said."""
    proxy = _given(form, _PROXY, prefix="proxy_")
    filled = {
        name.removeprefix("form."): text for name, text in form.items() if name.startswith("form.") and text.strip()
    }
    return {
        "item": code,
        "applicant": _given(form, _APPLICANT),
        "materials": ticked(form, "materials"),
        "form": filled,
        **_given(form, ("catalogue_version", "grid")),
        **({"on_behalf_of": proxy} if proxy else {}),
    }


def _given(form: Form, names: tuple[str, ...], prefix: str = "") -> dict[str, str]:
    return {name: form[prefix + name] for name in names if form.get(prefix + name, "").strip()}
