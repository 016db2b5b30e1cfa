"""Taking a report at a desk, by telephone or in the street; danger to life stops the form first (A1, A11, D3)."""

from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection

from api.house import house
from api.problems import Problem, of_refusal
from api.routes.incidents import take
from api.routes.receipts import written
from api.schemas.incidents import IncidentIn
from domain.authority import Actor, require_reporter
from domain.errors import Refused
from domain.rulebook import Rulebook
from domain.vocabulary import Role, Source
from web.casefile import Attempt
from web.directory import directory
from web.giving import fresh_key
from web.page import Content, show, visit
from web.reading import checked, moment
from web.routes.case import key_of
from web.session import Form, read_form

router = APIRouter()

_SHOWN_AGAIN: Final = frozenset({409, 422, 503})
YES: Final = "true"


@router.get("/desk/incident")
async def incident_form(request: Request) -> Response:
    """The empty form."""
    return await _page(request, {}, None, stopped=False)


@router.post("/desk/incident")
async def take_incident(request: Request) -> Response:
    """Take the report; the form again with what is wrong, or with the telephone first when life is in danger."""
    here = house(request)
    form = await read_form(here, request)
    if _dangerous(here.rulebook, form) and form.get("called") != YES:
        return await _page(request, form, None, stopped=True)
    key = form.get("key", "")
    try:
        taken = await take(request, checked(_body(form), IncidentIn), lambda: key or None)
    except (Problem, Refused) as error:
        problem = of_refusal(error) if isinstance(error, Refused) else error
        if problem.status not in _SHOWN_AGAIN:
            raise
        attempt = Attempt(kind="", values=form, problem=problem)
        return await _page(request, form, attempt, stopped=False)
    return RedirectResponse(f"/cases/{taken.case.number}/receipt", 303)


@router.get("/cases/{number}/receipt")
async def receipt(request: Request, number: str) -> Response:
    """The receipt, to be printed and handed over."""
    content = await written(request, number)
    return await show(request, "receipt.html", lambda connection, actor: {"receipt": content})


async def _page(request: Request, form: Form, attempt: Attempt | None, *, stopped: bool) -> Response:
    seen = visit(request)

    def read(connection: Connection, actor: Actor) -> Content:
        require_reporter(actor)
        return {
            "values": form,
            "faults": attempt.faults if attempt else {},
            "attempt": attempt,
            "stopped": stopped,
            "groups": _groups(seen.here.rulebook),
            "codes": directory(connection, seen.here, seen.words),
            "sources": _sources(actor),
        }

    status = attempt.problem.status if attempt else (422 if stopped else 200)
    key = form.get("key") or fresh_key() if stopped else key_of(attempt)
    return await show(request, "incident.html", read, status=status, key=key)


def _dangerous(rules: Rulebook, form: Form) -> bool:
    """Said to be, or by its category."""
    category = rules.categories.get(form.get("category", ""))
    return form.get("danger") == YES or (category is not None and category.danger)


def _groups(rules: Rulebook) -> list[tuple[Any, list[Any]]]:
    """The categories by group, as the rulebook orders them."""
    return [
        (group, [category for category in rules.categories.values() if category.group == group.code])
        for group in rules.groups.values()
    ]


def _sources(actor: Actor) -> list[Source]:
    """Through which doors this person takes reports."""
    found = [Source.HOTLINE, Source.DESK] if actor.roles & {Role.INTAKE_CLERK, Role.SUPERVISOR} else []
    return [*found, Source.OFFICER] if Role.GRID_OFFICER in actor.roles else found


def _body(form: Form) -> dict[str, Any]:
    """The report as the API's contract has it; what is empty was not said."""
    place = {name: form[name] for name in ("grid", "address") if form.get(name, "").strip()}
    reporter: dict[str, Any] = {
        name: form[field] for name, field in (("name", "reporter_name"), ("phone", "reporter_phone"))
        if form.get(field, "").strip()
    }  # fmt: skip
    reporter |= {name: True for name in ("anonymous", "disclose") if form.get(name) == YES}
    body: dict[str, Any] = {name: form[name] for name in ("category", "description", "source") if name in form}
    if reporter:
        body["reporter"] = reporter
    if form.get("occurred_at", "").strip():
        body["occurred_at"] = moment(form["occurred_at"])
    return {**body, "place": place, "danger": form.get("danger") == YES}
